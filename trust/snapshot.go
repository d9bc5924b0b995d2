package trust

import (
	"cmp"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"iter"
	"slices"

	"github.com/mosip/partnertrust/internal/dn"
	"github.com/mosip/partnertrust/internal/hamt"
)

// Snapshot is what a domain trusted at one moment: immutable, and made from
// its predecessor by sharing all that did not change. A verification sees
// exactly one.
type Snapshot struct {
	domain  Domain
	version uint64
	certs   hamt.Map[*member] // by the certificate's own bytes
	ids     hamt.Map[*member] // by CA.ID
	issuers hamt.Map[bucket]  // by canonical subject
	keyed   hamt.Map[bucket]  // by canonical subject and subjectKeyIdentifier
}

// A bucket holds the members that share a subject; a country may give one
// name to very many keys, so it is a persistent map as well.
type bucket = hamt.Map[*member]

type member struct {
	ca      CA
	subject hamt.Key
	keyed   hamt.Key
}

func (m *member) self() hamt.Key { return hamt.Key(m.ca.fingerprint[:16]) }

// NewSnapshot returns the first snapshot of a domain. It fails as
// [Snapshot.With] does.
func NewSnapshot(d Domain, cas ...CA) (*Snapshot, error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	return (&Snapshot{domain: d}).With(cas...)
}

// Domain returns the domain that the snapshot is of.
func (s *Snapshot) Domain() Domain { return s.domain }

// Version counts the changes that led to the snapshot. Of two snapshots that
// one store gave for one domain, the newer has the higher version.
func (s *Snapshot) Version() uint64 { return s.version }

// Len returns the number of CAs.
func (s *Snapshot) Len() int { return s.certs.Len() }

// With returns a snapshot with the CAs added. It fails, without a trace in s,
// with [ErrInvalidCA] for a CA that has no certificate, role, or this domain,
// and with [ErrExists] for a certificate or id that the snapshot holds already.
func (s *Snapshot) With(cas ...CA) (*Snapshot, error) {
	next := *s
	next.version++
	for _, ca := range cas {
		if ca.ID == "" {
			ca.ID = ca.DefaultID()
		}
		if err := ca.validate(); err != nil {
			return nil, err
		}
		if ca.Domain != s.domain {
			return nil, fmt.Errorf("%w: a CA of domain %s in a snapshot of %s", ErrInvalidCA, ca.Domain, s.domain)
		}
		if err := next.insert(ca); err != nil {
			return nil, err
		}
	}
	return &next, nil
}

func (s *Snapshot) insert(ca CA) error {
	subject, err := dn.Canonical(ca.Certificate.RawSubject)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidCA, err)
	}
	ca.fingerprint = sha256.Sum256(ca.Certificate.Raw)
	m := &member{ca: ca, subject: digest([]byte(subject))}
	m.keyed = keyedDigest(m.subject, ca.Certificate.SubjectKeyId)
	self, id := m.self(), digest([]byte(ca.ID))
	if _, taken := s.certs.Get(self); taken {
		return fmt.Errorf("%w: certificate %s in domain %s", ErrExists, SHA256(ca.Certificate), s.domain)
	}
	if _, taken := s.ids.Get(id); taken {
		return fmt.Errorf("%w: id %q in domain %s", ErrExists, ca.ID, s.domain)
	}
	s.certs = s.certs.With(self, m)
	s.ids = s.ids.With(id, m)
	same, _ := s.issuers.Get(m.subject)
	s.issuers = s.issuers.With(m.subject, same.With(self, m))
	same, _ = s.keyed.Get(m.keyed)
	s.keyed = s.keyed.With(m.keyed, same.With(self, m))
	return nil
}

// Without returns a snapshot without the CA of that id, or [ErrNotFound].
func (s *Snapshot) Without(id string) (*Snapshot, error) {
	m, ok := s.ids.Get(digest([]byte(id)))
	if !ok {
		return nil, fmt.Errorf("%w: id %q in domain %s", ErrNotFound, clip(id), s.domain)
	}
	next := *s
	next.version++
	self := m.self()
	next.certs = s.certs.Without(self)
	next.ids = s.ids.Without(digest([]byte(id)))
	next.issuers = dropFrom(s.issuers, m.subject, self)
	next.keyed = dropFrom(s.keyed, m.keyed, self)
	return &next, nil
}

func dropFrom(index hamt.Map[bucket], at, self hamt.Key) hamt.Map[bucket] {
	same, _ := index.Get(at)
	if same = same.Without(self); same.Len() == 0 {
		return index.Without(at)
	}
	return index.With(at, same)
}

// Find returns the CA whose certificate has exactly these bytes.
func (s *Snapshot) Find(c *x509.Certificate) (CA, bool) {
	return s.ByFingerprint(sha256.Sum256(c.Raw))
}

// ByFingerprint returns the CA whose certificate's DER has that SHA-256.
func (s *Snapshot) ByFingerprint(sum [sha256.Size]byte) (CA, bool) {
	m, ok := s.certs.Get(hamt.Key(sum[:16]))
	if !ok || m.ca.fingerprint != sum {
		return CA{}, false
	}
	return m.ca, true
}

// ByID returns the CA of that id.
func (s *Snapshot) ByID(id string) (CA, bool) {
	m, ok := s.ids.Get(digest([]byte(id)))
	if !ok || m.ca.ID != id {
		return CA{}, false
	}
	return m.ca, true
}

// All yields every CA, in an order that depends on the certificates alone.
func (s *Snapshot) All() iter.Seq[CA] {
	return func(yield func(CA) bool) {
		for _, m := range s.certs.All() {
			if !yield(m.ca) {
				return
			}
		}
	}
}

// Issuers yields the CAs that may have issued a certificate whose issuer name
// (the DER of it, x509.Certificate.RawIssuer) and authorityKeyIdentifier (nil
// for none) are given: those whose subject equals the name under RFC 5280 §7.1,
// first the ones with that key identifier, then all others, because key
// identifiers are hints and may mislead. Nothing is promised but the name.
func (s *Snapshot) Issuers(rawIssuer, keyID []byte) iter.Seq[CA] {
	name, err := dn.Canonical(rawIssuer)
	if err != nil {
		return func(func(CA) bool) {}
	}
	return s.IssuersNamed(name, keyID)
}

// IssuersNamed is [Snapshot.Issuers] for the packages of this module that have
// the name in canonical form already.
func (s *Snapshot) IssuersNamed(name dn.Key, keyID []byte) iter.Seq[CA] {
	return func(yield func(CA) bool) {
		subject := digest([]byte(name))
		first := keyedDigest(subject, keyID)
		if len(keyID) > 0 {
			same, _ := s.keyed.Get(first)
			for _, m := range same.All() {
				if !yield(m.ca) {
					return
				}
			}
		}
		same, _ := s.issuers.Get(subject)
		for _, m := range same.All() {
			if len(keyID) > 0 && m.keyed == first {
				continue
			}
			if !yield(m.ca) {
				return
			}
		}
	}
}

// list returns the CAs that the query selects, whatever its domain.
func (s *Snapshot) list(q Query) []CA {
	var cas []CA
	for ca := range s.All() {
		if q.Role == "" || q.Role == ca.Role {
			cas = append(cas, ca)
		}
	}
	return cas
}

// page sorts and cuts.
func page(cas []CA, q Query) Page {
	slices.SortFunc(cas, func(a, b CA) int {
		return cmp.Or(a.AddedAt.Compare(b.AddedAt), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.ID, b.ID))
	})
	size := q.Size
	if size <= 0 {
		size = DefaultPageSize
	}
	size = min(size, MaxPageSize)
	p := Page{Total: len(cas)}
	if from := q.Page * size; q.Page >= 0 && q.Page <= len(cas)/size && from < len(cas) {
		p.CAs = slices.Clone(cas[from:min(from+size, len(cas))])
	}
	return p
}

// digest names things by content. Equality is checked again wherever a
// mistaken identity could matter.
func digest(b []byte) hamt.Key {
	sum := sha256.Sum256(b)
	return hamt.Key(sum[:16])
}

func keyedDigest(subject hamt.Key, keyID []byte) hamt.Key {
	return digest(append(subject[:len(subject):len(subject)], keyID...))
}

package trust

import (
	"crypto/sha256"
	"crypto/x509"
	"iter"

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
	issuers hamt.Map[bucket]  // by canonical subject: CAs may share a name
	keyed   hamt.Map[bucket]  // by canonical subject and subjectKeyIdentifier
}

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
// with [ErrInvalidCA] for a CA that cannot be kept or is not of this domain,
// and with [ErrExists] for a certificate or id that the snapshot holds already.
func (s *Snapshot) With(cas ...CA) (*Snapshot, error) {
	e := s.Edit()
	for _, ca := range cas {
		if err := e.Add(ca); err != nil {
			return nil, err
		}
	}
	return e.Snapshot(), nil
}

// Without returns a snapshot without the CA of that id, or [ErrNotFound].
func (s *Snapshot) Without(id string) (*Snapshot, error) {
	e := s.Edit()
	if err := e.Remove(id); err != nil {
		return nil, err
	}
	return e.Snapshot(), nil
}

// Find returns the CA whose certificate has exactly these bytes.
func (s *Snapshot) Find(c *x509.Certificate) (CA, bool) {
	return s.ByFingerprint(sha256.Sum256(c.Raw))
}

// ByFingerprint returns the CA whose certificate's DER has that SHA-256.
func (s *Snapshot) ByFingerprint(sum [sha256.Size]byte) (CA, bool) {
	m, ok := s.byFingerprint(sum)
	if !ok {
		return CA{}, false
	}
	return m.ca(s.domain), true
}

// RoleOf returns what the certificate of that SHA-256 is trusted as, and "" for
// one that the snapshot does not hold.
func (s *Snapshot) RoleOf(sum [sha256.Size]byte) Role {
	m, ok := s.byFingerprint(sum)
	if !ok {
		return ""
	}
	return m.role
}

func (s *Snapshot) byFingerprint(sum [sha256.Size]byte) (*member, bool) {
	m, ok := s.certs.Get(hamt.Key(sum[:16]))
	return m, ok && m.fingerprint == sum
}

// ByID returns the CA of that id.
func (s *Snapshot) ByID(id string) (CA, bool) {
	m, ok := s.byID(id)
	if !ok {
		return CA{}, false
	}
	return m.ca(s.domain), true
}

// RecordOf is [Snapshot.ByID] without parsing the certificate.
func (s *Snapshot) RecordOf(id string) (Record, bool) {
	m, ok := s.byID(id)
	return Record{m, s.domain}, ok
}

func (s *Snapshot) byID(id string) (*member, bool) {
	m, ok := s.ids.Get(digest([]byte(id)))
	return m, ok && m.idIn(s.domain) == id
}

// All yields every CA, in an order that depends on the certificates alone.
func (s *Snapshot) All() iter.Seq[CA] {
	return func(yield func(CA) bool) {
		for r := range s.Records() {
			if !yield(r.CA()) {
				return
			}
		}
	}
}

// Records is [Snapshot.All] without parsing any certificate.
func (s *Snapshot) Records() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for _, m := range s.certs.All() {
			if !yield(Record{m, s.domain}) {
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
			for m := range same.all() {
				if !yield(m.ca(s.domain)) {
					return
				}
			}
		}
		same, _ := s.issuers.Get(subject)
		for m := range same.all() {
			if len(keyID) > 0 && m.keyed == first {
				continue
			}
			if !yield(m.ca(s.domain)) {
				return
			}
		}
	}
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

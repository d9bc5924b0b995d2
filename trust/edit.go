package trust

import (
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"iter"

	"github.com/mosip/partnertrust/internal/hamt"
)

// Edit is a run of changes to a snapshot that become one new version: how a
// store loads very many CAs, or follows what others did to its database. An
// Edit is used by one goroutine; the snapshot it began with does not change.
type Edit struct {
	base  *Snapshot
	next  Snapshot
	owner *hamt.Owner
}

// Edit begins a run of changes.
func (s *Snapshot) Edit() *Edit {
	return &Edit{base: s, next: *s, owner: new(hamt.Owner)}
}

// Prepared is a CA that was judged alone and may be put into any snapshot of
// its domain.
type Prepared struct {
	domain Domain
	m      *member
}

// Prepare does what the adding of a CA costs beside the adding. Calls are
// independent of each other, so that a store that loads very many CAs can
// prepare them on all processors. An empty ID stands for [CA.DefaultID].
func Prepare(ca CA) (Prepared, error) {
	m, err := newMember(ca)
	return Prepared{ca.Domain, m}, err
}

// PrepareDER is [Prepare] for a certificate that is not parsed yet;
// ca.Certificate is not looked at. The bytes are copied.
func PrepareDER(ca CA, der []byte) (Prepared, error) {
	ca.Certificate = &x509.Certificate{Raw: der}
	return Prepare(ca)
}

// Record returns the prepared CA.
func (p Prepared) Record() Record { return Record{p.m, p.domain} }

// Add adds a CA. After an error the edit is as it was; the errors are those of
// [Snapshot.With].
func (e *Edit) Add(ca CA) error {
	p, err := Prepare(ca)
	if err != nil {
		return err
	}
	return e.Put(p)
}

// Put adds a CA that was prepared.
func (e *Edit) Put(p Prepared) error {
	s := &e.next
	if p.m == nil || p.domain != s.domain {
		return fmt.Errorf("%w: a CA of domain %q in a snapshot of %s", ErrInvalidCA, clip(string(p.domain)), s.domain)
	}
	self, id := p.m.self(), p.m.named
	if _, taken := s.certs.Get(self); taken {
		return fmt.Errorf("%w: certificate %x in domain %s", ErrExists, p.m.fingerprint, s.domain)
	}
	if _, taken := s.ids.Get(id); taken {
		return fmt.Errorf("%w: id %q in domain %s", ErrExists, p.m.idIn(s.domain), s.domain)
	}
	s.certs = s.certs.WithUnder(e.owner, self, p.m)
	s.ids = s.ids.WithUnder(e.owner, id, p.m)
	s.issuers = e.file(s.issuers, p.m.subject, p.m)
	s.keyed = e.file(s.keyed, p.m.keyed, p.m)
	s.version = e.base.version + 1
	return nil
}

// Remove takes out the CA of that id, or returns [ErrNotFound].
func (e *Edit) Remove(id string) error {
	s := &e.next
	m, ok := s.byID(id)
	if !ok {
		return fmt.Errorf("%w: id %q in domain %s", ErrNotFound, clip(id), s.domain)
	}
	s.certs = s.certs.WithoutUnder(e.owner, m.self())
	s.ids = s.ids.WithoutUnder(e.owner, m.named)
	s.issuers = e.unfile(s.issuers, m.subject, m)
	s.keyed = e.unfile(s.keyed, m.keyed, m)
	s.version = e.base.version + 1
	return nil
}

// Holds reports whether the edited snapshot has a CA of that id.
func (e *Edit) Holds(id string) bool {
	_, ok := e.next.byID(id)
	return ok
}

// ByFingerprint returns the CA of the edited snapshot whose certificate's DER
// has that SHA-256.
func (e *Edit) ByFingerprint(sum [sha256.Size]byte) (Record, bool) {
	m, ok := e.next.byFingerprint(sum)
	return Record{m, e.next.domain}, ok
}

// Snapshot ends the run and returns its outcome: the next version, or the
// snapshot that the edit began with if nothing was changed. The edit may go on,
// towards a version of its own.
func (e *Edit) Snapshot() *Snapshot {
	if e.next.version == e.base.version {
		return e.base
	}
	made := e.next
	*e = *made.Edit()
	return &made
}

// A bucket holds the members that share a name: nearly always one, but a
// country may give one name to very many keys.
type bucket struct {
	one  *member // unless there are many
	many *hamt.Map[*member]
}

func (b bucket) all() iter.Seq[*member] {
	return func(yield func(*member) bool) {
		if b.many == nil {
			_ = b.one == nil || yield(b.one)
			return
		}
		for _, m := range b.many.All() {
			if !yield(m) {
				return
			}
		}
	}
}

func (e *Edit) file(index hamt.Map[bucket], at hamt.Key, m *member) hamt.Map[bucket] {
	same, taken := index.Get(at)
	if !taken {
		return index.WithUnder(e.owner, at, bucket{one: m})
	}
	var many hamt.Map[*member]
	if same.many != nil {
		many = *same.many
	} else {
		many = many.WithUnder(e.owner, same.one.self(), same.one)
	}
	many = many.WithUnder(e.owner, m.self(), m)
	return index.WithUnder(e.owner, at, bucket{many: &many})
}

func (e *Edit) unfile(index hamt.Map[bucket], at hamt.Key, m *member) hamt.Map[bucket] {
	same, _ := index.Get(at)
	if same.many == nil {
		return index.WithoutUnder(e.owner, at)
	}
	many := same.many.WithoutUnder(e.owner, m.self())
	left := bucket{many: &many}
	if many.Len() == 1 {
		for _, last := range many.All() {
			left = bucket{one: last}
		}
	}
	return index.WithUnder(e.owner, at, left)
}

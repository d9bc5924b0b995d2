package certchain

import (
	"crypto/sha256"
	"crypto/x509"
	"slices"
	"sync/atomic"

	"github.com/mosip/partnertrust/internal/setcache"
	"github.com/mosip/partnertrust/trust"
)

// memory is what a verifier remembers between calls, so as not to do it again.
// It holds three things, each bounded and read without a lock:
//
//   - what the certificates of the trust store say, read once;
//   - which of them signed which other;
//   - leaves that were accepted, with their chains.
//
// Everything is found by the certificate's own bytes. Only what cannot change
// is remembered: time, revocation and the presence of every CA of the chain in
// the newest snapshot are judged on each call. A refusal is never remembered;
// what was refused once may be accepted when a CA is added.
type memory struct {
	certs  *setcache.Cache[*certificate]
	edges  *setcache.Cache[edge]
	leaves *setcache.Cache[*acceptance]
}

// The default sizes. A remembered leaf costs about 6 KiB, most of it the parsed
// certificate, which is in the chain that the caller gets.
const (
	DefaultLeafCache   = 4096
	rememberedCAs      = 4096
	rememberedCAIssues = 8192
)

func newMemory(leaves int) *memory {
	return &memory{
		certs:  setcache.New[*certificate](rememberedCAs),
		edges:  setcache.New[edge](rememberedCAIssues),
		leaves: setcache.New[*acceptance](leaves),
	}
}

// known returns what a certificate of the trust store says. Another object with
// the same bytes is not the same: somebody may have changed its fields.
func (m *memory) known(c *x509.Certificate, fingerprint [sha256.Size]byte) *certificate {
	key := setcache.Key(fingerprint)
	if a, ok := m.certs.Get(&key); ok && a.Certificate == c {
		return a
	}
	a := analyseKnown(c, fingerprint)
	a.stored = true
	m.certs.Put(key, a)
	return a
}

func (e edge) key() setcache.Key {
	var k setcache.Key
	copy(k[:16], e.child[:16])
	copy(k[16:], e.issuer[:16])
	return k
}

// signed reports whether the edge is known to hold. The key is half of each
// digest; equality is asked of the whole.
func (m *memory) signed(e edge) bool {
	key := e.key()
	known, ok := m.edges.Get(&key)
	return ok && known == e
}

func (m *memory) remember(e edge) { m.edges.Put(e.key(), e) }

// acceptance is a leaf that was accepted, with all that the verdict rested on.
type acceptance struct {
	settings settings
	path     []*certificate
	brought  [][sha256.Size]byte // those of the path that no snapshot had
	standing atomic.Pointer[standing]
}

// standing is under which snapshot the acceptance was last found to hold.
type standing struct {
	snapshot *trust.Snapshot
	chain    *Chain
}

// leafKey tells a leaf in one domain from the same leaf in another.
func leafKey(fingerprint [sha256.Size]byte, d trust.Domain) setcache.Key {
	for i := range len(d) {
		fingerprint[i%sha256.Size] ^= d[i]
	}
	return setcache.Key(fingerprint)
}

// recall answers for a leaf by its fingerprint, or returns nil where the whole
// question must be asked.
func (v *Verifier) recall(q *question, fingerprint [sha256.Size]byte) *Chain {
	key := leafKey(fingerprint, q.domain)
	a, ok := v.memory.leaves.Get(&key)
	if !ok || a.path[0].fingerprint != fingerprint || !a.settings.sameRules(q.settings) {
		return nil
	}
	chain := a.standsIn(q.snapshot)
	if chain == nil || chain.Domain != q.domain || !a.inTime(chain, q) || !a.broughtAgain(q) {
		return nil
	}
	if q.checkRevocation {
		answers, against := v.search(*q).judgeRevocation(a.path)
		if len(against) > 0 {
			return nil // another path may hold; and if none does, it is told why
		}
		asked := *chain
		asked.Revocation = answers
		return &asked
	}
	return chain
}

// inTime: all of the path is valid now, and the leaf as long as is asked.
func (a *acceptance) inTime(chain *Chain, q *question) bool {
	if q.now.Before(chain.NotBefore) || q.now.After(chain.NotAfter) {
		return false
	}
	return q.profile.minRemaining <= 0 || !a.path[0].NotAfter.Before(addMonths(q.now, q.profile.minRemaining))
}

// standsIn returns the chain if every CA of the path is in the snapshot in the
// role that it had, and the leaf has not become an anchor. A path is accepted
// because it exists: whatever else was added or removed changes nothing.
func (a *acceptance) standsIn(s *trust.Snapshot) *Chain {
	last := a.standing.Load()
	if last.snapshot == s {
		return last.chain
	}
	if s.RoleOf(a.path[0].fingerprint) == trust.Root {
		return nil
	}
	for i, c := range a.path[1:] {
		role := s.RoleOf(c.fingerprint)
		anchor := i == len(a.path)-2
		if (role != "") != c.stored || anchor != (role == trust.Root) {
			return nil
		}
	}
	renewed := *last.chain
	renewed.SnapshotVersion = s.Version()
	a.standing.Store(&standing{s, &renewed})
	return &renewed
}

// broughtAgain: the helpers that the path rests on came along this time, too.
func (a *acceptance) broughtAgain(q *question) bool {
	for _, wanted := range a.brought {
		if !q.brings(wanted) {
			return false
		}
	}
	return true
}

// brings reports whether a certificate with that SHA-256 came along.
func (q *question) brings(fingerprint [sha256.Size]byte) bool {
	for _, c := range q.intermediates {
		if c != nil && sha256.Sum256(c.Raw) == fingerprint {
			return true
		}
	}
	for _, der := range q.intermediatesDER {
		if sha256.Sum256(der) == fingerprint {
			return true
		}
	}
	return false
}

// learn remembers an accepted leaf.
func (m *memory) learn(q *question, path []*certificate, chain *Chain) {
	if slices.ContainsFunc(path, func(c *certificate) bool { return c.callers }) {
		return // what is remembered rests on bytes alone
	}
	a := &acceptance{settings: *q.settings, path: path}
	// Helpers are found by their bytes, what revocation said is asked anew, and
	// an observer may be that of one request.
	a.settings.intermediates, a.settings.intermediatesDER, a.settings.observers = nil, nil, nil
	for _, c := range path[1:] {
		if !c.stored {
			a.brought = append(a.brought, c.fingerprint)
		}
	}
	kept := *chain
	kept.Revocation = nil
	a.standing.Store(&standing{q.snapshot, &kept})
	m.leaves.Put(leafKey(path[0].fingerprint, q.domain), a)
}

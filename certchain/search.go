package certchain

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"slices"
	"time"

	"github.com/mosip/partnertrust/internal/dn"
	"github.com/mosip/partnertrust/trust"
)

// search is one verification: it builds paths from the leaf upwards, the most
// promising candidate first, and turns back where a rule refuses one. Every
// rule of RFC 5280 §6.1 that looks down from an issuer (path length, name
// constraints) is applied when the issuer is put on the path: what it refuses
// then, no anchor further up can mend.
type search struct {
	settings
	ctx      context.Context
	source   trust.Source
	domain   trust.Domain
	snapshot *trust.Snapshot
	now      time.Time

	brought map[dn.Key][]*x509.Certificate // the caller's intermediates by subject
	read    map[[sha256.Size]byte]*certificate
	edges   map[edge]bool // is child signed by issuer?

	// What the path that build returned was found to have.
	accepted []string
	answers  []RevocationAnswer

	// In a search for the path of somebody who vouches for revocation
	// information: who is being asked about, and where the path must end.
	vouching   map[[sha256.Size]byte]bool
	onlyAnchor *certificate

	spent     Budget
	exhausted bool
}

type edge struct{ child, issuer [sha256.Size]byte }

// candidate is a certificate whose subject is the name that is looked for.
type candidate struct {
	*x509.Certificate
	anchor bool
}

func (s *search) run(leaf *certificate) (*Chain, error) {
	s.read = map[[sha256.Size]byte]*certificate{leaf.fingerprint: leaf}
	s.edges = map[edge]bool{}
	s.indexBrought()

	atLeaf := s.judgeLeaf(leaf)
	if leaf.malformed != nil {
		return nil, s.refuse(atLeaf...)
	}
	path := s.build([]*certificate{leaf})
	if path != nil && len(atLeaf) == 0 {
		return s.newChain(path), nil
	}
	return nil, s.explain(leaf, atLeaf, path)
}

func (s *search) indexBrought() {
	s.brought = map[dn.Key][]*x509.Certificate{}
	for _, c := range s.intermediates {
		if c == nil || len(c.Raw) == 0 {
			continue
		}
		if subject, err := dn.Canonical(c.RawSubject); err == nil {
			s.brought[subject] = append(s.brought[subject], c)
		}
	}
}

// build extends the path until it ends in an anchor, and returns it, or nil.
func (s *search) build(path []*certificate) []*certificate {
	if len(path) >= s.budget.PathLength {
		return nil
	}
	for _, matching := range []bool{true, false} {
		for _, cand := range s.candidates(path[len(path)-1], matching) {
			if !s.spendCandidate() {
				return nil
			}
			if !s.acceptable(cand) {
				continue
			}
			iss := s.analysed(cand.Certificate)
			if s.circular(path, iss) || s.tooDeep(path) {
				continue
			}
			if len(s.judgeIssuer(path, iss, cand.anchor)) > 0 || len(s.judgeSignature(path, iss)) > 0 || s.exhausted {
				continue
			}
			longer := append(path, iss)
			if cand.anchor {
				if len(s.judgeComplete(longer)) > 0 {
					continue
				}
				return slices.Clone(longer)
			}
			if found := s.build(longer); found != nil {
				return found
			}
		}
	}
	return nil
}

// judgeComplete applies what can be asked of a whole path only.
func (s *search) judgeComplete(path []*certificate) []*Finding {
	policies, against := s.judgePolicies(path)
	if len(against) > 0 {
		return against
	}
	answers, against := s.judgeRevocation(path)
	s.accepted, s.answers = policies, answers
	return against
}

// circular: a path that meets the same name and key again proves nothing that
// the shorter path without the circle does not (RFC 4158 §5.2).
func (s *search) circular(path []*certificate, iss *certificate) bool {
	return slices.ContainsFunc(path, iss.sameEntity)
}

// tooDeep applies MaxDepth: the last certificate of the path becomes an
// intermediate when an issuer is put above it.
func (s *search) tooDeep(path []*certificate) bool {
	return intermediates(path) > s.maxDepth
}

// candidates returns the possible issuers of a certificate: those whose key
// identifier it names, or all others. What a key identifier says is a hint; a
// wrong one costs time and never a path.
func (s *search) candidates(c *certificate, matching bool) []candidate {
	keyID := c.AuthorityKeyId
	if matching && len(keyID) == 0 {
		return nil
	}
	var found []candidate
	seen := map[[sha256.Size]byte]bool{}
	add := func(cert *x509.Certificate, anchor bool) {
		if named := len(keyID) > 0 && bytes.Equal(cert.SubjectKeyId, keyID); named != matching {
			return
		}
		if sum := sha256.Sum256(cert.Raw); !seen[sum] {
			seen[sum] = true
			found = append(found, candidate{cert, anchor})
		}
	}
	for ca := range s.snapshot.Issuers(c.RawIssuer, keyID) {
		// Those with the key identifier come first; of the others a hostile
		// store could hold very many.
		if matching && !bytes.Equal(ca.Certificate.SubjectKeyId, keyID) || len(found) >= s.budget.Candidates {
			break
		}
		add(ca.Certificate, ca.Role == trust.Root)
	}
	for _, cert := range s.brought[c.issuer] {
		add(cert, false)
	}
	if len(found) > 1 {
		slices.SortFunc(found, s.morePromising)
	}
	return found
}

// morePromising: anchors before intermediates, valid before not valid, newer
// before older, and then by the bytes, so that the order in which certificates
// came never shows.
func (s *search) morePromising(a, b candidate) int {
	flag := func(a, b bool) int {
		switch {
		case a == b:
			return 0
		case a:
			return -1
		}
		return 1
	}
	valid := func(c *x509.Certificate) bool { return !s.now.Before(c.NotBefore) && !s.now.After(c.NotAfter) }
	return cmp.Or(
		flag(a.anchor, b.anchor),
		flag(valid(a.Certificate), valid(b.Certificate)),
		b.NotBefore.Compare(a.NotBefore),
		bytes.Compare(a.Raw, b.Raw),
	)
}

func (s *search) analysed(c *x509.Certificate) *certificate {
	sum := sha256.Sum256(c.Raw)
	a, ok := s.read[sum]
	if !ok {
		a = analyse(c)
		s.read[sum] = a
	}
	return a
}

func (s *search) spendCandidate() bool {
	s.spent.Candidates++
	if s.spent.Candidates > s.budget.Candidates || s.ctx.Err() != nil {
		s.exhausted = true
	}
	return !s.exhausted
}

func (s *search) spendComparisons(n int) bool {
	s.spent.Comparisons += n
	if s.spent.Comparisons > s.budget.Comparisons {
		s.exhausted = true
	}
	return !s.exhausted
}

func (s *search) spendSignature(issuer *certificate) bool {
	s.spent.Signatures += signatureCost(issuer)
	if s.spent.Signatures > s.budget.Signatures {
		s.exhausted = true
	}
	return !s.exhausted
}

// signatureCost is what a check under the key costs, in units of one under
// P-256 (about 70 µs), by the standard library's own benchmarks.
func signatureCost(issuer *certificate) int {
	switch key := issuer.PublicKey.(type) {
	case *rsa.PublicKey:
		times := (key.N.BitLen() + 2047) / 2048
		return max(1, times*times/2)
	case *ecdsa.PublicKey:
		switch key.Params().BitSize {
		case 384:
			return 9
		case 521:
			return 40
		}
	}
	return 1
}

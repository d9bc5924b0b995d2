package certchain

import (
	"bytes"
	"cmp"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"slices"

	"github.com/mosip/partnertrust/internal/dn"
	"github.com/mosip/partnertrust/trust"
)

// search is one verification: it builds paths from the leaf upwards, the most
// promising candidate first, and turns back where a rule refuses one. Every
// rule of RFC 5280 §6.1 that looks down from an issuer (path length, name
// constraints) is applied when the issuer is put on the path: what it refuses
// then, no anchor further up can mend.
type search struct {
	question

	memory  *memory                   // what other calls have found out; may be nil
	brought map[dn.Key][]*certificate // the caller's intermediates by subject
	read    map[[sha256.Size]byte]*certificate
	edges   map[edge]bool // is child signed by issuer?
	asked   map[revocationAsked]RevocationAnswer

	// What the path that build returned was found to have.
	accepted []string
	answers  []RevocationAnswer

	// In a search for the path of somebody who vouches for revocation
	// information: who is being asked about, and where the path must end.
	vouching   map[[sha256.Size]byte]bool
	onlyAnchor *certificate

	spent     Budget
	exhausted bool
	cut       bool // there were more candidates than could be considered
}

type edge struct{ child, issuer [sha256.Size]byte }

// candidate is a certificate whose subject is the name that is looked for.
type candidate struct {
	*x509.Certificate
	fingerprint [sha256.Size]byte
	anchor      bool
	stored      bool         // it is of the trust store
	read        *certificate // if it was read already
}

func storedCandidate(ca trust.CA) candidate {
	return candidate{Certificate: ca.Certificate, fingerprint: ca.Fingerprint(), anchor: ca.Role == trust.Root, stored: true}
}

func (s *search) run(leaf *certificate) ([]*certificate, *Chain, error) {
	atLeaf := s.judgeLeaf(leaf)
	if leaf.malformed != nil {
		return nil, nil, s.refuse(atLeaf...)
	}
	s.indexBrought()
	path := s.build([]*certificate{leaf})
	if path != nil && len(atLeaf) == 0 {
		return path, s.newChain(path), nil
	}
	s.exhausted = s.exhausted || path == nil && s.cut
	return nil, nil, s.explain(leaf, atLeaf, path)
}

func (s *search) indexBrought() {
	if s.brought != nil || len(s.intermediates)+len(s.intermediatesDER) == 0 {
		return
	}
	s.brought = map[dn.Key][]*certificate{}
	seen := map[[sha256.Size]byte]bool{}
	// What the store has is taken from there, and not even read: an anchor that
	// came along is still an anchor.
	unknown := func(raw []byte) ([sha256.Size]byte, bool) {
		sum := sha256.Sum256(raw)
		known := s.snapshot.RoleOf(sum) != "" || seen[sum]
		seen[sum] = true
		return sum, !known
	}
	add := func(c *x509.Certificate, sum [sha256.Size]byte, callers bool) {
		a := analyseKnown(c, sum)
		a.callers = callers
		s.brought[a.subject] = append(s.brought[a.subject], a)
	}
	for _, c := range s.intermediates {
		if c == nil || len(c.Raw) == 0 {
			continue
		}
		if sum, ok := unknown(c.Raw); ok {
			add(c, sum, true)
		}
	}
	for _, der := range s.intermediatesDER {
		if sum, ok := unknown(der); ok {
			if c, err := trust.ParseCertificate(der); err == nil {
				add(c, sum, false)
			}
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
			iss := s.analysed(cand)
			if iss.subject != path[len(path)-1].issuer || s.circular(path, iss) || s.tooDeep(path) {
				continue
			}
			if len(s.judgeIssuer(path, iss, cand.anchor)) > 0 || len(s.judgeSignature(path, iss)) > 0 || s.exhausted {
				continue
			}
			longer := append(path, iss)
			if cand.anchor {
				if len(s.judgeComplete(longer)) > 0 || s.exhausted {
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
	for _, c := range path {
		// The work on policies grows with their number.
		if !s.spendComparisons(8 * (len(c.Policies) + len(c.PolicyMappings))) {
			return nil
		}
	}
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
	wanted := func(cert *x509.Certificate) bool {
		return (len(keyID) > 0 && bytes.Equal(cert.SubjectKeyId, keyID)) == matching
	}
	for ca := range s.snapshot.IssuersNamed(c.issuer, keyID) {
		// Those with the key identifier come first; of the others a hostile
		// store could hold very many.
		if matching && !wanted(ca.Certificate) {
			break
		}
		if len(found) >= s.budget.Candidates {
			s.cut = true
			break
		}
		if wanted(ca.Certificate) {
			found = append(found, storedCandidate(ca))
		}
	}
	for _, b := range s.brought[c.issuer] {
		if wanted(b.Certificate) {
			found = append(found, candidate{Certificate: b.Certificate, fingerprint: b.fingerprint, read: b})
		}
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

// analysed reads a candidate, or finds it read.
func (s *search) analysed(c candidate) *certificate {
	switch {
	case c.read != nil:
		return c.read
	case c.stored && s.memory != nil:
		return s.memory.known(c.Certificate, c.fingerprint)
	}
	a, ok := s.read[c.fingerprint]
	if !ok {
		a = analyseKnown(c.Certificate, c.fingerprint)
		a.stored = c.stored
		if s.read == nil {
			s.read = map[[sha256.Size]byte]*certificate{}
		}
		s.read[c.fingerprint] = a
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

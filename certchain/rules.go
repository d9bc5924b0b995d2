package certchain

import (
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// The rules of this file judge one certificate by itself or as the issuer of
// those below it on a path. Each returns what it finds and never stops at the
// first finding. A path is a slice with the leaf first; the depth of a
// certificate is its index.

// judgeLeaf applies what is asked of the end of the path, whatever the path.
func (s *search) judgeLeaf(leaf *certificate) []*Finding {
	var found findings
	s.judgeAny(&found, leaf, 0, false)
	p := s.profile
	if p.partnerLeaf {
		if leaf.selfSigned() {
			found.add(SelfSigned, leaf, 0, "a partner's certificate must be issued by a CA")
		}
		if leaf.Version != 3 {
			found.add(NotV3, leaf, 0, fmt.Sprintf("version %d", leaf.Version))
		}
	}
	// RFC 5280 §6.1: the anchor is not part of the path, so a path to the
	// anchor itself would be empty and prove nothing.
	if s.snapshot.RoleOf(leaf.fingerprint) == trust.Root {
		found.add(TrustAnchor, leaf, 0, "an anchor vouches for others, not for itself")
	}
	if p.caLeaf {
		s.judgeAuthority(&found, leaf, 0)
	}
	s.judgeRemaining(&found, leaf)
	s.judgeOrganization(&found, leaf)
	return found.list
}

// judgeRemaining asks that the leaf stays valid long enough. Of one that has
// expired it says nothing more.
func (s *search) judgeRemaining(found *findings, leaf *certificate) {
	if s.profile.minRemaining > 0 && !leaf.NotAfter.Before(s.now) {
		if needed := addMonths(s.now, s.profile.minRemaining); leaf.NotAfter.Before(needed) {
			found.add(ShortValidity, leaf, 0, fmt.Sprintf("valid until %s; it must be valid for %d months, until %s at least",
				day(leaf.NotAfter), s.profile.minRemaining, day(needed)))
		}
	}
}

// judgeIssuer applies what is asked of a certificate that issued the last one
// of the path, all but the signature.
func (s *search) judgeIssuer(path []*certificate, iss *certificate, anchor bool) []*Finding {
	var found findings
	depth := len(path)
	s.judgeAny(&found, iss, depth, anchor)
	if !(anchor && s.profile.legacyAnchors) {
		s.judgeAuthority(&found, iss, depth)
	}
	if anchor && s.profile.unconstrainAnchors {
		return found.list
	}
	s.judgePathLength(&found, path, iss)
	s.judgeNames(&found, path, iss)
	return found.list
}

// judgeAuthority asks that a certificate says that it is a CA.
func (s *search) judgeAuthority(found *findings, c *certificate, depth int) {
	// RFC 5280 §6.1.4 (k): certificates of version 1 and 2 cannot say it.
	if c.Version != 3 {
		found.add(NotV3, c, depth, fmt.Sprintf("version %d, which cannot say that it is a CA", c.Version))
	}
	if !(c.BasicConstraintsValid && c.IsCA) {
		detail := "it has no basicConstraints"
		if c.BasicConstraintsValid {
			detail = "its basicConstraints say CA:FALSE"
		}
		found.add(NotCA, c, depth, detail)
	}
	// §6.1.4 (n).
	if c.present.has(extKeyUsage) && c.KeyUsage&x509.KeyUsageCertSign == 0 {
		found.add(KeyUsage, c, depth, "keyCertSign is missing")
	}
}

// judgeAny applies what is asked of every certificate.
func (s *search) judgeAny(found *findings, c *certificate, depth int, anchor bool) {
	if c.malformed != nil {
		found.add(Malformed, c, depth, c.malformed.Error())
	}
	// RFC 5280 §4.1.2.5: both ends belong to the period, whose unit is a
	// second.
	switch {
	case s.now.Before(c.NotBefore):
		found.add(NotYetValid, c, depth, fmt.Sprintf("valid from %s", day(c.NotBefore)))
	case s.now.After(c.NotAfter):
		found.add(Expired, c, depth, fmt.Sprintf("valid until %s", day(c.NotAfter)))
	}
	// §6.1.4 (o), §6.1.5 (f).
	for _, oid := range c.foreign {
		found.add(CriticalExtension, c, depth, "extension "+oid.String())
	}
	if weak := s.profile.weakKey(c); weak != "" {
		found.add(WeakKey, c, depth, weak)
	}
	if !s.usageAllowed(c, depth) {
		found.add(ExtKeyUsage, c, depth, "")
	}
	if s.profile.conforming {
		for _, breach := range conformance(c, anchor) {
			found.add(NonConforming, c, depth, breach)
		}
	}
}

func (s *search) usageAllowed(c *certificate, depth int) bool {
	if len(s.profile.usages) == 0 || depth > 0 && !s.profile.nestedUsages {
		return true
	}
	if !c.present.has(extExtKeyUsage) || slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny) {
		return true
	}
	for _, u := range s.profile.usages {
		if !slices.Contains(c.ExtKeyUsage, u) {
			return false
		}
	}
	return true
}

// judgePathLength: RFC 5280 §6.1.4 (l) and (m), seen from below. Only
// intermediates that are not self-issued count.
func (s *search) judgePathLength(found *findings, path []*certificate, iss *certificate) {
	if !iss.BasicConstraintsValid || iss.MaxPathLen < 0 || iss.MaxPathLen == 0 && !iss.MaxPathLenZero {
		return
	}
	if below := intermediates(path); below > iss.MaxPathLen {
		found.add(PathTooLong, iss, len(path), fmt.Sprintf("path length %d, but %d CAs stand below it", iss.MaxPathLen, below))
	}
}

// intermediates counts the certificates above the leaf that are not
// self-issued.
func intermediates(path []*certificate) int {
	n := 0
	for _, c := range path[1:] {
		if !c.selfIssued() {
			n++
		}
	}
	return n
}

// judgeNames: RFC 5280 §6.1.3 (b) and (c), seen from below. Constraints do not
// apply to self-issued certificates, except the last of the path.
func (s *search) judgeNames(found *findings, path []*certificate, iss *certificate) {
	if iss.constraints == nil {
		return
	}
	for depth, c := range path {
		if depth > 0 && c.selfIssued() {
			continue
		}
		if violation, ok := iss.constraints.check(c.names, s.spendComparisons); !ok && !s.exhausted {
			found.add(NameConstraint, c, depth, fmt.Sprintf("%s, says %s", violation, iss.name()))
		}
	}
}

// judgeSignature checks one certificate under its issuer's key. The key decides
// by what algorithm. Where the budget does not allow the check, s.exhausted is
// set and nothing is said.
func (s *search) judgeSignature(path []*certificate, iss *certificate) []*Finding {
	var found findings
	depth := len(path) - 1
	c := path[depth]
	if weak := s.profile.weakSignature(c, depth == 0); weak != "" {
		found.add(WeakSignature, c, depth, weak)
		return found.list
	}
	signed, affordable := s.signed(c, iss)
	if affordable && !signed {
		found.add(BadSignature, c, depth, "it does not verify under the key of "+iss.name())
	}
	return found.list
}

// signed checks a signature, once in a search for each pair, and once for all
// between CAs of the trust store.
func (s *search) signed(c, iss *certificate) (ok, affordable bool) {
	e := edge{child: c.fingerprint, issuer: iss.fingerprint}
	between := c.stored && iss.stored && s.memory != nil
	if between && s.memory.signed(e) {
		return true, true
	}
	verdict, known := s.edges[e]
	if !known {
		if !s.spendSignature(iss) {
			return false, false
		}
		verdict = iss.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
		if between && verdict {
			s.memory.remember(e)
		}
		if s.edges == nil {
			s.edges = map[edge]bool{}
		}
		s.edges[e] = verdict
	}
	return verdict, true
}

// conformance returns which MUSTs of RFC 5280 §4 a certificate breaks, beyond
// what the path needs and what the parser refuses already (key identifiers and
// authorityInfoAccess that are critical, for example).
func conformance(c *certificate, anchor bool) []string {
	var breaches []string
	must := func(ok bool, breach string) {
		if !ok {
			breaches = append(breaches, breach)
		}
	}
	isCA := c.BasicConstraintsValid && c.IsCA
	present, critical := c.present.has, c.critical.has
	optionallyCritical := func(arc int) bool { return !present(arc) || critical(arc) }

	// §4.1.2.2. Negative numbers break the rule as well, but are what "users
	// SHOULD be prepared to gracefully handle", and are in use. An anchor's
	// number identifies nothing.
	must(anchor || c.SerialNumber.Sign() != 0, "the serial number is zero (§4.1.2.2)")
	must(len(c.SerialNumber.Bytes()) <= 20, "the serial number is longer than 20 octets (§4.1.2.2)")
	if c.Version != 3 {
		return breaches
	}
	must(!isCA || c.subject != "", "a CA has an empty subject (§4.1.2.6)")
	must(c.subject != "" || critical(extSubjectAltName), "the subject is empty and subjectAltName not critical (§4.1.2.6)")
	must(len(c.AuthorityKeyId) > 0 || c.selfIssued(), "authorityKeyIdentifier is missing (§4.2.1.1)")
	must(!isCA || present(extSubjectKeyID), "a CA has no subjectKeyIdentifier (§4.2.1.2)")
	must(isCA || c.KeyUsage&x509.KeyUsageCertSign == 0, "keyCertSign without being a CA (§4.2.1.3)")
	// Of an intermediate §6.1.4 (k) asks no more than that they are there.
	must(!anchor || optionallyCritical(extBasicConstraints), "an anchor's basicConstraints are not critical (§4.2.1.9)")
	must(isCA || !present(extNameConstraints), "nameConstraints in a certificate of no CA (§4.2.1.10)")
	must(optionallyCritical(extNameConstraints), "nameConstraints are not critical (§4.2.1.10)")
	// NIST's path validation suite has CAs with policies whose constraints are
	// not critical, and calls their paths valid.
	must(optionallyCritical(extPolicyConstraints) || present(extCertificatePolicies), "policyConstraints are not critical (§4.2.1.11)")
	must(!critical(extFreshestCRL), "freshestCRL is critical (§4.2.1.15)")
	return breaches
}

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

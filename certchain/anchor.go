package certchain

import (
	"crypto/x509"

	"github.com/mosip/partnertrust/trust"
)

// IsSelfSigned reports whether the certificate was issued by itself: issuer and
// subject are one name (RFC 5280 §7.1) and its own key made the signature. A
// signature of a kind that is too weak, or a key too large, to be checked is
// taken at its word, so that such a root is refused for that and not for an issuer it never had.
func IsSelfSigned(c *x509.Certificate) bool {
	if c == nil {
		return false
	}
	a := analyse(c)
	if a.malformed != nil || !a.selfIssued() {
		return false
	}
	if Authority.weakSignature(a, true) != "" || !a.checkable() {
		return len(c.AuthorityKeyId) == 0 || string(c.AuthorityKeyId) == string(c.SubjectKeyId)
	}
	return a.selfSigned()
}

// JudgeAnchor says whether a certificate may become a trust anchor: all that a
// path would ask of it and, if it is self-signed, that its signature is sound.
// It returns nil or an [*Error]. That somebody ought to trust it, it cannot
// say. Options for the clock, the time and the profile apply; the default
// profile is [Authority].
func JudgeAnchor(d trust.Domain, c *x509.Certificate, opts ...Option) error {
	v := New(nil, append([]Option{WithProfile(Authority), WithoutCache()}, opts...)...)
	s := v.search(question{settings: &v.defaults, domain: d})
	if problem := s.misconfigured(); problem != "" {
		return s.refuse(&Finding{Reason: Misconfigured, Detail: problem})
	}
	s.setTime()
	if c == nil || len(c.Raw) == 0 {
		return s.refuse(&Finding{Reason: Malformed, Detail: "no certificate was given"})
	}
	a := analyse(c)
	var found findings
	s.judgeAny(&found, a, 0, true)
	if !s.profile.legacyAnchors {
		s.judgeAuthority(&found, a, 0)
	}
	s.judgeRemaining(&found, a)
	if a.selfIssued() && a.checkable() {
		found.list = append(found.list, s.judgeSignature([]*certificate{a}, a)...)
	}
	if len(found.list) == 0 {
		return nil
	}
	sortFindings(found.list)
	e := s.refuse(found.list...)
	e.Path = []*x509.Certificate{c}
	return e
}

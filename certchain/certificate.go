package certchain

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"fmt"

	"github.com/mosip/partnertrust/internal/dn"
)

// certificate is a certificate with all that the rules ask of it, read once.
type certificate struct {
	*x509.Certificate
	fingerprint     [sha256.Size]byte
	subject, issuer dn.Key
	present         extensionSet
	critical        extensionSet
	foreign         []asn1.ObjectIdentifier // critical extensions that are not processed
	alternatives    []generalName           // subjectAltName
	names           []generalName           // all that name constraints apply to
	constraints     *nameConstraints
	stored          bool  // it is of the trust store, and remembered
	callers         bool  // an object of the caller's, whose fields need not be those of its bytes
	malformed       error // what of it the standard parser let pass and the rules cannot read
}

// extensionSet is a set of extensions by the last arc of their OID under id-ce
// (2.5.29), where all that path validation speaks of have theirs.
type extensionSet uint64

func (s extensionSet) has(arc int) bool { return s>>arc&1 != 0 }

// The arcs of the extensions that are processed, RFC 5280 §4.2.1.
const (
	extSubjectKeyID        = 14
	extKeyUsage            = 15
	extSubjectAltName      = 17
	extBasicConstraints    = 19
	extNameConstraints     = 30
	extCRLDistribution     = 31
	extCertificatePolicies = 32
	extPolicyMappings      = 33
	extAuthorityKeyID      = 35
	extPolicyConstraints   = 36
	extExtKeyUsage         = 37
	extFreshestCRL         = 46
	extInhibitAnyPolicy    = 54
)

// RFC 5280 §6.1.4 (o) asks to refuse a critical extension that is not in here.
const processed extensionSet = 1<<extSubjectKeyID | 1<<extKeyUsage | 1<<extSubjectAltName | 1<<extBasicConstraints |
	1<<extNameConstraints | 1<<extCRLDistribution | 1<<extCertificatePolicies | 1<<extPolicyMappings |
	1<<extAuthorityKeyID | 1<<extPolicyConstraints | 1<<extExtKeyUsage | 1<<extFreshestCRL | 1<<extInhibitAnyPolicy

// arcOf returns the arc of an extension under id-ce, or -1 for any other.
func arcOf(oid asn1.ObjectIdentifier) int {
	if len(oid) == 4 && oid[0] == 2 && oid[1] == 5 && oid[2] == 29 && oid[3] < 64 {
		return oid[3]
	}
	return -1
}

func analyse(c *x509.Certificate) *certificate { return analyseKnown(c, sha256.Sum256(c.Raw)) }

// analyseKnown is analyse for a certificate whose SHA-256 is known.
func analyseKnown(c *x509.Certificate, fingerprint [sha256.Size]byte) *certificate {
	a := &certificate{Certificate: c, fingerprint: fingerprint}
	fail := func(what string, err error) {
		if a.malformed == nil && err != nil {
			a.malformed = fmt.Errorf("%s: %w", what, err)
		}
	}
	var err error
	a.subject, err = dn.Canonical(c.RawSubject)
	fail("subject", err)
	if string(c.RawSubject) == string(c.RawIssuer) {
		a.issuer = a.subject
	} else {
		a.issuer, err = dn.Canonical(c.RawIssuer)
		fail("issuer", err)
	}
	for i := range c.Extensions {
		e := &c.Extensions[i]
		arc := arcOf(e.Id)
		if e.Critical && (arc < 0 || !processed.has(arc)) {
			a.foreign = append(a.foreign, e.Id)
		}
		if arc < 0 {
			continue
		}
		a.present |= 1 << arc
		if e.Critical {
			a.critical |= 1 << arc
		}
		switch arc {
		case extSubjectAltName:
			a.alternatives, err = parseGeneralNames(e.Value)
			fail("subjectAltName", err)
		case extNameConstraints:
			a.constraints, err = parseNameConstraints(e.Value)
			fail("nameConstraints", err)
		}
	}
	a.names = a.constrained()
	return a
}

// selfIssued: RFC 5280 §6.1, issuer and subject are the same name.
func (c *certificate) selfIssued() bool { return c.subject == c.issuer }

// selfSigned: the certificate's own key made its signature.
func (c *certificate) selfSigned() bool {
	return c.selfIssued() && c.checkable() && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

// checkable: a check under the certificate's key costs no more than one under
// the largest key that is used. Whoever makes a certificate chooses its key.
func (c *certificate) checkable() bool {
	key, ok := c.PublicKey.(*rsa.PublicKey)
	return !ok || key.N.BitLen() <= maxRSABits
}

// sameEntity: the same name and the same key, which is what makes a path run
// in a circle whatever the certificates between say.
func (c *certificate) sameEntity(o *certificate) bool {
	return c.subject == o.subject && string(c.RawSubjectPublicKeyInfo) == string(o.RawSubjectPublicKeyInfo)
}

// name is the subject for a person.
func (c *certificate) name() string { return subjectText(c.RawSubject) }

// SubjectText writes the subject of a certificate for a person, in the form of
// RFC 4514. It is never to be compared.
func SubjectText(c *x509.Certificate) string { return subjectText(c.RawSubject) }

func subjectText(rawSubject []byte) string {
	n, err := dn.Parse(rawSubject)
	switch {
	case err != nil:
		return "(unreadable name)"
	case len(n) == 0:
		return "(empty name)"
	}
	return n.String()
}

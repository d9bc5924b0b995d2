package certchain

import (
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
	extensions      map[string]bool // OID content → critical
	names           []generalName   // subjectAltName
	constraints     *nameConstraints
	malformed       error // what of it the standard parser let pass and the rules cannot read
}

// OID content octets of the extensions that are processed: RFC 5280 §6.1 asks
// to refuse a critical one that is not.
const (
	oidSubjectKeyID        = "\x55\x1d\x0e"
	oidKeyUsage            = "\x55\x1d\x0f"
	oidSubjectAltName      = "\x55\x1d\x11"
	oidBasicConstraints    = "\x55\x1d\x13"
	oidNameConstraints     = "\x55\x1d\x1e"
	oidCRLDistribution     = "\x55\x1d\x1f"
	oidCertificatePolicies = "\x55\x1d\x20"
	oidPolicyMappings      = "\x55\x1d\x21"
	oidAuthorityKeyID      = "\x55\x1d\x23"
	oidPolicyConstraints   = "\x55\x1d\x24"
	oidExtKeyUsage         = "\x55\x1d\x25"
	oidFreshestCRL         = "\x55\x1d\x2e"
	oidInhibitAnyPolicy    = "\x55\x1d\x36"
)

var processed = map[string]bool{
	oidSubjectKeyID: true, oidKeyUsage: true, oidSubjectAltName: true, oidBasicConstraints: true,
	oidNameConstraints: true, oidCRLDistribution: true, oidCertificatePolicies: true,
	oidPolicyMappings: true, oidAuthorityKeyID: true, oidPolicyConstraints: true,
	oidExtKeyUsage: true, oidInhibitAnyPolicy: true, oidFreshestCRL: true,
}

// oidContent returns the content octets of an OID.
func oidContent(oid asn1.ObjectIdentifier) string {
	der, err := asn1.Marshal(oid)
	if err != nil || len(der) < 2 || der[1] >= 0x80 {
		return ""
	}
	return string(der[2:])
}

func analyse(c *x509.Certificate) *certificate {
	a := &certificate{Certificate: c, fingerprint: sha256.Sum256(c.Raw)}
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
	if len(c.Extensions) > 0 {
		a.extensions = make(map[string]bool, len(c.Extensions))
	}
	for _, e := range c.Extensions {
		oid := oidContent(e.Id)
		a.extensions[oid] = e.Critical
		switch oid {
		case oidSubjectAltName:
			a.names, err = parseGeneralNames(e.Value)
			fail("subjectAltName", err)
		case oidNameConstraints:
			a.constraints, err = parseNameConstraints(e.Value)
			fail("nameConstraints", err)
		}
	}
	return a
}

// has reports whether the extension is there, and whether it is critical.
func (c *certificate) has(oid string) (present, critical bool) {
	critical, present = c.extensions[oid]
	return present, critical
}

// selfIssued: RFC 5280 §6.1, issuer and subject are the same name.
func (c *certificate) selfIssued() bool { return c.subject == c.issuer }

// selfSigned: the certificate's own key made its signature.
func (c *certificate) selfSigned() bool {
	return c.selfIssued() && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
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

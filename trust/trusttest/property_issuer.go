package trusttest

import (
	"crypto/x509"
	"encoding/asn1"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// The properties of this file are those of who issued the certificate. Where the
// CA above has the defect, it is one of its own, made for this certificate. It
// stands in the store like one that was admitted before anybody looked, so that
// other identities are not touched.

// above says who issues a certificate, if it is not the CA of the domain.
type above struct {
	unknown, own, deeper, revoked bool
	mods                          []pkitest.Mod
}

func intermediateWith(mods ...pkitest.Mod) Property {
	return func(d *draft) { d.above.own, d.above.mods = true, append(d.above.mods, mods...) }
}

// OfDomain lets the CA of another domain issue the certificate.
//
// Reason: [certchain.IssuerInOtherDomain].
func OfDomain(other trust.Domain) Property {
	return func(d *draft) { d.issuedIn = other }
}

// IssuedBy puts a CA of that organisation above, as the platform has one of each
// device provider. It verifies.
func IssuedBy(organization string) Property {
	return intermediateWith(pkitest.Org(organization, organization+" CA"))
}

// UnknownIssuer lets a CA issue the certificate that nobody trusts.
//
// Reason: [certchain.UnknownIssuer].
func UnknownIssuer() Property {
	return func(d *draft) { d.above.own, d.above.unknown = true, true }
}

// NotCAIntermediate puts a certificate above that says CA:FALSE.
//
// Reason: [certchain.NotCA].
func NotCAIntermediate() Property { return intermediateWith(pkitest.NotCA()) }

// ExpiredIntermediate puts a CA above that has expired.
//
// Reason: [certchain.Expired], of the CA.
func ExpiredIntermediate() Property {
	return func(d *draft) {
		intermediateWith(pkitest.Validity(d.pki.now.AddDate(-2, 0, 0), d.pki.now.Add(-margin)))(d)
	}
}

// RevokedIntermediate puts a CA above that was revoked.
//
// Reason, where revocation is asked for: [certchain.Revoked], of the CA.
func RevokedIntermediate() Property {
	return func(d *draft) { d.above.own, d.above.revoked = true, true }
}

// NoCertSignIntermediate puts a CA above whose key usage does not allow signing
// certificates.
//
// Reason: [certchain.KeyUsage].
func NoCertSignIntermediate() Property { return intermediateWith(pkitest.Usage(x509.KeyUsageCRLSign)) }

// PathTooLong puts two CAs above, of which the upper one allows none below
// itself.
//
// Reason: [certchain.PathTooLong].
func PathTooLong() Property {
	return func(d *draft) {
		intermediateWith(pkitest.CA(0))(d)
		d.above.deeper = true
	}
}

// OutsideNameConstraints puts a CA above that may certify another organisation
// only.
//
// Reason: [certchain.NameConstraint].
func OutsideNameConstraints() Property {
	// RFC 5280 §4.2.1.10: permittedSubtrees [0] of one directoryName [4].
	tag := func(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(tag(0), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(tag(4), func(b *cryptobyte.Builder) { b.AddBytes(pkitest.Name(pkitest.O("Somebody Else"))) })
			})
		})
	})
	return intermediateWith(pkitest.Extension(asn1.ObjectIdentifier{2, 5, 29, 30}, true, b.BytesOrPanic()))
}

// RequiredPolicyMissing puts a CA above that asks for a certificate policy, which
// the path has not.
//
// Reason: [certchain.PolicyRejected].
func RequiredPolicyMissing() Property {
	// RFC 5280 §4.2.1.11: requireExplicitPolicy [0] of zero.
	return intermediateWith(pkitest.Extension(asn1.ObjectIdentifier{2, 5, 29, 36}, true, []byte{0x30, 3, 0x80, 1, 0}))
}

// issuer returns who issues the certificate.
func (d *draft) issuer() *authority {
	p := d.pki
	p.tb.Helper()
	home := p.home(d.issuedIn)
	if !d.above.own {
		return home.intermediate
	}
	name := func(what string) string { return fmt.Sprintf("Example %s %d", what, d.number) }
	root := home.root
	if d.above.unknown {
		root = p.authority(d.issuedIn, nil, name("Unknown Root"))
	}
	issuers := []*authority{p.authority(d.issuedIn, root, name("CA"), d.above.mods...)}
	if d.above.deeper {
		issuers = append(issuers, p.authority(d.issuedIn, issuers[0], name("Sub CA")))
	}
	if !d.above.unknown {
		for _, a := range issuers {
			p.trust(trust.Intermediate, a)
		}
	}
	if d.above.revoked {
		p.Revoke(issuers[0].Identity)
	}
	return issuers[len(issuers)-1]
}

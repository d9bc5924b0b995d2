package trusttest

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"time"

	"github.com/mosip/partnertrust/internal/pkitest"
)

// The properties of this file are those of the certificate itself.

func with(mods ...pkitest.Mod) Property {
	return func(d *draft) { d.mods = append(d.mods, mods...) }
}

// margin is how far a certificate is past its end or before its beginning: more
// than a test takes that runs by the system's clock.
const margin = time.Hour

// Expired lets the certificate end an hour ago.
//
// Reason: [certchain.Expired].
func Expired() Property {
	return func(d *draft) { d.notAfter = d.pki.now.Add(-margin) }
}

// NotYetValid lets the certificate begin in an hour.
//
// Reason: [certchain.NotYetValid].
func NotYetValid() Property {
	return func(d *draft) { d.notBefore = d.pki.now.Add(margin) }
}

// ExpiringIn lets the certificate end after that time. It verifies, unless the
// profile asks for more ([certchain.Profile.WithMinRemaining]).
//
// Reason then: [certchain.ShortValidity].
func ExpiringIn(left time.Duration) Property {
	return func(d *draft) { d.notAfter = d.pki.now.Add(left) }
}

// Organization lets the certificate name another organisation than the
// registered one.
//
// Reason: [certchain.OrganizationMismatch].
func Organization(named string) Property {
	return func(d *draft) { d.organizations = []string{named} }
}

// SecondOrganization lets the certificate name another organisation beside the
// registered one.
//
// Reason: [certchain.OrganizationAmbiguous].
func SecondOrganization(named string) Property {
	return func(d *draft) { d.organizations = append(d.organizations, named) }
}

// NoOrganization lets the certificate name none.
//
// Reason: [certchain.OrganizationMissing].
func NoOrganization() Property {
	return func(d *draft) { d.organizations = nil }
}

// SelfSigned lets the certificate be signed by its own key. What other
// properties say of the CA above does not apply.
//
// Reason: [certchain.SelfSigned].
func SelfSigned() Property {
	return func(d *draft) { d.selfSigned = true }
}

// Revoked revokes the certificate: see [PKI.Revoke].
//
// Reason, where revocation is asked for: [certchain.Revoked].
func Revoked() Property {
	return func(d *draft) { d.revoked = true }
}

// NegativeSerial gives the certificate a negative serial number, as the
// platform's own CAs do. It verifies; crypto/x509 by itself cannot read it.
func NegativeSerial() Property {
	return func(d *draft) {
		serial := make([]byte, 8)
		_, _ = rand.Read(serial) // never fails
		serial[0] = 0x80 | serial[0]>>2
		with(pkitest.RawSerial(serial))(d)
	}
}

// ZeroSerial gives the certificate the serial number zero. Partner rules accept
// it.
//
// Reason under [certchain.RFC5280]: [certchain.NonConforming].
func ZeroSerial() Property { return with(pkitest.RawSerial([]byte{0})) }

// Version1 makes a certificate of X.509 version 1, without extensions.
//
// Reason: [certchain.NotV3].
func Version1() Property { return with(pkitest.Version(1)) }

// ForgedSignature changes the signature after it was made.
//
// Reason: [certchain.BadSignature].
func ForgedSignature() Property { return with(pkitest.Tampered()) }

// SHA1Signature lets the certificate be signed with SHA-1.
//
// Reason: [certchain.WeakSignature].
func SHA1Signature() Property { return with(pkitest.Hash(crypto.SHA1)) }

// CriticalExtension gives the certificate a critical extension that nobody
// knows.
//
// Reason: [certchain.CriticalExtension].
func CriticalExtension() Property {
	return with(pkitest.Extension(asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 32473, 1}, true, []byte{5, 0}))
}

// Extension adds an extension to the certificate. What comes of it is the
// extension's affair.
func Extension(e pkix.Extension) Property { return with(pkitest.Extension(e.Id, e.Critical, e.Value)) }

// ForServers limits the certificate to TLS servers by its extended key usage. It
// verifies, unless the profile asks for another use
// ([certchain.Profile.WithExtKeyUsage]).
//
// Reason then: [certchain.ExtKeyUsage].
func ForServers() Property {
	// SEQUENCE { id-kp-serverAuth }, RFC 5280 §4.2.1.12.
	value := []byte{0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1}
	return with(pkitest.Extension(asn1.ObjectIdentifier{2, 5, 29, 37}, false, value))
}

// ForEncryption limits the certificate to the encryption of keys. It verifies;
// what it signs does not.
//
// Reason against a token: x5c.SignerKeyUsage.
func ForEncryption() Property { return with(pkitest.Usage(x509.KeyUsageKeyEncipherment)) }

// IsCA lets the certificate be that of a CA, as those are that the platform signs
// for its partners. It verifies; what it signs does only where the host allows
// it.
//
// Reason against a token: x5c.SignerIsCA.
func IsCA() Property {
	return with(pkitest.CA(0), pkitest.Usage(x509.KeyUsageDigitalSignature|x509.KeyUsageCertSign|x509.KeyUsageCRLSign))
}

package certchain

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"time"
)

// Profile says what a certificate and the CAs above it must be, beyond the
// path itself. It is immutable; its methods return changed copies:
//
//	certchain.Partner.WithMinRemaining(11)
//
// The zero Profile refuses everything.
type Profile struct {
	name string

	partnerLeaf        bool // version 3, not self-signed
	caLeaf             bool // the leaf is a CA itself
	conforming         bool // the MUSTs of RFC 5280 §4 for the certificates themselves
	strong             bool // PartnerKey and the SHA-2 family, on every certificate of the path
	onlySHA256         bool // on the leaf
	legacyAnchors      bool
	unconstrainAnchors bool
	nestedUsages       bool
	usages             []x509.ExtKeyUsage
	minRemaining       int // calendar months
}

// The profiles.
var (
	// Partner is the default: what the platform documents of a partner's
	// certificate. Version 3, not self-signed, keys
	// of RSA ≥ 2048, ECDSA P-256/384/521 or Ed25519 and signatures of the
	// SHA-2 family (RSASSA-PSS included) along the whole path.
	Partner = Profile{name: "partner", partnerLeaf: true, strong: true}

	// RFC5280 is the standard and no partner rules: the path validation of §6
	// and what §4 says that certificates MUST be. Key sizes and hashes are
	// accepted as far as they can be checked at all.
	RFC5280 = Profile{name: "rfc5280", conforming: true}

	// Authority is what this library asks of a CA certificate that somebody
	// wants in a trust store: a CA of version 3, with the key and signature
	// rules of Partner along the whole path.
	Authority = Profile{name: "authority", caLeaf: true, strong: true}

	// PartnerRelease13 keeps to the letter of the platform's release 1.3 where
	// a host must give the same verdicts: on the leaf it accepts only
	// signatures whose name there starts with SHA-256, not the rest of the
	// SHA-2 family, PSS or Ed25519; its anchors may be legacy ones.
	PartnerRelease13 = Profile{name: "partner-release-1.3", partnerLeaf: true, strong: true, onlySHA256: true, legacyAnchors: true}
)

// Name says which profile this is, in errors and logs.
func (p Profile) Name() string { return p.name }

// WithMinRemaining asks that the certificate stays valid for that many
// calendar months more.
func (p Profile) WithMinRemaining(months int) Profile {
	p.minRemaining = months
	return p
}

// WithExtKeyUsage asks that the certificate may be used for all of the given
// purposes: its extendedKeyUsage, where it has one, lists them or
// anyExtendedKeyUsage.
func (p Profile) WithExtKeyUsage(usages ...x509.ExtKeyUsage) Profile {
	p.usages = slices.Clone(usages)
	return p
}

// WithNestedExtKeyUsage is [Profile.WithExtKeyUsage], and asks the same of
// every CA on the path that has the extension. RFC 5280 gives it no meaning in
// a CA; many verifiers do.
func (p Profile) WithNestedExtKeyUsage(usages ...x509.ExtKeyUsage) Profile {
	p = p.WithExtKeyUsage(usages...)
	p.nestedUsages = true
	return p
}

// DangerouslyAdmitLegacyAnchors accepts an anchor that does not say that it is
// a CA: of version 1, or without basicConstraints or keyCertSign. Whoever holds
// the key of any certificate in the store can then issue certificates.
func (p Profile) DangerouslyAdmitLegacyAnchors() Profile {
	p.legacyAnchors = true
	return p
}

// DangerouslyIgnoreAnchorConstraints does not hold the path against the name
// constraints, path length and policies in the anchor's own certificate. RFC
// 5280 §6.1.1 leaves it open; this library enforces them.
func (p Profile) DangerouslyIgnoreAnchorConstraints() Profile {
	p.unconstrainAnchors = true
	return p
}

func (p *Profile) equal(o *Profile) bool {
	return p.name == o.name && p.partnerLeaf == o.partnerLeaf && p.caLeaf == o.caLeaf && p.conforming == o.conforming &&
		p.strong == o.strong && p.onlySHA256 == o.onlySHA256 && p.legacyAnchors == o.legacyAnchors &&
		p.unconstrainAnchors == o.unconstrainAnchors && p.nestedUsages == o.nestedUsages &&
		p.minRemaining == o.minRemaining && slices.Equal(p.usages, o.usages)
}

// ForAuthorities asks, in place of what the profile says of a partner's leaf,
// that the leaf is a CA itself.
func (p Profile) ForAuthorities() Profile {
	p.partnerLeaf, p.caLeaf = false, true
	return p
}

// weakKey says what stands against a certificate's key, or "".
func (p Profile) weakKey(c *certificate) string {
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		bits := key.N.BitLen()
		switch {
		case p.strong && bits < 2048:
			return fmt.Sprintf("RSA key of %d bits; at least 2048 are needed", bits)
		case bits < 1024:
			return fmt.Sprintf("RSA key of %d bits; fewer than 1024 cannot be checked", bits)
		case bits > maxRSABits:
			return fmt.Sprintf("RSA key of %d bits; the limit is %d", bits, maxRSABits)
		case p.strong && key.E < 3 || key.E%2 == 0:
			return fmt.Sprintf("RSA key with exponent %d", key.E)
		}
	case *ecdsa.PublicKey:
		if p.strong && key.Curve != elliptic.P256() && key.Curve != elliptic.P384() && key.Curve != elliptic.P521() {
			return fmt.Sprintf("ECDSA key on curve %s; P-256, P-384 and P-521 are accepted", key.Params().Name)
		}
	case ed25519.PublicKey:
	default:
		return fmt.Sprintf("key of kind %s, which is not supported", c.PublicKeyAlgorithm)
	}
	return ""
}

// weakSignature says what stands against the algorithm of a certificate's
// signature, or "". SHA-1 and older are refused under every profile: whoever
// can make a collision can make a certificate.
func (p Profile) weakSignature(c *certificate, leaf bool) string {
	switch c.SignatureAlgorithm {
	case x509.SHA256WithRSA, x509.ECDSAWithSHA256:
		return ""
	case x509.SHA384WithRSA, x509.SHA512WithRSA, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512,
		x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS, x509.SHA512WithRSAPSS, x509.PureEd25519:
		if p.onlySHA256 && leaf {
			return fmt.Sprintf("%s; this profile accepts SHA-256 with RSA or ECDSA only", c.SignatureAlgorithm)
		}
		return ""
	case x509.UnknownSignatureAlgorithm:
		return "an algorithm that is not supported"
	}
	return c.SignatureAlgorithm.String()
}

// addMonths adds calendar months: a day that the month does not have becomes
// its last one, so that one month after 31 January is the end of February.
func addMonths(t time.Time, months int) time.Time {
	y, m, d := t.Date()
	lastDay := time.Date(y, m+time.Month(months)+1, 0, 0, 0, 0, 0, t.Location()).Day()
	return time.Date(y, m+time.Month(months), min(d, lastDay), t.Hour(), t.Minute(), t.Second(), 0, t.Location())
}

package revocation

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"slices"
)

// keyDigest names a public key.
type keyDigest [sha256.Size]byte

func digestOf(c *x509.Certificate) keyDigest { return sha256.Sum256(c.RawSubjectPublicKeyInfo) }

// weak reports whether a signature by that algorithm proves nothing: SHA-1 and
// older as in a certificate, and what is not known.
func weak(a x509.SignatureAlgorithm) bool {
	switch a {
	case x509.SHA256WithRSA, x509.SHA384WithRSA, x509.SHA512WithRSA,
		x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS, x509.SHA512WithRSAPSS,
		x509.ECDSAWithSHA256, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512, x509.PureEd25519:
		return false
	}
	return true
}

// oversized reports whether a check under the key would cost too much.
func oversized(c *x509.Certificate) bool {
	key, ok := c.PublicKey.(*rsa.PublicKey)
	return ok && key.N.BitLen() > maxRSABits
}

// signerOf finds who signed the list and may (RFC 5280 §6.3.3 (f), (g)): its
// issuer by name, with cRLSign where it has a key usage, and a path to the same
// anchor. Those with the key identifier that the list names are tried first.
func (e *examination) signerOf(l *list) *x509.Certificate {
	var named, others []*x509.Certificate
	looked := 0
	for c := range e.q.Signers(l.RawIssuer) {
		if looked++; looked > maxNamesakes || e.ctx.Err() != nil {
			break
		}
		switch {
		case !maySignLists(c) || oversized(c):
		case len(l.AuthorityKeyId) > 0 && bytes.Equal(c.SubjectKeyId, l.AuthorityKeyId):
			named = append(named, c)
		default:
			others = append(others, c)
		}
	}
	for i, c := range append(named, others...) {
		if i == maxSigners || e.ctx.Err() != nil {
			return nil
		}
		if l.signedBy(c) && e.q.TrustSigner(c) {
			// Only for a trusted key: anybody can make a key under which a
			// given signature verifies.
			l.trusted(c)
			return c
		}
	}
	return nil
}

func (l *list) trusted(c *x509.Certificate) {
	digest := digestOf(c)
	l.proven.Store(&digest)
}

// signedBy checks the signature under a certificate's key, once for the key
// that is trusted.
func (l *list) signedBy(c *x509.Certificate) bool {
	if known := l.proven.Load(); known != nil && *known == digestOf(c) {
		return true
	}
	return c.CheckSignature(l.SignatureAlgorithm, l.RawTBSRevocationList, l.Signature) == nil
}

// maySignLists: where a key usage is present, it has cRLSign.
func maySignLists(c *x509.Certificate) bool {
	return !hasKeyUsage(c) || c.KeyUsage&x509.KeyUsageCRLSign != 0
}

func hasKeyUsage(c *x509.Certificate) bool {
	return slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidKeyUsage) })
}

package revocation

import (
	"crypto"
	"crypto/fips140"
	"crypto/sha1"
	_ "crypto/sha256" // for crypto.Hash
	_ "crypto/sha512"
	"crypto/x509"
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// hashOID is the identifier of a hash in CertID.
func hashOID(h crypto.Hash) asn1.ObjectIdentifier {
	switch h {
	case crypto.SHA1:
		return asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	case crypto.SHA256:
		return asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	case crypto.SHA384:
		return asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	case crypto.SHA512:
		return asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
	}
	return nil
}

func hashOf(oid asn1.ObjectIdentifier) crypto.Hash {
	for _, h := range []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		if oid.Equal(hashOID(h)) {
			return h
		}
	}
	return 0
}

// sum hashes names and keys to find them again. SHA-1 secures nothing here:
// RFC 6960 names by it what a signature then vouches for.
func sum(h crypto.Hash, data []byte) (digest []byte) {
	if h == crypto.SHA1 {
		fips140.WithoutEnforcement(func() {
			d := sha1.Sum(data)
			digest = d[:]
		})
		return digest
	}
	w := h.New()
	w.Write(data)
	return w.Sum(nil)
}

// keyBits is the subjectPublicKey of a certificate, without tag, length and
// unused bits: what KeyHash and issuerKeyHash are of (RFC 6960 §4.1.1, §4.2.1).
func keyBits(c *x509.Certificate) []byte {
	input := cryptobyte.String(c.RawSubjectPublicKeyInfo)
	var spki cryptobyte.String
	var bits []byte
	if !input.ReadASN1(&spki, cbasn1.SEQUENCE) || !spki.SkipASN1(cbasn1.SEQUENCE) || !spki.ReadASN1BitStringAsBytes(&bits) {
		return nil
	}
	return bits
}

// algorithmOf reads an AlgorithmIdentifier of a signature: those of [weak]'s
// list and no other. An unknown one verifies nothing.
func algorithmOf(der cryptobyte.String) x509.SignatureAlgorithm {
	var seq cryptobyte.String
	var id asn1.ObjectIdentifier
	if !der.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1ObjectIdentifier(&id) {
		return x509.UnknownSignatureAlgorithm
	}
	noParameters := seq.Empty() || string(seq) == "\x05\x00"
	for _, known := range []struct {
		id        asn1.ObjectIdentifier
		algorithm x509.SignatureAlgorithm
	}{
		{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}, x509.SHA256WithRSA},
		{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}, x509.SHA384WithRSA},
		{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 13}, x509.SHA512WithRSA},
		{asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}, x509.ECDSAWithSHA256},
		{asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}, x509.ECDSAWithSHA384},
		{asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 4}, x509.ECDSAWithSHA512},
		{asn1.ObjectIdentifier{1, 3, 101, 112}, x509.PureEd25519},
	} {
		if id.Equal(known.id) && noParameters {
			return known.algorithm
		}
	}
	if !id.Equal(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}) {
		return x509.UnknownSignatureAlgorithm
	}
	for _, known := range []struct {
		hash      crypto.Hash
		algorithm x509.SignatureAlgorithm
	}{{crypto.SHA256, x509.SHA256WithRSAPSS}, {crypto.SHA384, x509.SHA384WithRSAPSS}, {crypto.SHA512, x509.SHA512WithRSAPSS}} {
		if string(seq) == string(pssParameters(known.hash)) {
			return known.algorithm
		}
	}
	return x509.UnknownSignatureAlgorithm
}

// pssParameters are the RSASSA-PSS-params of RFC 4055 §3.1 with one hash for
// both uses and a salt as long as it.
func pssParameters(h crypto.Hash) []byte {
	var b cryptobyte.Builder
	hash := func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(hashOID(h))
			b.AddASN1NULL()
		})
	}
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(constructed(0), hash)
		b.AddASN1(constructed(1), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8})
				hash(b)
			})
		})
		b.AddASN1(constructed(2), func(b *cryptobyte.Builder) { b.AddASN1Int64(int64(h.Size())) })
	})
	der, _ := b.Bytes() // cannot fail: the lengths are fixed
	return der
}

package oidc

import (
	"encoding/base64"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/internal/jose"
)

// SubjectPublicKeyInfo up to the key itself: SEQUENCE { AlgorithmIdentifier,
// BIT STRING with no unused bits ... RFC 5480 names the curve, RFC 8410 has no
// parameters, RFC 3279 has NULL.
const (
	spkiP256      = "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00"
	spkiP384      = "\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00"
	spkiP521      = "\x30\x81\x9b\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23\x03\x81\x86\x00"
	spkiSecp256k1 = "\x30\x56\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x0a\x03\x42\x00"
	spkiEd25519   = "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"

	rsaAlgorithm = "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"
)

// DER is the key as a SubjectPublicKeyInfo, the form in which certificates
// hold it and Java's PublicKey.getEncoded returns it.
func (k *Key) DER() []byte {
	switch k.kty {
	case "RSA":
		return k.rsaDER()
	case "EC":
		der := append([]byte(curves[k.crv].spki), 4)
		return append(append(der, k.x...), k.y...)
	default:
		return append([]byte(spkiEd25519), k.x...)
	}
}

func (k *Key) rsaDER() []byte {
	b := cryptobyte.NewBuilder(make([]byte, 0, 64+len(k.n)))
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes([]byte(rsaAlgorithm))
		b.AddASN1(asn1.BIT_STRING, func(b *cryptobyte.Builder) {
			b.AddUint8(0)
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				addUnsigned(b, k.n)
				addUnsigned(b, k.e)
			})
		})
	})
	return b.BytesOrPanic() // lengths are bounded, nothing can fail
}

// addUnsigned writes an INTEGER whose magnitude is the given bytes.
func addUnsigned(b *cryptobyte.Builder, magnitude []byte) {
	b.AddASN1(asn1.INTEGER, func(b *cryptobyte.Builder) {
		if magnitude[0]&0x80 != 0 {
			b.AddUint8(0)
		}
		b.AddBytes(magnitude)
	})
}

// certificateKey cuts the SubjectPublicKeyInfo out of a certificate (RFC 5280
// section 4.1). The rest is not judged here, so that no property of the
// certificate, such as a negative serial number, stands in the key's way.
func certificateKey(der []byte) ([]byte, bool) {
	var certificate, tbs, spki cryptobyte.String
	input := cryptobyte.String(der)
	ok := input.ReadASN1(&certificate, asn1.SEQUENCE) && input.Empty() &&
		certificate.ReadASN1(&tbs, asn1.SEQUENCE) &&
		tbs.SkipOptionalASN1(asn1.Tag(0).Constructed().ContextSpecific()) && // version
		tbs.SkipASN1(asn1.INTEGER) && // serialNumber
		tbs.SkipASN1(asn1.SEQUENCE) && // signature
		tbs.SkipASN1(asn1.SEQUENCE) && // issuer
		tbs.SkipASN1(asn1.SEQUENCE) && // validity
		tbs.SkipASN1(asn1.SEQUENCE) && // subject
		tbs.ReadASN1Element(&spki, asn1.SEQUENCE)
	return spki, ok
}

// checkCertificate compares the first certificate of x5c with the key, which
// RFC 7517 section 4.7 requires to be the same. The rest of the chain is not
// looked at.
func (k *Key) checkCertificate(der []byte) error {
	spki, ok := certificateKey(der)
	if !ok {
		return &Error{Reason: Malformed, Member: "x5c", Detail: "its first element is not a certificate"}
	}
	other, err := keyFromSPKI(spki, AllowSecp256k1())
	if err != nil || !k.Equal(other) {
		return &Error{Reason: CertificateMismatch, Member: "x5c", Err: err}
	}
	return nil
}

// certificates decodes x5c: base64, not base64url, of DER.
func certificates(member jose.Member) ([][]byte, error) {
	elements, ok := member.Array()
	if !ok || len(elements) == 0 {
		return nil, &Error{Reason: Malformed, Member: "x5c", Detail: "not a list of certificates", Offset: member.Offset}
	}
	chain := make([][]byte, len(elements))
	for i, element := range elements {
		text, ok := element.Text()
		der, err := base64.StdEncoding.DecodeString(text)
		if !ok || err != nil {
			return nil, &Error{Reason: Malformed, Member: "x5c", Detail: "not base64", Offset: element.Offset, Err: err}
		}
		chain[i] = der
	}
	return chain, nil
}

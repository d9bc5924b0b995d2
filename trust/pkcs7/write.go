package pkcs7

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/trust"
)

// idData is 1.2.840.113549.1.7.1.
const idData = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"

// Marshal writes a bundle that holds the certificates and nothing else, in DER
// but for one thing: they stay in the order given, for which the platform's
// clients look (leaf first), where DER would sort them by their bytes. No
// bundle is written that [Parse] would not read.
func Marshal(certs []*x509.Certificate) ([]byte, error) {
	switch {
	case len(certs) == 0:
		return nil, fmt.Errorf("pkcs7: %w", trust.ErrNoCertificate)
	case len(certs) > MaxCertificates:
		return nil, fmt.Errorf("%w: %d certificates, the limit is %d", trust.ErrTooLarge, len(certs), MaxCertificates)
	}
	for i, c := range certs {
		if c == nil || len(c.Raw) == 0 {
			return nil, &trust.ParseError{Entry: i, Err: fmt.Errorf("%w: never parsed", trust.ErrMalformed)}
		}
	}
	context0 := asn1.Tag(0).ContextSpecific().Constructed()
	b := cryptobyte.NewBuilder(nil)
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { // RFC 5652 section 3
		b.AddBytes(oidSignedData)
		b.AddASN1(context0, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { // section 5.1
				b.AddASN1Int64(1)                                      // version
				b.AddASN1(asn1.SET, func(*cryptobyte.Builder) {})      // digestAlgorithms
				b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { // encapContentInfo
					b.AddBytes([]byte(idData))
				})
				b.AddASN1(context0, func(b *cryptobyte.Builder) { // certificates
					for _, c := range certs {
						b.AddBytes(c.Raw)
					}
				})
				b.AddASN1(asn1.SET, func(*cryptobyte.Builder) {}) // signerInfos
			})
		})
	})
	der, err := b.Bytes()
	if err != nil || len(der) > MaxBytes {
		return nil, fmt.Errorf("%w: the bundle would have more than %d bytes", trust.ErrTooLarge, MaxBytes)
	}
	return der, nil
}

// MarshalPEM is [Marshal] in PEM under the label PKCS7, as the platform's
// download of a trust path answers.
func MarshalPEM(certs []*x509.Certificate) ([]byte, error) {
	der, err := Marshal(certs)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: der}), nil
}

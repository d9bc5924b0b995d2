package trust

import (
	"crypto/fips140"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// Errors of the readers, wrapped in a [*ParseError] where an upload holds more
// than one entry.
var (
	// ErrMalformed: the bytes are no X.509 certificate that can be read.
	ErrMalformed = errors.New("trust: malformed certificate")
	// ErrTrailingData: something follows the certificate.
	ErrTrailingData = errors.New("trust: data after the certificate")
	// ErrTooLarge: one of the limits of this package is exceeded.
	ErrTooLarge = errors.New("trust: input exceeds a limit")
)

// ParseCertificate reads one certificate in DER. It reads what
// [x509.ParseCertificate] reads and, beyond that, certificates with a negative
// serial number: RFC 5280 §4.1.2.2 asks for positive ones and asks users to
// handle the others gracefully, and the platform's own CAs issue them.
//
// The result shares no memory with der, and der is not changed. Its Raw,
// RawTBSCertificate and SerialNumber are those of the original, so signatures
// verify over what was signed.
func ParseCertificate(der []byte) (*x509.Certificate, error) {
	if len(der) > MaxCertificateBytes {
		return nil, fmt.Errorf("%w: a certificate of %d bytes, the limit is %d", ErrTooLarge, len(der), MaxCertificateBytes)
	}
	outline, err := readOutline(der)
	if err != nil {
		return nil, err
	}
	own := slices.Clone(der)
	serial := own[outline.serialAt:][:outline.serialLength]
	if serial[0] < 0x80 {
		c, err := x509.ParseCertificate(own)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
		}
		return c, nil
	}

	// The standard parser sees a positive number of the same length. 0x01 is
	// minimal before any next octet, where clearing the sign bit is not.
	patched := slices.Clone(der)
	patched[outline.serialAt] = 0x01
	c, err := x509.ParseCertificate(patched)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	tbsEnd := outline.tbsAt + outline.tbsLength
	c.Raw, c.RawTBSCertificate = own, own[outline.tbsAt:tbsEnd:tbsEnd]
	// Two's complement: value − 2^bits.
	n := new(big.Int).SetBytes(serial)
	c.SerialNumber = n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(serial))))
	return c, nil
}

// outline says where in a certificate's DER the parts are that a negative
// serial number concerns.
type outline struct {
	tbsAt, tbsLength       int // tbsCertificate, header included
	serialAt, serialLength int // content octets of serialNumber
}

// readOutline also refuses data that is not one SEQUENCE.
func readOutline(der []byte) (outline, error) {
	input := cryptobyte.String(der)
	var cert, tbs, fields, number cryptobyte.String
	if !input.ReadASN1(&cert, asn1.SEQUENCE) {
		return outline{}, fmt.Errorf("%w: not a DER sequence", ErrMalformed)
	}
	if !input.Empty() {
		return outline{}, fmt.Errorf("%w: %d bytes", ErrTrailingData, len(input))
	}
	var o outline
	o.tbsAt = len(der) - len(cert)
	if !cert.ReadASN1Element(&tbs, asn1.SEQUENCE) {
		return outline{}, fmt.Errorf("%w: no tbsCertificate", ErrMalformed)
	}
	o.tbsLength = len(tbs)
	tbsEnd := o.tbsAt + o.tbsLength
	if !tbs.ReadASN1(&fields, asn1.SEQUENCE) ||
		!fields.SkipOptionalASN1(asn1.Tag(0).Constructed().ContextSpecific()) ||
		!fields.ReadASN1(&number, asn1.INTEGER) || len(number) == 0 {
		return outline{}, fmt.Errorf("%w: no serial number where one must be", ErrMalformed)
	}
	o.serialLength = len(number)
	o.serialAt = tbsEnd - len(fields) - o.serialLength
	if len(number) > 1 && number[0] == 0xff && number[1] >= 0x80 {
		return outline{}, fmt.Errorf("%w: serial number is not minimally encoded", ErrMalformed)
	}
	return o, nil
}

// SHA256 returns the SHA-256 of the certificate's DER in lower-case hex. It is
// what the authentication service binds a partner to.
func SHA256(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// SHA1 returns the SHA-1 of the certificate's DER in lower-case hex, which the
// platform calls the thumbprint and stores beside each certificate. It names
// certificates; nothing in this library trusts one because of it, which is why
// it works in FIPS 140-only mode too.
func SHA1(c *x509.Certificate) string {
	var sum [sha1.Size]byte
	fips140.WithoutEnforcement(func() { sum = sha1.Sum(c.Raw) })
	return hex.EncodeToString(sum[:])
}

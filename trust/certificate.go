package trust

import (
	"crypto/fips140"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	encodingasn1 "encoding/asn1"
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
// [x509.ParseCertificate] reads and, beyond that:
//
//   - negative serial numbers: RFC 5280 §4.1.2.2 asks for positive ones and asks
//     users to handle the others gracefully, and the platform's own CAs issue
//     them;
//   - CRL distribution points whose name is relative to the issuer's (RFC 5280
//     §4.2.1.13); CRLDistributionPoints, which holds URLs, is empty then.
//
// The result shares no memory with der, and der is not changed. Its Raw,
// RawTBSCertificate, SerialNumber and Extensions are those of the original, so
// signatures verify over what was signed.
func ParseCertificate(der []byte) (*x509.Certificate, error) {
	if len(der) > MaxCertificateBytes {
		return nil, fmt.Errorf("%w: a certificate of %d bytes, the limit is %d", ErrTooLarge, len(der), MaxCertificateBytes)
	}
	outline, err := readOutline(der)
	if err != nil {
		return nil, err
	}
	own := slices.Clone(der)
	negative := own[outline.serialAt] >= 0x80
	if !negative {
		c, err := x509.ParseCertificate(own)
		if err == nil {
			return c, nil
		}
		if outline.pointsAt == 0 {
			return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
		}
	}
	// The standard parser refuses it, or would. It is shown a copy in which the
	// parts that it does not read look like others; then the original's are put
	// back.
	if negative {
		c, err := outline.parse(own, true, false)
		if err == nil || outline.pointsAt == 0 {
			return c, err
		}
	}
	return outline.parse(own, negative, true)
}

// parse reads the certificate with its serial number, its distribution points
// or both disguised.
func (o outline) parse(own []byte, negative, points bool) (*x509.Certificate, error) {
	disguised := slices.Clone(own)
	if negative {
		// A positive number of the same length. 0x01 is minimal before any next
		// octet, where clearing the sign bit is not.
		disguised[o.serialAt] = 0x01
	}
	if points {
		disguised[o.pointsAt] = unassigned
	}
	c, err := x509.ParseCertificate(disguised)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	tbsEnd := o.tbsAt + o.tbsLength
	c.Raw, c.RawTBSCertificate = own, own[o.tbsAt:tbsEnd:tbsEnd]
	if negative {
		// Two's complement: value − 2^bits.
		n := new(big.Int).SetBytes(own[o.serialAt:][:o.serialLength])
		c.SerialNumber = n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*o.serialLength)))
	}
	if points {
		disguise := c.Extensions[o.pointsIndex].Id
		c.Extensions[o.pointsIndex].Id = encodingasn1.ObjectIdentifier{2, 5, 29, crlDistributionPoints}
		// Nobody but this library's own reader has understood the points, so
		// where they are critical they stay unhandled, under their own name.
		for i, id := range c.UnhandledCriticalExtensions {
			if id.Equal(disguise) {
				c.UnhandledCriticalExtensions[i] = c.Extensions[o.pointsIndex].Id
			}
		}
	}
	return c, nil
}

// The last arcs of id-ce-cRLDistributionPoints and of an OID beside it that
// stands for nothing.
const (
	crlDistributionPoints = 31
	unassigned            = 127
)

// outline says where in a certificate's DER the parts are that the standard
// parser may refuse.
type outline struct {
	tbsAt, tbsLength       int // tbsCertificate, header included
	serialAt, serialLength int // content octets of serialNumber
	pointsAt               int // last octet of the OID of cRLDistributionPoints; 0 where there are none
	pointsIndex            int // their place among the extensions
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
	o.findPoints(der, fields)
	return o, nil
}

// findPoints looks for cRLDistributionPoints with a relative name in what
// follows the serial number. Where it loses its way, the standard parser will say why.
func (o *outline) findPoints(der []byte, fields cryptobyte.String) {
	var skipped, extensions, list cryptobyte.String
	for range 5 { // signature, issuer, validity, subject, subjectPublicKeyInfo
		if !fields.ReadASN1(&skipped, asn1.SEQUENCE) {
			return
		}
	}
	if !fields.SkipOptionalASN1(asn1.Tag(1).ContextSpecific()) || !fields.SkipOptionalASN1(asn1.Tag(2).ContextSpecific()) ||
		!fields.ReadASN1(&extensions, asn1.Tag(3).Constructed().ContextSpecific()) || !fields.Empty() ||
		!extensions.ReadASN1(&list, asn1.SEQUENCE) {
		return
	}
	for index := 0; !list.Empty(); index++ {
		var one, oid cryptobyte.String
		if !list.ReadASN1(&one, asn1.SEQUENCE) {
			return
		}
		if !one.ReadASN1(&oid, asn1.OBJECT_IDENTIFIER) {
			return
		}
		if string(oid) == "\x55\x1d\x1f" {
			if o.pointsAt != 0 || !relativePoints(one) {
				o.pointsAt = 0 // two of them: nothing is disguised
				return
			}
			// oid is a slice of der: what der has room for beyond it tells
			// where it starts.
			o.pointsAt, o.pointsIndex = cap(der)-cap(oid)+len(oid)-1, index
		}
	}
}

// relativePoints reports whether what follows the OID of the extension is a
// well-formed list of distribution points, one of them with a relative name.
func relativePoints(extension cryptobyte.String) bool {
	var value, points cryptobyte.String
	if !extension.SkipOptionalASN1(asn1.BOOLEAN) || !extension.ReadASN1(&value, asn1.OCTET_STRING) || !extension.Empty() ||
		!value.ReadASN1(&points, asn1.SEQUENCE) || !value.Empty() {
		return false
	}
	relative := false
	for !points.Empty() {
		var one, name cryptobyte.String
		var named bool
		if !points.ReadASN1(&one, asn1.SEQUENCE) ||
			!one.ReadOptionalASN1(&name, &named, asn1.Tag(0).Constructed().ContextSpecific()) ||
			!one.SkipOptionalASN1(asn1.Tag(1).ContextSpecific()) ||
			!one.SkipOptionalASN1(asn1.Tag(2).Constructed().ContextSpecific()) || !one.Empty() {
			return false
		}
		if named {
			var content cryptobyte.String
			var tag asn1.Tag
			if !name.ReadAnyASN1(&content, &tag) || !name.Empty() {
				return false
			}
			switch tag {
			case asn1.Tag(0).Constructed().ContextSpecific():
			case asn1.Tag(1).Constructed().ContextSpecific():
				relative = true
			default:
				return false
			}
		}
	}
	return relative
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
	sum := sha1Sum(c.Raw)
	return hex.EncodeToString(sum[:])
}

func sha1Sum(der []byte) (sum [sha1.Size]byte) {
	fips140.WithoutEnforcement(func() { sum = sha1.Sum(der) })
	return sum
}

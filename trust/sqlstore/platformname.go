package sqlstore

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/mosip/partnertrust/internal/dn"
)

// reprinted is a name as the platform sees it: printed by X500Principal.getName
// (RFC 2253, so that the last RDN comes first), then read again by
// BouncyCastle's X500Name, which changes values, their types and the order
// within an RDN.
type reprinted []reprintedRDN

type reprintedRDN []reprintedAttribute

type reprintedAttribute struct {
	dn.Attribute        // as read again
	der          []byte // of the whole AttributeTypeAndValue
}

func readName(raw []byte) (reprinted, error) {
	name, err := dn.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoText, err)
	}
	if len(name) == 0 {
		// X500Name refuses the empty string.
		return nil, fmt.Errorf("%w: it is empty", errNoText)
	}
	var out reprinted
	for _, rdn := range slices.Backward(name) {
		var again reprintedRDN
		for _, a := range rdn {
			r, err := reread(a)
			if err != nil {
				return nil, err
			}
			again = append(again, r)
		}
		// DERSet sorts its members, as DER asks.
		slices.SortStableFunc(again, func(a, b reprintedAttribute) int { return bytes.Compare(a.der, b.der) })
		out = append(out, again)
	}
	return out, nil
}

// text returns what the platform takes for the value of one attribute: the
// first value of the first RDN in which the attribute occurs, whatever that
// value's own type is.
//
// PartnerCertificateManagerUtil.getAttributeIfExist
func (n reprinted) text(oid string) (text string, found bool, err error) {
	for _, rdn := range n {
		if slices.ContainsFunc(rdn, func(a reprintedAttribute) bool { return a.Is(oid) }) {
			text, err = valueToString(rdn[0].Attribute)
			return text, err == nil, err
		}
	}
	return "", false, nil
}

const (
	tagNumeric  = cbasn1.Tag(18)
	tagTeletex  = cbasn1.Tag(20)
	tagVideotex = cbasn1.Tag(21)
	tagGraphic  = cbasn1.Tag(25)
	tagVisible  = cbasn1.Tag(26)
	tagGeneral  = cbasn1.GeneralString
	tagBMP      = cbasn1.Tag(30)
)

// reread is one attribute, printed and read again. Values of other attributes
// and other types travel as hexadecimal DER and stay as they are.
//
// sun.security.x509.AVA.toRFC2253String, then
// org.bouncycastle.asn1.x500.style.IETFUtils.rDNsFromString
func reread(a dn.Attribute) (reprintedAttribute, error) {
	if a.Tag == tagBMP {
		// Java parses no certificate with such a value, in any attribute.
		if _, ok := javaUTF16(a.Value); !ok {
			return reprintedAttribute{}, noText(a)
		}
	}
	switch string(a.Type) {
	case dn.CommonName, oidCountry, oidLocality, oidState, dn.Organization, dn.OrganizationalUnit,
		oidStreet, oidDomainComponent, oidUserID:
		if text, ok := javaText(a); ok {
			a = retyped(a.Type, unescaped(text))
		}
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes(a.Type) })
		addValue(b, a)
	})
	der, err := b.Bytes()
	if err != nil {
		return reprintedAttribute{}, fmt.Errorf("%w: %w", noText(a), err)
	}
	return reprintedAttribute{a, der}, nil
}

func noText(a dn.Attribute) error {
	return fmt.Errorf("%w: the value of %s", errNoText, a.TypeName())
}

func addValue(b *cryptobyte.Builder, a dn.Attribute) {
	b.AddASN1(a.Tag, func(b *cryptobyte.Builder) { b.AddBytes(a.Value) })
}

// javaText decodes the string types that the platform prints as text.
//
// sun.security.x509.AVA.isDerString and getCharset, of Java 21. Before, AVA took
// every type for UTF-8: the platform's versions on older Javas wrote U+FFFD for
// the other letters of a TeletexString, and could store next to no BMPString.
func javaText(a dn.Attribute) (text string, ok bool) {
	switch a.Tag {
	case cbasn1.UTF8String:
		return javaUTF8(a.Value), true
	case cbasn1.PrintableString, cbasn1.IA5String, tagTeletex, tagGeneral:
		return latin1(a.Value), true
	case tagBMP:
		return javaUTF16(a.Value)
	}
	return "", false
}

// retyped is a text as the type that its attribute has by default.
//
// org.bouncycastle.asn1.x500.style.BCStyle.encodeStringValue
func retyped(oid []byte, text string) dn.Attribute {
	switch string(oid) {
	case oidCountry:
		return dn.Attribute{Type: oid, Tag: cbasn1.PrintableString, Value: lowOctets(text)}
	case oidDomainComponent:
		return dn.Attribute{Type: oid, Tag: cbasn1.IA5String, Value: lowOctets(text)}
	}
	return dn.Attribute{Type: oid, Tag: cbasn1.UTF8String, Value: []byte(text)}
}

// unescaped is what remains of a value after escaping and reading it. Where
// nothing had to be escaped, white space and control characters at the ends get
// lost; so do spaces after a leading number sign, and a leading backslash, which
// is taken for the escape of one.
//
// IETFUtils.unescape, AbstractX500NameStyle.stringToValue
func unescaped(text string) string {
	const atEnds = " \r" // what AVA escapes there
	if !strings.ContainsAny(text, ",=+<>#;\"\\\x00") && strings.Trim(text, atEnds) == text {
		return strings.TrimFunc(text, func(r rune) bool { return r <= ' ' })
	}
	if rest, ok := strings.CutPrefix(text, "#"); ok && strings.Trim(rest, atEnds) != "" {
		return "#" + strings.TrimLeft(rest, " ")
	}
	return strings.TrimPrefix(text, `\`)
}

// lowOctets keeps the low octet of every UTF-16 unit.
//
// org.bouncycastle.util.Strings.toByteArray
func lowOctets(text string) []byte {
	var octets []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		octets = append(octets, byte(unit))
	}
	return octets
}

// valueToString is the text of a value, escaped anew.
//
// org.bouncycastle.asn1.x500.style.IETFUtils.valueToString
func valueToString(a dn.Attribute) (string, error) {
	text, ok := "", true
	switch a.Tag {
	case cbasn1.UTF8String, tagBMP:
		text, ok = a.Text()
	case cbasn1.PrintableString, cbasn1.IA5String, tagNumeric, tagTeletex, tagVideotex, tagGraphic, tagVisible, tagGeneral:
		text = latin1(a.Value)
	case cbasn1.BIT_STRING:
		// BouncyCastle takes it for a string that begins with a number sign.
		text = "#" + strings.ToUpper(hexValue(a))
	default:
		// UniversalString is no string to BouncyCastle.
		return "#" + hexValue(a), nil
	}
	if !ok {
		return "", noText(a)
	}
	return escaped(text), nil
}

func hexValue(a dn.Attribute) string {
	var b cryptobyte.Builder
	addValue(&b, a)
	return hex.EncodeToString(b.BytesOrPanic())
}

func escaped(text string) string {
	if rest, ok := strings.CutPrefix(text, `\#`); ok {
		// Taken for the escape that valueToString itself writes there.
		return `\#` + strings.TrimPrefix(escaped("x"+rest), "x")
	}
	leading := len(text) - len(strings.TrimLeft(text, " "))
	trailing := len(strings.TrimRight(text, " "))
	var b strings.Builder
	for i, r := range text {
		if strings.ContainsRune(`,"\+=<>;`, r) || i == 0 && r == '#' || r == ' ' && (i < leading || i >= trailing) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// latin1 takes every octet for a character, as package dn does in a TeletexString.
func latin1(octets []byte) string {
	text, _ := dn.Attribute{Tag: tagTeletex, Value: octets}.Text()
	return text
}

// javaUTF16 decodes a BMPString as Java does: a surrogate that is not half of a
// pair becomes U+FFFD together with the unit that follows a high one, and so does
// what is left at the end. A pair is refused: BMPString has none.
//
// sun.nio.cs.UnicodeDecoder, sun.security.util.DerValue.validateBMPString
func javaUTF16(octets []byte) (text string, ok bool) {
	unit := func(at int) rune { return rune(binary.BigEndian.Uint16(octets[at:])) }
	var b strings.Builder
	for i := 0; i < len(octets); i += 2 {
		if i+2 > len(octets) {
			b.WriteRune(utf8.RuneError)
			break
		}
		r := unit(i)
		if 0xd800 <= r && r < 0xdc00 {
			if i += 2; i+2 <= len(octets) && utf16.DecodeRune(r, unit(i)) != utf8.RuneError {
				return "", false
			}
		}
		b.WriteRune(r) // a surrogate is written as U+FFFD
	}
	return b.String(), true
}

// javaUTF8 decodes as Java does: every maximal part of a malformed sequence
// becomes one U+FFFD (Unicode §3.9, table 3-8), where Go writes one for every
// octet; a surrogate, three octets long, becomes one as well.
//
// java.lang.String.String(byte[], Charset)
func javaUTF8(octets []byte) string {
	var b strings.Builder
	for len(octets) > 0 {
		r, n := utf8.DecodeRune(octets)
		if r == utf8.RuneError && n == 1 {
			n = malformedLength(octets)
		}
		b.WriteRune(r)
		octets = octets[n:]
	}
	return b.String()
}

// malformedLength is the length of the malformed sequence that s begins with.
func malformedLength(s []byte) int {
	low, high, need := byte(0x80), byte(0xbf), 0
	switch c := s[0]; {
	case 0xc2 <= c && c <= 0xdf:
		need = 1
	case 0xe0 <= c && c <= 0xef:
		need = 2
		if c == 0xe0 {
			low = 0xa0
		}
	case 0xf0 <= c && c <= 0xf4:
		need = 3
		if c == 0xf0 {
			low = 0x90
		} else if c == 0xf4 {
			high = 0x8f
		}
	}
	n := 1
	for ; n <= need && n < len(s) && low <= s[n] && s[n] <= high; n++ {
		low, high = 0x80, 0xbf
	}
	return n
}

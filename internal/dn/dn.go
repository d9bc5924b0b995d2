// Package dn reads X.501 distinguished names and brings them to the canonical
// form in which RFC 5280 §7.1 compares them.
//
// The standard library's pkix.Name keeps neither the grouping of attributes
// into RDNs nor the string types, and compares nothing; chaining, directory
// name constraints, the trust index and the organisation rule all need both.
package dn

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// MaxAttributes bounds how many attributes one name may have. Real names have
// fewer than twenty; sorting the members of an RDN is the only work that grows
// faster than the input.
const MaxAttributes = 256

// MaxBytes bounds the DER of a name, and maxPrepared the text of one value that
// is brought to canonical form: longer ones compare by their bytes. The upper
// bounds of RFC 5280 appendix A are 64 characters; normalisation can make
// eighteen of one.
const (
	MaxBytes    = 4096
	maxPrepared = 512
)

// ErrMalformed is returned for bytes that are no RDNSequence.
var ErrMalformed = errors.New("dn: malformed distinguished name")

// Attribute is one AttributeTypeAndValue.
type Attribute struct {
	Type  []byte     // the OBJECT IDENTIFIER's content octets
	Tag   cbasn1.Tag // of the value
	Value []byte     // the value's content octets
}

// RDN is a relative distinguished name: attributes that stand side by side.
type RDN []Attribute

// Name is a distinguished name, in the order it is encoded: the most general
// RDN (the country, usually) first.
type Name []RDN

// Parse reads the DER of a Name, for example x509.Certificate.RawSubject.
// Unlike the standard it admits an empty RDN set nowhere.
func Parse(der []byte) (Name, error) {
	var name Name
	err := Walk(der, func(rdn int, a Attribute) {
		if rdn == len(name) {
			name = append(name, nil)
		}
		name[rdn] = append(name[rdn], a)
	})
	if err != nil {
		return nil, err
	}
	return name, nil
}

// Walk is Parse without a result: it calls visit for every attribute, with the
// index of its RDN. After an error what was visited means nothing.
func Walk(der []byte, visit func(rdn int, a Attribute)) error {
	if len(der) > MaxBytes {
		return fmt.Errorf("%w: %d bytes, the limit is %d", ErrMalformed, len(der), MaxBytes)
	}
	input := cryptobyte.String(der)
	var seq cryptobyte.String
	if !input.ReadASN1(&seq, cbasn1.SEQUENCE) || !input.Empty() {
		return ErrMalformed
	}
	count := 0
	for rdn := 0; !seq.Empty(); rdn++ {
		var set cryptobyte.String
		if !seq.ReadASN1(&set, cbasn1.SET) || set.Empty() {
			return ErrMalformed
		}
		for !set.Empty() {
			if count++; count > MaxAttributes {
				return fmt.Errorf("%w: more than %d attributes", ErrMalformed, MaxAttributes)
			}
			var a Attribute
			if !readAttribute(&set, &a) {
				return ErrMalformed
			}
			visit(rdn, a)
		}
	}
	return nil
}

func readAttribute(set *cryptobyte.String, a *Attribute) bool {
	var atv, oid, value cryptobyte.String
	if !set.ReadASN1(&atv, cbasn1.SEQUENCE) ||
		!atv.ReadASN1(&oid, cbasn1.OBJECT_IDENTIFIER) || oid.Empty() ||
		!atv.ReadAnyASN1(&value, &a.Tag) || !atv.Empty() {
		return false
	}
	a.Type, a.Value = oid, value
	return true
}

// OID content octets of the attributes that the platform's rules speak of.
const (
	CommonName         = "\x55\x04\x03"
	Organization       = "\x55\x04\x0a"
	OrganizationalUnit = "\x55\x04\x0b"
	EmailAddress       = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"
)

// Is reports whether the attribute is of the type whose OID content octets
// are given, such as [Organization].
func (a Attribute) Is(oid string) bool { return string(a.Type) == oid }

// Values returns every attribute of one type, wherever it stands.
func (n Name) Values(oid string) []Attribute {
	var found []Attribute
	for _, rdn := range n {
		for _, a := range rdn {
			if a.Is(oid) {
				found = append(found, a)
			}
		}
	}
	return found
}

const (
	tagTeletex   = cbasn1.Tag(20)
	tagUniversal = cbasn1.Tag(28)
	tagBMP       = cbasn1.Tag(30)
	tagNumeric   = cbasn1.Tag(18)
)

// Text decodes a string value to UTF-8; ok is false for a value that is not
// of a string type or does not hold what its type promises.
func (a Attribute) Text() (text string, ok bool) {
	switch a.Tag {
	case cbasn1.UTF8String:
		return string(a.Value), utf8.Valid(a.Value)
	case cbasn1.PrintableString, cbasn1.IA5String, tagNumeric:
		// PrintableString is not held to its alphabet: '*', '@' and '&' occur
		// in the field, and the alphabet plays no part in comparison.
		for _, c := range a.Value {
			if c >= utf8.RuneSelf {
				return "", false
			}
		}
		return string(a.Value), true
	case tagTeletex:
		// T.61 was never implemented as written; every toolkit writes Latin-1.
		var b strings.Builder
		for _, c := range a.Value {
			b.WriteRune(rune(c))
		}
		return b.String(), true
	case tagBMP:
		if len(a.Value)%2 != 0 {
			return "", false
		}
		units := make([]uint16, len(a.Value)/2)
		for i := range units {
			units[i] = uint16(a.Value[2*i])<<8 | uint16(a.Value[2*i+1])
		}
		// BMPString is UCS-2 by the letter; surrogate pairs are what Java writes.
		runes := utf16.Decode(units)
		return string(runes), validRunes(runes)
	case tagUniversal:
		if len(a.Value)%4 != 0 {
			return "", false
		}
		runes := make([]rune, len(a.Value)/4)
		for i := range runes {
			v := a.Value[4*i:]
			runes[i] = rune(uint32(v[0])<<24 | uint32(v[1])<<16 | uint32(v[2])<<8 | uint32(v[3]))
		}
		return string(runes), validRunes(runes)
	}
	return "", false
}

func validRunes(runes []rune) bool {
	for _, r := range runes {
		if !utf8.ValidRune(r) || r == utf8.RuneError {
			return false
		}
	}
	return true
}

var shortNames = map[string]string{
	CommonName: "CN", Organization: "O", OrganizationalUnit: "OU", EmailAddress: "emailAddress",
	"\x55\x04\x06": "C", "\x55\x04\x07": "L", "\x55\x04\x08": "ST", "\x55\x04\x05": "serialNumber",
	"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19": "DC", "\x55\x04\x04": "SN", "\x55\x04\x2a": "GN",
}

// TypeName is the attribute type's short name, or its dotted OID.
func (a Attribute) TypeName() string {
	if s, ok := shortNames[string(a.Type)]; ok {
		return s
	}
	var oid asn1.ObjectIdentifier
	full := append([]byte{0x06, byte(len(a.Type))}, a.Type...)
	if len(a.Type) < 128 {
		if rest, err := asn1.Unmarshal(full, &oid); err == nil && len(rest) == 0 {
			return oid.String()
		}
	}
	return fmt.Sprintf("%x", a.Type)
}

// String writes the name for people, in the order of RFC 4514 (most specific
// first). It is never compared.
func (n Name) String() string {
	var b strings.Builder
	for i := len(n) - 1; i >= 0; i-- {
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		for j, a := range n[i] {
			if j > 0 {
				b.WriteByte('+')
			}
			b.WriteString(a.TypeName())
			b.WriteByte('=')
			if text, ok := a.Text(); ok {
				writeEscaped(&b, text)
			} else {
				fmt.Fprintf(&b, "#%x", a.Value)
			}
		}
	}
	return b.String()
}

func writeEscaped(b *strings.Builder, s string) {
	for i, r := range s {
		switch {
		case strings.ContainsRune(`,+"\<>;`, r),
			i == 0 && (r == '#' || r == ' '),
			i == len(s)-1 && r == ' ':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
			// Nothing that a terminal or a log acts on.
			for _, octet := range []byte(string(r)) {
				fmt.Fprintf(b, `\%02x`, octet)
			}
		default:
			b.WriteRune(r)
		}
	}
}

package dn

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Key is a name in canonical form. Two names are equal under RFC 5280 §7.1
// exactly when their keys are; a name lies in the subtree of another (RFC 5280
// §4.2.1.10, directoryName) exactly when its key starts with the other's.
type Key string

// Canonical reads the DER of a name and returns its key. It is Parse and Key in
// one pass, for the names that nearly all certificates have: one attribute in
// each RDN.
func Canonical(der []byte) (Key, error) {
	if len(der) > MaxBytes {
		return "", fmt.Errorf("%w: %d bytes, the limit is %d", ErrMalformed, len(der), MaxBytes)
	}
	input := cryptobyte.String(der)
	var seq cryptobyte.String
	if !input.ReadASN1(&seq, cbasn1.SEQUENCE) || !input.Empty() {
		return "", ErrMalformed
	}
	key := make([]byte, 0, len(der)+16)
	var scratch [128]byte
	for count := 1; !seq.Empty(); count++ {
		var set cryptobyte.String
		var a Attribute
		if count > MaxAttributes || !seq.ReadASN1(&set, cbasn1.SET) || !readAttribute(&set, &a) || !set.Empty() {
			// An RDN of several attributes, or what is no name at all.
			n, err := Parse(der)
			if err != nil {
				return "", err
			}
			return n.Key(), nil
		}
		one := a.appendCanonical(scratch[:0])
		key = binary.AppendUvarint(key, uint64(len(one)))
		key = append(key, one...)
	}
	return Key(key), nil
}

// Key returns the canonical form. Every RDN is written with its length first,
// which is what makes a prefix of bytes a prefix of RDNs.
func (n Name) Key() Key {
	var key, one []byte
	for _, rdn := range n {
		if len(rdn) == 1 {
			one = rdn[0].appendCanonical(one[:0])
		} else {
			// A multi-valued RDN is a set: its members have no order.
			members := make([][]byte, len(rdn))
			for i, a := range rdn {
				members[i] = a.appendCanonical(nil)
			}
			slices.SortFunc(members, bytes.Compare)
			one = bytes.Join(members, nil)
		}
		key = binary.AppendUvarint(key, uint64(len(one)))
		key = append(key, one...)
	}
	return Key(key)
}

func (a Attribute) appendCanonical(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(a.Type)))
	b = append(b, a.Type...)
	var scratch [64]byte
	if folded, ok := a.folded(scratch[:0]); ok {
		b = append(b, 's')
		b = binary.AppendUvarint(b, uint64(len(folded)))
		return append(b, folded...)
	}
	// Not text, or text that the preparation prohibits: equal only if the
	// same bytes under the same tag.
	b = append(b, 'r', byte(a.Tag))
	b = binary.AppendUvarint(b, uint64(len(a.Value)))
	return append(b, a.Value...)
}

// folded is the value after the string preparation of RFC 4518 §2 with case
// folding, as RFC 5280 §7.1 asks.
func (a Attribute) folded(scratch []byte) ([]byte, bool) {
	if len(a.Value) > maxPrepared {
		return nil, false
	}
	switch a.Tag {
	case cbasn1.UTF8String, cbasn1.PrintableString, cbasn1.IA5String:
		if folded, ok := foldASCII(scratch, a.Value); ok {
			return folded, true
		}
	}
	text, ok := a.Text()
	if !ok {
		return nil, false
	}
	return Prepare(text)
}

// foldASCII is Prepare for plain ASCII, which nearly every name is. It appends
// to out.
func foldASCII(out, s []byte) ([]byte, bool) {
	for _, c := range s {
		switch {
		case c < 0x20 || c >= 0x7f:
			return nil, false
		case c == ' ':
			if len(out) == 0 || out[len(out)-1] == ' ' {
				continue
			}
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		out = append(out, c)
	}
	if n := len(out); n > 0 && out[n-1] == ' ' {
		out = out[:n-1]
	}
	return out, true
}

// Prepare applies RFC 4518 §2.2–2.6 with case folding. ok is false where the
// text holds a code point that §2.4 prohibits.
func Prepare(text string) (prepared []byte, ok bool) {
	mapped := make([]byte, 0, len(text))
	for _, r := range text {
		switch {
		case prohibited(r):
			return nil, false
		case mapsToNothing(r):
		case mapsToSpace(r):
			mapped = append(mapped, ' ')
		default:
			mapped = utf8.AppendRune(mapped, r)
		}
	}
	// Folding can undo normalisation and the reverse (RFC 3454 appendix B.2
	// solves it with a table); twice is a fixed point.
	fold := cases.Fold()
	for range 2 {
		mapped = norm.NFKC.Bytes(fold.Bytes(mapped))
	}
	// §2.6.1: only the presence of a space matters, not how many, and none at
	// the ends. Normalisation may have made new spaces, hence after it.
	out := mapped[:0]
	for _, c := range mapped {
		if c == ' ' && (len(out) == 0 || out[len(out)-1] == ' ') {
			continue
		}
		out = append(out, c)
	}
	if n := len(out); n > 0 && out[n-1] == ' ' {
		out = out[:n-1]
	}
	return out, true
}

// RFC 4518 §2.2, first and third lists.
func mapsToNothing(r rune) bool {
	switch {
	case r == 0x00ad, r == 0x1806, r == 0x034f, 0x180b <= r && r <= 0x180d,
		0xfe00 <= r && r <= 0xfe0f, r == 0xfffc, r == 0x200b:
		return true
	case mapsToSpace(r):
		return false
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r)
}

// RFC 4518 §2.2, second list and the separators.
func mapsToSpace(r rune) bool {
	return 0x09 <= r && r <= 0x0d || r == 0x85 || unicode.Is(unicode.Z, r)
}

// RFC 4518 §2.4. Unassigned code points are let through: they are assigned in
// a later Unicode than ours, and refusing them would refuse a script.
func prohibited(r rune) bool {
	return r == utf8.RuneError || unicode.Is(unicode.Co, r) || unicode.Is(unicode.Cs, r) ||
		unicode.Is(unicode.Noncharacter_Code_Point, r)
}

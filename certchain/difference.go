package certchain

import (
	"crypto/x509"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/mosip/partnertrust/internal/dn"
)

// Difference says how two organisation names differ that look alike to a
// person. It explains a mismatch and never excuses it.
type Difference string

// The differences, as operators meet them.
const (
	DifferentCase        Difference = "case"
	DifferentSpaces      Difference = "spaces"
	DifferentUnicodeForm Difference = "unicode-form"
	InvisibleCharacters  Difference = "invisible-characters"
	LookAlikeLetters     Difference = "look-alike-letters"
	DifferentEscaping    Difference = "escaping"
	DifferentPunctuation Difference = "punctuation"
	InOtherAttribute     Difference = "other-attribute"
	DifferentName        Difference = "name"
)

// Sentence says the difference in words for a person.
func (d Difference) Sentence() string {
	switch d {
	case DifferentCase:
		return "they differ in upper and lower case"
	case DifferentSpaces:
		return "they differ in spaces"
	case DifferentUnicodeForm:
		return "they look the same but are written in different Unicode forms"
	case InvisibleCharacters:
		return "one has characters that cannot be seen"
	case LookAlikeLetters:
		return "one has letters of another script that look the same"
	case DifferentEscaping:
		return "one is written with the escapes of a text form, such as \"\\,\" for a comma"
	case DifferentPunctuation:
		return "they differ in punctuation"
	case InOtherAttribute:
		return "the registered name stands in another attribute of the subject (CN or OU), not in O"
	}
	return "they are different names"
}

// differenceOf finds the smallest change that makes the two names one. Each
// step keeps what the steps before it did, so that "spaces" may also differ in
// nothing but spaces and case.
func differenceOf(c *x509.Certificate, found, registered string) Difference {
	if norm.NFKC.String(found) == norm.NFKC.String(registered) {
		return DifferentUnicodeForm
	}
	steps := []struct {
		difference Difference
		apply      func(string) string
	}{
		{DifferentCase, func(s string) string { return cases.Fold().String(norm.NFKC.String(s)) }},
		{DifferentSpaces, collapseSpaces},
		{InvisibleCharacters, dropInvisible},
		{DifferentEscaping, unescape},
		{LookAlikeLetters, skeleton},
		{DifferentSpaces, func(s string) string { return strings.ReplaceAll(s, " ", "") }},
		{DifferentPunctuation, dropPunctuation},
	}
	// A single kind of difference first, so that it is named alone …
	for _, step := range steps {
		if step.apply(found) == step.apply(registered) {
			return step.difference
		}
	}
	// … then all of them together, named after the last that was needed.
	a, b := found, registered
	for _, step := range steps {
		if a, b = step.apply(a), step.apply(b); a == b && strings.TrimSpace(a) != "" {
			return step.difference
		}
	}
	if inOtherAttribute(c, registered) {
		return InOtherAttribute
	}
	return DifferentName
}

func inOtherAttribute(c *x509.Certificate, registered string) bool {
	subject, err := dn.Parse(c.RawSubject)
	if err != nil {
		return false
	}
	for _, rdn := range subject {
		for _, a := range rdn {
			if text, ok := a.Text(); ok && !a.Is(dn.Organization) && text == registered {
				return true
			}
		}
	}
	return false
}

// collapseSpaces turns every run of white space into one space and drops it at
// the ends.
func collapseSpaces(s string) string { return strings.Join(strings.Fields(s), " ") }

func dropInvisible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return r
	}, s)
}

func dropPunctuation(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPunct(r) || unicode.IsSymbol(r) {
			return -1
		}
		return r
	}, s)
}

// unescape undoes RFC 2253 and RFC 4514: a backslash before a character, or
// quotes around the whole.
func unescape(s string) string {
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// skeleton replaces letters of other scripts, and digits, that people read as
// Latin ones. It holds the pairs that occur in names of organisations; for an
// explanation no more is needed.
func skeleton(s string) string { return lookAlikes.Replace(s) }

var lookAlikes = strings.NewReplacer(
	// Cyrillic
	"А", "A", "В", "B", "Е", "E", "Ѕ", "S", "І", "I", "Ј", "J", "К", "K", "М", "M", "Н", "H", "О", "O",
	"Р", "P", "С", "C", "Т", "T", "У", "Y", "Х", "X", "Ԛ", "Q", "Ԝ", "W",
	"а", "a", "с", "c", "ԁ", "d", "е", "e", "һ", "h", "і", "i", "ј", "j", "о", "o", "р", "p", "ԛ", "q",
	"ѕ", "s", "ѵ", "v", "ԝ", "w", "х", "x", "у", "y",
	// Greek
	"Α", "A", "Β", "B", "Ε", "E", "Ζ", "Z", "Η", "H", "Ι", "I", "Κ", "K", "Μ", "M", "Ν", "N", "Ο", "O",
	"Ρ", "P", "Τ", "T", "Υ", "Y", "Χ", "X", "ο", "o", "ν", "v", "ι", "i", "α", "a", "κ", "k", "ρ", "p",
	// Armenian, Cherokee and others that pass for Latin
	"օ", "o", "ս", "u", "հ", "h", "Ꭺ", "A", "Ꮯ", "C", "ı", "i", "ɡ", "g", "ɑ", "a",
	// digits for letters
	"0", "O", "1", "l",
)

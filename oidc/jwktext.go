package oidc

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/mosip/partnertrust/internal/jose"
)

// jwkText writes the key as the platform's library of that time (jose4j's
// RsaJsonWebKey.toJson) wrote it: the members it knew first, in its own order
// and with n and e re-encoded, then all others in the order they came.
func (k *Key) jwkText() ([]byte, error) {
	if k.kty != "RSA" {
		return nil, &Error{Reason: RuleNotApplicable, Member: "kty", Detail: "RSA only"}
	}
	w := textWriter{known: []string{"kty", "n", "e", "keys"}}
	w.name("kty")
	w.string("RSA")
	for _, name := range [...]string{"kid", "use", "key_ops", "alg"} {
		w.sent(k.sent, name)
	}
	w.name("n")
	w.string(base64.RawURLEncoding.EncodeToString(k.n))
	w.name("e")
	w.string(base64.RawURLEncoding.EncodeToString(k.e))
	w.chain(k.sent)
	for _, name := range [...]string{"x5t", "x5t#S256", "x5u"} {
		w.sent(k.sent, name)
	}
	for _, m := range k.sent {
		if !slices.Contains(w.known, m.Name) {
			w.name(m.Name)
			w.value(m)
		}
	}
	if w.err != nil {
		return nil, w.err
	}
	return append(w.text, '}'), nil
}

// textWriter writes JSON as json-simple does.
type textWriter struct {
	text  []byte
	known []string // members that are dealt with
	err   error
}

func (w *textWriter) name(name string) {
	if len(w.text) == 0 {
		w.text = append(w.text, '{')
	} else {
		w.text = append(w.text, ',')
	}
	w.string(name)
	w.text = append(w.text, ':')
}

// sent writes a member that was sent; one that is null counts as absent.
func (w *textWriter) sent(object jose.Object, name string) {
	w.known = append(w.known, name)
	if m, ok := object.Lookup(name); ok && m.Raw != "null" {
		w.name(name)
		w.value(m)
	}
}

// chain writes x5c, whose certificates were decoded and encoded anew.
func (w *textWriter) chain(object jose.Object) {
	w.known = append(w.known, "x5c")
	m, ok := object.Lookup("x5c")
	if !ok {
		return
	}
	chain, err := certificates(m)
	if err != nil {
		w.err = err
		return
	}
	w.name("x5c")
	for i, der := range chain {
		w.separate(i, '[')
		w.string(base64.StdEncoding.EncodeToString(der))
	}
	w.text = append(w.text, ']')
}

func (w *textWriter) separate(i int, open byte) {
	if i == 0 {
		w.text = append(w.text, open)
	} else {
		w.text = append(w.text, ',')
	}
}

func (w *textWriter) value(m jose.Member) {
	if text, ok := m.Text(); ok {
		w.string(text)
		return
	}
	if object, ok := m.Object(); ok {
		for i, inner := range object {
			w.separate(i, '{')
			w.string(inner.Name)
			w.text = append(w.text, ':')
			w.value(inner)
		}
		w.close(len(object), "{}")
		return
	}
	if elements, ok := m.Array(); ok {
		for i, element := range elements {
			w.separate(i, '[')
			w.value(element)
		}
		w.close(len(elements), "[]")
		return
	}
	// true, false, null or a number. What Java printed for -0 or a number with
	// a fraction is not what was sent.
	if strings.ContainsAny(m.Raw, ".eE") && m.Raw[0] <= '9' || m.Raw == "-0" {
		w.err = &Error{Reason: RuleNotApplicable, Detail: "a number that this rule cannot reproduce", Offset: m.Offset}
	}
	w.text = append(w.text, m.Raw...)
}

func (w *textWriter) close(elements int, brackets string) {
	if elements == 0 {
		w.text = append(w.text, brackets...)
	} else {
		w.text = append(w.text, brackets[1])
	}
}

// string escapes as json-simple's JSONValue.escape, the solidus too.
func (w *textWriter) string(s string) {
	w.text = append(w.text, '"')
	for _, r := range s {
		switch i := strings.IndexRune("\"\\/\b\f\n\r\t", r); {
		case i >= 0:
			w.text = append(w.text, '\\', `"\/bfnrt`[i])
		case r < ' ' || '\u007f' <= r && r <= '\u009f' || '\u2000' <= r && r <= '\u20ff':
			w.text = fmt.Appendf(w.text, `\u%04X`, r)
		default:
			w.text = append(w.text, string(r)...)
		}
	}
	w.text = append(w.text, '"')
}

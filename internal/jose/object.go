package jose

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The ways in which a text is no object that every reader sees alike. All
// errors of [ParseObject] are a *JSONError wrapping one of them.
var (
	ErrSyntax    = errors.New("not a JSON object")
	ErrDuplicate = errors.New("member given twice")
	ErrLimit     = errors.New("limit exceeded")
)

// JSONError says what is wrong and at which byte of the input.
type JSONError struct {
	Err    error // ErrSyntax, ErrDuplicate or ErrLimit
	Offset int
	Detail string
}

func (e *JSONError) Error() string {
	return fmt.Sprintf("%v at byte %d: %s", e.Err, e.Offset, e.Detail)
}

func (e *JSONError) Unwrap() error { return e.Err }

// An Object is a JSON object as it was sent: its members in their order.
type Object []Member

// A Member is one name and its value.
type Member struct {
	Name   string // escapes resolved
	Raw    string // the value's JSON text, verbatim
	Offset int    // of Raw in the input
}

// Lookup finds a member by its exact name.
func (o Object) Lookup(name string) (Member, bool) {
	for _, m := range o {
		if m.Name == name {
			return m, true
		}
	}
	return Member{}, false
}

// Text is the value of a member that is a string, escapes resolved.
func (m Member) Text() (string, bool) {
	if m.Raw == "" || m.Raw[0] != '"' {
		return "", false
	}
	if strings.IndexByte(m.Raw, '\\') < 0 {
		return m.Raw[1 : len(m.Raw)-1], true // checked when the object was read
	}
	s := scanner{text: m.Raw, limits: checked}
	text, err := s.string()
	return text, err == nil
}

// Bytes is what a member that is a string encodes in base64url or, as some
// libraries write it, base64; with or without padding, not mixed.
func (m Member) Bytes() ([]byte, bool) {
	text, ok := m.Text()
	if !ok {
		return nil, false
	}
	encoding := base64.RawURLEncoding
	switch padded, standard := strings.HasSuffix(text, "="), strings.ContainsAny(text, "+/"); {
	case padded && standard:
		encoding = base64.StdEncoding
	case padded:
		encoding = base64.URLEncoding
	case standard:
		encoding = base64.RawStdEncoding
	}
	decoded, err := encoding.DecodeString(text)
	return decoded, err == nil
}

// Object is the value of a member that is an object.
func (m Member) Object() (Object, bool) {
	if m.Raw == "" || m.Raw[0] != '{' {
		return nil, false
	}
	s := scanner{text: m.Raw, limits: checked}
	object, err := s.object(1)
	for i := range object {
		object[i].Offset += m.Offset
	}
	return object, err == nil
}

// Array holds the elements of a member that is an array, as members without
// a name.
func (m Member) Array() ([]Member, bool) {
	if m.Raw == "" || m.Raw[0] != '[' {
		return nil, false
	}
	s := scanner{text: m.Raw, limits: checked}
	elements, err := s.array(1)
	for i := range elements {
		elements[i].Offset += m.Offset
	}
	return elements, err == nil
}

// ParseObject reads one JSON object (RFC 8259) and nothing after it. Every
// value in it has been checked to be well formed.
func ParseObject(data []byte) (Object, error) { return limits.ParseObject(data) }

// ParseObject reads like the function [ParseObject], within other bounds.
func (l Limits) ParseObject(data []byte) (Object, error) {
	if len(data) > l.Bytes {
		return nil, &JSONError{ErrLimit, l.Bytes, fmt.Sprintf("more than %d bytes", l.Bytes)}
	}
	// RFC 8259 section 8.1.
	if !utf8.Valid(data) {
		return nil, &JSONError{ErrSyntax, invalidUTF8(data), "not UTF-8"}
	}
	s := scanner{text: string(data), limits: l}
	s.space()
	if s.peek() != '{' {
		return nil, s.fail("an object begins with {")
	}
	object, err := s.object(1)
	if err != nil {
		return nil, err
	}
	s.space()
	if s.pos != len(s.text) {
		return nil, s.fail("text after the end of the object")
	}
	return object, nil
}

func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(data)
}

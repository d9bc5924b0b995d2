package jose

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner walks a JSON text. Its methods leave pos behind what they read.
type scanner struct {
	text   string
	pos    int
	limits Limits
}

// peek is the next byte, or 0 at the end, which begins nothing in JSON.
func (s *scanner) peek() byte {
	if s.pos < len(s.text) {
		return s.text[s.pos]
	}
	return 0
}

func (s *scanner) fail(format string, args ...any) error {
	return &JSONError{ErrSyntax, s.pos, fmt.Sprintf(format, args...)}
}

func (s *scanner) space() {
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

// next skips space and the byte c, which must follow.
func (s *scanner) next(c byte) error {
	s.space()
	if s.peek() != c {
		return s.fail("%q expected", c)
	}
	s.pos++
	return nil
}

// more skips the separator after an element of a container that ends with
// end, and says whether another element follows.
func (s *scanner) more(end byte) (bool, error) {
	s.space()
	switch s.peek() {
	case ',':
		s.pos++
		return true, nil
	case end:
		s.pos++
		return false, nil
	}
	return false, s.fail("',' or %q expected", end)
}

// open enters a container and says whether it has any element.
func (s *scanner) open(end byte, depth int) (bool, error) {
	if depth > s.limits.Depth {
		return false, &JSONError{ErrLimit, s.pos, fmt.Sprintf("deeper than %d", s.limits.Depth)}
	}
	s.pos++
	s.space()
	if s.peek() == end {
		s.pos++
		return false, nil
	}
	return true, nil
}

func (s *scanner) object(depth int) (Object, error) {
	more, err := s.open('}', depth)
	if err != nil || !more {
		return nil, err
	}
	object := make(Object, 0, 8)
	for more {
		s.space()
		at := s.pos
		name, err := s.string()
		if err != nil {
			return nil, err
		}
		if _, twice := object.Lookup(name); twice {
			return nil, &JSONError{ErrDuplicate, at, fmt.Sprintf("%q", name)}
		}
		if len(object) == s.limits.Members {
			return nil, &JSONError{ErrLimit, at, fmt.Sprintf("more than %d members", s.limits.Members)}
		}
		if err := s.next(':'); err != nil {
			return nil, err
		}
		member, err := s.value(depth)
		if err != nil {
			return nil, err
		}
		member.Name = name
		object = append(object, member)
		if more, err = s.more('}'); err != nil {
			return nil, err
		}
	}
	return object, nil
}

func (s *scanner) array(depth int) ([]Member, error) {
	more, err := s.open(']', depth)
	if err != nil || !more {
		return nil, err
	}
	var elements []Member
	for more {
		element, err := s.value(depth)
		if err != nil {
			return nil, err
		}
		if len(elements) >= s.limits.Members {
			return nil, &JSONError{ErrLimit, s.pos, fmt.Sprintf("more than %d elements", s.limits.Members)}
		}
		elements = append(elements, element)
		if more, err = s.more(']'); err != nil {
			return nil, err
		}
	}
	return elements, nil
}

// value reads any value inside a container of the given depth.
func (s *scanner) value(depth int) (Member, error) {
	s.space()
	start := s.pos
	var err error
	switch c := s.peek(); {
	case c == '"':
		_, err = s.string()
	case c == '{':
		_, err = s.object(depth + 1)
	case c == '[':
		_, err = s.array(depth + 1)
	case c == '-' || '0' <= c && c <= '9':
		err = s.number()
	default:
		err = s.literal()
	}
	return Member{Raw: s.text[start:s.pos], Offset: start}, err
}

func (s *scanner) literal() error {
	for _, word := range [...]string{"true", "false", "null"} {
		if strings.HasPrefix(s.text[s.pos:], word) {
			s.pos += len(word)
			return nil
		}
	}
	return s.fail("a value expected")
}

// number follows RFC 8259 section 6.
func (s *scanner) number() error {
	if s.peek() == '-' {
		s.pos++
	}
	if s.peek() == '0' {
		s.pos++
	} else if err := s.digits(); err != nil {
		return err
	}
	if s.peek() == '.' {
		s.pos++
		if err := s.digits(); err != nil {
			return err
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.pos++
		if c := s.peek(); c == '+' || c == '-' {
			s.pos++
		}
		return s.digits()
	}
	return nil
}

func (s *scanner) digits() error {
	start := s.pos
	for c := s.peek(); '0' <= c && c <= '9'; c = s.peek() {
		s.pos++
	}
	if s.pos == start {
		return s.fail("a digit expected")
	}
	return nil
}

// string reads a string and resolves its escapes.
func (s *scanner) string() (string, error) {
	if s.peek() != '"' {
		return "", s.fail("a string expected")
	}
	s.pos++
	start := s.pos
	// Most strings have no escape, and the long ones are base64: those are
	// looked through in bulk.
	text := s.text[start:]
	if end := strings.IndexByte(text, '"'); end >= 0 {
		text = text[:end]
	}
	if escape := strings.IndexByte(text, '\\'); escape >= 0 {
		text = text[:escape]
	}
	for i := range len(text) {
		if text[i] < ' ' {
			s.pos += i
			return "", s.fail("control character in a string")
		}
	}
	if s.pos += len(text); s.peek() == '"' {
		s.pos++
		return text, nil
	}
	return s.escaped(start)
}

// escaped goes on with a string that began at start, from its first escape.
func (s *scanner) escaped(start int) (string, error) {
	text := []byte(s.text[start:s.pos])
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case c == '"':
			s.pos++
			return string(text), nil
		case c == '\\':
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			text = utf8.AppendRune(text, r)
		case c < ' ':
			return "", s.fail("control character in a string")
		default:
			text = append(text, c)
			s.pos++
		}
	}
	return "", s.fail("string without an end")
}

// escape reads one escape sequence, a surrogate pair being one.
func (s *scanner) escape() (rune, error) {
	at := s.pos
	s.pos++
	c := s.peek()
	if c == 'u' {
		return s.unicode(at)
	}
	i := strings.IndexByte(`"\/bfnrt`, c)
	if i < 0 {
		return 0, s.fail("unknown escape")
	}
	s.pos++
	return rune("\"\\/\b\f\n\r\t"[i]), nil
}

func (s *scanner) unicode(at int) (rune, error) {
	high, err := s.hex4()
	if err != nil || !utf16.IsSurrogate(high) {
		return high, err
	}
	if strings.HasPrefix(s.text[s.pos:], `\u`) {
		s.pos++
		low, err := s.hex4()
		if err != nil {
			return 0, err
		}
		if r := utf16.DecodeRune(high, low); r != utf8.RuneError {
			return r, nil
		}
	}
	s.pos = at
	return 0, s.fail("half of a surrogate pair")
}

// hex4 reads the four digits behind the u that pos stands on.
func (s *scanner) hex4() (rune, error) {
	s.pos++
	var r rune
	for range 4 {
		i := strings.IndexByte("0123456789abcdefABCDEF", s.peek())
		switch {
		case i < 0:
			return 0, s.fail("a hexadecimal digit expected")
		case i > 15:
			i -= 6
		}
		r = r<<4 | rune(i)
		s.pos++
	}
	return r, nil
}

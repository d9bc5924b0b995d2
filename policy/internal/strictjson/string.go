package strictjson

import "unicode/utf8"

// str reads a string and the quote at either end. Broken UTF-8 and lone
// surrogates are refused: repaired, two different names could become one.
func (p *parser) str(at *path) (string, bool) {
	p.at++
	var out []byte
	for p.at < len(p.data) {
		switch c := p.data[p.at]; {
		case c == '"':
			p.at++
			return string(out), true
		case c < 0x20:
			_, ok := p.malformed(at, "a control character must be escaped")
			return "", ok
		case c == '\\':
			r, ok := p.escape()
			if !ok {
				_, ok = p.malformed(at, "this escape is not JSON")
				return "", ok
			}
			out = utf8.AppendRune(out, r)
		default:
			r, size := utf8.DecodeRune(p.data[p.at:])
			if r == utf8.RuneError && size <= 1 {
				_, ok := p.malformed(at, "the text is not UTF-8")
				return "", ok
			}
			out = append(out, p.data[p.at:p.at+size]...)
			p.at += size
		}
	}
	_, ok := p.malformed(at, "the document ends inside a string")
	return "", ok
}

// escape reads one escape sequence, a surrogate pair counting as one; the
// position is left at the escape when it is not valid.
func (p *parser) escape() (rune, bool) {
	const highStart, lowStart, end = 0xD800, 0xDC00, 0xE000
	if p.at+1 >= len(p.data) {
		return 0, false
	}
	switch c := p.data[p.at+1]; c {
	case '"', '\\', '/':
		p.at += 2
		return rune(c), true
	case 'b':
		p.at += 2
		return '\b', true
	case 'f':
		p.at += 2
		return '\f', true
	case 'n':
		p.at += 2
		return '\n', true
	case 'r':
		p.at += 2
		return '\r', true
	case 't':
		p.at += 2
		return '\t', true
	case 'u':
		r, ok := p.hex4(p.at + 2)
		if !ok || lowStart <= r && r < end {
			return 0, false
		}
		if highStart <= r && r < lowStart {
			low, ok := p.hex4(p.at + 8)
			if !ok || string(p.data[p.at+6:p.at+8]) != `\u` || low < lowStart || low >= end {
				return 0, false
			}
			p.at += 12
			return (r-highStart)<<10 + (low - lowStart) + 0x10000, true
		}
		p.at += 6
		return r, true
	default:
		return 0, false
	}
}

func (p *parser) hex4(at int) (rune, bool) {
	if at+4 > len(p.data) {
		return 0, false
	}
	var r rune
	for _, c := range p.data[at : at+4] {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 + rune(c-'0')
		case 'a' <= c && c <= 'f':
			r = r<<4 + rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			r = r<<4 + rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

package strictjson

import "fmt"

// Fault is what is wrong with the form of a text.
type Fault uint8

// The faults that Parse finds.
const (
	Malformed Fault = iota + 1
	Trailing
	Duplicate
	TooLarge
	TooDeep
	TooMany
)

// Problem is one fault and where it stands.
type Problem struct {
	Fault   Fault
	Offset  int
	Pointer string // RFC 6901, of the value that is at fault
	Detail  string
}

// Limits bound the work and the memory of one Parse: bytes of text, levels of
// nesting, entries of one array or object, and problems that are spelt out
// (later ones carry their fault and offset alone).
type Limits struct {
	Bytes, Depth, Entries, Problems int
}

// Parse reads one JSON document. The document's root is [Invalid] when the text
// could not be read to its end.
func Parse(data []byte, limits Limits) (*Document, []Problem) {
	p := parser{data: data, limits: limits}
	doc := &Document{data: data}
	if len(data) > limits.Bytes {
		p.report(TooLarge, 0, "", fmt.Sprintf("the document has %d bytes, more than %d", len(data), limits.Bytes))
		return doc, p.problems
	}
	p.space()
	root, ok := p.value(nil, 1)
	if !ok {
		return doc, p.problems
	}
	p.space()
	if p.at < len(p.data) {
		p.report(Trailing, p.at, "", "more follows the end of the document")
	}
	doc.Root = root
	return doc, p.problems
}

// path is where the parser is. Pointers are spelt only for problems: spelt for
// every value, one long name would be copied for all that stands below it.
type path struct {
	parent  *path
	name    string
	index   int
	isIndex bool
}

func (at *path) pointer() string {
	switch {
	case at == nil:
		return ""
	case at.isIndex:
		return PointerIndex(at.parent.pointer(), at.index)
	default:
		return Pointer(at.parent.pointer(), at.name)
	}
}

type parser struct {
	data     []byte
	at       int
	limits   Limits
	problems []Problem
}

func (p *parser) report(f Fault, offset int, pointer, detail string) {
	p.problems = append(p.problems, Problem{Fault: f, Offset: offset, Pointer: pointer, Detail: detail})
}

func (p *parser) malformed(at *path, detail string) (Node, bool) {
	p.report(Malformed, p.at, at.pointer(), detail)
	return Node{}, false
}

func (p *parser) space() {
	for p.at < len(p.data) {
		switch p.data[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

func (p *parser) peek() byte {
	if p.at < len(p.data) {
		return p.data[p.at]
	}
	return 0
}

func (p *parser) value(at *path, depth int) (Node, bool) {
	start := p.at
	switch c := p.peek(); {
	case c == '{' || c == '[':
		if depth > p.limits.Depth {
			p.report(TooDeep, start, at.pointer(), fmt.Sprintf("nested deeper than %d levels", p.limits.Depth))
			return Node{}, false
		}
		if c == '{' {
			return p.object(at, depth)
		}
		return p.array(at, depth)
	case c == '"':
		text, ok := p.str(at)
		return Node{Kind: String, Offset: start, Text: text}, ok
	case c == '-' || '0' <= c && c <= '9':
		return p.number(at)
	case p.literal("true"):
		return Node{Kind: Bool, Offset: start, True: true}, true
	case p.literal("false"):
		return Node{Kind: Bool, Offset: start}, true
	case p.literal("null"):
		return Node{Kind: Null, Offset: start}, true
	case start >= len(p.data):
		return p.malformed(at, "the document ends where a value should stand")
	default:
		return p.malformed(at, "no JSON value begins here")
	}
}

func (p *parser) literal(word string) bool {
	if len(p.data)-p.at < len(word) || string(p.data[p.at:p.at+len(word)]) != word {
		return false
	}
	p.at += len(word)
	return true
}

func (p *parser) array(at *path, depth int) (Node, bool) {
	n := Node{Kind: Array, Offset: p.at}
	p.at++
	p.space()
	if p.peek() == ']' {
		p.at++
		return n, true
	}
	for {
		here := path{parent: at, index: len(n.Items), isIndex: true}
		if len(n.Items) == p.limits.Entries {
			p.report(TooMany, p.at, here.pointer(), fmt.Sprintf("more than %d entries", p.limits.Entries))
			return Node{}, false
		}
		p.space()
		item, ok := p.value(&here, depth+1)
		if !ok {
			return Node{}, false
		}
		n.Items = append(n.Items, item)
		p.space()
		switch p.peek() {
		case ',':
			p.at++
		case ']':
			p.at++
			return n, true
		default:
			return p.malformed(at, "a comma or the end of the array should stand here")
		}
	}
}

func (p *parser) object(at *path, depth int) (Node, bool) {
	n := Node{Kind: Object, Offset: p.at}
	seen := make(map[string]bool)
	p.at++
	p.space()
	if p.peek() == '}' {
		p.at++
		return n, true
	}
	for read := 0; ; read++ {
		p.space()
		if read == p.limits.Entries {
			p.report(TooMany, p.at, at.pointer(), fmt.Sprintf("more than %d members", p.limits.Entries))
			return Node{}, false
		}
		start := p.at
		if p.peek() != '"' {
			return p.malformed(at, "the name of a member should stand here")
		}
		name, ok := p.str(at)
		if !ok {
			return Node{}, false
		}
		here := path{parent: at, name: name}
		p.space()
		if p.peek() != ':' {
			return p.malformed(&here, "a colon should stand here")
		}
		p.at++
		p.space()
		value, ok := p.value(&here, depth+1)
		if !ok {
			return Node{}, false
		}
		switch {
		case seen[name] && len(p.problems) < p.limits.Problems:
			p.report(Duplicate, start, here.pointer(), fmt.Sprintf("member %q stands here a second time", name))
		case seen[name]:
			p.report(Duplicate, start, "", "")
		default:
			seen[name] = true
			n.Members = append(n.Members, Member{Name: name, Offset: start, Value: value})
		}
		p.space()
		switch p.peek() {
		case ',':
			p.at++
		case '}':
			p.at++
			return n, true
		default:
			return p.malformed(at, "a comma or the end of the object should stand here")
		}
	}
}

func (p *parser) number(at *path) (Node, bool) {
	start := p.at
	if p.peek() == '-' {
		p.at++
	}
	if p.peek() == '0' {
		p.at++
	} else if p.digits() == 0 {
		return p.malformed(at, "a digit should stand here")
	}
	if p.peek() == '.' {
		p.at++
		if p.digits() == 0 {
			return p.malformed(at, "a digit should stand here")
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.at++
		if c := p.peek(); c == '+' || c == '-' {
			p.at++
		}
		if p.digits() == 0 {
			return p.malformed(at, "a digit should stand here")
		}
	}
	return Node{Kind: Number, Offset: start, Text: string(p.data[start:p.at])}, true
}

func (p *parser) digits() int {
	start := p.at
	for '0' <= p.peek() && p.peek() <= '9' {
		p.at++
	}
	return p.at - start
}

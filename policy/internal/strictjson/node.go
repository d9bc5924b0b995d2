package strictjson

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is the JSON type of a [Node]. The zero Kind is no value at all.
type Kind uint8

// The six JSON types.
const (
	Invalid Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// String is the type's name as an error message says it.
func (k Kind) String() string {
	switch k {
	case Null:
		return "null"
	case Bool:
		return "boolean"
	case Number:
		return "number"
	case String:
		return "string"
	case Array:
		return "array"
	case Object:
		return "object"
	default:
		return "nothing"
	}
}

// Node is one JSON value and where it begins.
type Node struct {
	Kind    Kind
	Offset  int
	Text    string // the decoded string, or the literal of a number
	True    bool   // the value of a boolean
	Items   []Node
	Members []Member // in the order of the text, each name once
}

// Member is one name of an object with its value.
type Member struct {
	Name   string
	Offset int
	Value  Node
}

// Document is a parsed text together with what is needed to say where in it a
// value stands.
type Document struct {
	Root Node
	data []byte
}

// Position is the line and column, both from 1, of a byte offset. Columns count
// characters, so that they agree with an editor.
func (d *Document) Position(offset int) (line, column int) {
	offset = min(max(offset, 0), len(d.data))
	before := d.data[:offset]
	line, start := 1, 0
	for i, c := range before {
		if c == '\n' {
			line, start = line+1, i+1
		}
	}
	return line, 1 + utf8.RuneCount(before[start:])
}

// Pointer extends an RFC 6901 pointer by a member name.
func Pointer(parent, name string) string {
	if strings.ContainsAny(name, "~/") {
		name = strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
	}
	return parent + "/" + name
}

// PointerIndex extends an RFC 6901 pointer by an array index.
func PointerIndex(parent string, i int) string {
	return parent + "/" + strconv.Itoa(i)
}

// Append writes the node without white space, members in the order read and
// numbers as they were spelt.
func Append(dst []byte, n *Node) []byte {
	switch n.Kind {
	case Bool:
		return strconv.AppendBool(dst, n.True)
	case Number:
		return append(dst, n.Text...)
	case String:
		return AppendString(dst, n.Text)
	case Array:
		dst = append(dst, '[')
		for i := range n.Items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = Append(dst, &n.Items[i])
		}
		return append(dst, ']')
	case Object:
		dst = append(dst, '{')
		for i := range n.Members {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(AppendString(dst, n.Members[i].Name), ':')
			dst = Append(dst, &n.Members[i].Value)
		}
		return append(dst, '}')
	default:
		return append(dst, "null"...)
	}
}

// AppendString writes s as a JSON string, escaping only what RFC 8259 §7 demands.
func AppendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\t':
			dst = append(dst, '\\', 't')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

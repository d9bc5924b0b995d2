package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mosip/partnertrust/policy/internal/strictjson"
)

// decoder walks a document once and collects what is wrong with it; a fault in
// one member never hides one in the next.
type decoder struct {
	doc        *strictjson.Document
	reading    Reading
	problems   []located
	deviations []located
}

type located struct {
	offset int
	*Problem
}

var faults = [...]Reason{
	strictjson.Malformed: NotJSON,
	strictjson.Trailing:  TrailingData,
	strictjson.Duplicate: DuplicateMember,
	strictjson.TooLarge:  DocumentTooLarge,
	strictjson.TooDeep:   DocumentTooDeep,
	strictjson.TooMany:   TooManyEntries,
}

func newDecoder(r Reading, data []byte) *decoder {
	limits := strictjson.Limits{Bytes: MaxDocumentBytes, Depth: MaxDepth, Entries: MaxEntries, Problems: MaxProblems}
	doc, problems := strictjson.Parse(data, limits)
	d := &decoder{doc: doc, reading: r}
	for _, p := range problems {
		d.refuse(faults[p.Fault], p.Offset, p.Pointer, p.Detail)
	}
	return d
}

func (d *decoder) problem(r Reason, offset int, pointer, message string) *Problem {
	line, column := d.doc.Position(offset)
	return &Problem{Reason: r, Line: line, Column: column, Pointer: pointer, Message: message}
}

func (d *decoder) refuse(r Reason, offset int, pointer, message string) {
	// Positions are computed by walking the text, so work stays linear only while
	// the list is bounded.
	p := &Problem{Reason: r, Pointer: pointer, Message: message}
	if len(d.problems) < MaxProblems {
		p = d.problem(r, offset, pointer, message)
	}
	d.problems = append(d.problems, located{offset, p})
}

// deviate is a refusal in the strict reading and a report in the tolerant one.
func (d *decoder) deviate(r Reason, offset int, pointer, message string) {
	if d.reading != TolerateUnknown {
		d.refuse(r, offset, pointer, message)
		return
	}
	if len(d.deviations) < MaxProblems {
		d.deviations = append(d.deviations, located{offset, d.problem(r, offset, pointer, message)})
	}
}

func (d *decoder) err(kind Kind) error {
	if len(d.problems) == 0 {
		return nil
	}
	if more := len(d.problems) - MaxProblems; more > 0 {
		d.problems = d.problems[:MaxProblems]
		last := d.problems[MaxProblems-1]
		last.Message += fmt.Sprintf(" (and %d problems more)", more)
	}
	return &ParseError{Kind: kind, Problems: inOrder(d.problems)}
}

// forgiven are the deviations of a document that was read.
func (d *decoder) forgiven() []*Problem { return inOrder(d.deviations) }

func inOrder(list []located) []*Problem {
	slices.SortStableFunc(list, func(a, b located) int { return cmp.Compare(a.offset, b.offset) })
	out := make([]*Problem, len(list))
	for i, p := range list {
		out[i] = p.Problem
	}
	return out
}

// cursor is one value of the document.
type cursor struct {
	d       *decoder
	node    *strictjson.Node
	pointer string
}

// root is false when the text could not be read to its end.
func (d *decoder) root() (cursor, bool) {
	return cursor{d, &d.doc.Root, ""}, d.doc.Root.Kind != strictjson.Invalid
}

func (c cursor) want(kind strictjson.Kind) bool {
	if c.node.Kind == kind {
		return true
	}
	c.d.refuse(WrongType, c.node.Offset, c.pointer, fmt.Sprintf("a %s should stand here, not a %s", kind, c.node.Kind))
	return false
}

func (c cursor) str() string {
	if !c.want(strictjson.String) {
		return ""
	}
	return c.node.Text
}

func (c cursor) boolean() bool { return c.want(strictjson.Bool) && c.node.True }

func (c cursor) items() []cursor {
	if !c.want(strictjson.Array) {
		return nil
	}
	out := make([]cursor, len(c.node.Items))
	for i := range c.node.Items {
		out[i] = cursor{c.d, &c.node.Items[i], strictjson.PointerIndex(c.pointer, i)}
	}
	return out
}

func (c cursor) strings() []string {
	items := c.items()
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = item.str()
	}
	return out
}

// word reads a string from a closed list.
func (c cursor) word(allowed ...string) string {
	s := c.str()
	if c.node.Kind == strictjson.String && !slices.Contains(allowed, s) {
		c.d.deviate(BadValue, c.node.Offset, c.pointer,
			fmt.Sprintf("%q is none of %s", s, strings.Join(quoteAll(allowed), ", ")))
	}
	return s
}

// integer reads a number that the platform writes as a string, canonically:
// neither sign for plus nor leading zeros, so that writing it gives the same text.
func (c cursor) integer(least, most int64) int64 {
	text := c.node.Text
	if c.node.Kind == strictjson.Number {
		c.d.deviate(WrongType, c.node.Offset, c.pointer, "a string that holds a number should stand here, not a number")
	} else if !c.want(strictjson.String) {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != text || n < least || n > most {
		c.d.refuse(BadValue, c.node.Offset, c.pointer,
			fmt.Sprintf("%q is not a whole number between %d and %d", text, least, most))
		return 0
	}
	return n
}

// object reads the members of an object. Those that known does not list are
// refused, or kept as extras in the tolerant reading.
func (c cursor) object(known ...string) fields {
	f := fields{c: c}
	if !c.want(strictjson.Object) {
		return f
	}
	f.isObject = true
	for i := range c.node.Members {
		m := &c.node.Members[i]
		if slices.Contains(known, m.Name) {
			continue
		}
		message := fmt.Sprintf("unknown member %q", m.Name)
		if near := nearest(m.Name, known); near != "" {
			message += fmt.Sprintf(", did you mean %q?", near)
		}
		c.d.deviate(UnknownMember, m.Offset, strictjson.Pointer(c.pointer, m.Name), message)
		f.extra = append(f.extra, extra{m.Name, string(strictjson.Append(nil, &m.Value))})
	}
	slices.SortFunc(f.extra, func(a, b extra) int { return cmp.Compare(a.name, b.name) })
	return f
}

// extra is a member that the format does not know, kept as it was written.
type extra struct{ name, value string }

type fields struct {
	c        cursor
	isObject bool
	extra    []extra
}

// may finds an optional member.
func (f fields) may(name string) (cursor, bool) {
	if f.isObject {
		for i := range f.c.node.Members {
			if m := &f.c.node.Members[i]; m.Name == name {
				return cursor{f.c.d, &m.Value, strictjson.Pointer(f.c.pointer, name)}, true
			}
		}
	}
	return cursor{}, false
}

// must finds a member without which the object says nothing.
func (f fields) must(name string) (cursor, bool) {
	c, ok := f.may(name)
	if !ok && f.isObject {
		f.c.d.deviate(MissingMember, f.c.node.Offset, f.c.pointer, fmt.Sprintf("member %q is missing", name))
	}
	return c, ok
}

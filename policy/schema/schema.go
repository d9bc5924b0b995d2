package schema

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/mosip/partnertrust/policy"
	"github.com/mosip/partnertrust/policy/internal/strictjson"
)

//go:embed auth.json datashare.json misp.json
var documented embed.FS

// Schema is a compiled JSON Schema, safe for concurrent use. A nil or zero
// Schema refuses every document.
type Schema struct {
	compiled *jsonschema.Schema
}

// For compiles the documented schema of a kind of policy: what the platform's
// own schema of that kind accepts.
func For(about policy.Kind) (*Schema, error) {
	file := map[policy.Kind]string{policy.KindAuth: "auth.json", policy.KindDataShare: "datashare.json", policy.KindMISP: "misp.json"}[about]
	data, err := documented.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("schema: policies of kind %q: %w", about, policy.UnknownKind)
	}
	return Compile(data)
}

// drafts by what $schema says, without scheme, "www" or empty fragment.
var drafts = map[string]struct {
	version int
	draft   *jsonschema.Draft
}{
	"json-schema.org/draft-04/schema":      {draft4, jsonschema.Draft4},
	"json-schema.org/draft-06/schema":      {draft6, jsonschema.Draft6},
	"json-schema.org/draft-07/schema":      {draft7, jsonschema.Draft7},
	"json-schema.org/draft/2019-09/schema": {draft2019, jsonschema.Draft2019},
	"json-schema.org/draft/2020-12/schema": {draft2020, jsonschema.Draft2020},
}

// Compile reads a JSON Schema. One that names no $schema is of draft-04, as the
// platform takes it. References must stay within the document: nothing is
// loaded. The error is an [*Error] that lists every failure.
func Compile(document []byte) (*Schema, error) {
	doc, problems := strictjson.Parse(document, strictjson.Limits{
		Bytes: MaxSchemaBytes, Depth: MaxSchemaDepth, Entries: MaxSchemaEntries, Problems: MaxFailures,
	})
	if err := faults(doc, problems, immense(&doc.Root, "", nil)); err != nil {
		return nil, err
	}
	in := &inspector{doc: doc, draft: draft4}
	draft := jsonschema.Draft4
	for i := range doc.Root.Members {
		m := &doc.Root.Members[i]
		if m.Name != "$schema" {
			continue
		}
		url := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(m.Value.Text, "http://"), "https://"), "#")
		d, known := drafts[url]
		if !known {
			in.add(&Failure{Reason: UnknownDraft, Pointer: "/$schema", Keyword: "$schema", Message: fmt.Sprintf("%q is none of the drafts from draft-04 to 2020-12", m.Value.Text)}, m.Value.Offset)
			return nil, inOrder(doc, in.failures)
		}
		in.draft, draft = d.version, d.draft
	}
	in.schema(&doc.Root, "")
	if len(in.failures) > 0 {
		return nil, inOrder(doc, in.failures)
	}

	const location = "policy.json"
	c := jsonschema.NewCompiler()
	c.DefaultDraft(draft)
	c.AssertFormat()
	c.AssertContent()
	c.UseLoader(nothing{})
	if err := c.AddResource(location, value(&doc.Root)); err != nil {
		return nil, invalid(doc, err)
	}
	compiled, err := c.Compile(location)
	if err != nil {
		return nil, invalid(doc, err)
	}
	return &Schema{compiled}, nil
}

// nothing loads no reference.
type nothing struct{}

func (nothing) Load(url string) (any, error) {
	return nil, fmt.Errorf("%s is another document, and none is loaded", url)
}

// Validate checks one document and reports every failure, as an [*Error].
func (s *Schema) Validate(document []byte) error {
	doc, problems := strictjson.Parse(document, strictjson.Limits{
		Bytes: policy.MaxDocumentBytes, Depth: policy.MaxDepth, Entries: policy.MaxEntries, Problems: policy.MaxProblems,
	})
	if s == nil || s.compiled == nil {
		return &Error{Failures: []*Failure{{Reason: InvalidSchema, Line: 1, Column: 1, Message: "there is no schema to validate against"}}}
	}
	found := immense(&doc.Root, "", nil)
	if doc.Root.Kind == strictjson.Invalid || len(found) > 0 {
		return faults(doc, problems, found)
	}
	if err := s.compiled.Validate(value(&doc.Root)); err != nil {
		var broken *jsonschema.ValidationError
		if !errors.As(err, &broken) {
			return invalid(doc, err)
		}
		found = leaves(doc, broken, found)
	}
	return faults(doc, problems, found)
}

// leaves are the rules that were broken themselves; the ones above them only say
// that something below was.
func leaves(doc *strictjson.Document, e *jsonschema.ValidationError, found []located) []located {
	if len(e.Causes) > 0 {
		for _, cause := range e.Causes {
			found = leaves(doc, cause, found)
		}
		return found
	}
	node, pointer := at(&doc.Root, e.InstanceLocation)
	_, fragment, _ := strings.Cut(e.SchemaURL, "#")
	f := Failure{Reason: Violation, Pointer: pointer, SchemaPointer: fragment}
	if path := e.ErrorKind.KeywordPath(); len(path) > 0 {
		f.Keyword = path[0]
		if f.Keyword == "dependency" { // so the validator spells it
			f.Keyword = "dependencies"
		}
		f.SchemaPointer = strictjson.Pointer(f.SchemaPointer, f.Keyword)
		for _, step := range path[1:] {
			f.SchemaPointer = strictjson.Pointer(f.SchemaPointer, step)
		}
	}
	add := func(offset int, pointer, message string) {
		one := f
		one.Pointer, one.Message = pointer, message
		found = append(found, located{&one, offset})
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			add(node.Offset, pointer, fmt.Sprintf("member %q is missing", name))
		}
	case *kind.AdditionalProperties:
		for i := range node.Members {
			if m := &node.Members[i]; slices.Contains(k.Properties, m.Name) {
				add(m.Offset, strictjson.Pointer(pointer, m.Name), fmt.Sprintf("member %q is not allowed", m.Name))
			}
		}
	default:
		add(node.Offset, pointer, e.ErrorKind.LocalizedString(message.NewPrinter(language.English)))
	}
	return found
}

// at follows a path of names and indexes.
func at(n *strictjson.Node, path []string) (*strictjson.Node, string) {
	pointer := ""
	for _, step := range path {
		pointer = strictjson.Pointer(pointer, step)
		switch n.Kind {
		case strictjson.Array:
			if i, err := strconv.Atoi(step); err == nil && i < len(n.Items) {
				n = &n.Items[i]
			}
		case strictjson.Object:
			for i := range n.Members {
				if n.Members[i].Name == step {
					n = &n.Members[i].Value
					break
				}
			}
		}
	}
	return n, pointer
}

// value is the node as the validator takes it; numbers keep their spelling.
func value(n *strictjson.Node) any {
	switch n.Kind {
	case strictjson.Bool:
		return n.True
	case strictjson.Number:
		return json.Number(n.Text)
	case strictjson.String:
		return n.Text
	case strictjson.Array:
		out := make([]any, len(n.Items))
		for i := range n.Items {
			out[i] = value(&n.Items[i])
		}
		return out
	case strictjson.Object:
		out := make(map[string]any, len(n.Members))
		for i := range n.Members {
			out[n.Members[i].Name] = value(&n.Members[i].Value)
		}
		return out
	default:
		return nil
	}
}

// immense lists the numbers that no float64 can hold: validators work numbers
// out exactly, and a short text can stand for more digits than memory has.
func immense(n *strictjson.Node, pointer string, found []located) []located {
	switch n.Kind {
	case strictjson.Number:
		if _, err := strconv.ParseFloat(n.Text, 64); err != nil || exponent(n.Text) > MaxExponent {
			found = append(found, located{&Failure{Reason: policy.BadValue, Pointer: pointer, Message: "the number is out of range"}, n.Offset})
		}
	case strictjson.Array:
		for i := range n.Items {
			found = immense(&n.Items[i], strictjson.PointerIndex(pointer, i), found)
		}
	case strictjson.Object:
		for i := range n.Members {
			found = immense(&n.Members[i].Value, strictjson.Pointer(pointer, n.Members[i].Name), found)
		}
	}
	return found
}

// exponent is the size of a number's exponent, whatever its sign.
func exponent(number string) int {
	i := strings.IndexAny(number, "eE")
	if i < 0 {
		return 0
	}
	e, err := strconv.Atoi(strings.TrimLeft(number[i+1:], "+-"))
	if err != nil {
		return math.MaxInt
	}
	return e
}

type located struct {
	*Failure
	offset int
}

var ofForm = map[strictjson.Fault]policy.Reason{
	strictjson.Malformed: policy.NotJSON,
	strictjson.Trailing:  policy.TrailingData,
	strictjson.Duplicate: policy.DuplicateMember,
	strictjson.TooLarge:  policy.DocumentTooLarge,
	strictjson.TooDeep:   policy.DocumentTooDeep,
	strictjson.TooMany:   policy.TooManyEntries,
}

// faults joins what is wrong with the form to what is wrong with the content.
func faults(doc *strictjson.Document, problems []strictjson.Problem, found []located) error {
	for _, p := range problems {
		found = append(found, located{&Failure{Reason: ofForm[p.Fault], Pointer: p.Pointer, Message: p.Detail}, p.Offset})
	}
	if len(found) == 0 {
		return nil
	}
	return inOrder(doc, found)
}

func invalid(doc *strictjson.Document, err error) error {
	text, _, _ := bytes.Cut([]byte(err.Error()), []byte("\n"))
	var broken *jsonschema.SchemaValidationError
	if errors.As(err, &broken) {
		text = []byte(strings.ReplaceAll(broken.Err.Error(), "\n", " "))
	}
	return inOrder(doc, []located{{&Failure{Reason: InvalidSchema, Message: string(text)}, 0}})
}

func inOrder(doc *strictjson.Document, list []located) error {
	slices.SortStableFunc(list, func(a, b located) int {
		return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.SchemaPointer, b.SchemaPointer))
	})
	more := len(list) - MaxFailures
	e := &Error{Failures: make([]*Failure, min(len(list), MaxFailures))}
	for i := range e.Failures {
		f := list[i].Failure
		f.Line, f.Column = doc.Position(list[i].offset)
		e.Failures[i] = f
	}
	if more > 0 {
		e.Failures[MaxFailures-1].Message += fmt.Sprintf(" (and %d failures more)", more)
	}
	return e
}

package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mosip/partnertrust/policy/internal/strictjson"
)

// holds says what stands under a keyword.
type holds uint8

const (
	aValue      holds = iota // nothing that is a schema
	aSchema                  // a schema, or a boolean
	schemas                  // an array of schemas
	oneOrMany                // either
	namedScheme              // an object whose values are schemas, or, under dependencies, lists of names
)

// keyword is a word of JSON Schema and the drafts that know it.
type keyword struct {
	holds        holds
	first, until int // drafts, by their number or year; 0 is no bound
}

const (
	draft4    = 4
	draft6    = 6
	draft7    = 7
	draft2019 = 2019
	draft2020 = 2020
)

// keywords of drafts 04, 06, 07, 2019-09 and 2020-12. Annotations, which assert
// nothing in any draft, are taken in all of them.
var keywords = map[string]keyword{
	"$schema": {}, "$id": {}, "id": {until: draft4}, "$ref": {}, "$comment": {},
	"title": {}, "description": {}, "default": {}, "examples": {}, "readOnly": {}, "writeOnly": {}, "deprecated": {},

	"type": {}, "enum": {}, "format": {}, "pattern": {},
	"multipleOf": {}, "maximum": {}, "minimum": {}, "exclusiveMaximum": {}, "exclusiveMinimum": {},
	"maxLength": {}, "minLength": {}, "maxItems": {}, "minItems": {}, "uniqueItems": {},
	"maxProperties": {}, "minProperties": {}, "required": {},
	"items": {holds: oneOrMany}, "additionalItems": {holds: aSchema, until: draft2019},
	"properties": {holds: namedScheme}, "patternProperties": {holds: namedScheme}, "additionalProperties": {holds: aSchema},
	"dependencies": {holds: namedScheme, until: draft7}, "definitions": {holds: namedScheme},
	"allOf": {holds: schemas}, "anyOf": {holds: schemas}, "oneOf": {holds: schemas}, "not": {holds: aSchema},

	"const": {first: draft6}, "contains": {holds: aSchema, first: draft6}, "propertyNames": {holds: aSchema, first: draft6},

	"if": {holds: aSchema, first: draft7}, "then": {holds: aSchema, first: draft7}, "else": {holds: aSchema, first: draft7},
	"contentEncoding": {first: draft7}, "contentMediaType": {first: draft7},

	"$defs": {holds: namedScheme, first: draft2019}, "$anchor": {first: draft2019}, "$vocabulary": {first: draft2019},
	"$recursiveRef": {first: draft2019, until: draft2019}, "$recursiveAnchor": {first: draft2019, until: draft2019},
	"dependentRequired": {first: draft2019}, "dependentSchemas": {holds: namedScheme, first: draft2019},
	"unevaluatedItems": {holds: aSchema, first: draft2019}, "unevaluatedProperties": {holds: aSchema, first: draft2019},
	"maxContains": {first: draft2019}, "minContains": {first: draft2019}, "contentSchema": {holds: aSchema, first: draft2019},

	"prefixItems": {holds: schemas, first: draft2020}, "$dynamicRef": {first: draft2020}, "$dynamicAnchor": {first: draft2020},
}

// besideRef are the keywords that may stand beside $ref in drafts that ignore
// what stands there, because they assert nothing.
var besideRef = []string{"$ref", "$comment", "title", "description", "default", "examples", "definitions"}

// formats that have a check.
var formats = []string{
	"regex", "json-pointer", "relative-json-pointer", "uuid", "duration", "period", "ipv4", "ipv6", "hostname", "email",
	"date", "time", "date-time", "uri", "iri", "uri-reference", "iri-reference", "uri-template", "semver",
}

// inspector looks for what a validator would ignore.
type inspector struct {
	doc      *strictjson.Document
	draft    int
	failures []located
}

func (in *inspector) schema(n *strictjson.Node, pointer string) {
	if n.Kind != strictjson.Object {
		return
	}
	refers := slices.ContainsFunc(n.Members, func(m strictjson.Member) bool { return m.Name == "$ref" })
	for i := range n.Members {
		m := &n.Members[i]
		here := strictjson.Pointer(pointer, m.Name)
		k, known := keywords[m.Name]
		switch {
		case strings.HasPrefix(m.Name, "x-"):
			continue
		case !known || k.first > in.draft || k.until != 0 && in.draft > k.until:
			in.add(&Failure{Reason: UnknownKeyword, Pointer: here, Keyword: m.Name, Message: fmt.Sprintf("draft %s does not know this keyword and would ignore it", draftName(in.draft))}, m.Offset)
			continue
		case refers && in.draft < draft2019 && !slices.Contains(besideRef, m.Name):
			in.add(&Failure{Reason: IgnoredKeyword, Pointer: here, Keyword: m.Name, Message: fmt.Sprintf("draft %s ignores what stands beside $ref", draftName(in.draft))}, m.Offset)
			continue
		}
		if m.Name == "format" && m.Value.Kind == strictjson.String && !slices.Contains(formats, m.Value.Text) {
			in.add(&Failure{Reason: UnknownFormat, Pointer: here, Keyword: m.Name, Message: fmt.Sprintf("nothing checks format %q", m.Value.Text)}, m.Value.Offset)
		}
		in.under(k.holds, &m.Value, here)
	}
}

func (in *inspector) under(h holds, n *strictjson.Node, pointer string) {
	switch h {
	case aSchema, oneOrMany:
		in.schema(n, pointer)
		fallthrough
	case schemas:
		if h != aSchema {
			for i := range n.Items {
				in.schema(&n.Items[i], strictjson.PointerIndex(pointer, i))
			}
		}
	case namedScheme:
		for i := range n.Members {
			in.schema(&n.Members[i].Value, strictjson.Pointer(pointer, n.Members[i].Name))
		}
	}
}

func (in *inspector) add(f *Failure, offset int) {
	in.failures = append(in.failures, located{f, offset})
}

func draftName(draft int) string {
	if draft < draft2019 {
		return fmt.Sprintf("%02d", draft)
	}
	return fmt.Sprint(draft)
}

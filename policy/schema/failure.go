package schema

import (
	"fmt"
	"strings"

	"github.com/mosip/partnertrust/policy"
)

// Reasons of this package; those of the form of a document are policy's own
// (policy.NotJSON, policy.DuplicateMember, ...).
const (
	// Violation: the document does not satisfy the schema.
	Violation policy.Reason = "schema-violation"
	// InvalidSchema: the schema is not valid in its own draft, or refers to what
	// it does not contain.
	InvalidSchema policy.Reason = "invalid-schema"
	// UnknownDraft: $schema names none of the drafts from draft-04 to 2020-12.
	UnknownDraft policy.Reason = "unknown-draft"
	// UnknownKeyword: the schema's draft does not know the keyword and would ignore it.
	UnknownKeyword policy.Reason = "unknown-keyword"
	// UnknownFormat: no check exists for the format, so that it would be ignored.
	UnknownFormat policy.Reason = "unknown-format"
	// IgnoredKeyword: the keyword stands beside $ref, where the draft ignores it.
	IgnoredKeyword policy.Reason = "ignored-keyword"
)

// Failure is one thing wrong with a document, or with a schema, and where. It is
// an error that unwraps to its Reason.
type Failure struct {
	Reason        policy.Reason `json:"reason"`
	Line          int           `json:"line"`    // from 1
	Column        int           `json:"column"`  // from 1, in characters
	Pointer       string        `json:"pointer"` // RFC 6901, "" is the whole document
	Keyword       string        `json:"keyword,omitempty"`
	SchemaPointer string        `json:"schemaPointer,omitempty"` // RFC 6901 into the schema: the rule that was broken
	Message       string        `json:"message"`
}

// Error says where, which rule and what.
func (f *Failure) Error() string {
	where := fmt.Sprintf("%d:%d", f.Line, f.Column)
	if f.Pointer != "" {
		where += " " + f.Pointer
	}
	if f.Keyword != "" {
		where += ": " + f.Keyword
	}
	return where + ": " + f.Message
}

// Unwrap is the reason.
func (f *Failure) Unwrap() error { return f.Reason }

// Error is everything that is wrong, in the order of the text.
type Error struct {
	Failures []*Failure `json:"failures"`
}

// Error lists every failure, one a line.
func (e *Error) Error() string {
	lines := make([]string, len(e.Failures))
	for i, f := range e.Failures {
		lines[i] = f.Error()
	}
	return "schema: " + strings.Join(lines, "\n\t")
}

// Unwrap lists the failures.
func (e *Error) Unwrap() []error {
	errs := make([]error, len(e.Failures))
	for i, f := range e.Failures {
		errs[i] = f
	}
	return errs
}

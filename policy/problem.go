package policy

import (
	"fmt"
	"strings"
)

// Problem is one thing wrong with a document, and where. It is an error that
// unwraps to its [Reason].
type Problem struct {
	Reason  Reason `json:"reason"`
	Line    int    `json:"line"`    // from 1
	Column  int    `json:"column"`  // from 1, in characters
	Pointer string `json:"pointer"` // RFC 6901, "" is the whole document
	Message string `json:"message"`
}

// Error says where, what and why.
func (p *Problem) Error() string {
	where := fmt.Sprintf("%d:%d", p.Line, p.Column)
	if p.Pointer != "" {
		where += " " + p.Pointer
	}
	return where + ": " + p.Message
}

// Unwrap is the reason.
func (p *Problem) Unwrap() error { return p.Reason }

// ParseError is everything that is wrong with a document, in the order of the
// text. errors.Is finds each [Reason] in it, errors.As each [*Problem].
type ParseError struct {
	Kind     Kind       `json:"kind"`
	Problems []*Problem `json:"problems"`
}

// Error lists every problem, one a line.
func (e *ParseError) Error() string {
	lines := make([]string, 0, len(e.Problems))
	for _, p := range e.Problems {
		lines = append(lines, p.Error())
	}
	if len(lines) == 1 {
		return fmt.Sprintf("policy: %s document: %s", e.Kind, lines[0])
	}
	return fmt.Sprintf("policy: %s document: %d problems\n\t%s", e.Kind, len(lines), strings.Join(lines, "\n\t"))
}

// Unwrap lists the problems.
func (e *ParseError) Unwrap() []error {
	errs := make([]error, len(e.Problems))
	for i, p := range e.Problems {
		errs[i] = p
	}
	return errs
}

package policy

import (
	"errors"
	"fmt"
	"strings"
)

// Denial is one reason against a request: the clause that decided, what of the
// request it concerns, and the platform's code where it has one. It is an error
// that unwraps to its [Reason].
type Denial struct {
	Reason  Reason `json:"reason"`
	Code    string `json:"code,omitempty"`    // the platform's, such as IDA-MPA-006
	Pointer string `json:"pointer"`           // RFC 6901 into the policy: the clause, or the list that lacks one
	Subject string `json:"subject,omitempty"` // what was asked for, as the request or the policy names it
	Message string `json:"message"`
}

// Error is the message with its reason.
func (d Denial) Error() string { return fmt.Sprintf("%s: %s", d.Reason, d.Message) }

// Unwrap is the reason.
func (d Denial) Unwrap() error { return d.Reason }

// Decision is the answer to one request. The zero Decision refuses.
type Decision struct {
	Allowed bool     `json:"allowed"`
	Denials []Denial `json:"denials,omitempty"` // every one, never only the first

	// Attributes are the requested attributes that the policy grants, in the
	// order of the request. They are nil when the operation itself is refused.
	// When all are granted this is the request's own slice.
	Attributes []string `json:"attributes,omitempty"`
	// Languages are the requested languages that the policy grants, in the order
	// of the request; none supported means none. Nil when the operation is refused.
	// When all are granted this is the request's own slice.
	Languages []string `json:"languages,omitempty"`
	// TokenType is how the token of the answer is made; "" when refused.
	TokenType TokenType `json:"tokenType,omitempty"`
}

// Err is nil when the request is allowed, and otherwise an error that joins
// every denial: errors.Is finds each [Reason], errors.As a [Denial].
func (d Decision) Err() error { return denied(d.Allowed, d.Denials) }

func denied(allowed bool, denials []Denial) error {
	switch {
	case allowed:
		return nil
	case len(denials) == 0:
		return &DeniedError{Denials: []Denial{{Reason: Undecided, Message: "nothing was decided"}}}
	default:
		return &DeniedError{Denials: denials}
	}
}

// DeniedError is a refusal with all its reasons.
type DeniedError struct{ Denials []Denial }

// Error lists the denials.
func (e *DeniedError) Error() string {
	lines := make([]string, len(e.Denials))
	for i, d := range e.Denials {
		lines[i] = d.Error()
	}
	return "policy: refused: " + strings.Join(lines, "; ")
}

// Unwrap lists the denials.
func (e *DeniedError) Unwrap() []error {
	errs := make([]error, len(e.Denials))
	for i, d := range e.Denials {
		errs[i] = d
	}
	return errs
}

var errNotParsed = errors.New("policy: the document was not parsed")

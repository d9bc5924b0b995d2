package oidc

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A Problem is one thing that stands against a request, and where. It is an
// error that unwraps to its [Reason] and its cause.
type Problem struct {
	Reason  Reason `json:"reason"`
	Pointer string `json:"pointer"` // RFC 6901 into the document; "" is the whole
	// Code is what the platform answers: partner management's own code, or
	// eSignet's, which it passes on. "" where the platform has no such check.
	Code   string `json:"code,omitempty"`
	Detail string `json:"detail,omitempty"` // for people
	Err    error  `json:"-"`                // what caused it, or nil
}

func (p *Problem) Error() string {
	var b strings.Builder
	if p.Pointer != "" {
		b.WriteString(p.Pointer + ": ")
	}
	b.WriteString(string(p.Reason))
	if p.Detail != "" {
		b.WriteString(": " + p.Detail)
	}
	if p.Err != nil {
		b.WriteString(": " + p.Err.Error())
	}
	if p.Code != "" {
		b.WriteString(" (" + p.Code + ")")
	}
	return b.String()
}

// Unwrap yields the reason and the cause.
func (p *Problem) Unwrap() []error {
	if p.Err == nil {
		return []error{p.Reason}
	}
	return []error{p.Reason, p.Err}
}

// A Refusal is everything that stands against a request: errors.Is finds each
// [Reason] in it, errors.As the first [*Problem].
type Refusal struct {
	Problems []*Problem `json:"problems"`
}

func (r *Refusal) Error() string {
	lines := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		lines[i] = p.Error()
	}
	switch len(lines) {
	case 0:
		return "oidc: refused"
	case 1:
		return "oidc: " + lines[0]
	default:
		return fmt.Sprintf("oidc: %d problems\n\t%s", len(lines), strings.Join(lines, "\n\t"))
	}
}

// Unwrap lists the problems.
func (r *Refusal) Unwrap() []error {
	errs := make([]error, len(r.Problems))
	for i, p := range r.Problems {
		errs[i] = p
	}
	return errs
}

// problems collects what a Refusal will hold.
type problems struct {
	list []*Problem
	more int // beyond MaxProblems
}

func (ps *problems) add(p *Problem) {
	if len(ps.list) == MaxProblems {
		ps.more++
		return
	}
	ps.list = append(ps.list, p)
}

// merge adds the problems of another refusal.
func (ps *problems) merge(err error) {
	var other *Refusal
	if errors.As(err, &other) {
		for _, p := range other.Problems {
			ps.add(p)
		}
	}
}

// err is nil when nothing stands against the request.
func (ps *problems) err() error {
	if len(ps.list) == 0 {
		return nil
	}
	if ps.more > 0 {
		last := ps.list[len(ps.list)-1]
		last.Detail = strings.TrimPrefix(last.Detail+"; ", "; ") + strconv.Itoa(ps.more) + " more problems are not listed"
	}
	return &Refusal{ps.list}
}

// escape writes a name as a token of a JSON pointer (RFC 6901 section 3).
func escape(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust/admit"
)

func (r *Report) writeText(w io.Writer) {
	for _, o := range r.Partners {
		o.write(w)
	}
	if len(r.Refusals) == 0 {
		return
	}
	fmt.Fprint(w, "── What is refused, and why ──\n\n")
	refused := 0
	for _, o := range r.Refusals {
		o.write(w)
		if !o.Accepted {
			refused++
		}
	}
	fmt.Fprintf(w, "%d partners onboarded, %d of %d refusals refused.\n", len(r.Partners), refused, len(r.Refusals))
}

func (o *Outcome) write(w io.Writer) {
	mark := "✗"
	if o.Accepted {
		mark = "✓"
	}
	fmt.Fprintf(w, "%s %s in %s · %s · %s\n", mark, o.Title, o.Domain, o.Organization, o.Key)
	for _, a := range o.CAs {
		field(w, "CAs", a.text())
	}
	switch {
	case o.Chain != nil:
		field(w, "chain", o.Chain.chain.Explain())
	case o.Refusal != nil:
		field(w, "chain", o.Refusal.Explain())
	}
	if o.ClientID != "" {
		field(w, "client", o.ClientID)
	}
	if o.KeyProblem != "" {
		field(w, "client", "✗ "+o.KeyProblem)
	}
	if o.Policy != nil {
		text := o.Policy.File
		if o.Policy.Question != "" {
			text += ": " + o.Policy.Question
		}
		field(w, "policy", text+"\n"+strings.Join(o.Policy.Lines, "\n"))
	}
	fmt.Fprintln(w)
}

// field writes a label and text of one or more lines beside it.
func field(w io.Writer, label, text string) {
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		fmt.Fprintf(w, "    %-8s%s\n", label, strings.TrimRight(line, "\n"))
		label = ""
	}
}

// text says what became of the certificates of one file, in one line where
// that is nothing new.
func (a Admission) text() string {
	var lines []string
	known := 0
	for _, line := range a.Lines {
		if line.Verdict == admit.AlreadyPresent {
			known++
		}
		lines = append(lines, admitted(line))
	}
	if known == len(a.Lines) {
		return fmt.Sprintf("%s: all %d are in the store already", a.File, known)
	}
	return a.File + "\n" + strings.Join(lines, "\n")
}

// admitted says what became of one CA certificate.
func admitted(line admit.Line) string {
	if line.Certificate == nil {
		return "✗ " + line.String()
	}
	name := certchain.SubjectText(line.Certificate)
	if line.Err == nil {
		return fmt.Sprintf("✓ %s: %s as %s", name, line.Verdict, line.Role)
	}
	var refusal *certchain.Error
	if errors.As(line.Err, &refusal) {
		return "✗ " + refusal.Explain()
	}
	return fmt.Sprintf("✗ %s: %v", name, line.Err)
}

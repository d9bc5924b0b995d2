package certchain

import (
	"fmt"
	"strings"
)

// Explain says the whole refusal for a person who must act on it: the path that
// came closest, as a tree with the leaf on top, with what stands against each
// certificate; then what stood against other candidates.
func (e *Error) Explain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Refused in %s", e.Domain)
	if !e.At.IsZero() {
		fmt.Fprintf(&b, ", as of %s", day(e.At))
	}
	b.WriteString(".\n")
	told := map[*Finding]bool{}
	for depth, c := range e.Path {
		indent := ""
		if depth > 0 {
			indent = strings.Repeat("   ", depth-1) + "└─ "
		}
		b.WriteString(indent + subjectText(c.RawSubject))
		if e.Complete && depth == len(e.Path)-1 {
			fmt.Fprintf(&b, "  (trusted in %s)", e.Domain)
		}
		b.WriteByte('\n')
		for _, f := range e.Findings {
			if f.Certificate != nil && f.Depth == depth && string(f.Certificate.Raw) == string(c.Raw) {
				told[f] = true
				writeFinding(&b, strings.Repeat("   ", depth), f)
			}
		}
	}
	heading := "Also tried:\n"
	if len(e.Path) == 0 {
		heading = ""
	}
	for _, f := range e.Findings {
		if told[f] {
			continue
		}
		b.WriteString(heading)
		heading = ""
		if f.Certificate != nil {
			b.WriteString(subjectText(f.Certificate.RawSubject) + "\n")
		}
		writeFinding(&b, "", f)
	}
	if e.Omitted > 0 {
		fmt.Fprintf(&b, "… and %d findings more\n", e.Omitted)
	}
	return b.String()
}

func writeFinding(b *strings.Builder, indent string, f *Finding) {
	fmt.Fprintf(b, "%s   ✗ %s", indent, f.Reason.Sentence())
	if f.Detail != "" {
		b.WriteString(": " + f.Detail)
	}
	b.WriteString(" [" + string(f.Reason))
	if f.PlatformCode != "" {
		b.WriteString(", " + f.PlatformCode)
	}
	b.WriteString("]\n")
}

// Explain says the accepted path for a person, as a tree with the leaf on top.
func (c *Chain) Explain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Accepted in %s until %s.\n", c.Domain, day(c.NotAfter))
	for depth, cert := range c.Certificates {
		if depth > 0 {
			b.WriteString(strings.Repeat("   ", depth-1) + "└─ ")
		}
		b.WriteString(subjectText(cert.RawSubject))
		if depth == len(c.Certificates)-1 {
			fmt.Fprintf(&b, "  (trusted in %s)", c.Domain)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

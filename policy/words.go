package policy

import (
	"fmt"
	"strings"
)

// words says what a filter lets through.
func (f Filter) words() string {
	var parts []string
	if f.Type != "" {
		parts = append(parts, f.Type)
	}
	switch {
	case len(f.SubTypes) > 0:
		parts = append(parts, strings.Join(f.SubTypes, " or "))
	case f.SubTypes != nil:
		parts = append(parts, "of no subtype")
	}
	if f.Language != "" {
		parts = append(parts, "in language "+f.Language)
	}
	if len(parts) == 0 {
		return "anything"
	}
	return strings.Join(parts, ", ")
}

// words says what a policy's entry opens.
func (t AuthType) words() string {
	switch w := wordOf(t.Type); {
	case w == bio:
		return "bio-" + strings.ToUpper(t.SubType)
	case w != unknownWord:
		return w.String()
	default:
		return fmt.Sprintf("%q", foldKey(t.Type))
	}
}

// words says how often a share may be read.
func (t Transactions) words() string {
	switch {
	case t == Unlimited:
		return "any number of times"
	case t <= 0:
		return "never"
	case t == 1:
		return "once"
	default:
		return fmt.Sprintf("%d times", int64(t))
	}
}

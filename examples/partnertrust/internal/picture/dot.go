package picture

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/mosip/partnertrust/examples/partnertrust/internal/trustgraph"
)

// DOT writes a trust graph in the language of Graphviz, a cluster for each
// domain.
func DOT(g *trustgraph.Graph) []byte {
	var b strings.Builder
	b.WriteString("digraph trust {\n\trankdir=LR\n\tnodesep=0.12\n\tnode [shape=box style=\"rounded,filled\" fontname=\"sans-serif\" fontsize=10 margin=\"0.2,0.06\"]\n\tedge [color=\"#8a8f98\" arrowsize=0.6]\n")
	for i, d := range g.Domains {
		fmt.Fprintf(&b, "\tsubgraph cluster_%d {\n\t\tlabel=%s\n\t\tfontname=\"sans-serif\"\n\t\tcolor=\"#c9ced6\"\n", i, quote(string(d)))
		for _, n := range g.Of(d) {
			look := looks[n.State]
			fmt.Fprintf(&b, "\t\t%s [label=%s fillcolor=%s color=%s fontcolor=%s", quote(n.ID), quote(n.Name+"\n"+second(n)), quote(look.fill), quote(look.stroke), quote(look.ink))
			if n.Kind == trustgraph.Root {
				b.WriteString(" penwidth=2")
			}
			if look.dashed {
				b.WriteString(" style=\"rounded,filled,dashed\"")
			}
			fmt.Fprintf(&b, " tooltip=%s]\n", quote(n.Subject))
		}
		for _, n := range g.Of(d) {
			for _, issuer := range n.Issuers {
				fmt.Fprintf(&b, "\t\t%s -> %s\n", quote(issuer), quote(n.ID))
			}
		}
		b.WriteString("\t}\n")
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

// quote writes a text as a quoted string of the language, in which a backslash
// begins an escape and a line break may stand for itself.
func quote(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}

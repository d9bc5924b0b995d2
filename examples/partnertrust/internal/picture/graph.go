package picture

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/mosip/partnertrust/examples/partnertrust/internal/trustgraph"
)

// look is how a state is shown. No state is told by its colour alone: the box
// says it, too.
type look struct {
	fill, stroke, ink string
	dashed            bool
	word              string
}

var looks = map[trustgraph.State]look{
	trustgraph.Valid:       {"#eaf5ea", "#2e7d32", "#1c1f23", false, "valid"},
	trustgraph.Soon:        {"#fff3cf", "#b26a00", "#1c1f23", false, "expires soon"},
	trustgraph.Expired:     {"#fde0de", "#c62828", "#1c1f23", false, "expired"},
	trustgraph.Revoked:     {"#b71c1c", "#7f0f0f", "#ffffff", false, "revoked"},
	trustgraph.NotYetValid: {"#e3eefb", "#1565c0", "#1c1f23", false, "not yet valid"},
	trustgraph.Broken:      {"#f1f1f3", "#6b7280", "#1c1f23", true, "no valid path"},
}

// second is the second line of a box.
func second(n *trustgraph.Node) string {
	day := n.NotAfter.Format(time.DateOnly)
	switch n.State {
	case trustgraph.Revoked:
		return string(n.Kind) + " · revoked"
	case trustgraph.Expired:
		return string(n.Kind) + " · expired " + day
	case trustgraph.Broken:
		return string(n.Kind) + " · no valid path"
	case trustgraph.NotYetValid:
		return string(n.Kind) + " · not yet valid"
	}
	return string(n.Kind) + " · until " + day
}

const (
	margin  = 24.0
	boxW    = 232.0
	boxH    = 38.0
	gapX    = 40.0 // between a CA and what is below it
	gapY    = 8.0
	padding = 10.0 // of a frame
)

// wire is how the lines between certificates look, frame what holds very many.
var (
	wire  = style{stroke: "#8a8f98", width: 1.2}
	cross = style{stroke: "#8e44ad", width: 1.2, dashed: true}
	frame = style{fill: "#f7f8fa", stroke: "#c9ced6", width: 1, radius: 8}
	panel = style{fill: "#fcfcfd", stroke: "#c9ced6", width: 1, radius: 10}
)

// Graph draws a trust graph: a panel for each domain, in it the roots on the left
// and on the right of each CA what it issued. CAs that issued nothing stand in a
// frame, in columns, because a platform has hundreds of them under one root.
func Graph(g *trustgraph.Graph) []byte {
	c := &canvas{}
	title := "Trust as of " + g.At.UTC().Format("2006-01-02 15:04 MST")
	c.text(margin, margin+14, font{size: 17, fill: "#1c1f23", bold: true}, title)
	legendEnd := legend(c, margin, margin+44)
	y, width := margin+66, legendEnd
	for _, d := range g.Domains {
		nodes := g.Of(d)
		if len(nodes) == 0 {
			continue
		}
		inner := &layout{at: map[string][2]float64{}}
		x0, y0 := margin+16, y+44
		bottom := inner.forest(trustgraph.Forest(nodes), x0, y0)
		inner.crossings(nodes)
		width = math.Max(width, inner.right+16)
		y = bottom + 6
		c.text(x0, y0-18, font{size: 14, fill: "#1c1f23", bold: true}, string(d))
		c.text(x0+widthOf(string(d), 14)+22, y0-18, font{size: 11, fill: "#4a4f57"}, summary(nodes))
		inner.top, inner.bottom = y0-44, y
		inner.panelOn(c)
		y += 18
	}
	if len(g.Nodes) == 0 {
		c.text(margin, y+14, font{size: 13, fill: "#4a4f57"}, "The store holds no CAs.")
		y += 30
	}
	picture := strings.ReplaceAll(c.b.String(), panelWidth, fmt.Sprintf("%.1f", width-margin))
	c.b.Reset()
	c.b.WriteString(picture)
	return c.document(width+margin, y+margin-18, title)
}

// panelWidth stands for a width that is known when all is placed.
const panelWidth = "\x00"

func legend(c *canvas, x, y float64) float64 {
	for _, s := range trustgraph.States() {
		l := looks[s]
		c.box(x, y-11, 16, 14, style{fill: l.fill, stroke: l.stroke, width: 1.2, dashed: l.dashed, radius: 3}, "")
		c.text(x+22, y, font{size: 11, fill: "#4a4f57"}, l.word)
		x += 22 + widthOf(l.word, 11) + 18
	}
	const also = "issued it, too"
	c.line(x, y-4, x+26, y-4, cross)
	c.text(x+32, y, font{size: 11, fill: "#4a4f57"}, also)
	return x + 32 + widthOf(also, 11)
}

// summary counts what a domain holds.
func summary(nodes []*trustgraph.Node) string {
	count := map[trustgraph.State]int{}
	partners := 0
	for _, n := range nodes {
		count[n.State]++
		if n.Kind == trustgraph.Partner {
			partners++
		}
	}
	parts := []string{counted(len(nodes)-partners, "CA")}
	if partners > 0 {
		parts = append(parts, counted(partners, "partner"))
	}
	for _, s := range trustgraph.States() {
		if count[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[s], looks[s].word))
		}
	}
	return strings.Join(parts, " · ")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

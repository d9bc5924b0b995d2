package picture

import (
	"fmt"
	"math"

	"github.com/mosip/partnertrust/examples/partnertrust/internal/trustgraph"
)

// layout places the trees of one domain. A CA stands at the top of what is below
// it, as in a list with indents, so that a tall picture is read from its top.
type layout struct {
	lines, shapes      canvas // lines are drawn below the boxes
	at                 map[string][2]float64
	right, top, bottom float64
}

// few is up to how many certificates stand in a row each; more share a frame.
const few = 3

// forest draws trees below each other and returns where they end. What stands
// alone comes last: it is what has no issuer in the store, mostly.
func (l *layout) forest(trees []*trustgraph.Tree, x, y float64) float64 {
	var alone []*trustgraph.Tree
	for _, t := range trees {
		if len(t.Children) == 0 {
			alone = append(alone, t)
			continue
		}
		y += l.place(t, x, y) + 2*gapY
	}
	if len(alone) > few {
		return y + l.grid(alone, x, y) + 2*gapY
	}
	for _, t := range alone {
		y += l.place(t, x, y) + 2*gapY
	}
	return y
}

// place draws a tree with its top left corner there and returns its height.
func (l *layout) place(t *trustgraph.Tree, x, y float64) float64 {
	l.node(t.Node, x, y)
	var branches, leaves []*trustgraph.Tree
	for _, child := range t.Children {
		if len(child.Children) > 0 {
			branches = append(branches, child)
		} else {
			leaves = append(leaves, child)
		}
	}
	if len(leaves) <= few {
		branches, leaves = append(branches, leaves...), nil
	}
	cx, cy := x+boxW+gapX, y
	var ends []float64
	for _, child := range branches {
		ends = append(ends, cy+boxH/2)
		cy += l.place(child, cx, cy) + gapY
	}
	if len(leaves) > 0 {
		ends = append(ends, cy+boxH/2)
		cy += l.grid(leaves, cx, cy) + gapY
	}
	l.trunk(x, y, ends)
	return math.Max(boxH, cy-y-gapY)
}

// grid draws certificates in a frame, down the columns, and returns its height.
func (l *layout) grid(leaves []*trustgraph.Tree, x, y float64) float64 {
	columns := columnsFor(len(leaves))
	rows := (len(leaves) + columns - 1) / columns
	columns = (len(leaves) + rows - 1) / rows
	w := 2*padding + float64(columns)*(boxW+gapY) - gapY
	h := 2*padding + float64(rows)*(boxH+gapY) - gapY
	l.lines.box(x, y, w, h, frame, "")
	l.right = math.Max(l.right, x+w)
	for i, leaf := range leaves {
		l.node(leaf.Node, x+padding+float64(i/rows)*(boxW+gapY), y+padding+float64(i%rows)*(boxH+gapY))
	}
	return h
}

// columnsFor keeps a frame from becoming a mile of a single column, or wider than
// a screen.
func columnsFor(n int) int {
	switch {
	case n <= 6:
		return 1
	case n <= 18:
		return 2
	case n <= 60:
		return 3
	}
	return 4
}

func (l *layout) node(n *trustgraph.Node, x, y float64) {
	look := looks[n.State]
	s := style{fill: look.fill, stroke: look.stroke, width: 1.2, dashed: look.dashed, radius: 5}
	switch n.Kind {
	case trustgraph.Root:
		s.width = 2.4
	case trustgraph.Partner:
		s.radius = boxH / 2
	}
	title := n.Subject + "\n" + second(n) + "\nid " + n.ID
	if n.Why != "" {
		title += "\n" + n.Why
	}
	l.shapes.box(x, y, boxW, boxH, s, title)
	const inset = 12
	l.shapes.text(x+inset, y+16, font{size: 11.5, fill: look.ink, bold: n.Kind == trustgraph.Root}, fit(n.Name, 11.5*boldness(n), boxW-2*inset))
	l.shapes.text(x+inset, y+30, font{size: 9.5, fill: look.ink}, fit(second(n), 9.5, boxW-2*inset))
	l.at[n.ID] = [2]float64{x, y}
	l.right = math.Max(l.right, x+boxW)
}

// boldness is how much wider bold letters are.
func boldness(n *trustgraph.Node) float64 {
	if n.Kind == trustgraph.Root {
		return 1.1
	}
	return 1
}

// trunk is the lines from a CA to what is below it, as one tree.
func (l *layout) trunk(px, py float64, ends []float64) {
	if len(ends) == 0 {
		return
	}
	x := px + boxW
	d := fmt.Sprintf("M%.1f %.1fh%.1fV%.1f", x, py+boxH/2, gapX/2, ends[len(ends)-1])
	for _, y := range ends {
		d += fmt.Sprintf("M%.1f %.1fh%.1f", x+gapX/2, y, gapX/2)
	}
	l.lines.path(d, wire)
}

// crossings draws the issuers beyond the first: of CAs that are cross-certified.
func (l *layout) crossings(nodes []*trustgraph.Node) {
	parent := trustgraph.Parent(trustgraph.Forest(nodes))
	for _, n := range nodes {
		for _, issuer := range n.Issuers {
			from, known := l.at[issuer]
			if !known || issuer == parent[n.ID] {
				continue
			}
			to := l.at[n.ID]
			x1, y1, x2, y2 := from[0]+boxW, from[1]+boxH/2, to[0], to[1]+boxH/2
			l.lines.path(fmt.Sprintf("M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f", x1, y1, x1+gapX, y1, x2-gapX, y2, x2, y2), cross)
		}
	}
}

// panelOn puts what was placed on a panel as wide as the picture.
func (l *layout) panelOn(c *canvas) {
	head := c.b.String()
	c.b.Reset()
	fmt.Fprintf(&c.b, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%s\" height=\"%.1f\" rx=\"%g\"%s/>\n", margin, l.top, panelWidth, l.bottom-l.top, panel.radius, panel)
	c.b.WriteString(head)
	c.b.WriteString(l.lines.b.String())
	c.b.WriteString(l.shapes.b.String())
}

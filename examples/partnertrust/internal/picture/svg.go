// Package picture draws what operators look at: the trust graph of a store, and
// what runs out when. The SVG is written by hand: boxes, lines and text, with a
// title on each box that a browser shows under the pointer, and nothing that
// needs a script, a font or a network.
package picture

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// fonts are wide ones: text is cut to fit the widest.
const fonts = "Verdana, 'DejaVu Sans', sans-serif"

// canvas collects the shapes of a picture.
type canvas struct{ b strings.Builder }

// style is how a shape looks.
type style struct {
	fill, stroke string
	width        float64 // of the stroke
	dashed       bool
	radius       float64 // of corners
}

func (s style) String() string {
	if s.fill == "" {
		s.fill = "none"
	}
	out := fmt.Sprintf(` fill="%s"`, s.fill)
	if s.stroke != "" {
		out += fmt.Sprintf(` stroke="%s" stroke-width="%g"`, s.stroke, s.width)
	}
	if s.dashed {
		out += ` stroke-dasharray="4 3"`
	}
	return out
}

// escape makes a stranger's text into text of the picture, whatever is in it.
func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}

func (c *canvas) box(x, y, w, h float64, s style, title string) {
	fmt.Fprintf(&c.b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="%g"%s>`, x, y, w, h, s.radius, s)
	if title != "" {
		c.b.WriteString("<title>" + escape(title) + "</title>")
	}
	c.b.WriteString("</rect>\n")
}

func (c *canvas) path(d string, s style) {
	fmt.Fprintf(&c.b, "<path d=\"%s\"%s/>\n", d, s)
}

func (c *canvas) line(x1, y1, x2, y2 float64, s style) {
	c.path(fmt.Sprintf("M%.1f %.1fL%.1f %.1f", x1, y1, x2, y2), s)
}

// font is how text looks.
type font struct {
	size   float64
	fill   string
	bold   bool
	anchor string // start, middle or end
}

func (c *canvas) text(x, y float64, f font, text string) {
	weight := ""
	if f.bold {
		weight = ` font-weight="bold"`
	}
	anchor := ""
	if f.anchor != "" {
		anchor = fmt.Sprintf(` text-anchor="%s"`, f.anchor)
	}
	fmt.Fprintf(&c.b, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%g\" fill=\"%s\"%s%s>%s</text>\n", x, y, f.size, f.fill, weight, anchor, escape(text))
}

// document is the whole picture.
func (c *canvas) document(w, h float64, title string) []byte {
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" font-family="%s" role="img">
<title>%s</title>
<rect width="100%%" height="100%%" fill="#ffffff"/>
%s</svg>
`, w, h, w, h, fonts, escape(title), c.b.String())
}

// advance is about how wide a letter is in the widest of the fonts, for a size
// of 1.
func advance(r rune) float64 {
	switch {
	case r >= 0x1100: // East Asian letters fill a square
		return 1.05
	case strings.ContainsRune("iljtfI.,:;'|()[]! ", r):
		return 0.4
	case strings.ContainsRune("mwMW@%", r):
		return 0.96
	case r >= 'A' && r <= 'Z', r > 0x7f:
		return 0.7
	}
	return 0.62
}

func widthOf(text string, size float64) float64 {
	w := 0.0
	for _, r := range text {
		w += advance(r) * size
	}
	return w
}

// fit cuts a text to a width, in the middle: names of CAs begin alike, and end
// in what tells them apart.
func fit(text string, size, width float64) string {
	if widthOf(text, size) <= width {
		return text
	}
	letters := []rune(text)
	left := width - advance('…')*size
	from, to := 0, len(letters)
	for head := true; ; head = !head {
		next := letters[from]
		if !head {
			next = letters[to-1]
		}
		left -= advance(next) * size
		if left < 0 {
			return strings.TrimRight(string(letters[:from]), " ") + "…" + strings.TrimLeft(string(letters[to:]), " ")
		}
		if head {
			from++
		} else {
			to--
		}
	}
}

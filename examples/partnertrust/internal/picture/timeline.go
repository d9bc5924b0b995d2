package picture

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/mosip/partnertrust/trust/expiry"
)

const (
	rowH     = 24.0
	labelW   = 330.0
	axisW    = 640.0
	noteW    = 250.0
	axisEach = 40 // rows between two axes: about a screen's height
)

// urgency is the colour of an end, by how far it is.
var urgency = []struct {
	days   int // up to so many days from now
	colour string
	word   string
}{
	{-1, "#b71c1c", "expired"},
	{30, "#e65100", "within 30 days"},
	{90, "#b28704", "within 90 days"},
	{math.MaxInt, "#2e7d32", "later"},
}

// Timeline draws when what runs out: a row for each certificate, the next one on
// top, and what it cuts off beside it.
func Timeline(report *expiry.Report, now time.Time) []byte {
	from := now
	for _, e := range report.Expiring {
		if e.NotAfter.Before(from) {
			from = e.NotAfter
		}
	}
	t := &timeline{from: from, until: report.Until, now: now, rows: len(report.Expiring)}
	title := fmt.Sprintf("What runs out from %s to %s", from.UTC().Format(time.DateOnly), report.Until.UTC().Format(time.DateOnly))
	t.c.text(margin, margin+14, font{size: 17, fill: "#1c1f23", bold: true}, title)
	t.legend(margin, margin+44)
	t.top = margin + 92
	t.grid()
	for i, e := range report.Expiring {
		t.row(i, e)
	}
	if t.rows == 0 {
		t.c.text(margin, t.top+16, font{size: 13, fill: "#4a4f57"}, "Nothing runs out in this time.")
	}
	return t.c.document(margin+labelW+axisW+noteW+margin, t.bottom()+margin, title)
}

type timeline struct {
	c                canvas
	from, until, now time.Time
	rows             int
	top              float64
}

func (t *timeline) bottom() float64 { return t.y(max(1, t.rows)-1) + rowH + 8 }

// y is the top of a row; before every axis but the first there is room for it.
func (t *timeline) y(row int) float64 {
	return t.top + float64(row+row/axisEach)*rowH
}

// x is where a time is on the axis.
func (t *timeline) x(at time.Time) float64 {
	whole := t.until.Sub(t.from)
	if whole <= 0 {
		return margin + labelW
	}
	return margin + labelW + axisW*math.Min(1, float64(at.Sub(t.from))/float64(whole))
}

func (t *timeline) legend(x, y float64) {
	for _, u := range urgency {
		t.c.box(x, y-10, 11, 11, style{fill: u.colour, radius: 5.5}, "")
		t.c.text(x+18, y, font{size: 11, fill: "#4a4f57"}, u.word)
		x += 18 + widthOf(u.word, 11) + 18
	}
	for _, k := range []expiry.Kind{expiry.Root, expiry.Intermediate, expiry.Partner} {
		t.mark(x+6, y-4.5, k, "#4a4f57", "")
		t.c.text(x+18, y, font{size: 11, fill: "#4a4f57"}, kindWord[k])
		x += 18 + widthOf(kindWord[k], 11) + 18
	}
}

var kindWord = map[expiry.Kind]string{expiry.Root: "root", expiry.Intermediate: "intermediate", expiry.Partner: "partner"}

// grid draws the lines of the months and of today, with their names at the top,
// at the bottom and wherever a screen would have lost them.
func (t *timeline) grid() {
	var names []float64
	for row := 0; row < max(1, t.rows); row += axisEach {
		names = append(names, t.y(row))
	}
	if t.rows > 10 {
		names = append(names, t.bottom()+14)
	}
	today := t.x(t.now)
	for _, tick := range ticks(t.from, t.until) {
		x := t.x(tick.at)
		t.c.line(x, t.top-4, x, t.bottom(), style{stroke: "#e1e4e8", width: 1})
		if math.Abs(x-today) < 44 {
			continue // today's name stands there
		}
		for _, y := range names {
			t.c.text(x, y-8, font{size: 10, fill: "#6b7280", anchor: "middle"}, tick.name)
		}
	}
	t.c.line(today, t.top-4, today, t.bottom(), style{stroke: "#1c1f23", width: 1.4})
	for _, y := range names {
		t.c.text(today, y-8, font{size: 10, fill: "#1c1f23", bold: true, anchor: "middle"}, "today")
	}
}

func (t *timeline) row(i int, e expiry.Expiring) {
	y := t.y(i)
	mid := y + rowH/2
	if i%2 == 1 {
		t.c.box(margin-6, y, labelW+axisW+noteW+6, rowH, style{fill: "#00000008"}, "")
	}
	t.c.text(margin, mid+4, font{size: 9.5, fill: "#6b7280"}, fit(string(e.Domain), 9.5, 58))
	name := commonName(e.Name)
	if e.Organization != "" {
		name = e.Organization
	}
	t.c.text(margin+62, mid+4, font{size: 11, fill: "#1c1f23"}, fit(name, 11, labelW-62-14))

	colour, left := t.colour(e.NotAfter), daysLeft(t.now, e.NotAfter)
	x := t.x(e.NotAfter)
	t.c.line(t.x(t.now), mid, x, mid, style{stroke: colour, width: 2})
	note := e.NotAfter.UTC().Format(time.DateOnly) + ", " + inDays(left)
	if n := len(e.CutsOff); n > 0 {
		note += fmt.Sprintf(" · cuts off %d", n)
	}
	t.mark(x, mid, e.Kind, colour, e.Name+"\n"+note)
	f := font{size: 10, fill: "#1c1f23", bold: len(e.CutsOff) > 0}
	if left < 0 { // what is over is on the left of today, its note on the other side
		x = t.x(t.now)
	}
	t.c.text(x+10, mid+4, f, note)
}

// commonName is the beginning of a name in the form of RFC 4514, where that is
// its common name: enough to know it by.
func commonName(name string) string {
	rest, ok := strings.CutPrefix(name, "CN=")
	if !ok {
		return name
	}
	for i := range rest {
		if rest[i] == ',' && (i == 0 || rest[i-1] != '\\') {
			return rest[:i]
		}
	}
	return rest
}

// mark is the end of a certificate: a square, a circle or a diamond.
func (t *timeline) mark(x, y float64, k expiry.Kind, colour, title string) {
	s := style{fill: colour}
	switch k {
	case expiry.Root:
		t.c.box(x-5, y-5, 10, 10, s, title)
	case expiry.Partner:
		t.c.path(fmt.Sprintf("M%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fZ", x-6, y, x, y-6, x+6, y, x, y+6), s)
	default:
		s.radius = 5
		t.c.box(x-5, y-5, 10, 10, s, title)
	}
}

func (t *timeline) colour(end time.Time) string {
	left := daysLeft(t.now, end)
	for _, u := range urgency {
		if left <= u.days {
			return u.colour
		}
	}
	return ""
}

// daysLeft counts whole days, downwards: -1 is over.
func daysLeft(now, end time.Time) int {
	return int(math.Floor(end.Sub(now).Hours() / 24))
}

func inDays(n int) string {
	switch {
	case n < -1:
		return fmt.Sprintf("%d days ago", -n)
	case n == -1:
		return "expired"
	case n == 0:
		return "today"
	case n == 1:
		return "in 1 day"
	}
	return fmt.Sprintf("in %d days", n)
}

package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"
)

// writeJSON writes a result for programs.
func (a *app) writeJSON(v any) error {
	encoder := json.NewEncoder(a.Out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// say writes a line of the result.
func (a *app) say(format string, args ...any) {
	fmt.Fprintf(a.Out, format+"\n", args...)
}

// warn tells what is worth knowing and is not the result.
func (a *app) warn(format string, args ...any) {
	fmt.Fprintln(a.Err, printable(fmt.Sprintf("partnertrust: "+format, args...)))
}

// paint is a colour of a terminal, as the number that ECMA-48 gives it.
type paint string

const (
	plain  paint = ""
	red    paint = "31"
	green  paint = "32"
	yellow paint = "33"
	dim    paint = "2"
)

// colored reports whether the result is to have colours: for a person who looks
// at a terminal and has not asked for none (https://no-color.org).
func (a *app) colored() bool {
	switch a.color {
	case "always":
		return true
	case "never":
		return false
	}
	return a.OutIsTerminal && a.Getenv("NO_COLOR") == "" && a.Getenv("TERM") != "dumb"
}

func (a *app) in(p paint, text string) string {
	if p == plain || !a.colored() {
		return text
	}
	return "\x1b[" + string(p) + "m" + text + "\x1b[0m"
}

// explained writes one of the library's trees, with its marks in colour. Names
// in it are a stranger's: nothing in them may steer the terminal.
func (a *app) explained(text string) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		p := plain
		switch {
		case strings.Contains(line, "✗"), strings.HasPrefix(line, "Refused"):
			p = red
		case strings.Contains(line, "✓"), strings.HasPrefix(line, "Accepted"):
			p = green
		case strings.HasPrefix(line, "Also tried"):
			p = dim
		}
		a.say("%s", a.in(p, printable(line)))
	}
}

// printable is a text without what could steer a terminal or pretend to be
// another line.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '\uFFFD'
		}
		return r
	}, text)
}

// printableLines is printable for a text of several lines.
func printableLines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(printable(strings.TrimRight(line, "\n")) + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// table is rows under headings, the columns lined up.
type table struct {
	heads []string
	rows  [][]string
	paint []paint // of each row
}

func (t *table) add(p paint, cells ...string) {
	for i := range cells {
		cells[i] = printable(cells[i])
	}
	t.rows, t.paint = append(t.rows, cells), append(t.paint, p)
}

// write lines up the table first and colours its lines then, because colours
// would count as width.
func (t *table) write(a *app) error {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{t.heads}, t.rows...) {
		if _, err := io.WriteString(w, strings.Join(row, "\t")+"\n"); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for i, line := range strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n") {
		p := dim
		if i > 0 {
			p = t.paint[i-1]
		}
		a.say("%s", a.in(p, strings.TrimRight(line, " ")))
	}
	return nil
}

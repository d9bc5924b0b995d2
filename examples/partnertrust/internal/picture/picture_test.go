package picture_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/examples/partnertrust/internal/picture"
	"github.com/mosip/partnertrust/examples/partnertrust/internal/trustgraph"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/expiry"
)

var now = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

// store makes the nodes of a store of about n CAs, shaped as a platform's: a few
// roots, CAs below them, and below one of these very many.
func store(n int) *trustgraph.Graph {
	g := &trustgraph.Graph{At: now, Domains: []trust.Domain{trust.Auth, trust.Device, trust.FTM}}
	states := []trustgraph.State{
		trustgraph.Valid, trustgraph.Valid, trustgraph.Valid, trustgraph.Valid, trustgraph.Soon, trustgraph.Valid,
		trustgraph.Expired, trustgraph.Valid, trustgraph.Revoked, trustgraph.Valid, trustgraph.Broken, trustgraph.NotYetValid,
	}
	names := []string{"Acme Biometrics Intermediate", "Банк развития", "Example Device CA", "A Very Long Name of a Certification Authority Ltd.", "日本認証局", "KEYMGR partner"}
	for i := range n {
		d := g.Domains[i%3]
		k := i / 3 // its number in the domain
		node := &trustgraph.Node{
			ID: fmt.Sprintf("%s-%d", d, k), Domain: d, Kind: trustgraph.Intermediate, Issuers: []string{},
			Name:     fmt.Sprintf("%s %d", names[i%len(names)], k),
			NotAfter: now.AddDate(0, i%40-3, i), State: states[k%len(states)],
		}
		switch {
		case k == 0 || k == 7:
			node.Kind, node.State, node.Name = trustgraph.Root, trustgraph.Valid, fmt.Sprintf("Example %s Root %d", d, k)
		case k < 4:
			node.Issuers = []string{fmt.Sprintf("%s-0", d)}
		case k == 8:
			node.Issuers = []string{fmt.Sprintf("%s-0", d), fmt.Sprintf("%s-7", d)} // cross-certified
		case k%9 == 0:
			node.Issuers = []string{fmt.Sprintf("%s-7", d)}
		case k%11 == 10:
			node.State, node.Why = trustgraph.Broken, "no issuer of the certificate is known"
		default:
			node.Issuers = []string{fmt.Sprintf("%s-%d", d, 1+k%3)}
		}
		node.Subject = "CN=" + node.Name + ",O=Example"
		g.Nodes = append(g.Nodes, node)
	}
	return g
}

func report(n int) *expiry.Report {
	r := &expiry.Report{From: now, Until: now.AddDate(0, 0, 30+n)}
	kinds := []expiry.Kind{expiry.Partner, expiry.Intermediate, expiry.Partner, expiry.Root, expiry.Partner}
	for i := range n {
		e := expiry.Expiring{Item: expiry.Item{
			Kind: kinds[i%5], Domain: []trust.Domain{trust.Auth, trust.Device, trust.FTM}[i%3], ID: fmt.Sprint(i),
			Name: fmt.Sprintf("CN=Example CA %d,O=Example Organisation", i), NotAfter: now.AddDate(0, 0, i-min(n/8, 4)),
		}}
		if e.Kind == expiry.Partner {
			e.Organization = fmt.Sprintf("Acme Organisation No. %d", i)
		} else if i%2 == 1 {
			e.CutsOff = make([]expiry.Item, i)
		}
		r.Expiring = append(r.Expiring, e)
	}
	return r
}

// keep writes a picture where somebody wants to look at it.
func keep(t *testing.T, name string, data []byte) {
	t.Helper()
	if dir := os.Getenv("PARTNERTRUST_PICTURES"); dir != "" {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o644))
	}
}

type rect struct{ x, y, w, h float64 }

// boxes reads the boxes that have a title, which are the certificates, and checks
// that the picture is well formed and everything in it on the canvas.
func boxes(t *testing.T, svg []byte) []rect {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	var out []rect
	var last, canvas rect
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		at := map[string]float64{}
		for _, a := range element.Attr {
			at[a.Name.Local], _ = strconv.ParseFloat(a.Value, 64)
		}
		switch element.Name.Local {
		case "svg":
			canvas = rect{w: at["width"], h: at["height"]}
		case "rect":
			last = rect{at["x"], at["y"], at["width"], at["height"]}
			require.LessOrEqual(t, last.x+last.w, canvas.w+100)
			require.LessOrEqual(t, last.y+last.h, canvas.h+100)
		case "text":
			require.LessOrEqual(t, at["x"], canvas.w)
			require.LessOrEqual(t, at["y"], canvas.h)
		case "title":
			if last.w > 0 {
				require.LessOrEqual(t, last.x+last.w, canvas.w)
				require.LessOrEqual(t, last.y+last.h, canvas.h)
				out = append(out, last)
			}
		}
	}
}

func TestGraph(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 3, 30, 300} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			svg := picture.Graph(store(n))
			keep(t, fmt.Sprintf("graph-%d.svg", n), svg)
			all := boxes(t, svg)
			require.Len(t, all, n, "every certificate is drawn once")
			for i, a := range all {
				for _, b := range all[:i] {
					apart := a.x+a.w <= b.x || b.x+b.w <= a.x || a.y+a.h <= b.y || b.y+b.h <= a.y
					require.True(t, apart, "%v and %v lie on each other", a, b)
				}
			}
		})
	}
}

// A state is told by words, too: not everybody sees its colour.
func TestStatesAreWords(t *testing.T) {
	t.Parallel()
	svg := string(picture.Graph(store(300)))
	for _, word := range []string{"revoked", "expired", "no valid path", "not yet valid", "until", "root"} {
		require.Contains(t, svg, word)
	}
}

func TestNamesOfStrangers(t *testing.T) {
	t.Parallel()
	g := store(3)
	g.Nodes[0].Name = "\"]; evil [label=\"\\\n<script>alert(1)</script>\x00\x1b&"
	g.Nodes[0].Subject = g.Nodes[0].Name
	svg := picture.Graph(g)
	boxes(t, svg)
	require.NotContains(t, string(svg), "<script")
	dot := string(picture.DOT(g))
	require.Contains(t, dot, `label="\"]; evil [label=\"\\\n<script>`)
	for line := range strings.Lines(dot) {
		quotes := strings.Count(strings.ReplaceAll(strings.ReplaceAll(line, `\\`, ""), `\"`, ""), `"`)
		require.Zero(t, quotes%2, "quotes are closed on their line: %q", line)
	}
}

func TestDOT(t *testing.T) {
	t.Parallel()
	dot := string(picture.DOT(store(30)))
	keep(t, "graph-30.dot", []byte(dot))
	require.Contains(t, dot, `"DEVICE-0" -> "DEVICE-1"`)
	require.Contains(t, dot, `label="DEVICE"`)
	require.Contains(t, dot, `fillcolor="#fde0de"`)
	require.Equal(t, strings.Count(dot, "{"), strings.Count(dot, "}"))
}

func TestTimeline(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 3, 30, 300} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			svg := picture.Timeline(report(n), now)
			keep(t, fmt.Sprintf("timeline-%d.svg", n), svg)
			boxes(t, svg)
			text := string(svg)
			require.Contains(t, text, ">today<")
			switch {
			case n == 0:
				require.Contains(t, text, "Nothing runs out in this time.")
			case n >= 30:
				require.Contains(t, text, "cuts off 1<")
				require.Contains(t, text, "days ago")
			}
		})
	}
}

package cli_test

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust/admit"
)

var update = flag.Bool("update", false, "write what the commands of the documentation print into it")

const docs = "../../../../docs/operators.md"

// console finds what a page shows of a terminal.
var console = regexp.MustCompile("(?s)```console\n(.*?)```")

// page reads a page of the checkout; in a module that was installed alone there
// is none.
func page(t *testing.T, path string) (absolute, text string) {
	t.Helper()
	absolute, err := filepath.Abs(path)
	require.NoError(t, err)
	data, err := os.ReadFile(absolute)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("there is no documentation beside this module")
	}
	require.NoError(t, err)
	return absolute, string(data)
}

// What a page shows of a terminal is what the commands print, one after the other
// in one world. Only what is made anew each time may differ: ids, hashes, keys.
func TestDocumentation(t *testing.T) {
	for _, path := range []string{docs, "../../../README.md"} {
		t.Run(filepath.Base(path), func(t *testing.T) {
			absolute, text := page(t, path)
			w := newWorld(t)
			shown := console.FindAllStringSubmatch(text, -1)
			require.NotEmpty(t, shown)
			for _, block := range shown {
				printed := w.session(block[1])
				if *update {
					text = strings.Replace(text, block[0], "```console\n"+printed+"```", 1)
					continue
				}
				require.Equal(t, unique(printed), unique(block[1]), "go test ./internal/cli -run Documentation -update")
			}
			if *update {
				require.NoError(t, os.WriteFile(absolute, []byte(text), 0o644))
			}
			w.pictures(filepath.Dir(absolute))
		})
	}
}

// session runs the commands of a block and writes it as it then looks.
func (w *world) session(block string) string {
	w.t.Helper()
	var b strings.Builder
	code := 0
	for line := range strings.Lines(block) {
		command, ok := strings.CutPrefix(strings.TrimSpace(line), "$ ")
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "$ %s\n", command)
		if command == "echo $?" {
			fmt.Fprintln(&b, code)
			continue
		}
		r := w.shell(command)
		code = r.code
		b.WriteString(r.out + r.err)
	}
	return b.String()
}

// unique takes the place of what is made anew each time.
func unique(text string) string {
	for _, made := range []struct{ pattern, stands string }{
		{`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`, "(id)"},
		{`[0-9a-f]{64}`, "(sha256)"},
		{`SHA-256 [0-9a-f]{16}`, "(sha256)"},
		{`(?m)^[0-9A-Za-z_-]{43}$`, "(client id)"},
	} {
		text = regexp.MustCompile(made.pattern).ReplaceAllString(text, made.stands)
	}
	return text
}

// pictures holds the pictures of the documentation against what the session left
// behind.
func (w *world) pictures(dir string) {
	w.t.Helper()
	for drawn, shown := range map[string]string{"trust.svg": "operators-graph.svg", "expiry.svg": "operators-expiry.svg"} {
		svg, err := os.ReadFile(drawn)
		if err != nil {
			continue // that page draws none
		}
		target := filepath.Join(dir, shown)
		if *update {
			require.NoError(w.t, os.WriteFile(target, svg, 0o644))
			continue
		}
		kept, err := os.ReadFile(target)
		require.NoError(w.t, err)
		require.Equal(w.t, unique(string(svg)), unique(string(kept)), shown)
	}
}

// Every code that the platform answers with stands in the operators' table.
func TestEveryCodeIsDocumented(t *testing.T) {
	_, text := page(t, docs)
	for _, r := range certchain.Reasons() {
		for _, code := range []string{r.PlatformCode(), admit.PlatformCode(r)} {
			require.Contains(t, text, code, string(r))
		}
	}
	require.Contains(t, text, admit.CodeAlreadyPresent)
}

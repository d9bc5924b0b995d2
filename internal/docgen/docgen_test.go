package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
)

// What is generated is what is there.
func TestUpToDate(t *testing.T) {
	t.Parallel()
	docs, err := documents("../..")
	require.NoError(t, err)
	for name, want := range docs {
		got, err := os.ReadFile(filepath.Join("../..", name))
		require.NoError(t, err)
		require.Equal(t, want, string(got), "run: go run ./internal/docgen")
	}
}

// No constant is passed over, and none is without words.
func TestEveryReasonIsListed(t *testing.T) {
	t.Parallel()
	page, err := reasonsPage("../..")
	require.NoError(t, err)
	for _, r := range certchain.Reasons() {
		require.Contains(t, page, "| `"+string(r)+"` |")
	}
	require.NotContains(t, page, "|  |  |  |  |")
	for line := range strings.Lines(page) {
		require.NotContains(t, line, "unknown reason")
		if strings.HasPrefix(line, "| `") {
			cells := strings.Split(line, " | ")
			require.NotEmpty(t, strings.TrimSpace(cells[1]), line)
		}
	}
}

func TestRunWrites(t *testing.T) {
	t.Parallel()
	require.Error(t, run(t.TempDir()), "a folder without the module")
	_, err := between("text", "part", "new")
	require.ErrorContains(t, err, "no comment")
	_, err = between("<!-- part: generated -->\nold", "part", "new")
	require.ErrorContains(t, err, "after it")
	text, err := between("a\n<!-- part: generated -->\nold\n<!-- end -->\nb", "part", "new\n")
	require.NoError(t, err)
	require.Equal(t, "a\n<!-- part: generated -->\nnew\n<!-- end -->\nb", text)
	require.Equal(t, "see `Decide` and [x", plainLinks("see [Decide] and [x"))
}

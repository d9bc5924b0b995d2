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

func TestLicenceOf(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := licenceOf(dir)
	require.ErrorContains(t, err, "no licence file")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "LICENSE"), []byte("All rights reserved."), 0o600))
	_, err = licenceOf(dir)
	require.ErrorContains(t, err, "unknown licence", "what nobody knows is not passed over")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "LICENSE"), []byte("Permission is hereby\ngranted, free of charge"), 0o600))
	name, err := licenceOf(dir)
	require.NoError(t, err)
	require.Equal(t, "MIT", name)
}

// The list of the API has what the front doors are made of.
func TestAPIPage(t *testing.T) {
	t.Parallel()
	page, err := apiPage("../..")
	require.NoError(t, err)
	for _, line := range []string{
		"pkg certchain, const Expired Reason = \"Expired\"\n",
		"pkg certchain, func New(src trust.Source, opts ...Option) *Verifier\n",
		"pkg certchain, func (v *Verifier) Verify(ctx context.Context, d trust.Domain, leaf *x509.Certificate, opts ...Option) (*Chain, error)\n",
		"pkg trust, type CA struct, Certificate *x509.Certificate\n",
		"pkg trust, type Source interface { Snapshot(ctx context.Context, d Domain) (*Snapshot, error) }\n",
	} {
		require.Contains(t, page, line)
	}
	require.NotContains(t, page, "fingerprint [sha256.Size]byte", "what is not exported")
}

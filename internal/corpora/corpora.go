// Package corpora finds the conformance corpora, which are public data of
// other projects and never part of this repository.
package corpora

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Dir returns the folder of the corpora: the one that PARTNERTRUST_CORPORA
// names, or shared/corpora beside the checkout. Where there is none the test
// is skipped, and says so.
func Dir(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv("PARTNERTRUST_CORPORA")
	if dir == "" {
		_, here, _, _ := runtime.Caller(0)
		dir = filepath.Join(filepath.Dir(here), "..", "..", "..", "shared", "corpora")
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		tb.Skip("no conformance corpora here; set PARTNERTRUST_CORPORA to their folder")
	}
	return dir
}

// Read returns the contents of one file of the corpora.
func Read(tb testing.TB, name ...string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{Dir(tb)}, name...)...))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

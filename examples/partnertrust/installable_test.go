package main_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// go install refuses a module whose go.mod has directives that mean something
// in the main module and nothing elsewhere.
func TestInstallable(t *testing.T) {
	t.Parallel()
	module, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	require.NotRegexp(t, `(?m)^\s*(replace|exclude)\b`, string(module))
	require.Regexp(t, `(?m)^\s*github.com/mosip/partnertrust v\d`, string(module))
}

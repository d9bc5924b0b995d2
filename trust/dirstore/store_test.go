package dirstore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
	"github.com/mosip/partnertrust/trust/storetest"
)

func open(tb testing.TB, dir string, opts ...dirstore.Option) *dirstore.Store {
	tb.Helper()
	s, err := dirstore.Open(dir, opts...)
	require.NoError(tb, err)
	return s
}

func TestContract(t *testing.T) {
	t.Parallel()
	storetest.RunDurable(t, func(tb testing.TB) func(testing.TB) trust.Store {
		dir := tb.TempDir()
		return func(tb testing.TB) trust.Store { return open(tb, dir) }
	})
}

// Every call looks at the folder.
func TestContractWithoutInterval(t *testing.T) {
	t.Parallel()
	storetest.RunDurable(t, func(tb testing.TB) func(testing.TB) trust.Store {
		dir := tb.TempDir()
		return func(tb testing.TB) trust.Store { return open(tb, dir, dirstore.WithInterval(0)) }
	})
}

package dirstore_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
)

// ending is a context that ends when it was asked a number of times.
type ending struct {
	context.Context
	left int
}

func (e *ending) Err() error {
	if e.left--; e.left < 0 {
		return context.Canceled
	}
	return nil
}

// Wherever a call is when its ctx ends: it says so and has changed nothing, or
// it has done all.
func TestCanceledAnywhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, dirstore.WithInterval(0))
	there, fresh := ca(pkitest.NewRoot(t, "there")), ca(pkitest.NewRoot(t, "fresh"))
	require.NoError(t, s.Add(ctx, there))
	canceled := 0
	for n := range 12 {
		for name, call := range map[string]func(context.Context) error{
			"Add": func(c context.Context) error { return s.Add(c, fresh) },
			"Remove": func(c context.Context) error {
				return s.Remove(c, trust.Auth, there.DefaultID())
			},
			"Snapshot": func(c context.Context) error { _, err := s.Snapshot(c, trust.Auth); return err },
			"List":     func(c context.Context) error { _, err := s.List(c, trust.Query{}); return err },
			"Domains":  func(c context.Context) error { _, err := s.Domains(c); return err },
		} {
			err := call(&ending{ctx, n})
			after := snapshot(t, open(t, dir), trust.Auth)
			_, hasThere := after.Find(there.Certificate)
			_, hasFresh := after.Find(fresh.Certificate)
			if err != nil {
				canceled++
				require.ErrorIs(t, err, context.Canceled)
			}
			done := err == nil
			require.Equal(t, done && name == "Add", hasFresh, "%s, ended at %d", name, n)
			require.Equal(t, !done || name != "Remove", hasThere, "%s, ended at %d", name, n)
			switch {
			case done && name == "Add":
				require.NoError(t, s.Remove(ctx, trust.Auth, fresh.DefaultID()))
			case done && name == "Remove":
				require.NoError(t, s.Add(ctx, there))
			}
		}
	}
	require.Greater(t, canceled, 8)
}

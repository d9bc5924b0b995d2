package dirstore_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
)

// unhurried opens a store that looks at the folder by itself only once: what
// it sees later, a write made it look for.
func unhurried(t *testing.T, dir string) *dirstore.Store {
	t.Helper()
	return open(t, dir, dirstore.WithInterval(time.Hour))
}

// A writer looks at the folder where another process wrote since it looked, and
// only there. A file that is dropped by hand tells whether it looked.
func TestWritersLookWhenOthersWrote(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := unhurried(t, dir), unhurried(t, dir)
	root := pkitest.NewRoot(t, "root")
	held := func(s *dirstore.Store) int { return snapshot(t, s, trust.Auth).Len() }
	require.NoError(t, a.Add(ctx, ca(root)))
	require.ErrorIs(t, b.Add(ctx, ca(root)), trust.ErrExists, "b looks: a wrote")
	require.NoError(t, b.Add(ctx, ca(pkitest.NewRoot(t, "of b"))))

	drop(t, dir, "AUTH/by-hand.pem", pkitest.NewRoot(t, "by hand").PEM())
	require.NoError(t, b.Add(ctx, ca(pkitest.NewRoot(t, "of b"))))
	require.NoError(t, b.Remove(ctx, trust.Auth, ca(root).DefaultID()))
	require.Equal(t, 2, held(b), "b does not look: nobody else wrote")
	require.ErrorIs(t, a.Remove(ctx, trust.Auth, ca(root).DefaultID()), trust.ErrNotFound, "a looks: b wrote")
	require.Equal(t, 3, held(a))

	// A store that is opened, or looked, knows what was written before.
	c := unhurried(t, dir)
	drop(t, dir, "AUTH/by-hand-2.pem", pkitest.NewRoot(t, "by hand").PEM())
	require.NoError(t, c.Add(ctx, ca(pkitest.NewRoot(t, "of c"))))
	require.Equal(t, 4, held(c))
}

// A writer that was stopped half way left no token, whatever it did.
func TestWritersLookAfterHalfAWrite(t *testing.T) {
	t.Parallel()
	halves := map[string]func(dir string){
		"failed": func(dir string) {
			drop(t, dir, "FTM", nil) // where the folder should be
			other := ca(pkitest.NewRoot(t, "b"))
			other.Domain = trust.FTM
			require.Error(t, unhurried(t, dir).Add(ctx, ca(pkitest.NewRoot(t, "a")), other))
		},
		"lock file emptied": func(dir string) { drop(t, dir, ".lock", nil) },
		"lock file overwritten": func(dir string) {
			drop(t, dir, ".lock", []byte("--------------------------------\n"))
		},
	}
	for name, half := range halves {
		dir := t.TempDir()
		s := unhurried(t, dir)
		require.NoError(t, s.Add(ctx, ca(pkitest.NewRoot(t, "first"))))
		half(dir)
		root := pkitest.NewRoot(t, "root")
		drop(t, dir, "AUTH/by-hand.pem", root.PEM())
		require.ErrorIs(t, s.Add(ctx, ca(root)), trust.ErrExists, name)
	}
	for name, half := range halves {
		dir := t.TempDir()
		require.NoError(t, unhurried(t, dir).Add(ctx, ca(pkitest.NewRoot(t, "first"))))
		half(dir)
		s := unhurried(t, dir) // what it sees may be the first half
		root := pkitest.NewRoot(t, "root")
		drop(t, dir, "AUTH/by-hand.pem", root.PEM())
		require.ErrorIs(t, s.Add(ctx, ca(root)), trust.ErrExists, name)
	}
	// Two lock files that nobody ever finished a write with are not one.
	dir := t.TempDir()
	s := unhurried(t, dir)
	root := pkitest.NewRoot(t, "root")
	drop(t, dir, "AUTH/by-hand.pem", root.PEM())
	require.ErrorIs(t, s.Add(ctx, ca(root)), trust.ErrExists)
}

// A folder that went away and came back is looked at before it is changed.
func TestWritersLookAfterTheFolderWasAway(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "store")
	drop(t, dir, "AUTH/a.pem", pkitest.NewRoot(t, "a").PEM())
	now := time.Now()
	s := open(t, dir, dirstore.WithInterval(time.Hour), dirstore.WithClock(func() time.Time { return now }))
	require.NoError(t, s.Add(ctx, ca(pkitest.NewRoot(t, "b"))))
	away(t, dir)
	now = now.Add(2 * time.Hour)
	require.Equal(t, 2, snapshot(t, s, trust.Auth).Len())
	require.Equal(t, []string{"."}, problems(s))
	back(t, dir)
	root := pkitest.NewRoot(t, "root")
	drop(t, dir, "AUTH/by-hand.pem", root.PEM())
	require.ErrorIs(t, s.Add(ctx, ca(root)), trust.ErrExists)
	require.Empty(t, s.Problems())
}

// A store that looks at every call looks before it writes.
func TestWritersWithoutInterval(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, dirstore.WithInterval(0))
	require.NoError(t, s.Add(ctx, ca(pkitest.NewRoot(t, "first"))))
	root := pkitest.NewRoot(t, "root")
	drop(t, dir, "AUTH/by-hand.pem", root.PEM())
	require.ErrorIs(t, s.Add(ctx, ca(root)), trust.ErrExists)
}

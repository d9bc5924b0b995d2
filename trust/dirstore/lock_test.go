//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package dirstore_test

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
)

func holdLock(t *testing.T, dir string) (unlock func()) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, ".lock"), os.O_CREATE|os.O_RDWR, 0o644)
	require.NoError(t, err)
	require.NoError(t, syscall.Flock(int(f.Fd()), syscall.LOCK_EX))
	return func() { _ = f.Close() }
}

// A writer waits for the lock no longer than its ctx lasts.
func TestWaitingEnds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, dirstore.WithInterval(0))
	waiting, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	unlock := holdLock(t, dir)
	ended := make(chan error, 2)
	for _, name := range []string{"a", "b"} {
		one := ca(pkitest.NewRoot(t, name))
		go func() { ended <- s.Add(waiting, one) }()
	}
	drop(t, dir, "AUTH/c.pem", pkitest.NewRoot(t, "c").PEM())
	require.Equal(t, 1, snapshot(t, s, trust.Auth).Len(), "readers do not wait for writers, and see what changes")
	require.ErrorIs(t, <-ended, context.DeadlineExceeded)
	require.ErrorIs(t, <-ended, context.DeadlineExceeded)
	unlock()
	require.NoError(t, s.Add(ctx, ca(pkitest.NewRoot(t, "a"))))
}

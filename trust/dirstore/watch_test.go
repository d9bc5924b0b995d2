package dirstore_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
)

// watching runs a Watch until the test ends.
func watching(t *testing.T, s *dirstore.Store, changed func(*trust.Snapshot)) (stop func()) {
	t.Helper()
	until, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	before := s.Watches()
	go func() { ended <- s.Watch(until, changed) }()
	// What happens before it watches it does not tell.
	require.Eventually(t, func() bool { return s.Watches() > before }, 10*time.Second, time.Millisecond)
	stop = func() {
		cancel()
		if err := <-ended; err != nil {
			require.ErrorIs(t, err, context.Canceled)
			ended <- nil
		}
	}
	t.Cleanup(func() { cancel(); <-ended })
	return stop
}

// Whoever made a change, a watch tells of it: this store, another one on the
// same folder, or a hand; each version once, in their order.
func TestWatch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, other := open(t, dir), open(t, dir)
	heard := make(chan *trust.Snapshot, 100)
	stop := watching(t, s, func(got *trust.Snapshot) { heard <- got })
	last := map[trust.Domain]uint64{}
	hear := func(d trust.Domain, size int) {
		t.Helper()
		select {
		case got := <-heard:
			require.Equal(t, d, got.Domain())
			require.Equal(t, size, got.Len())
			require.Equal(t, last[d]+1, got.Version())
			last[d] = got.Version()
			require.Same(t, got, snapshot(t, s, d))
		case <-time.After(10 * time.Second):
			require.FailNow(t, "the watch is silent")
		}
	}
	one := ca(pkitest.NewRoot(t, "one"))
	require.NoError(t, s.Add(ctx, one))
	hear(trust.Auth, 1)
	require.NoError(t, other.Add(ctx, ca(pkitest.NewRoot(t, "two"))))
	hear(trust.Auth, 2)
	path := drop(t, dir, "FTM/by-hand.pem", pkitest.NewRoot(t, "three").PEM())
	hear(trust.FTM, 1)
	require.NoError(t, os.Remove(path))
	hear(trust.FTM, 0)
	require.NoError(t, other.Remove(ctx, trust.Auth, one.DefaultID()))
	hear(trust.Auth, 1)
	stop()
	require.NoError(t, s.Add(ctx, one))
	select {
	case <-heard:
		require.FailNow(t, "a watch that has ended tells no more")
	case <-time.After(10 * time.Millisecond):
	}
}

// While a watch runs nobody else looks at the folder, however old the last look.
func TestReadersLeaveLookingToTheWatch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var c clock
	s := open(t, dir, dirstore.WithClock(c.now), dirstore.WithInterval(time.Hour))
	c.move(time.Minute)
	stop := watching(t, s, nil)
	require.Eventually(t, func() bool { return s.Freshness().Checked.Equal(c.now()) }, 10*time.Second, time.Millisecond, "the watch looks at once")
	drop(t, dir, "AUTH/a.pem", pkitest.NewRoot(t, "a").PEM())
	c.move(2 * time.Hour)
	require.Zero(t, snapshot(t, s, trust.Auth).Len())
	stop()
	require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
}

// A folder that goes away ends no watch; it is heard of again when it is back.
func TestWatchOutlastsAnAbsence(t *testing.T) {
	t.Parallel()
	dir := t.TempDir() + "/store"
	require.NoError(t, os.Mkdir(dir, 0o755))
	s := open(t, dir)
	heard := make(chan *trust.Snapshot, 1)
	stop := watching(t, s, func(got *trust.Snapshot) { heard <- got })
	away(t, dir)
	require.Eventually(t, func() bool { return s.Freshness().Err != nil }, 10*time.Second, time.Millisecond)
	back(t, dir)
	drop(t, dir, "AUTH/a.pem", pkitest.NewRoot(t, "a").PEM())
	require.Equal(t, 1, (<-heard).Len())
	stop()
}

// A callback that does not return keeps neither writers nor the looks waiting,
// and finds a bounded number of snapshots when it does, the newest last.
func TestSlowCallback(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("writes more often than a watch keeps in mind")
	}
	dir := t.TempDir()
	s := open(t, dir)
	release, heard := make(chan struct{}), make(chan *trust.Snapshot, 2*dirstore.MaxUndelivered)
	stop := watching(t, s, func(got *trust.Snapshot) { heard <- got; <-release })
	one, other := ca(pkitest.NewRoot(t, "one")), ca(pkitest.NewRoot(t, "other"))
	other.Domain = trust.FTM
	require.NoError(t, s.Add(ctx, one))
	<-heard
	require.NoError(t, s.Add(ctx, other))
	for range dirstore.MaxUndelivered/2 + 5 {
		require.NoError(t, s.Remove(ctx, trust.Auth, one.DefaultID()))
		require.NoError(t, s.Add(ctx, one))
	}
	close(release)
	newest := map[trust.Domain]*trust.Snapshot{}
	count := 0
	for newest[trust.Auth] != snapshot(t, s, trust.Auth) {
		got := <-heard
		count++
		if last := newest[got.Domain()]; last != nil {
			require.Greater(t, got.Version(), last.Version())
		}
		newest[got.Domain()] = got
	}
	require.Same(t, snapshot(t, s, trust.FTM), newest[trust.FTM])
	require.Less(t, count, dirstore.MaxUndelivered)
	stop()
}

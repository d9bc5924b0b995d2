package dirstore_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
)

func away(t *testing.T, dir string) {
	t.Helper()
	require.NoError(t, os.Rename(dir, dir+"-away"))
}

func back(t *testing.T, dir string) {
	t.Helper()
	require.NoError(t, os.Rename(dir+"-away", dir))
}

// clock is a clock that stands until it is moved.
type clock struct {
	sync.Mutex
	at, step time.Duration
}

func (c *clock) now() time.Time {
	c.Lock()
	defer c.Unlock()
	c.at += c.step
	return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC).Add(c.at)
}

func (c *clock) move(d time.Duration) {
	c.Lock()
	defer c.Unlock()
	c.at += d
}

// How long ago the folder could be looked at is known, and a store that was
// told what is too long refuses to answer then.
func TestStaleness(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "store")
	drop(t, dir, "AUTH/a.pem", pkitest.NewRoot(t, "a").PEM())
	var c clock
	began := c.now()
	s := open(t, dir, dirstore.WithClock(c.now), dirstore.WithInterval(time.Minute), dirstore.MaxStaleness(time.Hour))
	patient := open(t, dir, dirstore.WithClock(c.now))
	require.Equal(t, trust.Freshness{Checked: began}, s.Freshness())
	c.move(2 * time.Hour)
	require.Equal(t, 1, snapshot(t, s, trust.Auth).Len(), "nobody asked for long, but the folder is there")
	looked := c.now()
	require.Equal(t, looked, s.Freshness().Checked)
	away(t, dir)
	c.move(time.Hour)
	require.Equal(t, 1, snapshot(t, s, trust.Auth).Len(), "at the limit")
	require.Equal(t, looked, s.Freshness().Checked)
	require.ErrorIs(t, s.Freshness().Err, os.ErrNotExist)
	c.move(time.Nanosecond)
	for range 2 {
		_, err := s.Snapshot(ctx, trust.Auth)
		require.ErrorIs(t, err, trust.ErrStale)
		require.ErrorIs(t, err, os.ErrNotExist)
		require.ErrorContains(t, err, "2026-06-01T02:00:00Z")
		_, err = s.List(ctx, trust.Query{})
		require.ErrorIs(t, err, trust.ErrStale)
		_, err = s.Domains(ctx)
		require.ErrorIs(t, err, trust.ErrStale)
	}
	c.move(-24 * time.Hour)
	_, err := s.Snapshot(ctx, trust.Auth)
	require.ErrorIs(t, err, trust.ErrStale, "a clock that is set back makes nothing current")
	c.move(24 * time.Hour)
	require.Equal(t, 1, snapshot(t, patient, trust.Auth).Len())
	back(t, dir)
	c.move(time.Minute)
	require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
	require.NoError(t, s.Freshness().Err)

	// Readers that come together wait for the one of them that looks.
	c.move(2 * time.Hour)
	errs := make(chan error, 16)
	for range cap(errs) {
		go func() { _, err := s.Snapshot(ctx, trust.Auth); errs <- err }()
	}
	for range cap(errs) {
		require.NoError(t, <-errs)
	}
}

// One domain that cannot be read is stale alone.
func TestStaleDomain(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root reads everything")
	}
	dir := t.TempDir()
	drop(t, dir, "AUTH/a.pem", pkitest.NewRoot(t, "a").PEM())
	drop(t, dir, "FTM/a.pem", pkitest.NewRoot(t, "a").PEM())
	var c clock
	s := open(t, dir, dirstore.WithClock(c.now), dirstore.MaxStaleness(time.Hour))
	began := s.Freshness().Checked
	require.NoError(t, os.Chmod(filepath.Join(dir, "FTM"), 0))
	defer func() { _ = os.Chmod(filepath.Join(dir, "FTM"), 0o755) }()
	for range 3 {
		c.move(40 * time.Minute)
		require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
	}
	require.Equal(t, began, s.Freshness().Checked)
	require.ErrorIs(t, s.Freshness().Err, os.ErrPermission)
	_, err := s.Snapshot(ctx, trust.FTM)
	require.ErrorIs(t, err, trust.ErrStale)
	_, err = s.List(ctx, trust.Query{Domain: trust.Auth})
	require.NoError(t, err)
	_, err = s.List(ctx, trust.Query{})
	require.ErrorIs(t, err, trust.ErrStale)
	other := ca(pkitest.NewRoot(t, "b"))
	require.NoError(t, s.Add(ctx, other))
	other.Domain = trust.FTM
	require.ErrorIs(t, s.Add(ctx, other), os.ErrPermission)
	require.NoError(t, os.Chmod(filepath.Join(dir, "FTM"), 0o755))
	require.NoError(t, s.Add(ctx, other), "a writer looks again")
	require.NoError(t, s.Freshness().Err)
}

// A look that takes long is done correspondingly seldom.
func TestLongLooksAreSeldom(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := clock{step: time.Second} // so long takes whatever is done between two questions for the time
	s := open(t, dir, dirstore.WithClock(c.now), dirstore.WithInterval(time.Second))
	drop(t, dir, "AUTH/a.pem", pkitest.NewRoot(t, "a").PEM())
	asked := 1
	for snapshot(t, s, trust.Auth).Len() == 0 {
		asked++
	}
	require.Equal(t, dirstore.Seldom-1, asked, "of twenty seconds the look took one, and each question one")
}

func TestProgress(t *testing.T) {
	t.Parallel()
	const files = 150
	dir := t.TempDir()
	data := pkitest.NewRoot(t, "root").PEM()
	for i := range files {
		drop(t, dir, fmt.Sprint("AUTH/", i, ".pem"), data)
	}
	drop(t, dir, "FTM/bad.pem", nil)
	drop(t, dir, "FTM/none.txt", nil)
	last, calls := -1, 0
	s := open(t, dir, dirstore.WithProgress(func(done, total int) {
		calls++
		require.Equal(t, files+1, total)
		require.Greater(t, done, last)
		require.True(t, calls > 1 || done == 0)
		last = done
	}))
	require.Equal(t, files+1, last)
	require.Greater(t, calls, 2)
	require.NoError(t, s.Add(ctx, ca(pkitest.NewRoot(t, "later"))))
	require.Equal(t, files+1, last, "it is told of the load alone")
	empty := 0
	open(t, t.TempDir(), dirstore.WithProgress(func(done, total int) { empty++; require.Zero(t, done+total) }))
	require.Positive(t, empty)
}

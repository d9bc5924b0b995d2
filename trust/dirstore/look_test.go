package dirstore_test

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
)

// counting is a context that does something when it is asked for the nth time,
// which is how a test gets into the middle of a look.
type counting struct {
	context.Context
	asked atomic.Int64
	at    int64
	do    func()
}

func (c *counting) Err() error {
	if c.asked.Add(1) == c.at {
		c.do()
	}
	return nil
}

// When a look asks its context: as the call begins, before it lists a domain,
// before it reads a file.
const firstFile = 3

// What this store wrote while it looked is neither lost nor brought back by
// what the look saw before.
func TestWritesDuringALook(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var c clock
	s := open(t, dir, dirstore.WithClock(c.now), dirstore.WithInterval(time.Hour))
	during := func(do func()) *trust.Snapshot {
		c.move(2 * time.Hour)
		got, err := s.Snapshot(&counting{Context: ctx, at: firstFile, do: do}, trust.Auth)
		require.NoError(t, err)
		require.Equal(t, c.now(), s.Freshness().Checked)
		return got
	}
	// A writer that looked too would wait for the look that it is in the middle of.
	soon, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	first, second := ca(pkitest.NewRoot(t, "first")), ca(pkitest.NewRoot(t, "second"))
	require.NoError(t, s.Add(ctx, first))

	got := during(func() { require.NoError(t, s.Add(soon, second)) })
	require.Equal(t, 2, got.Len(), "a file that was not listed yet")
	drop(t, dir, "AUTH/by-hand.pem", pkitest.NewRoot(t, "by hand").PEM())
	require.NoError(t, s.Remove(ctx, trust.Auth, second.DefaultID()))
	require.Equal(t, 1, snapshot(t, s, trust.Auth).Len(), "no writer needs to look: nobody else wrote")

	got = during(func() { require.NoError(t, s.Add(soon, second)) })
	require.Equal(t, 3, got.Len(), "what the look did see counts")

	// A file that this store wrote anew and a hand then broke: what is kept of
	// it is what this store wrote.
	a, b := ca(pkitest.NewRoot(t, "a")), ca(pkitest.NewRoot(t, "b"))
	a.Domain, b.Domain = trust.FTM, trust.FTM
	dir = t.TempDir()
	s = open(t, dir, dirstore.WithClock(c.now), dirstore.WithInterval(time.Hour))
	require.NoError(t, s.Add(ctx, a, b))
	during(func() {
		require.NoError(t, s.Remove(soon, trust.FTM, a.DefaultID()))
		drop(t, dir, "FTM/"+a.DefaultID()+".pem", []byte("broken"))
	})
	c.move(2 * time.Hour)
	left := snapshot(t, s, trust.FTM)
	require.Len(t, s.Problems(), 1)
	require.Equal(t, 1, s.Problems()[0].Kept)
	require.Empty(t, left.RoleOf(a.Fingerprint()))
	require.Equal(t, trust.Root, left.RoleOf(b.Fingerprint()))
}

// A reader for whom what is known is too old waits for the one that looks, and
// does not look again.
func TestReaderWaitsForALook(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	drop(t, dir, "AUTH/a.pem", pkitest.NewRoot(t, "a").PEM())
	var c clock
	s := open(t, dir, dirstore.WithClock(c.now), dirstore.MaxStaleness(time.Minute))
	c.move(time.Hour)
	waiter := &counting{Context: ctx}
	answers := make(chan error, 1)
	_, err := s.Snapshot(&counting{Context: ctx, at: firstFile, do: func() {
		go func() { _, err := s.Snapshot(waiter, trust.Auth); answers <- err }()
		select {
		case err := <-answers:
			require.FailNow(t, "a reader did not wait", "%v", err)
		case <-time.After(20 * time.Millisecond):
		}
	}}, trust.Auth)
	require.NoError(t, err)
	require.NoError(t, <-answers)
	require.EqualValues(t, 1, waiter.asked.Load())
	canceled, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	c.move(time.Hour)
	_, err = s.Snapshot(&counting{Context: ctx, at: firstFile, do: func() {
		_, err := s.Snapshot(canceled, trust.Auth)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	}}, trust.Auth)
	require.NoError(t, err)
}

// A file that is so young that its time may hide a change is read again.
func TestYoungFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var c clock
	s := open(t, dir, dirstore.WithClock(c.now), dirstore.WithInterval(0))
	put := func(data []byte) {
		then := c.now()
		require.NoError(t, os.Chtimes(drop(t, dir, "AUTH/a.pem", data), then, then))
	}
	a, b := pkitest.NewRoot(t, "a"), pkitest.NewRoot(t, "b")
	for len(a.PEM()) != len(b.PEM()) {
		b = pkitest.NewRoot(t, "b")
	}
	put(a.PEM())
	require.Equal(t, trust.Root, snapshot(t, s, trust.Auth).RoleOf(sum(a)))
	put(b.PEM())
	require.Equal(t, trust.Root, snapshot(t, s, trust.Auth).RoleOf(sum(b)))

	put([]byte("broken"))
	for range 3 { // also when it is older, nothing but its age has changed
		snapshot(t, s, trust.Auth)
		require.Equal(t, []string{"AUTH/a.pem"}, problems(s))
		c.move(time.Hour)
	}
	require.NoError(t, os.Remove(filepath.Join(dir, "AUTH", "a.pem")))
	require.Zero(t, snapshot(t, s, trust.Auth).Len())
	require.Empty(t, s.Problems())
}

// The time at which a CA was added is the same before and after a restart.
func TestAddedInAnotherZone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	one := ca(pkitest.NewRoot(t, "one"))
	one.AddedAt = time.Now().In(time.FixedZone("there", 5*3600))
	require.NoError(t, s.Add(ctx, one))
	before, _ := snapshot(t, s, trust.Auth).RecordOf(one.DefaultID())
	after, _ := snapshot(t, open(t, dir), trust.Auth).RecordOf(one.DefaultID())
	require.Equal(t, after.AddedAt(), before.AddedAt())
	require.True(t, one.AddedAt.Equal(before.AddedAt()))
}

package dirstore_test

import (
	"bytes"
	"fmt"
	"maps"
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

// While a store writes, another looks and a third one writes too, people drop
// and delete files: every file is as its last owner left it, and in the end
// both stores serve exactly what is there.
func TestHandsAmongWriters(t *testing.T) {
	t.Parallel()
	const rounds = 40
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "AUTH"), 0o755))
	stores := []*dirstore.Store{open(t, dir, dirstore.WithInterval(time.Microsecond)), open(t, dir, dirstore.WithInterval(time.Microsecond))}
	own := [2][]trust.CA{}
	hand := make([]*pkitest.Cert, rounds)
	for i := range rounds {
		hand[i] = pkitest.NewRoot(t, "hand")
		for n := range own {
			own[n] = append(own[n], ca(pkitest.NewRoot(t, "own")))
		}
	}
	path := func(i int) string { return filepath.Join(dir, "AUTH", fmt.Sprint("hand-", i, ".pem")) }
	errs := make(chan error, 2*rounds*len(stores)+2*rounds+8)
	var writers, readers sync.WaitGroup
	done := make(chan struct{})
	for n, s := range stores {
		writers.Go(func() {
			for i, one := range own[n] {
				errs <- s.Add(ctx, one)
				if i%2 == 1 {
					errs <- s.Remove(ctx, trust.Auth, one.DefaultID())
				}
			}
		})
		readers.Go(func() {
			var last uint64
			for {
				select {
				case <-done:
					return
				default:
				}
				got, err := s.Snapshot(ctx, trust.Auth)
				if err == nil && got.Version() < last {
					err = fmt.Errorf("the version went from %d to %d", last, got.Version())
				}
				if err != nil {
					errs <- err
					return
				}
				last = got.Version()
			}
		})
	}
	writers.Go(func() {
		for i, c := range hand {
			errs <- os.WriteFile(path(i), c.PEM(), 0o644)
			if i%2 == 1 {
				errs <- os.Remove(path(i))
			}
			time.Sleep(time.Millisecond)
		}
	})
	writers.Wait()
	close(done)
	readers.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
	want := map[[32]byte]bool{}
	for i := 0; i < rounds; i += 2 {
		want[sum(hand[i])], want[own[0][i].Fingerprint()], want[own[1][i].Fingerprint()] = true, true, true
	}
	for _, s := range append(stores, open(t, dir)) {
		got := map[[32]byte]bool{}
		for range 5000 { // until it has looked
			clear(got)
			for r := range snapshot(t, s, trust.Auth).Records() {
				got[r.Fingerprint()] = true
			}
			if maps.Equal(want, got) {
				break
			}
			time.Sleep(time.Millisecond)
		}
		require.Equal(t, want, got)
	}
	for i := 0; i < rounds; i += 2 {
		data, err := os.ReadFile(path(i))
		require.NoError(t, err)
		require.True(t, bytes.Equal(hand[i].PEM(), data), "a file dropped by hand was overwritten")
	}
}

func sum(c *pkitest.Cert) [32]byte { return trust.CA{Certificate: c.Certificate}.Fingerprint() }

// What a store has not looked at yet it neither overwrites nor deletes.
func TestUnseenFilesAreLeftAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b, c := pkitest.NewRoot(t, "a"), pkitest.NewRoot(t, "b"), pkitest.NewRoot(t, "c")
	replaced := drop(t, dir, "AUTH/replaced.pem", a.PEM())
	extended := drop(t, dir, "AUTH/extended.pem", b.PEM())
	gone := drop(t, dir, "AUTH/gone.pem", c.PEM())
	s := unhurried(t, dir)
	require.NoError(t, s.Add(ctx, ca(pkitest.NewRoot(t, "first")))) // from here on nothing makes it look

	other := pkitest.NewRoot(t, "other")
	drop(t, dir, "AUTH/replaced.pem", other.PEM())
	require.ErrorIs(t, s.Remove(ctx, trust.Auth, ca(a).DefaultID()), trust.ErrNotFound)
	data, err := os.ReadFile(replaced)
	require.NoError(t, err)
	require.Equal(t, other.PEM(), data)

	drop(t, dir, "AUTH/extended.pem", append(b.PEM(), a.PEM()...))
	require.NoError(t, s.Remove(ctx, trust.Auth, ca(b).DefaultID()))
	stays, err := trust.ParseCertificates(must(os.ReadFile(extended)))
	require.NoError(t, err)
	require.Equal(t, pkitest.Certificates(a), stays)

	require.NoError(t, os.Remove(gone))
	require.ErrorIs(t, s.Remove(ctx, trust.Auth, ca(c).DefaultID()), trust.ErrNotFound)

	drop(t, dir, "AUTH/extended.pem", []byte("half"))
	require.ErrorIs(t, s.Remove(ctx, trust.Auth, ca(a).DefaultID()), dirstore.ErrBroken)

	one := ca(pkitest.NewRoot(t, "one"))
	squatter := drop(t, dir, "AUTH/"+one.DefaultID()+".pem", other.PEM())
	require.NoError(t, s.Add(ctx, one))
	require.Equal(t, other.PEM(), must(os.ReadFile(squatter)))
	require.FileExists(t, filepath.Join(dir, "AUTH", one.DefaultID()+"~2.pem"))
	left, err := filepath.Glob(filepath.Join(dir, "AUTH", ".*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func must(data []byte, _ error) []byte { return data }

// Two files that claim one id, in one domain or in two: the first by domain and
// name has it, until it goes.
func TestConflicts(t *testing.T) {
	t.Parallel()
	marked := func(id string, c *pkitest.Cert) []byte {
		return append([]byte("# partnertrust-ca: id="+id+" role=ROOT\n"), c.PEM()...)
	}
	for _, second := range []string{"AUTH/2.pem", "FTM/0.pem"} {
		dir := t.TempDir()
		a, b := pkitest.NewRoot(t, "a"), pkitest.NewRoot(t, "b")
		s := open(t, dir, dirstore.WithInterval(0))
		drop(t, dir, second, marked("one", b))
		d := trust.Domain(filepath.Dir(second))
		require.Equal(t, trust.Root, snapshot(t, s, d).RoleOf(sum(b)), second)
		drop(t, dir, "AUTH/1.pem", marked("one", a))
		require.Equal(t, trust.Root, snapshot(t, s, trust.Auth).RoleOf(sum(a)), second)
		require.Empty(t, snapshot(t, s, d).RoleOf(sum(b)), second)
		require.Equal(t, []string{second}, problems(s))
		require.ErrorIs(t, s.Problems()[0], dirstore.ErrConflict)
		require.NoError(t, s.Add(ctx, ca(pkitest.NewRoot(t, "beside"))))
		require.Equal(t, []string{second}, problems(s))
		fresh := unhurried(t, dir)
		require.Equal(t, []string{second}, problems(fresh))
		require.NoError(t, fresh.Remove(ctx, trust.Auth, "one"))
		for _, s := range []*dirstore.Store{fresh, s} {
			require.Equal(t, trust.Root, snapshot(t, s, d).RoleOf(sum(b)), second)
			require.Empty(t, s.Problems())
		}
	}
}

// Of two files that name one CA differently the first by name counts, whichever
// was there first.
func TestFirstFileCounts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	root := pkitest.NewRoot(t, "root")
	s := open(t, dir, dirstore.WithInterval(0))
	for _, name := range []string{"2", "3", "1"} {
		drop(t, dir, "AUTH/"+name+".pem", append([]byte("# partnertrust-ca: id=of-"+name+" role=ROOT\n"), root.PEM()...))
		require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
	}
	for _, s := range []*dirstore.Store{s, open(t, dir)} {
		_, ok := snapshot(t, s, trust.Auth).RecordOf("of-1")
		require.True(t, ok)
	}
}

// A certificate in many files is one CA until the last of them goes; a file
// that is renamed, or touched without another word, is no change.
func TestFilesThatShareACertificate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := pkitest.NewRoot(t, "a"), pkitest.NewRoot(t, "b")
	then := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	s := open(t, dir, dirstore.WithInterval(0))
	for _, name := range []string{"3", "1", "2"} {
		require.NoError(t, os.Chtimes(drop(t, dir, "AUTH/"+name+".pem", append(a.PEM(), b.PEM()...)), then, then))
	}
	first := snapshot(t, s, trust.Auth)
	require.Equal(t, 2, first.Len())
	require.NoError(t, os.Rename(filepath.Join(dir, "AUTH", "1.pem"), filepath.Join(dir, "AUTH", "4.pem")))
	require.Same(t, first, snapshot(t, s, trust.Auth))
	for _, name := range []string{"2", "3"} {
		require.NoError(t, os.Remove(filepath.Join(dir, "AUTH", name+".pem")))
		require.Same(t, first, snapshot(t, s, trust.Auth))
	}
	require.NoError(t, os.Remove(filepath.Join(dir, "AUTH", "4.pem")))
	require.Zero(t, snapshot(t, s, trust.Auth).Len())
}

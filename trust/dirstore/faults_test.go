package dirstore_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
)

// Two stores on one folder see each other's changes, and keep their writes
// apart.
func TestTwoStores(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := open(t, dir, dirstore.WithInterval(0)), open(t, dir, dirstore.WithInterval(0))
	root := pkitest.NewRoot(t, "root")
	require.NoError(t, a.Add(ctx, ca(root)))
	got, ok := snapshot(t, b, trust.Auth).Find(root.Certificate)
	require.True(t, ok)
	require.ErrorIs(t, b.Add(ctx, ca(root)), trust.ErrExists)
	require.NoError(t, b.Remove(ctx, trust.Auth, got.ID))
	require.ErrorIs(t, a.Remove(ctx, trust.Auth, got.ID), trust.ErrNotFound)
	require.Zero(t, snapshot(t, a, trust.Auth).Len())
	errs := make(chan error, 2)
	for _, s := range []*dirstore.Store{a, b} {
		var cas []trust.CA
		for i := range 10 {
			cas = append(cas, ca(pkitest.NewRoot(t, fmt.Sprint(i))))
		}
		go func() {
			var err error
			for _, ca := range cas {
				if err == nil {
					err = s.Add(ctx, ca)
				}
			}
			errs <- err
		}()
	}
	require.NoError(t, <-errs)
	require.NoError(t, <-errs)
	require.Equal(t, 20, snapshot(t, a, trust.Auth).Len())
	require.Equal(t, 20, snapshot(t, b, trust.Auth).Len())
}

// A folder that goes away leaves what was known, and takes no change.
func TestFolderGoesAway(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "store")
	_, err := dirstore.Open(dir)
	require.ErrorIs(t, err, os.ErrNotExist)
	drop(t, dir, "AUTH/a.pem", pkitest.NewRoot(t, "a").PEM())
	_, err = dirstore.Open(filepath.Join(dir, "AUTH", "a.pem"))
	require.Error(t, err)
	s := open(t, dir, dirstore.WithInterval(0))
	require.NoError(t, os.Rename(dir, dir+"-away"))
	for range 2 {
		require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
		require.Equal(t, []string{"."}, problems(s))
	}
	require.Error(t, s.Add(ctx, ca(pkitest.NewRoot(t, "b"))))
	require.NoError(t, os.Rename(dir+"-away", dir))
	require.NoError(t, s.Add(ctx, ca(pkitest.NewRoot(t, "b"))))
	require.Empty(t, s.Problems())
}

// A domain that cannot be read gives what was known, or an error, and never an
// empty snapshot. Too many entries stand for any cause, also as root.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i := range dirstore.MaxDomains {
		require.NoError(t, os.Mkdir(filepath.Join(dir, fmt.Sprint("D", i)), 0o755))
	}
	open(t, dir)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "ONE-TOO-MANY"), 0o755))
	_, err := dirstore.Open(dir)
	require.ErrorIs(t, err, trust.ErrTooLarge)
	if os.Geteuid() == 0 {
		return
	}
	dir = t.TempDir()
	drop(t, dir, "AUTH/a.pem", pkitest.NewRoot(t, "a").PEM())
	known := open(t, dir, dirstore.WithInterval(0))
	require.NoError(t, os.Chmod(filepath.Join(dir, "AUTH"), 0))
	defer func() { _ = os.Chmod(filepath.Join(dir, "AUTH"), 0o755) }()
	require.Equal(t, 1, snapshot(t, known, trust.Auth).Len())
	fresh := open(t, dir)
	_, err = fresh.Snapshot(ctx, trust.Auth)
	require.ErrorIs(t, err, os.ErrPermission)
	_, err = fresh.List(ctx, trust.Query{})
	require.ErrorIs(t, err, os.ErrPermission)
}

func TestFailedWriteLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, dirstore.WithInterval(0))
	drop(t, dir, "FTM", nil) // where the folder should be
	other := ca(pkitest.NewRoot(t, "b"))
	other.Domain = trust.FTM
	require.Error(t, s.Add(ctx, ca(pkitest.NewRoot(t, "a")), other))
	require.Zero(t, snapshot(t, s, trust.Auth).Len(), "the file of the first domain is taken back")
	long := ca(pkitest.NewRoot(t, "a"))
	long.AddedAt = time.Date(10000, 1, 2, 0, 0, 0, 0, time.UTC)
	require.ErrorIs(t, s.Add(ctx, long), trust.ErrInvalidCA)
	forged := ca(pkitest.NewRoot(t, "a"))
	copied := *forged.Certificate
	copied.Raw = append(bytes.Clone(copied.Raw), 0)
	forged.Certificate = &copied
	require.ErrorIs(t, s.Add(ctx, forged), trust.ErrInvalidCA)

	// What a writer left that died is cleared away by the next.
	debris := drop(t, dir, "AUTH/.tmp-x.pem", []byte("half"))
	one := ca(pkitest.NewRoot(t, "a"))
	drop(t, dir, "AUTH/"+one.DefaultID()+".pem", pkitest.NewRoot(t, "squatter").PEM())
	require.NoError(t, s.Add(ctx, one))
	require.NoFileExists(t, debris)
	require.FileExists(t, filepath.Join(dir, "AUTH", one.DefaultID()+"~2.pem"))
}

// What stands in a writer's way is an error, and nothing changes.
func TestWritersObstacles(t *testing.T) {
	t.Parallel()
	for _, path := range []string{".lock/x", "AUTH/.tmp-a.pem/x"} {
		dir := t.TempDir()
		drop(t, dir, path, nil)
		s := open(t, dir)
		require.Error(t, s.Add(ctx, ca(pkitest.NewRoot(t, "a"))), path)
		require.Error(t, s.Remove(ctx, trust.Auth, "a"), path)
		require.Zero(t, snapshot(t, s, trust.Auth).Len())
	}
	dir := t.TempDir()
	s := open(t, dir)
	root := pkitest.NewRoot(t, "root")
	require.NoError(t, s.Add(ctx, ca(root)))
	drop(t, dir, "AUTH/.tmp-"+ca(root).DefaultID()+".pem", nil) // of a writer that died
	require.NoError(t, s.Remove(ctx, trust.Auth, ca(root).DefaultID()))
}

func TestOptions(t *testing.T) {
	t.Parallel()
	_, err := dirstore.Open(t.TempDir(), dirstore.WithClock(nil))
	require.ErrorIs(t, err, dirstore.ErrOption)
	_, err = dirstore.Open(t.TempDir(), dirstore.WithInterval(-1))
	require.ErrorIs(t, err, dirstore.ErrOption)
}

// openssl reads what the store writes.
func TestOpenSSLReads(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("no openssl")
	}
	dir := t.TempDir()
	s := open(t, dir)
	root := pkitest.NewRoot(t, "root")
	require.NoError(t, s.Add(ctx, ca(root)))
	out, err := exec.Command(tool, "x509", "-noout", "-fingerprint", "-sha256", "-in", filepath.Join(dir, "AUTH", ca(root).DefaultID()+".pem")).Output()
	require.NoError(t, err)
	require.Contains(t, strings.ToLower(strings.ReplaceAll(string(out), ":", "")), trust.SHA256(root.Certificate))
}

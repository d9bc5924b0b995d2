package dirstore_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

var ctx = context.Background()

func drop(t *testing.T, dir, path string, data []byte) string {
	t.Helper()
	path = filepath.Join(dir, path)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, data, 0o644))
	return path
}

func snapshot(t *testing.T, s *dirstore.Store, d trust.Domain) *trust.Snapshot {
	t.Helper()
	got, err := s.Snapshot(ctx, d)
	require.NoError(t, err)
	return got
}

func problems(s *dirstore.Store) (paths []string) {
	for _, p := range s.Problems() {
		paths = append(paths, p.Path)
	}
	return paths
}

func ca(c *pkitest.Cert) trust.CA {
	return trust.CA{Domain: trust.Auth, Role: trust.Root, Certificate: c.Certificate}
}

// Files that somebody drops are read in every form, and what the store needs
// to know beyond the certificate follows from the file.
func TestDroppedFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	root := pkitest.NewRoot(t, "root")
	inter, other := root.IssueCA(t, "inter"), pkitest.NewRoot(t, "other")
	p7, err := pkcs7.Marshal(pkitest.Certificates(inter, root))
	require.NoError(t, err)
	drop(t, dir, "AUTH/root.pem", root.PEM())
	path := drop(t, dir, "AUTH/other.DER", other.Certificate.Raw)
	then := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	require.NoError(t, os.Chtimes(path, then, then))
	drop(t, dir, "FTM/chain.p7b", p7)
	s := open(t, dir, dirstore.WithInterval(0))
	require.Empty(t, s.Problems())

	auth := snapshot(t, s, trust.Auth)
	require.Equal(t, 2, auth.Len())
	got, ok := auth.Find(other.Certificate)
	require.True(t, ok)
	require.Equal(t, trust.Root, got.Role)
	require.Equal(t, then, got.AddedAt)
	require.Equal(t, got.DefaultID(), got.ID)
	ftm := snapshot(t, s, trust.FTM)
	require.Equal(t, 2, ftm.Len())
	got, _ = ftm.Find(inter.Certificate)
	require.Equal(t, trust.Intermediate, got.Role)
	require.ErrorIs(t, s.Add(ctx, ca(root)), trust.ErrExists)

	// Removal rewrites a file that holds others.
	require.NoError(t, s.Remove(ctx, trust.FTM, got.ID))
	stays, ok := snapshot(t, open(t, dir), trust.FTM).Find(root.Certificate)
	require.True(t, ok)
	before, _ := ftm.Find(root.Certificate)
	require.Equal(t, before, stays)
	require.NoError(t, s.Remove(ctx, trust.FTM, stays.ID))
	require.NoFileExists(t, filepath.Join(dir, "FTM", "chain.p7b"))
	domains, err := s.Domains(ctx)
	require.NoError(t, err)
	require.Equal(t, []trust.Domain{trust.Auth, trust.FTM}, domains)
}

// A CA in several files is one CA, what the store wrote about it counts, and
// Remove leaves none that would bring it back.
func TestCertificateInSeveralFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, dirstore.WithInterval(0))
	root, second := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "second")
	added := ca(root)
	added.ID, added.Role = "mine", trust.Intermediate
	require.NoError(t, s.Add(ctx, added, ca(second)))
	drop(t, dir, "AUTH/000.pem", append(root.PEM(), root.PEM()...))
	drop(t, dir, "AUTH/zzz.pem", append(second.PEM(), root.PEM()...))
	got := snapshot(t, s, trust.Auth)
	require.Equal(t, 2, got.Len())
	found, ok := got.ByID("mine")
	require.True(t, ok)
	require.Equal(t, trust.Intermediate, found.Role)
	require.NoError(t, s.Remove(ctx, trust.Auth, "mine"))
	again := snapshot(t, open(t, dir), trust.Auth)
	require.Equal(t, 1, again.Len())
	_, ok = again.Find(second.Certificate)
	require.True(t, ok)
	require.Empty(t, s.Problems())
}

func TestReload(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := pkitest.NewRoot(t, "a"), pkitest.NewRoot(t, "b")
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	s := open(t, dir, dirstore.WithClock(func() time.Time { return now }), dirstore.WithInterval(time.Minute))
	path := drop(t, dir, "AUTH/a.pem", a.PEM())
	require.Zero(t, snapshot(t, s, trust.Auth).Len(), "within the interval nobody looks")
	now = now.Add(time.Minute)
	first := snapshot(t, s, trust.Auth)
	require.Equal(t, 1, first.Len())
	now = now.Add(time.Minute)
	require.Same(t, first, snapshot(t, s, trust.Auth), "no change, no new version")
	drop(t, dir, "AUTH/a.pem", b.PEM())
	now = now.Add(-time.Hour) // a clock that is set back must not stop the looking
	got := snapshot(t, s, trust.Auth)
	_, ok := got.Find(b.Certificate)
	require.True(t, ok)
	require.Equal(t, 1, got.Len())
	require.Greater(t, got.Version(), first.Version())
	require.NoError(t, os.Remove(path))
	now = now.Add(time.Minute)
	require.Zero(t, snapshot(t, s, trust.Auth).Len())
	drop(t, dir, "AUTH/a.pem", b.PEM())
	now = now.Add(time.Minute)
	require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "AUTH")))
	now = now.Add(time.Minute)
	require.Zero(t, snapshot(t, s, trust.Auth).Len())
}

// A file that turns bad is named and its last good content served; it is no
// obstacle to the others, nor to a new store, which never saw it good.
func TestFileTurnsBad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := pkitest.NewRoot(t, "a"), pkitest.NewRoot(t, "b")
	drop(t, dir, "AUTH/a.pem", a.PEM())
	s := open(t, dir, dirstore.WithInterval(0))
	good := snapshot(t, s, trust.Auth)
	drop(t, dir, "AUTH/a.pem", a.PEM()[:300])
	drop(t, dir, "AUTH/b.pem", b.PEM())
	require.Equal(t, 2, snapshot(t, s, trust.Auth).Len())
	require.Equal(t, []string{"AUTH/a.pem"}, problems(s))
	p := s.Problems()[0]
	require.ErrorIs(t, p, trust.ErrMalformed)
	require.Equal(t, 1, p.Kept)
	require.Contains(t, p.Error(), "AUTH/a.pem")
	require.Equal(t, 1, snapshot(t, open(t, dir), trust.Auth).Len())

	kept, _ := good.Find(a.Certificate)
	err := s.Remove(ctx, trust.Auth, kept.ID)
	require.ErrorIs(t, err, dirstore.ErrBroken)
	require.ErrorIs(t, err, trust.ErrMalformed)
	require.ErrorAs(t, err, &p)
	drop(t, dir, "AUTH/a.pem", a.PEM())
	require.NoError(t, s.Remove(ctx, trust.Auth, kept.ID))
	require.Empty(t, s.Problems())
	require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
}

// What is none of the store's is named and left alone.
func TestForeignEntries(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	root := pkitest.NewRoot(t, "root")
	good := drop(t, dir, "AUTH/root.pem", root.PEM())
	marked := func(line string) []byte {
		return append([]byte("# partnertrust-ca: "+line+"\n"), pkitest.NewRoot(t, "x").PEM()...)
	}
	want := map[string]error{
		"README":           dirstore.ErrForeign,
		"auth":             dirstore.ErrForeign,
		"AUTH/notes.txt":   dirstore.ErrForeign,
		"AUTH/sub.pem":     dirstore.ErrForeign,
		"AUTH/link.pem":    dirstore.ErrForeign,
		"AUTH/empty.pem":   trust.ErrNoCertificate,
		"AUTH/key.pem":     trust.ErrPrivateKey,
		"AUTH/half.pem":    trust.ErrMalformed,
		"AUTH/large.der":   trust.ErrTooLarge,
		"AUTH/field.pem":   trust.ErrInvalidCA,
		"AUTH/time.pem":    trust.ErrInvalidCA,
		"AUTH/no-role.pem": trust.ErrInvalidCA,
		"AUTH/role.pem":    trust.ErrInvalidCA,
		"AUTH/id.pem":      trust.ErrInvalidCA,
		"AUTH/two-2.pem":   dirstore.ErrConflict,
		"LINK":             dirstore.ErrForeign,
	}
	drop(t, dir, "README", nil)
	drop(t, dir, "auth/root.pem", root.PEM())
	drop(t, dir, ".git/config", nil)
	drop(t, dir, "AUTH/.keep", nil)
	drop(t, dir, "AUTH/notes.txt", root.PEM())
	drop(t, dir, "AUTH/sub.pem/root.pem", root.PEM())
	require.NoError(t, os.Symlink(good, filepath.Join(dir, "AUTH", "link.pem")))
	require.NoError(t, os.Symlink(filepath.Join(dir, "AUTH"), filepath.Join(dir, "LINK")))
	drop(t, dir, "AUTH/empty.pem", nil)
	drop(t, dir, "AUTH/key.pem", append(pkitest.NewRoot(t, "y").PEM(), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"...))
	drop(t, dir, "AUTH/half.pem", append(pkitest.NewRoot(t, "y").PEM(), root.PEM()[:200]...))
	require.NoError(t, os.Truncate(drop(t, dir, "AUTH/large.der", nil), dirstore.MaxFileBytes+1))
	drop(t, dir, "AUTH/field.pem", marked("id=a role=ROOT colour=red"))
	drop(t, dir, "AUTH/time.pem", marked("id=a role=ROOT added=yesterday"))
	drop(t, dir, "AUTH/no-role.pem", marked("id=a"))
	drop(t, dir, "AUTH/role.pem", marked("id=a role=LEAF"))
	drop(t, dir, "AUTH/id.pem", marked("id=../a role=ROOT"))
	drop(t, dir, "AUTH/two-1.pem", marked("id=two role=ROOT"))
	drop(t, dir, "AUTH/two-2.pem", marked("id=two role=ROOT"))
	s := open(t, dir, dirstore.WithInterval(0))
	for range 2 {
		require.Equal(t, 2, snapshot(t, s, trust.Auth).Len())
		require.Len(t, s.Problems(), len(want))
		for _, p := range s.Problems() {
			require.ErrorIs(t, p, want[p.Path], p.Path)
			require.Contains(t, p.Error(), p.Path)
		}
	}
	for path := range want {
		_, err := os.Lstat(filepath.Join(dir, path))
		require.NoError(t, err)
	}
}

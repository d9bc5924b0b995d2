package revocation_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/pkitest"
)

func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, filepath.Join(dir, e.Name()))
	}
	return names
}

func TestCacheSurvivesRestart(t *testing.T) {
	t.Parallel()
	s, k := newSite(t), &clock{}
	s.tag = `"v1"`
	root, namesake := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "root")
	leaf, bad := root.Issue(t, "leaf", at(s.URL+"/a.crl")), root.Issue(t, "bad", at(s.URL+"/a.crl"))
	genuine := crl{signer: root, entries: revoked(bad)}.der(t)
	s.put("/a.crl", genuine)
	dir := filepath.Join(t.TempDir(), "made", "if need be")
	newAsker(t, k, chain(bad, root), revocation.CacheDir(dir)).status(certchain.StatusRevoked)
	require.Len(t, files(t, dir), 1)
	require.EqualValues(t, 1, s.hits.Load())

	again := newAsker(t, k, chain(bad, root), revocation.CacheDir(dir))
	again.status(certchain.StatusRevoked)
	require.EqualValues(t, 1, s.hits.Load(), "a list on disk is as good as one in memory")

	// When it is due it is asked for conditionally.
	var sent atomic.Value
	s.handle(func(w http.ResponseWriter, r *http.Request) {
		sent.Store(r.Header.Get("If-None-Match"))
		w.WriteHeader(http.StatusNotModified)
	})
	k.advance(2 * time.Hour)
	newAsker(t, k, chain(bad, root), revocation.CacheDir(dir)).status(certchain.StatusRevoked)
	require.Equal(t, `"v1"`, sent.Load())
	// A dead server does not matter to a restart.
	s.handle(http.NotFound)
	newAsker(t, k, chain(leaf, root), revocation.CacheDir(dir)).status(certchain.StatusGood)
	s.handle(nil)
	hits := s.hits.Load()

	// A file that was damaged is ignored and replaced.
	file := files(t, dir)[0]
	whole, err := os.ReadFile(file)
	require.NoError(t, err)
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-40] ^= 1
	line, _, _ := bytes.Cut(whole, []byte("\n"))
	forged := crl{signer: namesake, number: 1000, this: k.now()}.der(t)
	for name, damaged := range map[string][]byte{
		"empty": nil, "cut off": whole[:len(whole)-1], "a bit": flipped, "no head": genuine, "head alone": line,
		"another list": append(append(bytes.Clone(line), '\n'), forged...),
		"too large":    append(bytes.Clone(whole), make([]byte, len(whole)+(16<<10))...),
	} {
		require.NoError(t, os.WriteFile(file, damaged, 0o600))
		var complaints atomic.Int64
		opts := []revocation.FetchOption{revocation.CacheDir(dir), revocation.MaxFetchBytes(int64(len(whole))),
			revocation.OnCacheError(func(err error) { complaints.Add(1) })}
		newAsker(t, k, chain(bad, root), opts...).status(certchain.StatusRevoked)
		hits++
		require.Equal(t, hits, s.hits.Load(), name)
		require.EqualValues(t, 1, complaints.Load(), name)
		newAsker(t, k, chain(bad, root), opts...).status(certchain.StatusRevoked)
		require.Equal(t, hits, s.hits.Load(), "%s: replaced", name)
	}
	// One that is whole and not genuine proves nothing, and is replaced too.
	withForged := t.TempDir()
	forger := newAsker(t, k, chain(namesake.Issue(t, "x", at(s.URL+"/a.crl")), namesake), revocation.CacheDir(withForged))
	s.put("/a.crl", forged)
	forger.status(certchain.StatusGood)
	s.put("/a.crl", genuine)
	newAsker(t, k, chain(bad, root), revocation.CacheDir(withForged)).status(certchain.StatusRevoked)
}

func TestCacheFilesAreBounded(t *testing.T) {
	t.Parallel()
	s, k := newSite(t), &clock{}
	root := pkitest.NewRoot(t, "root")
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "not ours"), nil, 0o600))
	for i := range 4 {
		path := "/" + strings.Repeat("a", i)
		s.put(path, crl{signer: root}.der(t))
		newAsker(t, k, chain(root.Issue(t, "leaf", at(s.URL+path)), root), revocation.CacheDir(dir), revocation.CacheFiles(3)).status(certchain.StatusGood)
		require.Len(t, files(t, dir), 1+min(i+1, 3))
	}
}

// A folder that cannot be written costs the memory of a restart and no more.
func TestCacheThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	s, k := newSite(t), &clock{}
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf", at(s.URL+"/a.crl"))
	s.put("/a.crl", crl{signer: root}.der(t))
	dir := filepath.Join(t.TempDir(), "cache")
	var complaints atomic.Int64
	a := newAsker(t, k, chain(leaf, root), revocation.CacheDir(dir), revocation.OnCacheError(func(error) { complaints.Add(1) }))
	require.NoError(t, os.RemoveAll(dir))
	a.status(certchain.StatusGood)
	require.EqualValues(t, 1, complaints.Load())

	// A folder where the file should be.
	s.put("/b.crl", crl{signer: root}.der(t))
	other := root.Issue(t, "other", at(s.URL+"/b.crl"))
	require.NoError(t, os.Mkdir(dir, 0o700))
	newAsker(t, k, chain(other, root), revocation.CacheDir(dir)).status(certchain.StatusGood)
	name := files(t, dir)[0]
	require.NoError(t, os.Remove(name))
	require.NoError(t, os.MkdirAll(filepath.Join(name, "x"), 0o700))
	complaints.Store(0)
	newAsker(t, k, chain(other, root), revocation.CacheDir(dir), revocation.OnCacheError(func(error) { complaints.Add(1) })).status(certchain.StatusGood)
	require.EqualValues(t, 2, complaints.Load(), "neither read nor written")
	require.Len(t, files(t, dir), 1, "nothing partial is left behind")
	newAsker(t, k, chain(other, root), revocation.CacheDir(dir), revocation.CacheFiles(1), revocation.OnCacheError(func(error) { complaints.Add(1) })).status(certchain.StatusGood)
	require.EqualValues(t, 4, complaints.Load(), "nor removed")
}

// Processes that share a folder do not roll each other back.
func TestSharedCache(t *testing.T) {
	t.Parallel()
	s, k := newSite(t), &clock{}
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf", at(s.URL+"/a.crl"))
	dir := t.TempDir()
	s.put("/a.crl", crl{signer: root, number: 4}.der(t))
	slow, quick := newAsker(t, k, chain(leaf, root), revocation.CacheDir(dir)), newAsker(t, k, chain(leaf, root), revocation.CacheDir(dir))
	slow.status(certchain.StatusGood)
	quick.status(certchain.StatusGood)
	k.advance(2 * time.Hour)
	s.put("/a.crl", crl{signer: root, number: 6, this: now.Add(2 * time.Hour), entries: revoked(leaf)}.der(t))
	quick.status(certchain.StatusRevoked)
	s.put("/a.crl", crl{signer: root, number: 5, this: now.Add(time.Hour)}.der(t))
	slow.status(certchain.StatusGood)
	newAsker(t, k, chain(leaf, root), revocation.CacheDir(dir)).status(certchain.StatusRevoked)
}

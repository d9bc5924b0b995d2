package revocation_test

import (
	"bytes"
	"crypto/x509"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/pkitest"
)

// asker asks about one certificate at the time of a clock.
type asker struct {
	t *testing.T
	c certchain.Revocation
	q certchain.RevocationQuery
	k *clock
}

func (a asker) status(want certchain.RevocationStatus) certchain.RevocationAnswer {
	a.t.Helper()
	a.q.At = a.k.now()
	return status(a.t, want, a.c.Check(ctx, a.q))
}

func newAsker(t *testing.T, k *clock, path []*pkitest.Cert, opts ...revocation.FetchOption) asker {
	t.Helper()
	f, err := revocation.NewFetcher(nil, append([]revocation.FetchOption{loopback, revocation.WithClock(k.now)}, opts...)...)
	require.NoError(t, err)
	return asker{t, f.CRLs(), question(path), k}
}

// A newer list is asked for in time, conditionally, and serves at once.
func TestRefresh(t *testing.T) {
	t.Parallel()
	for _, tag := range []string{"", `"v1"`} {
		s, k := newSite(t), &clock{}
		s.tag = tag
		root := pkitest.NewRoot(t, "root")
		leaf := root.Issue(t, "leaf", at(s.URL+"/a.crl"))
		var notModified, conditional atomic.Int64
		list := crl{signer: root, number: 1}.der(t)
		var revoking atomic.Pointer[[]byte]
		s.handle(func(w http.ResponseWriter, r *http.Request) {
			data := list
			if p := revoking.Load(); p != nil {
				data = *p
			} else if tag != "" {
				w.Header().Set("ETag", tag)
			}
			if r.Header.Get("If-None-Match") != "" || r.Header.Get("If-Modified-Since") != "" {
				conditional.Add(1)
			}
			modified := now.Add(-time.Hour)
			if revoking.Load() != nil {
				modified = now.Add(3 * time.Hour)
			}
			rec := &recorder{ResponseWriter: w}
			http.ServeContent(rec, r, "", modified, bytes.NewReader(data))
			if rec.code == http.StatusNotModified {
				notModified.Add(1)
			}
		})
		a := newAsker(t, k, chain(leaf, root))
		a.status(certchain.StatusGood)
		k.advance(revocation.DefaultRefresh - time.Second)
		a.status(certchain.StatusGood)
		require.EqualValues(t, 1, s.hits.Load())
		k.advance(time.Second)
		a.status(certchain.StatusGood)
		require.EqualValues(t, 2, s.hits.Load())
		require.EqualValues(t, 1, notModified.Load())
		k.advance(revocation.DefaultRefresh - time.Second)
		a.status(certchain.StatusGood)
		require.EqualValues(t, 2, s.hits.Load(), "a list that was not modified is fresh again")
		newer := crl{signer: root, number: 2, this: k.now(), entries: revoked(leaf)}.der(t)
		revoking.Store(&newer)
		k.advance(time.Second)
		a.status(certchain.StatusRevoked)
		require.EqualValues(t, 2, conditional.Load())
	}
}

type recorder struct {
	http.ResponseWriter
	code int
}

func (r *recorder) WriteHeader(code int) { r.code = code; r.ResponseWriter.WriteHeader(code) }

// A list serves when its server is dead, until its nextUpdate and no longer.
func TestServesUntilNextUpdate(t *testing.T) {
	t.Parallel()
	s, k := newSite(t), &clock{}
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf", at(s.URL+"/a.crl"))
	s.put("/a.crl", crl{signer: root, this: now, next: now.Add(3 * time.Hour)}.der(t))
	a := newAsker(t, k, chain(leaf, root))
	a.status(certchain.StatusGood)
	s.handle(http.NotFound)
	k.advance(2 * time.Hour)
	a.status(certchain.StatusGood)
	require.EqualValues(t, 2, s.hits.Load())
	a.status(certchain.StatusGood)
	require.EqualValues(t, 2, s.hits.Load(), "the dead server is left alone")
	k.advance(revocation.DefaultRetry)
	a.status(certchain.StatusGood)
	require.EqualValues(t, 3, s.hits.Load(), "for a while")
	k.advance(time.Hour - revocation.DefaultRetry)
	a.status(certchain.StatusGood)
	k.advance(time.Second)
	a.status(certchain.StatusUnknown)
	s.Close()
	k.advance(revocation.DefaultRetry)
	a.status(certchain.StatusUnknown)
}

// While a list holds, a server that hangs costs a call little.
func TestImpatientRefresh(t *testing.T) {
	t.Parallel()
	s, k := newSite(t), &clock{}
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf", at(s.URL+"/a.crl"))
	s.put("/a.crl", crl{signer: root}.der(t))
	a := newAsker(t, k, chain(leaf, root), revocation.Impatience(50*time.Millisecond))
	a.status(certchain.StatusGood)
	release := make(chan struct{})
	newer := crl{signer: root, number: 1, this: now, entries: revoked(leaf)}.der(t)
	s.handle(func(w http.ResponseWriter, _ *http.Request) {
		<-release
		w.Write(newer)
	})
	k.advance(2 * time.Hour)
	a.status(certchain.StatusGood)
	for range 1000 { // more than could wait for it
		a.status(certchain.StatusGood)
	}
	close(release)
	require.Eventually(t, func() bool {
		q := a.q
		q.At = k.now()
		return a.c.Check(ctx, q).Status == certchain.StatusRevoked
	}, 10*time.Second, time.Millisecond, "the fetch ends by itself, and what it brought counts")
	require.EqualValues(t, 2, s.hits.Load())
}

// An older list, or one that proves nothing, never takes the place of a newer.
func TestNoRollback(t *testing.T) {
	t.Parallel()
	root, namesake := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "root")
	leafOf := func(s *site) *pkitest.Cert { return root.Issue(t, "leaf", at(s.URL+"/a.crl")) }
	for name, older := range map[string]crl{
		"older":           {signer: root, number: 4, this: now.AddDate(0, 0, -2)},
		"lower number":    {signer: root, number: 4, this: now.Add(-time.Hour)},
		"older, higher":   {signer: root, number: 6, this: now.AddDate(0, 0, -2)},
		"not genuine":     {signer: namesake, number: 99, this: now},
		"not of the root": {signer: pkitest.NewRoot(t, "else"), number: 99, this: now},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, k := newSite(t), &clock{}
			leaf := leafOf(s)
			newer := crl{signer: root, number: 5, entries: revoked(leaf)}
			dir := t.TempDir()
			s.put("/a.crl", newer.der(t))
			a := newAsker(t, k, chain(leaf, root), revocation.CacheDir(dir))
			a.status(certchain.StatusRevoked)
			s.put("/a.crl", older.der(t))
			for range 3 {
				k.advance(2 * time.Hour)
				a.status(certchain.StatusRevoked)
			}
			require.EqualValues(t, 4, s.hits.Load())
			// Nor after a restart.
			newAsker(t, k, chain(leaf, root), revocation.CacheDir(dir)).status(certchain.StatusRevoked)
		})
	}
	t.Run("an issuer that counts anew", func(t *testing.T) {
		t.Parallel()
		s, k := newSite(t), &clock{}
		leaf := leafOf(s)
		s.put("/a.crl", crl{signer: root, number: 5, this: now, next: now.Add(3 * time.Hour), entries: revoked(leaf)}.der(t))
		a := newAsker(t, k, chain(leaf, root))
		a.status(certchain.StatusRevoked)
		s.put("/a.crl", crl{signer: root, number: 1, this: now.Add(time.Hour)}.der(t))
		k.advance(2 * time.Hour)
		a.status(certchain.StatusRevoked)
		k.advance(2 * time.Hour)
		a.status(certchain.StatusGood)
	})
}

// A genuine list that cannot be used yet does not displace one that can.
func TestListOfTheFuture(t *testing.T) {
	t.Parallel()
	s, k := newSite(t), &clock{}
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf", at(s.URL+"/a.crl"))
	s.put("/a.crl", crl{signer: root, number: 1}.der(t))
	a := newAsker(t, k, chain(leaf, root))
	a.status(certchain.StatusGood)
	s.put("/a.crl", crl{signer: root, number: 2, this: now.Add(3 * time.Hour), entries: revoked(leaf)}.der(t))
	k.advance(2 * time.Hour)
	a.status(certchain.StatusGood)
	require.EqualValues(t, 2, s.hits.Load())
	k.advance(time.Hour)
	a.status(certchain.StatusRevoked)
}

// Two CAs that name one URL do not disturb each other.
func TestOneURLTwoIssuers(t *testing.T) {
	t.Parallel()
	s, k := newSite(t), &clock{}
	mine, theirs := pkitest.NewRoot(t, "mine"), pkitest.NewRoot(t, "theirs")
	s.put("/a.crl", crl{signer: mine}.der(t))
	a := newAsker(t, k, chain(theirs.Issue(t, "leaf", at(s.URL+"/a.crl")), theirs))
	a.status(certchain.StatusUnknown)
	a.q = question(chain(mine.Issue(t, "leaf", at(s.URL+"/a.crl")), mine))
	a.status(certchain.StatusGood)
}

// Nor does a list of the CA above, at the URL of the one below.
func TestListOfTheCAAbove(t *testing.T) {
	t.Parallel()
	s, k := newSite(t), &clock{}
	root := pkitest.NewRoot(t, "root")
	ca := root.IssueCA(t, "ca")
	a := newAsker(t, k, chain(ca.Issue(t, "leaf", at(s.URL+"/a.crl")), ca, root))
	s.put("/a.crl", crl{signer: root, number: 99, this: now}.der(t))
	a.status(certchain.StatusUnknown)
	s.put("/a.crl", crl{signer: ca, number: 1}.der(t))
	k.advance(revocation.DefaultRetry)
	a.status(certchain.StatusGood)
}

// A list that has run out is asked for unconditionally: that it was not
// modified would help nobody.
func TestStaleListIsAskedForWhole(t *testing.T) {
	t.Parallel()
	s, k := newSite(t), &clock{}
	s.tag = `"unchanged"`
	root := pkitest.NewRoot(t, "root")
	a := newAsker(t, k, chain(root.Issue(t, "leaf", at(s.URL+"/a.crl")), root))
	s.put("/a.crl", crl{signer: root, number: 1, this: now, next: now.Add(2 * time.Hour)}.der(t))
	a.status(certchain.StatusGood)
	s.put("/a.crl", crl{signer: root, number: 2, this: now.Add(2 * time.Hour)}.der(t))
	k.advance(3 * time.Hour)
	a.status(certchain.StatusGood)
}

// A question whose answer cannot be proven does not keep others from it.
func TestProofIsPerQuestion(t *testing.T) {
	t.Parallel()
	s, k := newSite(t), &clock{}
	root, namesake := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "root")
	s.put("/a.crl", crl{signer: root}.der(t))
	a := newAsker(t, k, chain(namesake.Issue(t, "leaf", at(s.URL+"/a.crl")), namesake))
	a.status(certchain.StatusUnknown)
	a.q = question(chain(root.Issue(t, "leaf", at(s.URL+"/a.crl")), root))
	a.status(certchain.StatusGood)
	a.q = question(chain(namesake.Issue(t, "leaf", at(s.URL+"/a.crl")), namesake))
	a.status(certchain.StatusUnknown)
	require.EqualValues(t, 1, s.hits.Load())
}

// The question who may sign a list can lead to the same list.
func TestNestedQuestion(t *testing.T) {
	t.Parallel()
	s, k := newSite(t), &clock{}
	root := pkitest.NewRoot(t, "root")
	s.put("/a.crl", crl{signer: root}.der(t))
	a := newAsker(t, k, chain(root.Issue(t, "leaf", at(s.URL+"/a.crl")), root))
	inner, nested := a, false
	a.q.TrustSigner = func(*x509.Certificate) bool {
		if !nested {
			nested = true
			inner.status(certchain.StatusGood)
		}
		return true
	}
	a.status(certchain.StatusGood)
	require.True(t, nested)
	require.EqualValues(t, 1, s.hits.Load())
}

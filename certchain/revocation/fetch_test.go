package revocation_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// site is a web server whose files a test changes.
type site struct {
	*httptest.Server
	hits  atomic.Int64
	mu    sync.Mutex
	files map[string][]byte
	tag   string
	serve http.HandlerFunc // in place of the files
}

func newSite(t *testing.T) *site {
	s := &site{files: map[string][]byte{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.hits.Add(1)
	s.mu.Lock()
	data, ok := s.files[r.URL.Path]
	tag, serve := s.tag, s.serve
	s.mu.Unlock()
	switch {
	case serve != nil:
		serve(w, r)
	case !ok:
		http.NotFound(w, r)
	default:
		if tag != "" {
			w.Header().Set("ETag", tag)
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	}
}

func (s *site) put(path string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[path] = data
}

func (s *site) handle(f http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serve = f
}

// clock is a clock that a test moves.
type clock struct{ offset atomic.Int64 }

func (c *clock) now() time.Time          { return now.Add(time.Duration(c.offset.Load())) }
func (c *clock) advance(d time.Duration) { c.offset.Add(int64(d)) }

func fetcher(t *testing.T, opts ...revocation.FetchOption) *revocation.Fetcher {
	t.Helper()
	f, err := revocation.NewFetcher(nil, append([]revocation.FetchOption{loopback, revocation.WithClock(pkitest.Clock)}, opts...)...)
	require.NoError(t, err)
	return f
}

func TestFetchedList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	root := pkitest.NewRoot(t, "root")
	leaf, bad := root.Issue(t, "leaf", at(s.URL+"/a.crl")), root.Issue(t, "bad", at(s.URL+"/a.crl"))
	s.put("/a.crl", crl{signer: root, entries: revoked(bad)}.der(t))
	v := verifier(fetcher(t).CRLs(), root)
	got, err := v.Verify(ctx, trust.Auth, leaf.Certificate)
	require.NoError(t, err)
	require.Equal(t, certchain.StatusGood, got.Revocation[0].Status)
	_, err = v.Verify(ctx, trust.Auth, bad.Certificate)
	reason(t, err, certchain.Revoked, 0)
	require.EqualValues(t, 1, s.hits.Load(), "the second question is answered from memory")

	_, err = v.Verify(ctx, trust.Auth, root.Issue(t, "no point").Certificate)
	reason(t, err, certchain.RevocationUnknown, 0)
	_, err = v.Verify(ctx, trust.Auth, root.Issue(t, "ldap", at("ldap://x.test/cn=a")).Certificate)
	reason(t, err, certchain.RevocationUnknown, 0)
}

// What cannot be fetched, or proves nothing, leaves the status unknown.
func TestFetchRefusals(t *testing.T) {
	t.Parallel()
	root, other := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "other")
	namesake := pkitest.NewRoot(t, "root")
	fine := crl{signer: root}.der(t)
	const limit = 4096
	reply := func(data []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.Write(data) }
	}
	for name, h := range map[string]http.HandlerFunc{
		"not found":            http.NotFound,
		"no content":           func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		"unasked not modified": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) },
		"garbage":              reply([]byte("<html>")),
		"two lists":            reply(append(pemList(fine), pemList(fine)...)),
		"broken PEM":           reply([]byte("-----BEGIN X509 CRL-----")),
		"of another issuer":    reply(crl{signer: other}.der(t)),
		"wrong signature":      reply(crl{signer: namesake}.der(t)),
		"stale":                reply(crl{signer: root, this: now.AddDate(0, 0, -9)}.der(t)),
		"a delta list":         reply(crl{signer: root, exts: extList(deltaOf(0))}.der(t)),
		"too large, declared":  reply(make([]byte, limit+1)),
		"too large, streamed": func(w http.ResponseWriter, _ *http.Request) {
			for range limit + 1 {
				w.Write([]byte{0})
				w.(http.Flusher).Flush()
			}
		},
		"cut off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.Write(fine[:10])
		},
		"hangs up":          func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"endless redirects": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) },
		"to a file": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/hosts", http.StatusFound)
		},
		"to a private host": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
		},
		"to userinfo": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://u:p@"+r.Host+"/", http.StatusFound)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.handle(h)
			c := fetcher(t, revocation.MaxFetchBytes(limit)).CRLs()
			q := question(chain(root.Issue(t, "leaf", at(s.URL+"/a.crl")), root))
			status(t, certchain.StatusUnknown, c.Check(ctx, q))
			before := s.hits.Load()
			status(t, certchain.StatusUnknown, c.Check(ctx, q))
			require.Equal(t, before, s.hits.Load(), "a failure is remembered for a while")
		})
	}
	t.Run("exactly at the limit", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		s.put("/a.crl", fine)
		c := fetcher(t, revocation.MaxFetchBytes(int64(len(fine)))).CRLs()
		status(t, certchain.StatusGood, c.Check(ctx, question(chain(root.Issue(t, "leaf", at(s.URL+"/a.crl")), root))))
		c = fetcher(t, revocation.MaxFetchBytes(int64(len(fine)-1))).CRLs()
		status(t, certchain.StatusUnknown, c.Check(ctx, question(chain(root.Issue(t, "leaf", at(s.URL+"/a.crl")), root))))
		// Nor does it help not to say how long it is.
		s.handle(func(w http.ResponseWriter, _ *http.Request) {
			w.Write(fine[:1])
			w.(http.Flusher).Flush()
			w.Write(fine[1:])
		})
		for limit, want := range map[int]certchain.RevocationStatus{len(fine): certchain.StatusGood, len(fine) - 1: certchain.StatusUnknown} {
			c = fetcher(t, revocation.MaxFetchBytes(int64(limit))).CRLs()
			status(t, want, c.Check(ctx, question(chain(root.Issue(t, "leaf", at(s.URL+"/a.crl")), root))))
		}
	})
	t.Run("URLs that are not fetched", func(t *testing.T) {
		t.Parallel()
		long := "http://x.test/" + strings.Repeat("a", revocation.MaxURLBytes)
		for _, u := range []string{"http://", "http:opaque", "http://u@x.test/", "http://%zz/", long} {
			status(t, certchain.StatusUnknown, fetcher(t).CRLs().Check(ctx, question(chain(root.Issue(t, "leaf", at(u)), root))))
		}
	})
}

func TestRedirectsAtTheLimit(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	list := crl{signer: root}.der(t)
	for _, tc := range []struct {
		hops int
		want certchain.RevocationStatus
	}{{revocation.MaxRedirects, certchain.StatusGood}, {revocation.MaxRedirects + 1, certchain.StatusUnknown}} {
		s := newSite(t)
		s.handle(func(w http.ResponseWriter, r *http.Request) {
			if strings.Count(r.URL.Path, "x") == tc.hops {
				w.Write(list)
				return
			}
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		})
		status(t, tc.want, fetcher(t).CRLs().Check(ctx, question(chain(root.Issue(t, "leaf", at(s.URL+"/")), root))))
	}
}

// Other ways to the same list are tried, up to a limit.
func TestSeveralURLs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	root := pkitest.NewRoot(t, "root")
	s.put("/stale", crl{signer: root, this: now.AddDate(0, 0, -9)}.der(t))
	s.put("/fine", crl{signer: root}.der(t))
	c := fetcher(t).CRLs()
	status(t, certchain.StatusGood, c.Check(ctx, question(chain(root.Issue(t, "leaf", at("ldap://x", s.URL+"/none", s.URL+"/stale", s.URL+"/fine", s.URL+"/more")), root))))
	require.EqualValues(t, 3, s.hits.Load())

	// Of two points the second is not needed.
	before := s.hits.Load()
	status(t, certchain.StatusGood, c.Check(ctx, question(chain(root.Issue(t, "leaf", points(seq(fullName(uri(s.URL+"/fine"))), seq(fullName(uri(s.URL+"/never"))))), root))))
	require.Equal(t, before, s.hits.Load())

	urls := make([]string, revocation.MaxFetchesPerCheck-1)
	for i := range urls {
		urls[i] = s.URL + "/none" + strings.Repeat("e", i)
	}
	status(t, certchain.StatusGood, c.Check(ctx, question(chain(root.Issue(t, "leaf", at(append(urls, s.URL+"/fine")...)), root))))
	urls = append(urls, s.URL+"/x")
	status(t, certchain.StatusUnknown, c.Check(ctx, question(chain(root.Issue(t, "leaf", at(append(urls, s.URL+"/fine")...)), root))))
}

func TestFetchedDeltaLists(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	root := pkitest.NewRoot(t, "root")
	fresh := pkitest.Extension(oidFreshest, false, seq(seq(fullName(uri(s.URL+"/delta")))))
	leaf := root.Issue(t, "leaf", at(s.URL+"/base"), fresh)
	plain := root.Issue(t, "plain", at(s.URL+"/pointing"))
	s.put("/base", crl{signer: root, number: 1}.der(t))
	s.put("/pointing", crl{signer: root, number: 1, exts: extList(extension(oidFreshest, false, seq(seq(fullName(uri(s.URL+"/delta"))))))}.der(t))
	s.put("/delta", crl{signer: root, number: 2, this: now.Add(-time.Minute), entries: revoked(leaf, plain), exts: extList(deltaOf(1))}.der(t))
	status(t, certchain.StatusRevoked, fetcher(t).CRLs().Check(ctx, question(chain(leaf, root))))
	status(t, certchain.StatusRevoked, fetcher(t).CRLs().Check(ctx, question(chain(plain, root))))

	// Without the delta list the base list holds, as its issuer said.
	lost := pkitest.Extension(oidFreshest, false, seq(seq(fullName(uri(s.URL+"/lost")))))
	a := fetcher(t).CRLs().Check(ctx, question(chain(root.Issue(t, "other", at(s.URL+"/base"), lost), root)))
	status(t, certchain.StatusGood, a)
	odd := pkitest.Extension(oidFreshest, false, seq())
	status(t, certchain.StatusGood, fetcher(t).CRLs().Check(ctx, question(chain(root.Issue(t, "odd", at(s.URL+"/base"), odd), root))))
}

// However many ask, each URL is asked once.
func TestOneFetchUnderLoad(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	root := pkitest.NewRoot(t, "root")
	list := crl{signer: root}.der(t)
	s.handle(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(20 * time.Millisecond)
		w.Write(list)
	})
	c := fetcher(t).CRLs()
	var wg sync.WaitGroup
	for range 50 {
		leaf := root.Issue(t, "leaf", at(s.URL+"/a.crl"))
		wg.Go(func() {
			if a := c.Check(ctx, question(chain(leaf, root))); a.Status != certchain.StatusGood {
				t.Errorf("%+v", a)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, s.hits.Load())
}

func TestHangingServer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	root := pkitest.NewRoot(t, "root")
	release := make(chan struct{})
	s.handle(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	defer close(release)
	leaf := root.Issue(t, "leaf", at(s.URL+"/a.crl"))
	c := fetcher(t, revocation.Timeout(30*time.Millisecond)).CRLs()
	status(t, certchain.StatusUnknown, c.Check(ctx, question(chain(leaf, root))))
	// The whole server is left alone: another of its URLs costs nothing.
	status(t, certchain.StatusUnknown, c.Check(ctx, question(chain(root.Issue(t, "b", at(s.URL+"/b.crl")), root))))
	require.EqualValues(t, 1, s.hits.Load())

	// A caller that gives up does not wait for the fetch.
	impatient, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	begun := time.Now()
	status(t, certchain.StatusUnknown, fetcher(t).CRLs().Check(impatient, question(chain(leaf, root))))
	require.Less(t, time.Since(begun), 5*time.Second)
}

func TestTooManyFetchesUnderWay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	root := pkitest.NewRoot(t, "root")
	release := make(chan struct{})
	s.handle(func(http.ResponseWriter, *http.Request) { <-release })
	c := fetcher(t).CRLs()
	var wg sync.WaitGroup
	for i := range revocation.MaxConcurrentFetches {
		leaf := root.Issue(t, "leaf", at(s.URL+"/"+strings.Repeat("a", i)))
		wg.Go(func() { c.Check(ctx, question(chain(leaf, root))) })
	}
	require.Eventually(t, func() bool { return s.hits.Load() == revocation.MaxConcurrentFetches }, 10*time.Second, time.Millisecond)
	status(t, certchain.StatusUnknown, c.Check(ctx, question(chain(root.Issue(t, "one more", at(s.URL+"/b")), root))))
	require.EqualValues(t, revocation.MaxConcurrentFetches, s.hits.Load())
	close(release)
	wg.Wait()
	s.put("/b", crl{signer: root}.der(t))
	s.handle(nil)
	status(t, certchain.StatusGood, c.Check(ctx, question(chain(root.Issue(t, "and again", at(s.URL+"/b")), root))))
}

// Validators that are too long to keep make the next request unconditional.
func TestLongValidators(t *testing.T) {
	t.Parallel()
	s, k := newSite(t), &clock{}
	root := pkitest.NewRoot(t, "root")
	list := crl{signer: root}.der(t)
	var conditional atomic.Int64
	s.handle(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != "" {
			conditional.Add(1)
		}
		w.Header().Set("ETag", `"`+strings.Repeat("x", 1023)+`"`)
		w.Write(list)
	})
	a := newAsker(t, k, chain(root.Issue(t, "leaf", at(s.URL)), root))
	a.status(certchain.StatusGood)
	k.advance(2 * time.Hour)
	a.status(certchain.StatusGood)
	require.EqualValues(t, 2, s.hits.Load())
	require.Zero(t, conditional.Load())
}

package revocation_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
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

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, refused := range []string{
		"127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "0.1.2.3", "100.64.0.1", "100.127.255.255",
		"192.0.0.8", "198.18.0.1", "198.19.255.255", "224.0.0.1", "240.0.0.1", "255.255.255.255",
		"::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
		"64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::", "4000::1", "100::1",
	} {
		require.Error(t, revocation.CheckAddress(netip.MustParseAddr(refused)), refused)
	}
	for _, fine := range []string{"8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "192.0.1.1", "198.17.255.255", "198.20.0.1", "223.255.255.255",
		"2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"} {
		require.NoError(t, revocation.CheckAddress(netip.MustParseAddr(fine)), fine)
	}
	ten := netip.MustParsePrefix("10.0.0.0/8")
	require.NoError(t, revocation.CheckAddress(netip.MustParseAddr("10.1.2.3"), ten))
	require.NoError(t, revocation.CheckAddress(netip.MustParseAddr("::ffff:10.1.2.3"), ten))
	require.Error(t, revocation.CheckAddress(netip.MustParseAddr("127.0.0.1"), ten))
	require.Error(t, revocation.CheckAddressText("a socket"))
	require.Error(t, revocation.CheckAddress(netip.Addr{}))
}

// tripper is a RoundTripper that is no *http.Transport.
type tripper struct{ calls atomic.Int64 }

func (r *tripper) RoundTrip(q *http.Request) (*http.Response, error) {
	r.calls.Add(1)
	return http.DefaultTransport.RoundTrip(q)
}

// Without the option no connection is made to this machine, whichever way the
// host's client dials.
func TestPrivateAddressesAreRefused(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	list := crl{signer: root}.der(t)
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}
	broken := func(context.Context, string, string) (net.Conn, error) { return nil, net.ErrClosed }
	for name, tc := range map[string]struct {
		client func() *http.Client
		fine   bool // with the option
	}{
		"default":                {func() *http.Client { return nil }, true},
		"empty client":           {func() *http.Client { return &http.Client{} }, true},
		"standard transport":     {func() *http.Client { return &http.Client{Transport: http.DefaultTransport} }, true},
		"bare transport":         {func() *http.Client { return &http.Client{Transport: &http.Transport{}} }, true},
		"own dialler":            {func() *http.Client { return &http.Client{Transport: &http.Transport{DialContext: dial}} }, true},
		"own dialler that fails": {func() *http.Client { return &http.Client{Transport: &http.Transport{DialContext: broken}} }, false},
		"another round tripper":  {func() *http.Client { return &http.Client{Transport: &tripper{}} }, true},
	} {
		for _, host := range []string{"127.0.0.1", "localhost"} {
			t.Run(name+"/"+host, func(t *testing.T) {
				t.Parallel()
				s := newSite(t)
				s.put("/a.crl", list)
				url := strings.Replace(s.URL, "127.0.0.1", host, 1) + "/a.crl"
				leaf := root.Issue(t, "leaf", at(url))
				f, err := revocation.NewFetcher(tc.client(), revocation.WithClock(pkitest.Clock))
				require.NoError(t, err)
				status(t, certchain.StatusUnknown, f.CRLs().Check(ctx, question(chain(leaf, root))))
				require.Zero(t, s.hits.Load())

				f, err = revocation.NewFetcher(tc.client(), revocation.WithClock(pkitest.Clock), loopback)
				require.NoError(t, err)
				want := certchain.StatusUnknown
				if tc.fine {
					want = certchain.StatusGood
				}
				status(t, want, f.CRLs().Check(ctx, question(chain(leaf, root))))
			})
		}
	}
}

func TestRoundTripperWithoutResolver(t *testing.T) {
	t.Parallel()
	rt := &tripper{}
	f, err := revocation.NewFetcher(&http.Client{Transport: rt})
	require.NoError(t, err)
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf", at("http://no-such-host.invalid/"))
	status(t, certchain.StatusUnknown, f.CRLs().Check(ctx, question(chain(leaf, root))))
	require.Zero(t, rt.calls.Load())
}

func TestGuardedClientClosesBodies(t *testing.T) {
	t.Parallel()
	c := revocation.CheckedClient(fetcher(t))
	_, err := c.Post("http://10.0.0.1/", "text/plain", strings.NewReader("x"))
	require.Error(t, err)
}

// The host's own rules about redirects apply too.
func TestHostsRedirectRule(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	root := pkitest.NewRoot(t, "root")
	s.handle(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x", http.StatusFound) })
	var asked atomic.Int64
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
		asked.Add(1)
		return http.ErrUseLastResponse
	}}
	f, err := revocation.NewFetcher(client, loopback)
	require.NoError(t, err)
	status(t, certchain.StatusUnknown, f.CRLs().Check(ctx, question(chain(root.Issue(t, "leaf", at(s.URL)), root))))
	require.EqualValues(t, 1, asked.Load())
	require.Nil(t, client.Transport, "the host's client is not changed")
}

func TestTLS(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	s := &site{files: map[string][]byte{"/a.crl": crl{signer: root}.der(t)}}
	s.Server = httptest.NewTLSServer(s)
	t.Cleanup(s.Close)
	q := question(chain(root.Issue(t, "leaf", at(s.URL+"/a.crl")), root))
	f, err := revocation.NewFetcher(s.Client(), loopback, revocation.WithClock(pkitest.Clock))
	require.NoError(t, err)
	status(t, certchain.StatusGood, f.CRLs().Check(ctx, q))
	status(t, certchain.StatusUnknown, fetcher(t).CRLs().Check(ctx, q))

	withHook := s.Client().Transport.(*http.Transport).Clone()
	plain := withHook.TLSClientConfig
	withHook.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		return tlsDial(ctx, network, address, plain)
	}
	f, err = revocation.NewFetcher(&http.Client{Transport: withHook}, loopback, revocation.WithClock(pkitest.Clock))
	require.NoError(t, err)
	status(t, certchain.StatusGood, f.CRLs().Check(ctx, q))
	f, err = revocation.NewFetcher(&http.Client{Transport: withHook}, revocation.WithClock(pkitest.Clock))
	require.NoError(t, err)
	status(t, certchain.StatusUnknown, f.CRLs().Check(ctx, q))
}

func TestFetcherSettings(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]revocation.FetchOption{
		"clock":      revocation.WithClock(nil),
		"report":     revocation.OnCacheError(nil),
		"timeout":    revocation.Timeout(0),
		"refresh":    revocation.RefreshAfter(-1),
		"retry":      revocation.RetryAfter(0),
		"bytes":      revocation.MaxFetchBytes(0),
		"bytes, max": revocation.MaxFetchBytes(revocation.MaxListBytes + 1),
		"range":      revocation.AllowPrivateAddresses(netip.Prefix{}),
		"folder":     revocation.CacheDir("/dev/null/x"),
	} {
		_, err := revocation.NewFetcher(nil, o)
		require.Error(t, err, name)
	}
	_, err := revocation.NewFetcher(nil, revocation.MaxFetchBytes(revocation.MaxListBytes))
	require.NoError(t, err)
	//lint:ignore SA1019 the hook that cannot be checked
	_, err = revocation.NewFetcher(&http.Client{Transport: &http.Transport{DialTLS: func(string, string) (net.Conn, error) { return nil, net.ErrClosed }}})
	require.Error(t, err)
}

func TestLRU(t *testing.T) {
	t.Parallel()
	c := revocation.NewLRU(2, 10)
	c.Put(1, "a", 1)
	c.Put(2, "b", 1)
	require.Equal(t, "a", c.GetOrPut(1, "x"))
	c.Put(3, "c", 1)
	_, ok := c.Get(2)
	require.False(t, ok, "2 was not used for longest")
	c.Put(3, "d", 9)
	v, ok := c.Get(3)
	require.True(t, ok)
	require.Equal(t, "d", v)
	_, ok = c.Get(1)
	require.True(t, ok, "ten bytes are allowed")
	c.Put(3, "e", 10)
	_, ok = c.Get(1)
	require.False(t, ok, "eleven are not")
	require.Equal(t, "f", c.GetOrPut(4, "f"))
}

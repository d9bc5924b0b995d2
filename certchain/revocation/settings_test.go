package revocation_test

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/pkitest"
)

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

// The zero Fetcher fetches nothing.
func TestZeroFetcher(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	q := question(chain(root.Issue(t, "leaf", at("http://x.test/")), root))
	for _, f := range []*revocation.Fetcher{nil, {}} {
		status(t, certchain.StatusUnknown, f.CRLs().Check(ctx, q))
		_, err := f.OCSP()
		require.Error(t, err)
	}
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

// Nothing that a fetcher begins outlives a call but a shared fetch, and that its
// timeout ends. Not parallel: it counts goroutines.
func TestNothingIsLeftRunning(t *testing.T) {
	root := pkitest.NewRoot(t, "root")
	before := runtime.NumGoroutine()
	s := newSite(t)
	s.put("/a.crl", crl{signer: root}.der(t))
	f := fetcher(t, revocation.Timeout(50*time.Millisecond))
	status(t, certchain.StatusGood, f.CRLs().Check(ctx, question(chain(root.Issue(t, "leaf", at(s.URL+"/a.crl")), root))))
	s.handle(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	brief, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	status(t, certchain.StatusUnknown, f.CRLs().Check(brief, question(chain(root.Issue(t, "leaf", at(s.URL+"/b.crl")), root))))
	time.Sleep(100 * time.Millisecond)
	s.Close()
	for range 500 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<20)
	t.Fatalf("%s", stacks[:runtime.Stack(stacks, true)])
}

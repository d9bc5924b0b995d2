package revocation_test

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/pkitest"
)

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
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // of the handshake that must fail
	s.StartTLS()
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

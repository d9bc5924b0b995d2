package trusttest_test

import (
	"bytes"
	"crypto"
	"io"
	"net/http"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ocsp"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// checkers are all the ways in which a host learns what the PKI revoked.
var checkers = map[string]func(*testing.T, *trusttest.PKI) certchain.Revocation{
	"Revocation": func(_ *testing.T, pki *trusttest.PKI) certchain.Revocation { return pki.Revocation() },
	"lists at hand": func(t *testing.T, pki *trusttest.PKI) certchain.Revocation {
		lists, err := revocation.CRLs(pki.CRLs(trust.Device)...)
		require.NoError(t, err)
		return lists
	},
	"lists fetched": func(t *testing.T, pki *trusttest.PKI) certchain.Revocation { return fetcher(t, pki).CRLs() },
	"OCSP by POST":  func(t *testing.T, pki *trusttest.PKI) certchain.Revocation { return responder(t, pki) },
	"OCSP by GET": func(t *testing.T, pki *trusttest.PKI) certchain.Revocation {
		return responder(t, pki, revocation.PreferGET(), revocation.CertIDHash(crypto.SHA256))
	},
}

func fetcher(t *testing.T, pki *trusttest.PKI) *revocation.Fetcher {
	t.Helper()
	loopback := revocation.AllowPrivateAddresses(netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"))
	f, err := revocation.NewFetcher(nil, loopback, revocation.WithClock(pki.Clock))
	require.NoError(t, err)
	return f
}

func responder(t *testing.T, pki *trusttest.PKI, opts ...revocation.OCSPOption) certchain.Revocation {
	t.Helper()
	r, err := fetcher(t, pki).OCSP(opts...)
	require.NoError(t, err)
	return r
}

// However a host asks, it hears the same.
func TestRevocation(t *testing.T) {
	t.Parallel()
	for name, checker := range checkers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pki := trusttest.New(t, trusttest.Online())
			sound := pki.Device("Acme Biometrics")
			ids := map[*trusttest.Identity]certchain.Reason{
				sound: "",
				pki.Device("Acme Biometrics", trusttest.NegativeSerial()):                      "",
				pki.Device("Acme Biometrics", trusttest.Revoked()):                             certchain.Revoked,
				pki.Device("Acme Biometrics", trusttest.Revoked(), trusttest.NegativeSerial()): certchain.Revoked,
				pki.Device("Acme Biometrics", trusttest.RevokedIntermediate()):                 certchain.Revoked,
			}
			for id, want := range ids {
				requireOnly(t, want, verify(pki, id, certchain.WithRevocation(checker(t, pki))))
			}
			pki.Revoke(sound)
			requireOnly(t, certchain.Revoked, verify(pki, sound, certchain.WithRevocation(checker(t, pki))))
			pki.Revoke(pki.Intermediate(trust.Device))
			requireOnly(t, certchain.Revoked, verify(pki, pki.Device("Acme Biometrics"), certchain.WithRevocation(checker(t, pki))))
		})
	}
}

func TestRevocationOfOthers(t *testing.T) {
	t.Parallel()
	pki, other := trusttest.New(t), trusttest.New(t)
	lists, err := revocation.CRLs(other.CRLs(trust.Auth)...)
	require.NoError(t, err)
	for _, checker := range []certchain.Revocation{other.Revocation(), lists} {
		requireOnly(t, certchain.RevocationUnknown, verify(pki, pki.Partner("Acme Bank"), certchain.WithRevocation(checker)))
	}
}

// Certificates name a server only when there is one.
func TestOnline(t *testing.T) {
	t.Parallel()
	silent := trusttest.New(t).Partner("Acme Bank")
	require.Empty(t, silent.Certificate.CRLDistributionPoints)
	require.Empty(t, silent.Certificate.OCSPServer)

	pki := trusttest.New(t, trusttest.Online())
	id := pki.Partner("Acme Bank")
	require.Equal(t, []string{pki.Server().URL + "/ocsp"}, id.Certificate.OCSPServer)
	require.Len(t, id.Chain[1].CRLDistributionPoints, 1)

	pki.Server().Close()
	requireOnly(t, certchain.RevocationUnknown, verify(pki, id, certchain.WithRevocation(responder(t, pki))))
}

// A responder that certificates do not name can be asked all the same.
func TestServerOffline(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	r := responder(t, pki, revocation.Responder(pki.Server().URL+"/ocsp"))
	require.NoError(t, verify(pki, pki.Device("Acme Biometrics"), certchain.WithRevocation(r)))
}

func TestServer(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	ask := func(method, path string, body []byte) (int, []byte) {
		t.Helper()
		request, err := http.NewRequestWithContext(ctx, method, pki.Server().URL+path, bytes.NewReader(body))
		require.NoError(t, err)
		response, err := pki.Server().Client().Do(request)
		require.NoError(t, err)
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.StatusCode, answer
	}
	for _, path := range []string{"/", "/crl/", "/crl/x", "/crl/-1", "/crl/99", "/ocsp"} {
		status, _ := ask(http.MethodGet, path, nil)
		require.Equal(t, http.StatusNotFound, status, path)
	}
	for path, method := range map[string]string{"/ocsp": http.MethodPost, "/ocsp/no-request": http.MethodGet, "/ocsp/AAAA": http.MethodGet} {
		_, answer := ask(method, path, []byte("no request"))
		require.Equal(t, ocsp.MalformedRequestErrorResponse, answer, path)
	}

	// Of what it did not issue it knows nothing; for who is no CA it does not
	// speak.
	id, stranger := pki.Partner("Acme Bank"), trusttest.New(t).Partner("Acme Bank")
	request, err := ocsp.CreateRequest(stranger.Certificate, id.Chain[1], nil)
	require.NoError(t, err)
	_, answer := ask(http.MethodPost, "/ocsp", request)
	response, err := ocsp.ParseResponse(answer, id.Chain[1])
	require.NoError(t, err)
	require.Equal(t, ocsp.Unknown, response.Status)
	request, err = ocsp.CreateRequest(stranger.Certificate, stranger.Chain[1], nil)
	require.NoError(t, err)
	_, answer = ask(http.MethodPost, "/ocsp", request)
	require.Equal(t, ocsp.UnauthorizedErrorResponse, answer)
}

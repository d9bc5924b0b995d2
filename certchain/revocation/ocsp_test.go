package revocation_test

import (
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ocsp"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// requestOf reads what was sent by either method.
func requestOf(r *http.Request) ([]byte, error) {
	if r.Method == http.MethodPost {
		return io.ReadAll(r.Body)
	}
	return base64.StdEncoding.DecodeString(r.URL.Path[strings.LastIndex(r.URL.Path[:5], "/")+1:])
}

// says makes the site an OCSP responder.
func (s *site) says(tb testing.TB, reply func(asked) answer) {
	s.handle(func(w http.ResponseWriter, r *http.Request) {
		body, err := requestOf(r)
		if a, ok := readRequest(body); err == nil && ok {
			w.Write(reply(a).der(tb))
			return
		}
		w.WriteHeader(http.StatusBadRequest)
	})
}

func checker(t *testing.T, f *revocation.Fetcher, opts ...revocation.OCSPOption) certchain.Revocation {
	t.Helper()
	c, err := f.OCSP(opts...)
	require.NoError(t, err)
	return c
}

func TestOCSP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	root := pkitest.NewRoot(t, "root")
	good := root.Issue(t, "good", responders("ldap://x", s.URL))
	bad := root.Issue(t, "bad", responders(s.URL+"/"))
	s.says(t, func(a asked) answer {
		if a.serial.Cmp(bad.Certificate.SerialNumber) == 0 {
			return answer{signer: root, singles: []one{{cert: bad, issuer: root, status: revokedStatus(1)}}}
		}
		return answer{signer: root, singles: []one{{cert: good, issuer: root}}}
	})
	v := verifier(checker(t, fetcher(t)), root)
	for range 2 {
		got, err := v.Verify(ctx, trust.Auth, good.Certificate)
		require.NoError(t, err)
		require.Equal(t, now.Add(23*time.Hour), got.Revocation[0].NextUpdate)
		_, err = v.Verify(ctx, trust.Auth, bad.Certificate)
		reason(t, err, certchain.Revoked, 0)
	}
	require.EqualValues(t, 2, s.hits.Load(), "one request for each certificate")
	_, err := v.Verify(ctx, trust.Auth, root.Issue(t, "no responder").Certificate)
	reason(t, err, certchain.RevocationUnknown, 0)
}

// The request is what the standard's other implementation reads, by GET and POST.
func TestOCSPRequest(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf", pkitest.RawSerial([]byte{0xff, 0, 1}))
	for name, tc := range map[string]struct {
		opts   []revocation.OCSPOption
		hash   crypto.Hash
		method string
	}{
		"plain":              {nil, crypto.SHA1, http.MethodPost},
		"GET":                {[]revocation.OCSPOption{revocation.PreferGET()}, crypto.SHA1, http.MethodGet},
		"SHA-256":            {[]revocation.OCSPOption{revocation.CertIDHash(crypto.SHA256)}, crypto.SHA256, http.MethodPost},
		"too long for a GET": {[]revocation.OCSPOption{revocation.PreferGET(), revocation.CertIDHash(crypto.SHA512), revocation.RequireNonce()}, crypto.SHA512, http.MethodPost},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.handle(func(w http.ResponseWriter, r *http.Request) {
				body, err := requestOf(r)
				if err != nil || r.Method != tc.method || r.Header.Get("Accept") != "application/ocsp-response" ||
					(r.Header.Get("Content-Type") == "application/ocsp-request") != (r.Method == http.MethodPost) {
					w.WriteHeader(http.StatusBadRequest)
					return
				}
				a, ok := readRequest(body)
				other, err := ocsp.ParseRequest(body)
				if !ok || err != nil || other.SerialNumber.Cmp(leaf.Certificate.SerialNumber) != 0 || other.HashAlgorithm != tc.hash ||
					string(other.IssuerNameHash) != string(digest(tc.hash, root.Certificate.RawSubject)) ||
					string(other.IssuerKeyHash) != string(digest(tc.hash, publicBits(root.Certificate))) {
					w.WriteHeader(http.StatusTeapot)
					return
				}
				w.Write(answer{signer: root, nonce: a.nonce, singles: []one{{cert: leaf, issuer: root, hash: tc.hash}}}.der(t))
			})
			c := checker(t, fetcher(t), append(tc.opts, revocation.Responder(s.URL+"/"))...)
			status(t, certchain.StatusGood, c.Check(ctx, question(chain(leaf, root))))
		})
	}
}

func TestOCSPNonce(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	var seen sync.Map
	for name, tc := range map[string]struct {
		nonce func(asked) []byte
		want  certchain.RevocationStatus
	}{
		"returned": {func(a asked) []byte {
			if _, twice := seen.LoadOrStore(string(a.nonce), true); twice || len(a.nonce) != 34 {
				return nil
			}
			return a.nonce
		}, certchain.StatusGood},
		"missing": {func(asked) []byte { return nil }, certchain.StatusUnknown},
		"another": {func(a asked) []byte { return append([]byte{}, make([]byte, len(a.nonce))...) }, certchain.StatusUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			for range 2 {
				leaf := root.Issue(t, "leaf", responders(s.URL))
				s.says(t, func(a asked) answer {
					return answer{signer: root, nonce: tc.nonce(a), singles: []one{{cert: leaf, issuer: root}}}
				})
				status(t, tc.want, checker(t, fetcher(t), revocation.RequireNonce()).Check(ctx, question(chain(leaf, root))))
				// Not asked for, it does not matter.
				status(t, certchain.StatusGood, checker(t, fetcher(t)).Check(ctx, question(chain(leaf, root))))
			}
		})
	}
}

// A response serves until its nextUpdate, one certificate's for no other, and an
// older one never takes the place of a newer.
func TestOCSPCache(t *testing.T) {
	t.Parallel()
	s, k := newSite(t), &clock{}
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf", responders(s.URL))
	var current atomic.Pointer[one]
	s.says(t, func(asked) answer { return answer{signer: root, singles: []one{*current.Load()}} })
	c := checker(t, fetcher(t, revocation.WithClock(k.now)))
	ask := func(want certchain.RevocationStatus, hits int64) {
		t.Helper()
		q := question(chain(leaf, root))
		q.At = k.now()
		status(t, want, c.Check(ctx, q))
		require.Equal(t, hits, s.hits.Load())
	}
	current.Store(&one{cert: leaf, issuer: root, status: revokedStatus(6), this: now, next: now.Add(4 * time.Hour)})
	ask(certchain.StatusRevoked, 1)
	k.advance(time.Hour - time.Second)
	ask(certchain.StatusRevoked, 1)
	current.Store(&one{cert: leaf, issuer: root, this: now.Add(-time.Hour), next: now.Add(100 * time.Hour)})
	k.advance(time.Second)
	ask(certchain.StatusRevoked, 2)
	s.handle(http.NotFound)
	k.advance(3 * time.Hour)
	ask(certchain.StatusRevoked, 3)
	k.advance(time.Second)
	ask(certchain.StatusUnknown, 3)
	s.says(t, func(asked) answer {
		return answer{signer: root, singles: []one{{cert: leaf, issuer: root, this: k.now(), forever: true}}}
	})
	k.advance(time.Hour)
	ask(certchain.StatusGood, 4)
	k.advance(revocation.ClockSkew)
	ask(certchain.StatusGood, 4)
	k.advance(time.Second)
	ask(certchain.StatusGood, 5)
}

// A response that one verification proved is not taken for proven by another,
// which trusts nobody.
func TestOCSPProofIsPerQuestion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	root := pkitest.NewRoot(t, "root")
	responder := root.Issue(t, "responder", ocspSigning, noCheck)
	leaf := root.Issue(t, "leaf", responders(s.URL))
	s.says(t, func(asked) answer {
		a := signedBy(responder)
		a.singles = []one{{cert: leaf, issuer: root}}
		return a
	})
	c := checker(t, fetcher(t))
	trusting, doubting := question(chain(leaf, root)), question(chain(leaf, root))
	doubting.TrustSigner = func(*x509.Certificate) bool { return false }
	status(t, certchain.StatusUnknown, c.Check(ctx, doubting))
	status(t, certchain.StatusGood, c.Check(ctx, trusting))
	status(t, certchain.StatusUnknown, c.Check(ctx, doubting))
	status(t, certchain.StatusGood, c.Check(ctx, question(chain(responder, root))))
	require.EqualValues(t, 1, s.hits.Load())
}

func TestOCSPOneFetchUnderLoad(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf", responders(s.URL))
	s.says(t, func(asked) answer {
		time.Sleep(20 * time.Millisecond)
		return answer{signer: root, singles: []one{{cert: leaf, issuer: root}}}
	})
	c := checker(t, fetcher(t))
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if a := c.Check(ctx, question(chain(leaf, root))); a.Status != certchain.StatusGood {
				t.Errorf("%+v", a)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, s.hits.Load())
}

// Responses of the standard's other implementation, in all kinds of signature.
func TestOCSPSignatureAlgorithms(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]crypto.Signer{
		"RSA": pkitest.RSA(2048, 1), "P-384": pkitest.EC(elliptic.P384()), "P-521": pkitest.EC(elliptic.P521()),
	} {
		root := pkitest.NewRoot(t, "root", pkitest.Key(key))
		leaf := root.Issue(t, "leaf")
		der, err := ocsp.CreateResponse(root.Certificate, root.Certificate, ocsp.Response{Status: ocsp.Revoked, SerialNumber: leaf.Certificate.SerialNumber,
			ThisUpdate: now.Add(-time.Hour), NextUpdate: now.Add(time.Hour), RevokedAt: revokedAt, RevocationReason: ocsp.Superseded}, root.Key)
		require.NoError(t, err)
		c, err := revocation.OCSPResponses(der)
		require.NoError(t, err)
		a := status(t, certchain.StatusRevoked, c.Check(ctx, question(chain(leaf, root))))
		require.Equal(t, ocsp.Superseded, a.Code, name)
	}
}

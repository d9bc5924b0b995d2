package revocation_test

import (
	"context"
	"crypto"
	"crypto/x509"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/pkitest"
)

// What does not answer, or proves nothing, leaves the status unknown and is left
// alone for a while.
func TestOCSPRefusals(t *testing.T) {
	t.Parallel()
	root, namesake := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "root")
	leafOf := func(s *site) *pkitest.Cert { return root.Issue(t, "leaf", responders(s.URL)) }
	for name, reply := range map[string]func(*pkitest.Cert) answer{
		"malformedRequest": func(*pkitest.Cert) answer { return answer{status: 1} },
		"tryLater":         func(*pkitest.Cert) answer { return answer{status: 3} },
		"unauthorized":     func(*pkitest.Cert) answer { return answer{status: 6} },
		"unknown": func(c *pkitest.Cert) answer {
			return answer{signer: root, singles: []one{{cert: c, issuer: root, status: contextual(2)}}}
		},
		"stale": func(c *pkitest.Cert) answer {
			return answer{signer: root, singles: []one{{cert: c, issuer: root, next: now.Add(-time.Minute)}}}
		},
		"not genuine": func(c *pkitest.Cert) answer {
			return answer{signer: namesake, byName: true, singles: []one{{cert: c, issuer: root}}}
		},
		"of another": func(*pkitest.Cert) answer {
			return answer{signer: root, singles: []one{{cert: namesake, issuer: root}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, k := newSite(t), &clock{}
			leaf := leafOf(s)
			s.says(t, func(asked) answer { return reply(leaf) })
			f := fetcher(t, revocation.WithClock(k.now))
			c := checker(t, f)
			for range 3 {
				status(t, certchain.StatusUnknown, c.Check(ctx, question(chain(leaf, root))))
			}
			require.EqualValues(t, 1, s.hits.Load())
			s.says(t, func(asked) answer { return answer{signer: root, singles: []one{{cert: leaf, issuer: root}}} })
			k.advance(revocation.DefaultRetry)
			status(t, certchain.StatusGood, c.Check(ctx, question(chain(leaf, root))))
		})
	}
	t.Run("too large", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		s.handle(func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, revocation.MaxResponseBytes+1)) })
		status(t, certchain.StatusUnknown, checker(t, fetcher(t)).Check(ctx, question(chain(leafOf(s), root))))
	})
	t.Run("private address", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		f, err := revocation.NewFetcher(nil)
		require.NoError(t, err)
		status(t, certchain.StatusUnknown, checker(t, f).Check(ctx, question(chain(leafOf(s), root))))
		require.Zero(t, s.hits.Load())
	})
	t.Run("many responders", func(t *testing.T) {
		t.Parallel()
		s, fine := newSite(t), newSite(t)
		s.handle(http.NotFound)
		var urls []string
		for i := range revocation.MaxFetchesPerCheck - 1 {
			urls = append(urls, fmt.Sprint(s.URL, "/", i))
		}
		within := root.Issue(t, "leaf", responders(append(urls, fine.URL)...))
		fine.says(t, func(asked) answer { return answer{signer: root, singles: []one{{cert: within, issuer: root}}} })
		status(t, certchain.StatusGood, checker(t, fetcher(t)).Check(ctx, question(chain(within, root))))
		beyond := root.Issue(t, "leaf", responders(append(urls, s.URL+"/x", fine.URL)...))
		fine.says(t, func(asked) answer { return answer{signer: root, singles: []one{{cert: beyond, issuer: root}}} })
		status(t, certchain.StatusUnknown, checker(t, fetcher(t)).Check(ctx, question(chain(beyond, root))))
	})
}

func TestOCSPCancelled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf", responders(s.URL))
	ended, cancel := context.WithCancel(ctx)
	cancel()
	status(t, certchain.StatusUnknown, checker(t, fetcher(t)).Check(ended, question(chain(leaf, root))))
	require.Zero(t, s.hits.Load())

	// While the first of two possible responders is judged.
	r1, r2 := root.Issue(t, "responder", ocspSigning), root.Issue(t, "responder", ocspSigning)
	a := answer{signer: r1, certs: chain(r1, r1, r2), byName: true, singles: []one{{cert: leaf, issuer: root}}}
	during, cancel := context.WithCancel(ctx)
	judged := 0
	q := question(chain(leaf, root))
	q.TrustSigner = func(*x509.Certificate) bool { judged++; cancel(); return false }
	status(t, certchain.StatusUnknown, staple(t, a).Check(during, q))
	require.Equal(t, 1, judged)
}

func TestOCSPSettings(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]revocation.OCSPOption{
		"hash": revocation.CertIDHash(crypto.MD5), "no hash": revocation.CertIDHash(0),
		"scheme": revocation.Responder("ftp://x.test"), "URL": revocation.Responder("http://%zz"),
	} {
		_, err := fetcher(t).OCSP(o)
		require.Error(t, err, name)
	}
}

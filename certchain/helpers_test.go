package certchain_test

import (
	"context"
	"crypto/x509"
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

var ctx = context.Background()

// verifier trusts the anchors in every domain, at the tests' fixed time. CI runs
// the tests again with PARTNERTRUST_TEST_WITHOUT_CACHE set: remembering must not
// show.
func verifier(anchors []*pkitest.Cert, opts ...certchain.Option) *certchain.Verifier {
	all := []certchain.Option{certchain.WithClock(pkitest.Clock)}
	if os.Getenv("PARTNERTRUST_TEST_WITHOUT_CACHE") != "" {
		all = append(all, certchain.WithoutCache())
	}
	return certchain.New(trust.Static(pkitest.Certificates(anchors...), nil), append(all, opts...)...)
}

func anchors(certs ...*pkitest.Cert) []*pkitest.Cert { return certs }

func bring(certs ...*pkitest.Cert) certchain.Option {
	return certchain.Intermediates(pkitest.Certificates(certs...)...)
}

// refusal asserts that the error is an *Error and returns it.
func refusal(t *testing.T, err error) *certchain.Error {
	t.Helper()
	var e *certchain.Error
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.Findings, "a refusal says why")
	return e
}

// first asserts the most telling finding.
func first(t *testing.T, err error, reason certchain.Reason, culprit *x509.Certificate, depth int) *certchain.Finding {
	t.Helper()
	e := refusal(t, err)
	f := e.Findings[0]
	require.Equal(t, reason, f.Reason, e.Explain())
	require.Same(t, culprit, f.Certificate, e.Explain())
	require.Equal(t, depth, f.Depth)
	require.ErrorIs(t, err, reason)
	var asFinding *certchain.Finding
	require.True(t, errors.As(err, &asFinding))
	require.Same(t, f, asFinding)
	return f
}

func names(c *certchain.Chain) (out []string) {
	for _, cert := range c.Certificates {
		out = append(out, cert.Subject.CommonName)
	}
	return out
}

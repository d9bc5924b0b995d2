package authority_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/examples/internal/authority"
)

func newCA(t *testing.T) *authority.CA {
	t.Helper()
	ca, err := authority.New("Test CA")
	require.NoError(t, err)
	t.Cleanup(func() { _ = ca.Close() })
	return ca
}

func csr(t *testing.T, key crypto.Signer, organisation, email string) []byte {
	t.Helper()
	template := &x509.CertificateRequest{
		Subject: pkix.Name{Country: []string{"SL"}, Organization: []string{organisation}, CommonName: organisation + " signing"},
	}
	if email != "" {
		template.EmailAddresses = []string{email}
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, template, key)
	require.NoError(t, err)
	return der
}

func rsaKey(t *testing.T, bits int) crypto.Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	require.NoError(t, err)
	return key
}

func ecKey(t *testing.T, curve elliptic.Curve) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	require.NoError(t, err)
	return key
}

func edKey(t *testing.T) crypto.Signer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return key
}

func TestIssue(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	for _, tc := range []struct {
		name, organisation string
		key                crypto.Signer
	}{
		{"RSA-2048", "Acme Biometrics", rsaKey(t, 2048)},
		{"RSA-4096", "Acme, Inc.", rsaKey(t, 4096)},
		{"P-256", "የኢትዮጵያ ባንክ", ecKey(t, elliptic.P256())},
		{"P-384", "Société d'Énergie", ecKey(t, elliptic.P384())},
		{"Ed25519", "بنك المغرب", edKey(t)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			chain, err := ca.Issue(t.Context(), csr(t, tc.key, tc.organisation, "pki@partner.example"))
			require.NoError(t, err)
			require.Len(t, chain, 2)
			leaf := chain[0]
			require.Equal(t, []string{tc.organisation}, leaf.Subject.Organization, "the subject is the applicant's")
			require.Equal(t, tc.key.Public(), leaf.PublicKey)
			require.Equal(t, []string{"pki@partner.example"}, leaf.EmailAddresses)
			require.False(t, leaf.IsCA)
			require.True(t, chain[1].Equal(ca.Intermediate))

			// crypto/x509 is the second opinion.
			roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
			roots.AddCert(ca.Root)
			intermediates.AddCert(ca.Intermediate)
			_, err = leaf.Verify(x509.VerifyOptions{
				Roots: roots, Intermediates: intermediates, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
			})
			require.NoError(t, err)
		})
	}
}

func TestValidity(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	chain, err := ca.Issue(t.Context(), csr(t, ecKey(t, elliptic.P256()), "Acme", ""))
	require.NoError(t, err)
	aYear := time.Now().AddDate(1, 0, 0)
	for _, c := range []*x509.Certificate{chain[0], ca.Intermediate, ca.Root} {
		require.True(t, c.NotAfter.After(aYear), "%s must still be good for a year", c.Subject)
		require.True(t, c.NotBefore.Before(time.Now()))
	}
	require.True(t, ca.Intermediate.NotAfter.Before(ca.Root.NotAfter))
}

func TestIssueRefuses(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	t.Run("a weak key", func(t *testing.T) {
		t.Parallel()
		_, err := ca.Issue(t.Context(), csr(t, rsaKey(t, 1024), "Acme", ""))
		require.Error(t, err)
	})
	t.Run("a request that is none", func(t *testing.T) {
		t.Parallel()
		_, err := ca.Issue(t.Context(), []byte("not a request"))
		require.Error(t, err)
	})
	t.Run("a request signed by another key", func(t *testing.T) {
		t.Parallel()
		der := csr(t, ecKey(t, elliptic.P256()), "Acme", "")
		der[len(der)-1] ^= 1
		_, err := ca.Issue(t.Context(), der)
		require.Error(t, err)
		_, err = ca.IssueUnchecked(t.Context(), der, time.Now(), time.Now().AddDate(1, 0, 0))
		require.Error(t, err, "possession of the key is proved even here")
	})
}

func TestIssueUnchecked(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	from := time.Now().AddDate(-3, 0, 0).UTC().Truncate(time.Second)
	to := from.AddDate(2, 0, 0)
	chain, err := ca.IssueUnchecked(t.Context(), csr(t, rsaKey(t, 1024), "Acme", ""), from, to)
	require.NoError(t, err)
	require.Equal(t, from, chain[0].NotBefore)
	require.Equal(t, to, chain[0].NotAfter)
	require.NoError(t, chain[0].CheckSignatureFrom(ca.Intermediate))

	_, err = ca.IssueUnchecked(t.Context(), nil, from, to)
	require.Error(t, err)
}

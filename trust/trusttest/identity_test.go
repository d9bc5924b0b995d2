package trusttest_test

import (
	"crypto"
	"crypto/elliptic"
	"crypto/tls"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/oidc"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/trusttest"
)

var keyKinds = map[string][]trusttest.Property{
	"RSA-2048": nil,
	"P-256":    {trusttest.P256()},
	"P-384":    {trusttest.P384()},
	"P-521":    {trusttest.Key(pkitest.EC(elliptic.P521()))},
	"Ed25519":  {trusttest.Ed25519()},
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	for name, properties := range keyKinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id := pki.Partner("Acme Bank", properties...)
			alone, err := trust.ParseCertificates(id.PEM())
			require.NoError(t, err)
			require.Len(t, alone, 1)
			require.Equal(t, id.Certificate.Raw, alone[0].Raw)
			chain, err := trust.ParseCertificates(id.ChainPEM())
			require.NoError(t, err)
			require.Len(t, chain, 3)

			// The key is that of the certificate: TLS would not load another.
			_, err = tls.X509KeyPair(id.PEM(), id.KeyPEM())
			require.NoError(t, err)

			// The JWK is that of the key, by the reader that a host has.
			want, err := oidc.KeyFromCertificate(id.Certificate)
			require.NoError(t, err)
			require.JSONEq(t, string(want.JWK()), string(id.JWK()))
			wantID, err := want.ClientID(oidc.CurrentRule)
			require.NoError(t, err)
			require.Equal(t, wantID, id.ClientID())
		})
	}
}

// A registration must be able to refuse a key that is too weak.
func TestWeakJWK(t *testing.T) {
	t.Parallel()
	_, err := oidc.ParseKey(trusttest.New(t).Partner("Acme Bank", trusttest.WeakKey()).JWK())
	require.ErrorIs(t, err, oidc.WeakKey)
}

// The first eight identities of a PKI are different clients; then keys repeat.
func TestKeysRepeat(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	ids := map[string]int{}
	for i := range 9 {
		ids[pki.Partner("Acme Bank").ClientID()] = i
	}
	require.Len(t, ids, 8)
	for range 9 {
		ids[pki.Partner("Acme Bank", trusttest.P256()).ClientID()] = 0
	}
	require.Len(t, ids, 17)
}

// strange is a key of a kind that nobody knows.
type strange struct{ crypto.Signer }

func (strange) Public() crypto.PublicKey { return "no key" }

func TestStrangeKeys(t *testing.T) {
	t.Parallel()
	for name, use := range map[string]func(*trusttest.Identity){
		"JWK": func(id *trusttest.Identity) { id.JWK() },
		"PEM": func(id *trusttest.Identity) { id.KeyPEM() },
		"JWS": func(id *trusttest.Identity) { id.SignJWS(nil) },
	} {
		require.NotEmpty(t, failure(func(tb testing.TB) {
			id := trusttest.New(tb).Partner("Acme Bank")
			id.Key = strange{}
			use(id)
		}), name)
	}
}

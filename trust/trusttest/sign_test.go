package trusttest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/trusttest"
)

func TestSign(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	algorithms := map[string]string{"RSA-2048": "RS256", "P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "EdDSA"}
	body := []byte(`{"id":"mosip.identity.auth"}`)
	for name, properties := range keyKinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id := pki.Partner("Acme Bank", properties...)
			tokens := x5c.New(pki.Verifier())
			bound := x5c.BoundTo(trust.SHA256(id.Certificate))
			signed, err := tokens.Verify(ctx, trust.Auth, id.SignJWS(body), bound)
			require.NoError(t, err)
			require.Equal(t, body, signed.Payload)
			require.Equal(t, algorithms[name], signed.Algorithm)

			header := id.SignDetached(body)
			require.Contains(t, header, "..")
			_, err = tokens.Verify(ctx, trust.Auth, header, bound, x5c.Detached(body))
			require.NoError(t, err)
			_, err = tokens.Verify(ctx, trust.Auth, header, bound, x5c.Detached([]byte("another body")))
			require.ErrorIs(t, err, x5c.BadSignature)
		})
	}
}

// The header brings what a host needs that has the root alone.
func TestSignBringsChain(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	source := trust.Static(pki.Root(trust.Auth).Chain, nil)
	tokens := x5c.New(certchain.New(source, certchain.WithClock(pki.Clock)))
	_, err := tokens.Verify(ctx, trust.Auth, pki.Partner("Acme Bank").SignJWS([]byte("{}")))
	require.NoError(t, err)
}

// What is wrong with a signer's certificate shows in what it signed.
func TestSignedByDefects(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	tokens := x5c.New(pki.Verifier(certchain.WithRevocation(pki.Revocation())))
	for name, tc := range map[string]struct {
		property trusttest.Property
		want     error
	}{
		"a CA":            {trusttest.IsCA(), x5c.SignerIsCA},
		"for encryption":  {trusttest.ForEncryption(), x5c.SignerKeyUsage},
		"a weak key":      {trusttest.WeakKey(), certchain.WeakKey},
		"self-signed":     {trusttest.SelfSigned(), certchain.SelfSigned},
		"of a revoked CA": {trusttest.RevokedIntermediate(), certchain.Revoked},
		"not of a CA":     {trusttest.NotCAIntermediate(), certchain.NotCA},
	} {
		_, err := tokens.Verify(ctx, trust.Auth, pki.Partner("Acme Bank", tc.property).SignJWS([]byte("{}")))
		require.ErrorIs(t, err, tc.want, name)
	}
	// A CA of the PKI can sign as well, and may not.
	token := pki.Root(trust.Auth).SignJWS([]byte("{}"))
	require.Equal(t, 2, strings.Count(token, "."))
	_, err := tokens.Verify(ctx, trust.Auth, token)
	require.ErrorIs(t, err, x5c.SignerIsCA)
}

// Package interop holds oidc beside two JOSE libraries of other authors, both
// ways: their keys, thumbprints and assertions here, ours there. It is a
// module of its own, so that nobody who imports the library gets them.
package interop_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	josejwt "github.com/go-jose/go-jose/v4/jwt"
	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

const audience = "https://esignet.example/v1/esignet/oauth/v2/token"

type party struct {
	name, alg string
	signer    crypto.Signer
}

func parties(t *testing.T) []party {
	t.Helper()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	out := []party{{"Ed25519", "EdDSA", edKey}}
	for _, alg := range []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"} {
		out = append(out, party{"RSA", alg, rsaKey})
	}
	for alg, curve := range map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		require.NoError(t, err)
		out = append(out, party{curve.Params().Name, alg, key})
	}
	return out
}

// client registers the JWK that go-jose writes.
func (p party) client(t *testing.T) *oidc.Client {
	t.Helper()
	text, err := json.Marshal(jose.JSONWebKey{Key: p.signer.Public(), KeyID: "k", Algorithm: p.alg, Use: "sig"})
	require.NoError(t, err)
	key, err := oidc.ParseKey(text)
	require.NoError(t, err)
	id, err := key.ClientID(oidc.CurrentRule)
	require.NoError(t, err)
	return &oidc.Client{ID: id, Key: key, Status: oidc.Active}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	for _, p := range parties(t) {
		c := p.client(t)
		var theirs jose.JSONWebKey
		require.NoError(t, json.Unmarshal(c.Key.JWK(), &theirs), "what we write, go-jose reads")
		require.Equal(t, p.signer.Public(), theirs.Key)
		sum, err := theirs.Thumbprint(crypto.SHA256)
		require.NoError(t, err)
		id, err := c.Key.ClientID(oidc.RFC7638Rule)
		require.NoError(t, err)
		require.Equal(t, base64.RawURLEncoding.EncodeToString(sum), id)
	}
}

func TestTheirAssertions(t *testing.T) {
	t.Parallel()
	now := time.Now()
	a, err := oidc.NewAuthenticator(oidc.NewReplayMemory(1000, nil), []string{audience})
	require.NoError(t, err)
	for _, p := range parties(t) {
		c := p.client(t)
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(p.alg), Key: p.signer}, (&jose.SignerOptions{}).WithType("JWT"))
		require.NoError(t, err)
		goJose, err := josejwt.Signed(signer).Claims(josejwt.Claims{
			Issuer: c.ID, Subject: c.ID, Audience: josejwt.Audience{audience}, ID: rand.Text(),
			IssuedAt: josejwt.NewNumericDate(now), Expiry: josejwt.NewNumericDate(now.Add(time.Minute)),
		}).Serialize()
		require.NoError(t, err)
		golangJWT, err := jwt.NewWithClaims(jwt.GetSigningMethod(p.alg), jwt.RegisteredClaims{
			Issuer: c.ID, Subject: c.ID, Audience: jwt.ClaimStrings{audience}, ID: rand.Text(),
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(time.Minute)),
		}).SignedString(p.signer)
		require.NoError(t, err)
		for _, token := range []string{goJose, golangJWT} {
			_, err = a.Authenticate(t.Context(), c, token)
			require.NoError(t, err, "%s %s", p.name, p.alg)
			_, err = a.Authenticate(t.Context(), c, token)
			require.ErrorIs(t, err, oidc.Replayed)
		}
	}
}

func TestOurAssertions(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for _, p := range parties(t) {
		c := p.client(t)
		token, err := c.Key.SignAssertion(p.signer, oidc.Assertion{
			ClientID: c.ID, Audience: []string{audience}, ID: rand.Text(), IssuedAt: now, Expires: now.Add(time.Minute),
		})
		require.NoError(t, err)

		parsed, err := josejwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(p.alg)})
		require.NoError(t, err)
		var claims josejwt.Claims
		require.NoError(t, parsed.Claims(p.signer.Public(), &claims), "%s %s", p.name, p.alg)
		require.NoError(t, claims.Validate(josejwt.Expected{Issuer: c.ID, Subject: c.ID, AnyAudience: josejwt.Audience{audience}, Time: now}))

		_, err = jwt.Parse(token, func(*jwt.Token) (any, error) { return p.signer.Public(), nil }, jwt.WithValidMethods([]string{p.alg}),
			jwt.WithIssuer(c.ID), jwt.WithSubject(c.ID), jwt.WithAudience(audience), jwt.WithExpirationRequired(), jwt.WithIssuedAt())
		require.NoError(t, err, "%s %s", p.name, p.alg)
	}
}

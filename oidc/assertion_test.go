package oidc_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

const tokenEndpoint = "https://esignet.example/v1/esignet/oauth/v2/token"

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return now }

// defaultAlgorithms are RFC 7518's and RFC 8037's for each key.
var defaultAlgorithms = map[string]string{
	"RSA-2048": "RS256", "RSA-3072": "RS256", "P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "EdDSA",
}

func client(t testing.TB, name string, members ...string) *oidc.Client {
	t.Helper()
	m := map[string]any{}
	require.NoError(t, json.Unmarshal(mustKey(t, name).JWK(), &m))
	for i := 0; i < len(members); i += 2 {
		m[members[i]] = members[i+1]
	}
	key, err := oidc.ParseKey(write(t, m))
	require.NoError(t, err)
	return &oidc.Client{ID: clientID(t, key), Key: key, Status: oidc.Active}
}

func authenticator(t testing.TB, opts ...oidc.AuthOption) *oidc.Authenticator {
	t.Helper()
	a, err := oidc.NewAuthenticator(oidc.NewReplayMemory(100, clock), []string{"https://esignet.example", tokenEndpoint},
		append([]oidc.AuthOption{oidc.WithClock(clock)}, opts...)...)
	require.NoError(t, err)
	return a
}

// payload is that of a valid assertion, with changes; nil removes a claim.
func payload(t testing.TB, c *oidc.Client, changes ...any) []byte {
	t.Helper()
	m := map[string]any{
		"iss": c.ID, "sub": c.ID, "aud": tokenEndpoint, "jti": rand.Text(),
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	}
	for i := 0; i < len(changes); i += 2 {
		m[changes[i].(string)] = changes[i+1]
		if changes[i+1] == nil {
			delete(m, changes[i].(string))
		}
	}
	return write(t, m)
}

// sign makes a JWS with another library.
func sign(t testing.TB, key crypto.Signer, alg string, payload []byte, headers ...any) string {
	t.Helper()
	h := jws.NewHeaders()
	for i := 0; i < len(headers); i += 2 {
		require.NoError(t, h.Set(headers[i].(string), headers[i+1]))
	}
	token, err := jws.Sign(payload, jws.WithKey(jwa.SignatureAlgorithm(alg), key, jws.WithProtectedHeaders(h)))
	require.NoError(t, err)
	return string(token)
}

// Assertions of jwx are accepted here, and ours by jwx.
func TestAssertionLikeJWX(t *testing.T) {
	t.Parallel()
	for name, alg := range defaultAlgorithms {
		algorithms := []string{alg}
		if strings.HasPrefix(name, "RSA") {
			algorithms = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
		}
		for _, alg := range algorithms {
			t.Run(name+"/"+alg, func(t *testing.T) {
				t.Parallel()
				c, signer := client(t, name, "alg", alg, "use", "sig"), keys()[name]
				got, err := c.Key.Algorithm()
				require.NoError(t, err)
				require.Equal(t, alg, got)

				a := authenticator(t)
				assertion, err := a.Authenticate(t.Context(), c, sign(t, signer, alg, payload(t, c), "typ", "JWT", "kid", "any"))
				require.NoError(t, err)
				require.Equal(t, c.ID, assertion.ClientID)
				require.Equal(t, []string{tokenEndpoint}, assertion.Audience)
				require.Equal(t, now, assertion.IssuedAt)
				require.Equal(t, now.Add(5*time.Minute), assertion.Expires)

				ours, err := c.Key.SignAssertion(signer, oidc.Assertion{
					ClientID: c.ID, Audience: []string{tokenEndpoint}, ID: "1", IssuedAt: now, Expires: now.Add(time.Minute),
				})
				require.NoError(t, err)
				verified, err := jws.Verify([]byte(ours), jws.WithKey(jwa.SignatureAlgorithm(alg), signer.Public()))
				require.NoError(t, err)
				var claims map[string]any
				require.NoError(t, json.Unmarshal(verified, &claims))
				require.Equal(t, c.ID, claims["iss"])
				require.Equal(t, c.ID, claims["sub"])
				id, err := oidc.UnverifiedClientID(ours)
				require.NoError(t, err)
				require.Equal(t, c.ID, id)
				_, err = a.Authenticate(t.Context(), c, ours)
				require.NoError(t, err)
			})
		}
	}
}

func TestAlgorithm(t *testing.T) {
	t.Parallel()
	for name, want := range defaultAlgorithms {
		alg, err := mustKey(t, name).Algorithm()
		require.NoError(t, err)
		require.Equal(t, want, alg)
	}
	for _, tc := range []struct {
		name    string
		members []string
		alg     string // "": none
	}{
		{"RSA-2048", []string{"alg", "PS256"}, "PS256"},
		{"RSA-2048", []string{"alg", "ES256"}, ""},
		{"RSA-2048", []string{"alg", "RSA-OAEP-256"}, ""},
		{"RSA-2048", []string{"alg", "HS256"}, ""},
		{"RSA-2048", []string{"alg", "none"}, ""},
		{"RSA-2048", []string{"use", "enc"}, ""},
		{"P-256", []string{"alg", "ES384"}, ""},
		{"P-256", []string{"alg", "EdDSA"}, ""},
		{"P-384", []string{"alg", "ES256"}, ""},
		{"Ed25519", []string{"alg", "Ed25519"}, "Ed25519"},
		{"Ed25519", []string{"alg", "Ed448"}, ""},
	} {
		c := client(t, tc.name, tc.members...)
		alg, err := c.Key.Algorithm()
		require.Equal(t, tc.alg, alg, tc.members)
		if tc.alg == "" {
			require.ErrorIs(t, err, oidc.KeyNotForSigning, tc.members)
			_, err = authenticator(t).Authenticate(t.Context(), c, sign(t, keys()[tc.name], defaultAlgorithms[tc.name], payload(t, c)))
			require.ErrorIs(t, err, oidc.KeyNotForSigning, tc.members)
			_, err = c.Key.SignAssertion(keys()[tc.name], oidc.Assertion{})
			require.ErrorIs(t, err, oidc.KeyNotForSigning, tc.members)
		}
	}
	for ops, want := range map[string]error{`["verify"]`: nil, `null`: nil, `["encrypt"]`: oidc.KeyNotForSigning, `[]`: oidc.KeyNotForSigning} {
		key, err := oidc.ParseKey([]byte(strings.Replace(string(mustKey(t, "P-256").JWK()), "{", `{"key_ops":`+ops+`,`, 1)))
		require.NoError(t, err)
		_, err = key.Algorithm()
		require.ErrorIs(t, err, want, ops)
	}
	k, err := oidc.ParseKey(secp256k1JWK(), oidc.AllowSecp256k1())
	require.NoError(t, err)
	_, err = k.Algorithm()
	require.ErrorIs(t, err, oidc.KeyNotForSigning)
	_, err = mustKey(t, "P-256").SignAssertion(keys()["P-384"], oidc.Assertion{})
	require.ErrorIs(t, err, oidc.KeyChanged)
}

func TestAssertionHeader(t *testing.T) {
	t.Parallel()
	c, rsaClient := client(t, "P-256"), client(t, "RSA-2048")
	b64url := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	raw := func(c *oidc.Client, header string, mac func(signed string) []byte) string {
		signed := b64url(header) + "." + base64.RawURLEncoding.EncodeToString(payload(t, c))
		return signed + "." + base64.RawURLEncoding.EncodeToString(mac(signed))
	}
	hmacWith := func(secret []byte) func(string) []byte {
		return func(signed string) []byte {
			mac := hmac.New(sha256.New, secret)
			mac.Write([]byte(signed))
			return mac.Sum(nil)
		}
	}
	none := func(string) []byte { return nil }
	es256 := func(signed string) []byte {
		sum := sha256.Sum256([]byte(signed))
		r, s, err := ecdsa.Sign(rand.Reader, keys()["P-256"].(*ecdsa.PrivateKey), sum[:])
		require.NoError(t, err)
		return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	}
	good := raw(c, `{"alg":"ES256"}`, es256)
	parts := strings.Split(good, ".")
	derSignature, err := keys()["P-256"].Sign(rand.Reader, make([]byte, 32), crypto.SHA256)
	require.NoError(t, err)

	for _, tc := range []struct {
		what   string
		client *oidc.Client
		token  string
		want   oidc.Reason
	}{
		{"as it should be", c, good, ""},
		{"none", c, raw(c, `{"alg":"none"}`, none), oidc.AlgorithmMismatch},
		{"nOnE", c, raw(c, `{"alg":"nOnE"}`, none), oidc.AlgorithmMismatch},
		{"no alg", c, raw(c, `{}`, es256), oidc.AlgorithmMismatch},
		{"alg a number", c, raw(c, `{"alg":1}`, es256), oidc.AlgorithmMismatch},
		{"HMAC with the public key", rsaClient, raw(rsaClient, `{"alg":"HS256"}`, hmacWith(rsaClient.Key.DER())), oidc.AlgorithmMismatch},
		{"HMAC with the JWK", rsaClient, raw(rsaClient, `{"alg":"HS256"}`, hmacWith(rsaClient.Key.JWK())), oidc.AlgorithmMismatch},
		{"RS256 for an EC key", c, raw(c, `{"alg":"RS256"}`, es256), oidc.AlgorithmMismatch},
		{"PS256 for a key of RS256", rsaClient, sign(t, keys()["RSA-2048"], "PS256", payload(t, rsaClient)), oidc.AlgorithmMismatch},
		{"RS512 for a key of RS256", rsaClient, sign(t, keys()["RSA-2048"], "RS512", payload(t, rsaClient)), oidc.AlgorithmMismatch},
		{"crit", c, raw(c, `{"alg":"ES256","crit":["exp"]}`, es256), oidc.CriticalHeader},
		{"empty crit", c, raw(c, `{"alg":"ES256","crit":[]}`, es256), oidc.CriticalHeader},
		{"b64", c, raw(c, `{"alg":"ES256","b64":false}`, es256), oidc.CriticalHeader},
		{"alg twice", c, raw(c, `{"alg":"ES256","alg":"none"}`, es256), oidc.MalformedAssertion},
		{"typ JWT", c, raw(c, `{"alg":"ES256","typ":"JWT"}`, es256), ""},
		{"typ of RFC 7523bis", c, raw(c, `{"alg":"ES256","typ":"client-authentication+jwt"}`, es256), ""},
		{"another typ", c, raw(c, `{"alg":"ES256","typ":"dpop+jwt"}`, es256), oidc.MalformedAssertion},
		{"typ a number", c, raw(c, `{"alg":"ES256","typ":1}`, es256), oidc.MalformedAssertion},
		{"its own key", c, raw(c, `{"alg":"ES256","jwk":{"kty":"oct","k":"AA"},"jku":"https://evil.example"}`, es256), ""},

		{"another key", c, sign(t, keys()["RSA-2048"], "RS256", payload(t, c)), oidc.AlgorithmMismatch},
		{"another key of the kind", rsaClient, sign(t, keys()["RSA-3072"], "RS256", payload(t, rsaClient)), oidc.BadSignature},
		{"another payload", c, parts[0] + "." + b64url(`{}`) + "." + parts[2], oidc.BadSignature},
		{"no signature", c, parts[0] + "." + parts[1] + ".", oidc.BadSignature},
		{"a signature of zeros", c, parts[0] + "." + parts[1] + "." + base64.RawURLEncoding.EncodeToString(make([]byte, 64)), oidc.BadSignature},
		{"a signature in ASN.1", c, parts[0] + "." + parts[1] + "." + base64.RawURLEncoding.EncodeToString(derSignature), oidc.BadSignature},
		{"two parts", c, parts[0] + "." + parts[1], oidc.MalformedAssertion},
		{"four parts", c, good + ".", oidc.MalformedAssertion},
		{"padding", c, good + "=", oidc.MalformedAssertion},
		{"a line break", c, good + "\n", oidc.MalformedAssertion},
		{"the other alphabet", c, "+" + good[1:], oidc.MalformedAssertion},
		{"stray bits", c, parts[0] + "." + parts[1] + "." + parts[2][:85] + "B", oidc.MalformedAssertion},
		{"header no JSON", c, b64url("x") + "." + parts[1] + "." + parts[2], oidc.MalformedAssertion},
		{"nothing", c, "", oidc.MalformedAssertion},
		{"too large", c, strings.Repeat("A", oidc.MaxAssertionBytes+1), oidc.MalformedAssertion},
	} {
		t.Run(tc.what, func(t *testing.T) {
			t.Parallel()
			got, err := authenticator(t).Authenticate(t.Context(), tc.client, tc.token)
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.Nil(t, got)
			require.Equal(t, []found{{tc.want, "", "invalid_client"}}, problemsOf(t, err))
		})
	}
	signer := keys()["P-256"]
	fill := func(n int) string { return sign(t, signer, "ES256", payload(t, c, "x", strings.Repeat("x", n))) }
	room := (oidc.MaxAssertionBytes - len(fill(0)) - 8) * 3 / 4
	token := fill(room)
	for len(token) < oidc.MaxAssertionBytes-1 {
		room++
		token = fill(room)
	}
	require.LessOrEqual(t, len(token), oidc.MaxAssertionBytes)
	_, err = authenticator(t).Authenticate(t.Context(), c, token)
	require.NoError(t, err, "at the limit")
}

func TestNewAuthenticator(t *testing.T) {
	t.Parallel()
	replay, audience := oidc.NewReplayMemory(1, nil), []string{"https://esignet.example"}
	_, err := oidc.NewAuthenticator(replay, audience)
	require.NoError(t, err)
	for what, build := range map[string]func() (*oidc.Authenticator, error){
		"no cache":       func() (*oidc.Authenticator, error) { return oidc.NewAuthenticator(nil, audience) },
		"no audience":    func() (*oidc.Authenticator, error) { return oidc.NewAuthenticator(replay, nil) },
		"empty audience": func() (*oidc.Authenticator, error) { return oidc.NewAuthenticator(replay, []string{""}) },
		"no clock": func() (*oidc.Authenticator, error) {
			return oidc.NewAuthenticator(replay, audience, oidc.WithClock(nil))
		},
		"a negative leeway": func() (*oidc.Authenticator, error) { return oidc.NewAuthenticator(replay, audience, oidc.Leeway(-1)) },
		"no lifetime": func() (*oidc.Authenticator, error) {
			return oidc.NewAuthenticator(replay, audience, oidc.AssertionLifetime(0))
		},
	} {
		a, err := build()
		require.Error(t, err, what)
		require.Nil(t, a)
	}
	c := client(t, "P-256")
	token := sign(t, keys()["P-256"], "ES256", payload(t, c, "exp", now.Add(10*time.Second).Unix()))
	for _, a := range []*oidc.Authenticator{nil, new(oidc.Authenticator)} {
		_, err = a.Authenticate(t.Context(), c, token)
		require.ErrorIs(t, err, oidc.NotAClient)
	}
	for _, c := range []*oidc.Client{nil, {}, {ID: c.ID, Status: oidc.Active}, {Key: c.Key, Status: oidc.Active}} {
		_, err = authenticator(t).Authenticate(t.Context(), c, token)
		require.ErrorIs(t, err, oidc.NotAClient)
	}
	_, err = authenticator(t).Authenticate(t.Context(), &oidc.Client{ID: c.ID, Key: c.Key}, token)
	require.ErrorIs(t, err, oidc.ClientInactive)
	_, err = authenticator(t, oidc.Leeway(0), oidc.AssertionLifetime(10*time.Second)).Authenticate(t.Context(), c, token)
	require.NoError(t, err)
	_, err = authenticator(t, oidc.Leeway(0), oidc.AssertionLifetime(9*time.Second)).Authenticate(t.Context(), c, token)
	require.ErrorIs(t, err, oidc.LifetimeTooLong)
}

func TestUnverifiedClientID(t *testing.T) {
	t.Parallel()
	c := client(t, "P-256")
	for text, want := range map[string]oidc.Reason{
		`{"sub":"me"}`: "", `{}`: oidc.MissingMember, `x`: oidc.MalformedAssertion, `{"sub":"a","sub":"b"}`: oidc.MalformedAssertion,
		`{"sub":"` + strings.Repeat("x", oidc.MaxClientIDLength) + `"}`:   "",
		`{"sub":"` + strings.Repeat("x", oidc.MaxClientIDLength+1) + `"}`: oidc.MissingMember,
	} {
		_, err := oidc.UnverifiedClientID(sign(t, keys()["P-256"], "ES256", []byte(text)))
		if want == "" {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, want)
		}
	}
	_, err := oidc.UnverifiedClientID("x")
	require.ErrorIs(t, err, oidc.MalformedAssertion)
	_, err = c.Key.SignAssertion(brokenSigner{keys()["P-256"]}, oidc.Assertion{})
	require.ErrorIs(t, err, errSigner)
	_, err = c.Key.SignAssertion(badSigner{keys()["P-256"]}, oidc.Assertion{})
	require.Error(t, err)
}

var errSigner = errors.New("no signature")

type brokenSigner struct{ crypto.Signer }

func (brokenSigner) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return nil, errSigner }

type badSigner struct{ crypto.Signer }

func (badSigner) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return []byte("x"), nil }

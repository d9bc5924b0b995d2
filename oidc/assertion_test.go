package oidc_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
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

func TestAssertionClaims(t *testing.T) {
	t.Parallel()
	const second = time.Second
	c, leeway, life := client(t, "P-256"), oidc.DefaultLeeway, oidc.MaxAssertionLifetime
	unix := func(d time.Duration) int64 { return now.Add(d).Unix() }
	refused := func(r oidc.Reason, pointer string) []found { return []found{{r, pointer, "invalid_client"}} }
	for _, tc := range []struct {
		what    string
		changes []any
		want    []found
	}{
		{"nothing changed", nil, nil},
		{"more claims", []any{"nonce", 1, "client", map[string]any{}}, nil},
		{"another issuer", []any{"iss", "x"}, refused(oidc.WrongIssuer, "/iss")},
		{"issuer a list", []any{"iss", []string{c.ID}}, refused(oidc.WrongIssuer, "/iss")},
		{"no issuer", []any{"iss", nil}, refused(oidc.MissingMember, "/iss")},
		{"another subject", []any{"sub", "x"}, refused(oidc.WrongSubject, "/sub")},
		{"no subject", []any{"sub", nil}, refused(oidc.MissingMember, "/sub")},
		{"another id of the key", []any{"iss", must(mustKey(t, "P-256").ClientID(oidc.RFC7638Rule)), "sub", must(mustKey(t, "P-256").ClientID(oidc.RFC7638Rule))},
			[]found{{oidc.WrongIssuer, "/iss", "invalid_client"}, {oidc.WrongSubject, "/sub", "invalid_client"}}},

		{"the issuer as audience", []any{"aud", "https://esignet.example"}, nil},
		{"one of several", []any{"aud", []string{"https://other.example", tokenEndpoint}}, nil},
		{"another audience", []any{"aud", "https://other.example"}, refused(oidc.WrongAudience, "/aud")},
		{"another path", []any{"aud", tokenEndpoint + "/"}, refused(oidc.WrongAudience, "/aud")},
		{"another case", []any{"aud", strings.ToUpper(tokenEndpoint)}, refused(oidc.WrongAudience, "/aud")},
		{"no audience", []any{"aud", nil}, refused(oidc.MissingMember, "/aud")},
		{"an empty list", []any{"aud", []string{}}, refused(oidc.WrongAudience, "/aud")},
		{"audience a number", []any{"aud", 1}, refused(oidc.WrongType, "/aud")},
		{"a number among them", []any{"aud", []any{tokenEndpoint, 1}}, refused(oidc.WrongType, "/aud")},
		{"most audiences", []any{"aud", append(list(oidc.MaxAudiences-1, "%d"), tokenEndpoint)}, nil},
		{"too many", []any{"aud", append(list(oidc.MaxAudiences, "%d"), tokenEndpoint)}, refused(oidc.TooMany, "/aud")},

		{"no jti", []any{"jti", nil}, refused(oidc.MissingMember, "/jti")},
		{"blank jti", []any{"jti", " "}, refused(oidc.MissingMember, "/jti")},
		{"jti a number", []any{"jti", 1}, refused(oidc.WrongType, "/jti")},
		{"longest jti", []any{"jti", strings.Repeat("x", oidc.MaxJTILength)}, nil},
		{"too long", []any{"jti", strings.Repeat("x", oidc.MaxJTILength+1)}, refused(oidc.TooLong, "/jti")},

		{"no exp", []any{"exp", nil}, refused(oidc.MissingMember, "/exp")},
		{"exp a string", []any{"exp", "1"}, refused(oidc.WrongType, "/exp")},
		{"exp negative", []any{"exp", -1}, refused(oidc.WrongType, "/exp")},
		{"exp far away", []any{"exp", json.RawMessage("1e300")}, refused(oidc.WrongType, "/exp")},
		{"exp past any number", []any{"exp", json.RawMessage("1e999")}, refused(oidc.WrongType, "/exp")},
		{"just within the leeway", []any{"iat", unix(-60 * second), "exp", unix(-leeway + second)}, nil},
		{"at its end", []any{"iat", unix(-60 * second), "exp", unix(-leeway)}, refused(oidc.Expired, "/exp")},
		{"no iat", []any{"iat", nil}, refused(oidc.MissingMember, "/iat")},
		{"iat within the leeway", []any{"iat", unix(leeway)}, nil},
		{"iat past it", []any{"iat", unix(leeway + second)}, refused(oidc.NotYetValid, "/iat")},
		{"the longest life", []any{"exp", unix(life)}, nil},
		{"longer", []any{"exp", unix(life + second)}, refused(oidc.LifetimeTooLong, "/exp")},
		{"an old one", []any{"iat", unix(-life), "exp", unix(second)}, refused(oidc.LifetimeTooLong, "/exp")},
		{"exp before iat", []any{"iat", unix(3 * second), "exp", unix(2 * second)}, refused(oidc.Expired, "/exp")},
		{"exp at iat", []any{"iat", unix(0), "exp", unix(0)}, refused(oidc.Expired, "/exp")},
		{"with fractions", []any{"exp", json.RawMessage(fmt.Sprint(unix(second)) + ".5")}, nil},
		{"nbf now", []any{"nbf", unix(0)}, nil},
		{"nbf within the leeway", []any{"nbf", unix(leeway)}, nil},
		{"nbf past it", []any{"nbf", unix(leeway + second)}, refused(oidc.NotYetValid, "/nbf")},
		{"nbf a string", []any{"nbf", "x"}, refused(oidc.WrongType, "/nbf")},

		{"all at once", []any{"iss", "x", "sub", "x", "aud", "x", "jti", "", "exp", unix(-2 * life)}, []found{
			{oidc.WrongIssuer, "/iss", "invalid_client"}, {oidc.WrongSubject, "/sub", "invalid_client"}, {oidc.WrongAudience, "/aud", "invalid_client"},
			{oidc.MissingMember, "/jti", "invalid_client"}, {oidc.Expired, "/exp", "invalid_client"}, {oidc.Expired, "/exp", "invalid_client"},
		}},
	} {
		t.Run(tc.what, func(t *testing.T) {
			t.Parallel()
			token := sign(t, keys()["P-256"], "ES256", payload(t, c, tc.changes...))
			got, err := authenticator(t).Authenticate(t.Context(), c, token)
			require.Equal(t, tc.want, problemsOf(t, err))
			require.Equal(t, err == nil, got != nil)
		})
	}
	for what, text := range map[string]string{
		"not JSON": "x", "a list": "[]",
		"a claim twice": strings.Replace(string(payload(t, c)), "{", `{"iss":"x",`, 1),
	} {
		_, err := authenticator(t).Authenticate(t.Context(), c, sign(t, keys()["P-256"], "ES256", []byte(text)))
		require.ErrorIs(t, err, oidc.MalformedAssertion, what)
	}
}

func TestReplay(t *testing.T) {
	t.Parallel()
	a, c, other := authenticator(t), client(t, "P-256"), client(t, "P-384")
	bad := sign(t, keys()["P-256"], "ES256", payload(t, c, "jti", "1", "aud", "x"))
	_, err := a.Authenticate(t.Context(), c, bad)
	require.ErrorIs(t, err, oidc.WrongAudience)
	token := sign(t, keys()["P-256"], "ES256", payload(t, c, "jti", "1"))
	_, err = a.Authenticate(t.Context(), c, token)
	require.NoError(t, err, "a refused assertion uses up no jti")
	_, err = a.Authenticate(t.Context(), c, token)
	require.Equal(t, []found{{oidc.Replayed, "/jti", "invalid_client"}}, problemsOf(t, err))
	_, err = a.Authenticate(t.Context(), c, sign(t, keys()["P-256"], "ES256", payload(t, c, "jti", "1")))
	require.ErrorIs(t, err, oidc.Replayed, "the jti counts, not the signature")
	_, err = a.Authenticate(t.Context(), other, sign(t, keys()["P-384"], "ES384", payload(t, other, "jti", "1")))
	require.NoError(t, err, "each client has its own")

	over, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = a.Authenticate(over, c, sign(t, keys()["P-256"], "ES256", payload(t, c)))
	require.Equal(t, []found{{oidc.ReplayUnknown, "/jti", "invalid_client"}}, problemsOf(t, err))
	require.ErrorIs(t, err, context.Canceled)
}

func TestReplayMemory(t *testing.T) {
	t.Parallel()
	at := now
	m := oidc.NewReplayMemory(2, func() time.Time { return at })
	use := func(client, jti string, life time.Duration) (bool, error) {
		return m.Use(t.Context(), client, jti, at.Add(life))
	}
	expect := func(want bool, wantErr error) func(bool, error) {
		return func(got bool, err error) {
			t.Helper()
			require.ErrorIs(t, err, wantErr)
			require.Equal(t, want, got)
		}
	}
	expect(true, nil)(use("a", "1", time.Minute))
	expect(false, nil)(use("a", "1", time.Hour))
	expect(true, nil)(use("a", "2", time.Hour))
	expect(false, oidc.ErrReplayFull)(use("a", "3", time.Minute))
	expect(false, oidc.ErrReplayFull)(use("b", "1", time.Minute))
	at = at.Add(time.Minute - 1)
	expect(false, nil)(use("a", "1", time.Minute))
	at = at.Add(1)
	expect(true, nil)(use("b", "1", time.Second)) // takes the place of what expired
	expect(false, oidc.ErrReplayFull)(use("a", "1", time.Minute))
	at = at.Add(time.Second)
	expect(true, nil)(use("a", "1", time.Minute)) // sooner than was known before

	fresh := 0
	var mu sync.Mutex
	var wg sync.WaitGroup
	shared := oidc.NewReplayMemory(10, nil)
	for range 32 {
		wg.Go(func() {
			if ok, err := shared.Use(t.Context(), "a", "1", time.Now().Add(time.Hour)); err == nil && ok {
				mu.Lock()
				fresh++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Equal(t, 1, fresh)
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

// What is accepted was signed by the client's key, over exactly this payload,
// and jwx says so, too.
func FuzzAuthenticate(f *testing.F) {
	c := client(f, "P-256")
	f.Add(sign(f, keys()["P-256"], "ES256", payload(f, c)))
	f.Add(sign(f, keys()["P-256"], "ES256", payload(f, c, "exp", nil)))
	f.Add("e30.e30.")
	f.Fuzz(func(t *testing.T, token string) {
		got, err := authenticator(t).Authenticate(t.Context(), c, token)
		if err != nil {
			require.Nil(t, got)
			require.NotEmpty(t, problemsOf(t, err))
			return
		}
		verified, err := jws.Verify([]byte(token), jws.WithKey(jwa.ES256, keys()["P-256"].Public()))
		require.NoError(t, err)
		var claims struct{ Iss, Sub, Jti string }
		require.NoError(t, json.Unmarshal(verified, &claims))
		require.Equal(t, c.ID, claims.Iss)
		require.Equal(t, c.ID, claims.Sub)
		require.Equal(t, got.ID, claims.Jti)
	})
}

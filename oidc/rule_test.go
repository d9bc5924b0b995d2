package oidc_test

import (
	"crypto"
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

// The key of RFC 7638 section 3.1 and its thumbprint there.
const (
	rfc7638Key = `{
     "kty": "RSA",
     "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
     "e": "AQAB",
     "alg": "RS256",
     "kid": "2011-04-29"
    }`
	rfc7638Thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
)

func TestRFC7638(t *testing.T) {
	t.Parallel()
	id, err := oidc.RFC7638Rule.ClientID([]byte(rfc7638Key))
	require.NoError(t, err)
	require.Equal(t, rfc7638Thumbprint, id)
}

// jwx computes thumbprints, too.
func TestThumbprintLikeJWX(t *testing.T) {
	t.Parallel()
	for _, name := range accepted {
		key, err := jwk.FromRaw(keys()[name].Public())
		require.NoError(t, err)
		sum, err := key.Thumbprint(crypto.SHA256)
		require.NoError(t, err)
		text, err := json.Marshal(key)
		require.NoError(t, err)
		id, err := oidc.RFC7638Rule.ClientID(text)
		require.NoError(t, err)
		require.Equal(t, base64.RawURLEncoding.EncodeToString(sum), id, name)
	}
}

func TestUnknownRule(t *testing.T) {
	t.Parallel()
	for _, rule := range []oidc.Rule{0, -1, oidc.RFC7638Rule + 1} {
		_, err := rule.ClientID([]byte(rfc7638Key))
		require.ErrorIs(t, err, oidc.UnknownRule)
		require.NotEmpty(t, rule.String())
	}
	_, err := oidc.CurrentRule.ClientID(nil)
	require.ErrorIs(t, err, oidc.Malformed)
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	for _, want := range []oidc.Rule{oidc.CurrentRule, oidc.JWKTextRule, oidc.RFC7638Rule} {
		id, err := want.ClientID([]byte(rfc7638Key))
		require.NoError(t, err)
		require.Len(t, id, 43)
		rule, err := oidc.Identify(id, []byte(rfc7638Key))
		require.NoError(t, err)
		require.Equal(t, want, rule)
		require.NotEmpty(t, rule.String())

		_, err = oidc.Identify(id, mustKey(t, "P-256").JWK())
		require.ErrorIs(t, err, oidc.UnknownClientID)
	}
	rule, err := oidc.Identify("", []byte(rfc7638Key))
	require.ErrorIs(t, err, oidc.UnknownClientID)
	require.Zero(t, rule)
	_, err = oidc.Identify(rfc7638Thumbprint, []byte(`{}`))
	require.ErrorIs(t, err, oidc.MissingMember)
}

func TestJWKTextRule(t *testing.T) {
	t.Parallel()
	key := mustKey(t, "RSA-2048")
	var canonical struct{ N string }
	require.NoError(t, json.Unmarshal(key.JWK(), &canonical))
	n := canonical.N
	chain := base64.StdEncoding.EncodeToString(certificate(t, keys()["RSA-2048"]))

	for _, tc := range []struct{ name, sent, written string }{
		{"order and encoding are its own",
			`{"e":"AAEAAQ==", "n":"` + n + `", "alg":"RS256", "use":"sig", "key_ops":["verify"], "kid":"k", "kty":"RSA"}`,
			`{"kty":"RSA","kid":"k","use":"sig","key_ops":["verify"],"alg":"RS256","n":"` + n + `","e":"AQAB"}`},
		{"null is absent",
			`{"kty":"RSA","kid":null,"n":"` + n + `","e":"AQAB"}`,
			`{"kty":"RSA","n":"` + n + `","e":"AQAB"}`},
		{"others follow in the order they came",
			`{"z":1,"x5u":"https://rp.example/x","a":null,"kty":"RSA","n":"` + n + `","e":"AQAB","x5t#S256":"T","x5t":"t"}`,
			`{"kty":"RSA","n":"` + n + `","e":"AQAB","x5t":"t","x5t#S256":"T","x5u":"https:\/\/rp.example\/x","z":1,"a":null}`},
		// The right-hand side is what json-simple printed for the left.
		{"escapes are json-simple's",
			`{"kty":"RSA","n":"` + n + `","e":"AQAB","t":"a/b\"\\\b\f\n\r\t\u0001\u001f\u007f\u009f\u00a0\u1fff\u2000\u20ff\u2100é😀<>&'",` +
				`"list":[],"map":{},"nested":{"z/":["x",1,true,null],"a":123456789012345678901234567890},"neg":-5}`,
			`{"kty":"RSA","n":"` + n + `","e":"AQAB","t":"a\/b\"\\\b\f\n\r\t\u0001\u001F\u007F\u009F` + "\u00a0\u1fff" + `\u2000\u20FF` + "\u2100" + `é😀<>&'",` +
				`"list":[],"map":{},"nested":{"z\/":["x",1,true,null],"a":123456789012345678901234567890},"neg":-5}`},
		{"certificates keep their place",
			`{"x5c":["` + chain + `"],"x5t":"t","kty":"RSA","n":"` + n + `","e":"AQAB"}`,
			`{"kty":"RSA","n":"` + n + `","e":"AQAB","x5c":["` + escapeSolidus(chain) + `"],"x5t":"t"}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			id, err := oidc.JWKTextRule.ClientID([]byte(tc.sent))
			require.NoError(t, err)
			require.Equal(t, sha256Base64URL(tc.written), id)
		})
	}
	for _, tc := range []struct{ name, sent string }{
		{"another key type", string(mustKey(t, "P-256").JWK())},
		{"a fraction", `{"kty":"RSA","n":"` + n + `","e":"AQAB","f":1.5}`},
		{"an exponent", `{"kty":"RSA","n":"` + n + `","e":"AQAB","f":[{"g":1e2}]}`},
		{"minus zero", `{"kty":"RSA","n":"` + n + `","e":"AQAB","f":-0}`},
	} {
		t.Run("not for "+tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := oidc.JWKTextRule.ClientID([]byte(tc.sent))
			require.ErrorIs(t, err, oidc.RuleNotApplicable)
		})
	}
	// true, false and null contain an e, but no exponent.
	_, err := oidc.JWKTextRule.ClientID([]byte(`{"kty":"RSA","n":"` + n + `","e":"AQAB","f":[true,false,null]}`))
	require.NoError(t, err)
}

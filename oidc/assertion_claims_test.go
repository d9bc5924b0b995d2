package oidc_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

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

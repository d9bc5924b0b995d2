package oidc_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

// Whatever a payload holds, it is refused with reasons, or read, written and
// read again as the same.
func FuzzParseClientRequest(f *testing.F) {
	f.Add([]byte(createText), 1)
	f.Add(edit(f, createText, "request/clientNameLangMap", map[string]any{"eng": "x"}, "request/additionalConfig", map[string]any{}), 3)
	f.Add([]byte(updateText), 2)
	f.Fuzz(func(t *testing.T, data []byte, version int) {
		v := oidc.Version(version)
		r, err := oidc.ParseClientRequest(data, v)
		if err != nil {
			require.Nil(t, r)
			require.NotEmpty(t, problemsOf(t, err))
			return
		}
		written, err := json.Marshal(r)
		require.NoError(t, err)
		again, err := oidc.ParseClientRequest(written, v)
		var refusal *oidc.Refusal
		if errors.As(err, &refusal) && refusal.Problems[0].Reason == oidc.TooLarge {
			return // escapes made it longer
		}
		require.NoError(t, err, "%s", written)
		require.True(t, r.Key.Equal(again.Key))
		require.Equal(t, r.RedirectURIs, again.RedirectURIs)
		require.Equal(t, r.Names, again.Names)
		require.Equal(t, r.Name, again.Name)
	})
}

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

package oidc_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

// rewrite writes the members of a JWK again in a form that means the same:
// another order, white space, escapes, base64 variants, leading zeros.
func rewrite(t *testing.T, text []byte, random *rand.Rand) []byte {
	var m map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &m))
	var kty string
	require.NoError(t, json.Unmarshal(m["kty"], &kty))
	space := func() string { return strings.Repeat(" ", random.IntN(2)) + strings.Repeat("\n\t", random.IntN(2)) }
	quoted := func(s string) string {
		var b strings.Builder
		for _, r := range s {
			if random.IntN(8) == 0 && r < 0x80 {
				fmt.Fprintf(&b, `\u%04x`, r)
			} else {
				text, err := json.Marshal(string(r))
				require.NoError(t, err)
				b.Write(text[1 : len(text)-1])
			}
		}
		return `"` + b.String() + `"`
	}
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })

	var b strings.Builder
	b.WriteString(space() + "{")
	for i, name := range names {
		if i > 0 {
			b.WriteString(space() + ",")
		}
		value := string(m[name])
		switch name {
		case "n", "e", "x", "y":
			var number string
			require.NoError(t, json.Unmarshal(m[name], &number))
			raw, err := decode(number)
			require.NoError(t, err)
			if kty != "OKP" {
				raw = append(make([]byte, random.IntN(3)), raw...)
			}
			encodings := []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding}
			value = quoted(encodings[random.IntN(len(encodings))].EncodeToString(raw))
		}
		b.WriteString(space() + quoted(name) + space() + ":" + space() + value)
	}
	b.WriteString(space() + "}" + space())
	return []byte(b.String())
}

// decode reads any of the four base64 variants.
func decode(text string) ([]byte, error) {
	text = strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(text)
	return base64.RawURLEncoding.DecodeString(text)
}

// A JWK that parses has one id, whatever its members' order and encoding, and
// the same id as the key it holds.
func FuzzClientID(f *testing.F) {
	for i, name := range accepted {
		f.Add(mustKey(f, name).JWK(), uint64(i))
	}
	f.Add([]byte(rfc7638Key), uint64(1))
	f.Add([]byte(`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":null,"key_ops":["verify"],"ext":{"a":[1e2]}}`), uint64(4))
	f.Add([]byte(`{"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`), uint64(2))
	f.Add([]byte(`{"kty":"EC","d":"AQ"}`), uint64(3))
	f.Fuzz(func(t *testing.T, jwkText []byte, seed uint64) {
		key, err := oidc.ParseKey(jwkText)
		if err != nil {
			require.Nil(t, key)
			var e *oidc.Error
			require.ErrorAs(t, err, &e)
			require.NotEmpty(t, e.Reason)
			return
		}
		want := clientID(t, key)
		require.Len(t, want, 43)
		written := rewrite(t, jwkText, rand.New(rand.NewPCG(seed, 0)))
		if len(written) <= oidc.MaxJWKBytes {
			got, err := oidc.ClientID(written)
			require.NoError(t, err, "%s", written)
			require.Equal(t, want, got, "%s", written)
		}
		// Another library accepts the same text and reads the same key in it.
		var theirs any
		require.NoError(t, jwk.ParseRawKey(jwkText, &theirs))
		der, err := x509.MarshalPKIXPublicKey(theirs)
		require.NoError(t, err)
		require.Equal(t, der, key.DER())

		got, err := oidc.ClientID(key.JWK())
		require.NoError(t, err)
		require.Equal(t, want, got)

		// Twice through the standard library: to a public key and back.
		again, err := oidc.KeyFromPublicKey(key.PublicKey())
		require.NoError(t, err)
		require.Equal(t, want, clientID(t, again))
		again, err = oidc.KeyFromPEM(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: key.DER()}))
		require.NoError(t, err)
		require.True(t, key.Equal(again))
	})
}

// Whatever is in a PEM file, there is a key or a reason.
func FuzzKeyFromPEM(f *testing.F) {
	for _, name := range accepted {
		f.Add(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: mustKey(f, name).DER()}))
		f.Add(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate(f, keys()[name])}))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		key, err := oidc.KeyFromPEM(data, oidc.AllowSecp256k1())
		if err != nil {
			var e *oidc.Error
			require.ErrorAs(t, err, &e)
			return
		}
		again, err := oidc.ParseKey(key.JWK(), oidc.AllowSecp256k1())
		require.NoError(t, err)
		require.True(t, key.Equal(again))
	})
}

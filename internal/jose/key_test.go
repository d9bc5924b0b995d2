package jose_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/jose"
)

func TestParsePublicKey(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, jwk string
		want      *jose.PublicKey // nil: refused
	}{
		{"RSA", `{"kty":"RSA","n":"AQID","e":"AQAB"}`, &jose.PublicKey{Type: "RSA", N: []byte{1, 2, 3}, E: []byte{1, 0, 1}}},
		{"leading zeros stay", `{"kty":"RSA","n":"AAEC","e":"AAEAAQ=="}`, &jose.PublicKey{Type: "RSA", N: []byte{0, 1, 2}, E: []byte{0, 1, 0, 1}}},
		{"EC", `{"kty":"EC","crv":"P-256","x":"AQ","y":"Ag"}`, &jose.PublicKey{Type: "EC", Curve: "P-256", X: []byte{1}, Y: []byte{2}}},
		{"OKP", `{"kty":"OKP","crv":"Ed25519","x":"AQ"}`, &jose.PublicKey{Type: "OKP", Curve: "Ed25519", X: []byte{1}}},
		{"private", `{"kty":"OKP","crv":"Ed25519","x":"AQ","d":"AQ"}`, nil},
		{"symmetric", `{"kty":"oct","k":"AQ"}`, nil},
		{"no key type", `{}`, nil},
		{"member missing", `{"kty":"RSA","e":"AQAB"}`, nil},
		{"not base64", `{"kty":"RSA","n":"*","e":"AQAB"}`, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			key, err := jose.ParsePublicKey([]byte(tc.jwk))
			if tc.want == nil {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tc.want, key)
		})
	}
}

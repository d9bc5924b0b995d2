package oidc_test

import (
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/corpora"
	"github.com/mosip/partnertrust/oidc"
)

// A vector is one key of the corpus and its ids; nil where a rule does not
// cover the key.
type vector struct {
	Name, Variant string
	JWK           json.RawMessage `json:"jwk"`
	SPKI          *string         `json:"spki_der_base64"`
	Current       string          `json:"pms_current_client_id"`
	JWKText       *string         `json:"pms_old_jose4j_client_id"`
	HashJava      *string         `json:"esignet_java_public_key_hash"`
	HashGo        *string         `json:"esignet_go_public_key_hash"`
	Thumbprint    string          `json:"rfc7638_sha256_thumbprint_for_comparison"`
}

func vectors(t testing.TB) []vector {
	t.Helper()
	data := corpora.Read(t, "clientid-vectors.json")
	var file struct{ Vectors []vector }
	require.NoError(t, json.Unmarshal(data, &file))
	require.NotEmpty(t, file.Vectors)
	return file.Vectors
}

func TestCorpus(t *testing.T) {
	t.Parallel()
	for _, v := range vectors(t) {
		t.Run(v.Name+"/"+v.Variant, func(t *testing.T) {
			t.Parallel()
			if v.Name == "ec-secp256k1" {
				_, err := oidc.ClientID(v.JWK)
				require.ErrorIs(t, err, oidc.UnsupportedCurve, "only on request")
			}
			key, err := oidc.ParseKey(v.JWK, oidc.AllowSecp256k1())
			require.NoError(t, err)
			expect := func(got string, err error) func(want *string) {
				return func(want *string) {
					t.Helper()
					if want == nil {
						require.ErrorIs(t, err, oidc.RuleNotApplicable)
						return
					}
					require.NoError(t, err)
					require.Equal(t, *want, got)
				}
			}
			expect(key.ClientID(oidc.CurrentRule))(&v.Current)
			expect(key.ClientID(oidc.JWKTextRule))(v.JWKText)
			expect(key.PublicKeyHash())(v.HashJava)
			expect(key.PublicKeyHashGo())(v.HashGo)
			if v.Variant == "minimal" { // otherwise the corpus hashes the quirks, too
				expect(key.ClientID(oidc.RFC7638Rule))(&v.Thumbprint)
			}
			if v.SPKI != nil {
				require.Equal(t, *v.SPKI, base64.StdEncoding.EncodeToString(key.DER()))
			}
			rule, err := key.Identify(v.Current)
			require.NoError(t, err)
			require.Equal(t, oidc.CurrentRule, rule)
			if v.JWKText != nil {
				rule, err := key.Identify(*v.JWKText)
				require.NoError(t, err)
				require.Equal(t, oidc.JWKTextRule, rule)
			}
		})
	}
}

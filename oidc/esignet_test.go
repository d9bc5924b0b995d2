package oidc_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
	"github.com/mosip/partnertrust/oidc/clientstest"
)

func TestCheckESignet(t *testing.T) {
	t.Parallel()
	both := []oidc.Platform{oidc.ESignetJava, oidc.ESignetGo}
	x := func(n int) string { return strings.Repeat("x", n) }
	uri := func(n int) string { return "https://rp.example/" + x(n-len("https://rp.example/")) }
	claims := func(names ...string) (out []oidc.Claim) {
		for _, name := range names {
			out = append(out, oidc.Claim{Name: name})
		}
		return out
	}
	key := func(jwk []byte) *oidc.Key {
		k, err := oidc.ParseKey(jwk, oidc.AllowSecp256k1())
		require.NoError(t, err)
		return k
	}
	withKid := members(t, mustKey(t, "P-256"))
	withKid["kid"] = "1"
	padded := members(t, mustKey(t, "P-256"))
	padded["kid"], padded["x"] = "1", padded["x"].(string)+"="
	withOps := members(t, mustKey(t, "P-256"))
	withOps["kid"], withOps["key_ops"] = "1", []string{"verify"}
	valid := func() *oidc.Client {
		c := clientstest.NewClient(t)
		c.Key = key(write(t, withKid))
		return c
	}
	for _, p := range both {
		require.NoError(t, valid().CheckESignet(p))
		require.NoError(t, valid().CheckESignetUpdate(p))
	}
	for _, p := range []oidc.Platform{0, -1, oidc.ESignetGo + 1} {
		require.ErrorIs(t, valid().CheckESignet(p), oidc.UnknownVersion)
	}
	for _, tc := range []struct {
		what       string
		change     func(c *oidc.Client)
		java, port []found
	}{
		{"clientId of 50", func(c *oidc.Client) { c.ID = x(oidc.MaxIDBytesGo) }, nil, nil},
		{"clientId of 51", func(c *oidc.Client) { c.ID = x(oidc.MaxIDBytesGo + 1) }, nil, []found{{oidc.TooLong, "clientId", "invalid_client_id"}}},
		{"clientId of 100", func(c *oidc.Client) { c.ID = x(oidc.MaxClientIDLength) }, nil, []found{{oidc.TooLong, "clientId", "invalid_client_id"}}},
		{"clientId of 101", func(c *oidc.Client) { c.ID = x(oidc.MaxClientIDLength + 1) }, []found{{oidc.TooLong, "clientId", "invalid_client_id"}}, []found{{oidc.TooLong, "clientId", "invalid_client_id"}}},
		{"clientId with a space", func(c *oidc.Client) { c.ID = "a b" }, []found{{oidc.BadIdentifier, "clientId", "invalid_client_id"}}, []found{{oidc.BadIdentifier, "clientId", "invalid_client_id"}}},
		{"relyingPartyId of 51", func(c *oidc.Client) { c.PartnerID = x(oidc.MaxIDBytesGo + 1) }, nil, []found{{oidc.TooLong, "relyingPartyId", "invalid_rp_id"}}},
		{"relyingPartyId of 101", func(c *oidc.Client) { c.PartnerID = x(oidc.MaxPartnerIDLength + 1) }, []found{{oidc.TooLong, "relyingPartyId", "invalid_rp_id"}}, []found{{oidc.TooLong, "relyingPartyId", "invalid_rp_id"}}},
		{"no name", func(c *oidc.Client) { c.Name = "" }, []found{{oidc.MissingMember, "clientName", "invalid_client_name"}}, []found{{oidc.MissingMember, "clientName", "invalid_client_name"}}},
		{"a name of 256 in 512 bytes", func(c *oidc.Client) { c.Name = strings.Repeat("é", 256) }, nil, []found{{oidc.TooLong, "clientName", "invalid_client_name"}}},
		{"a name of 257", func(c *oidc.Client) { c.Name = x(257) }, []found{{oidc.TooLong, "clientName", "invalid_client_name"}}, []found{{oidc.TooLong, "clientName", "invalid_client_name"}}},
		{"an unknown language", func(c *oidc.Client) { c.Names = oidc.LanguageMap{"xyz": "a"} }, []found{{oidc.UnknownLanguage, "clientNameLangMap/xyz", "invalid_language_code"}}, []found{{oidc.UnknownLanguage, "clientNameLangMap/xyz", "invalid_language_code"}}},
		{"a logo of 1024", func(c *oidc.Client) { c.LogoURI = uri(oidc.MaxLogoBytesGo) }, nil, nil},
		{"a logo of 1025", func(c *oidc.Client) { c.LogoURI = uri(oidc.MaxLogoBytesGo + 1) }, nil, []found{{oidc.TooLong, "logoUri", "invalid_uri"}}},
		{"no logo", func(c *oidc.Client) { c.LogoURI = "logo" }, []found{{oidc.BadURI, "logoUri", "invalid_uri"}}, []found{{oidc.BadURI, "logoUri", "invalid_uri"}}},
		{"no claim", func(c *oidc.Client) { c.Claims = nil }, nil, []found{{oidc.MissingMember, "userClaims", "invalid_claim"}}},
		{"individual_id", func(c *oidc.Client) { c.Claims = claims("name", "individual_id") }, nil, []found{{oidc.UnknownClaim, "userClaims/1", "invalid_claim"}}},
		{"given_name", func(c *oidc.Client) { c.Claims = claims("given_name") }, []found{{oidc.UnknownClaim, "userClaims/0", "invalid_claim"}}, nil},
		{"a claim twice", func(c *oidc.Client) { c.Claims = claims("name", "name") }, []found{{oidc.NotUnique, "userClaims/1", "invalid_claim"}}, []found{{oidc.NotUnique, "userClaims/1", "invalid_claim"}}},
		{"no context", func(c *oidc.Client) { c.ACRs = nil }, []found{{oidc.MissingMember, "authContextRefs", "invalid_acr"}}, []found{{oidc.MissingMember, "authContextRefs", "invalid_acr"}}},
		{"id-token", func(c *oidc.Client) { c.ACRs = []string{acr + "id-token"} }, []found{{oidc.UnknownACR, "authContextRefs/0", "invalid_acr"}}, nil},
		{"no redirect", func(c *oidc.Client) { c.RedirectURIs = nil }, []found{{oidc.MissingMember, "redirectUris", "invalid_redirect_uri"}}, []found{{oidc.MissingMember, "redirectUris", "invalid_redirect_uri"}}},
		{"6 redirects", func(c *oidc.Client) { c.RedirectURIs = list(oidc.MaxRedirectURIs+1, "https://rp.example/%d") }, []found{{oidc.TooMany, "redirectUris", "invalid_redirect_uri"}}, []found{{oidc.TooMany, "redirectUris", "invalid_redirect_uri"}}},
		{"a bad redirect", func(c *oidc.Client) { c.RedirectURIs = []string{"https://rp.example/#"} }, []found{{oidc.RedirectFragment, "redirectUris/0", "invalid_redirect_uri"}}, []found{{oidc.RedirectFragment, "redirectUris/0", "invalid_redirect_uri"}}},
		{"another grant", func(c *oidc.Client) { c.GrantTypes = []string{"implicit"} }, []found{{oidc.UnsupportedGrant, "grantTypes/0", "unsupported_grant_type"}}, []found{{oidc.UnsupportedGrant, "grantTypes/0", "invalid_grant_type"}}},
		{"another method", func(c *oidc.Client) { c.AuthMethods = []string{"none"} }, []found{{oidc.UnsupportedAuthMethod, "clientAuthMethods/0", "invalid_client_auth"}}, []found{{oidc.UnsupportedAuthMethod, "clientAuthMethods/0", "invalid_client_auth"}}},
		{"no status", func(c *oidc.Client) { c.Status = "" }, []found{{oidc.UnknownStatus, "status", "invalid_status"}}, []found{{oidc.UnknownStatus, "status", "invalid_status"}}},
		{"no key", func(c *oidc.Client) { c.Key = nil }, []found{{oidc.MissingMember, "publicKey", "invalid_public_key"}}, []found{{oidc.MissingMember, "publicKey", "invalid_public_key"}}},
		{"Ed25519", func(c *oidc.Client) { c.Key = mustKey(t, "Ed25519") }, []found{{oidc.UnsupportedKeyType, "publicKey/kty", "invalid_public_key"}}, []found{{oidc.UnsupportedKeyType, "publicKey/kty", "invalid_public_key"}}},
		{"no kid", func(c *oidc.Client) { c.Key = mustKey(t, "P-256") }, nil, []found{{oidc.MissingMember, "publicKey/kid", "invalid_public_key"}}},
		{"padding", func(c *oidc.Client) { c.Key = key(write(t, padded)) }, nil, []found{{oidc.Malformed, "publicKey/x", "invalid_public_key"}}},
		{"key_ops", func(c *oidc.Client) { c.Key = key(write(t, withOps)) }, nil, []found{{oidc.WrongType, "publicKey/key_ops", "invalid_public_key"}}},
		{"secp256k1", func(c *oidc.Client) { c.Key = key(secp256k1JWK()) }, nil, []found{{oidc.UnsupportedCurve, "publicKey/crv", "invalid_public_key"}}},
	} {
		t.Run(tc.what, func(t *testing.T) {
			t.Parallel()
			c := valid()
			tc.change(c)
			for p, want := range map[oidc.Platform][]found{oidc.ESignetJava: tc.java, oidc.ESignetGo: tc.port} {
				var expected []found
				for _, f := range want {
					expected = append(expected, found{f.reason, "/request/" + f.pointer, f.code})
				}
				require.Equal(t, expected, problemsOf(t, c.CheckESignet(p)), "%v", p)
			}
		})
	}
	c := valid()
	c.ACRs, c.Names = []string{acr + "password"}, nil
	require.NoError(t, c.CheckESignet(oidc.ESignetGo))
	require.ErrorIs(t, c.CheckESignetUpdate(oidc.ESignetGo), oidc.UnknownACR, "its update without names knows four contexts")
	require.NoError(t, c.CheckESignetUpdate(oidc.ESignetJava))
}

func secp256k1JWK() []byte {
	return []byte(`{"kty":"EC","crv":"secp256k1","x":"eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g","y":"SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg"}`)
}

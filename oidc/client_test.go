package oidc_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
	"github.com/mosip/partnertrust/oidc/clientstest"
)

// approved is a Standing against which nothing stands.
var approved = oidc.Standing{
	PartnerExists: true, PartnerType: "AUTH_PARTNER", PartnerActive: true,
	PolicyExists: true, PolicyType: "Auth", PolicyMapped: true, MappingApproved: true,
}

func TestStanding(t *testing.T) {
	t.Parallel()
	const partner, policyID = "/request/authPartnerId", "/request/policyId"
	require.NoError(t, approved.Check())
	for what, tc := range map[string]struct {
		change func(s *oidc.Standing)
		want   []found
	}{
		"nothing known": {func(s *oidc.Standing) { *s = oidc.Standing{} }, []found{
			{oidc.PartnerMissing, partner, "PMS_PRT_058"}, {oidc.PolicyMissing, policyID, "PMS_PRT_073"},
		}},
		"no partner":   {func(s *oidc.Standing) { s.PartnerExists = false }, []found{{oidc.PartnerMissing, partner, "PMS_PRT_058"}}},
		"another type": {func(s *oidc.Standing) { s.PartnerType = "Device_Provider" }, []found{{oidc.PartnerType, partner, "PMS_PRT_059"}}},
		"inactive":     {func(s *oidc.Standing) { s.PartnerActive = false }, []found{{oidc.PartnerInactive, partner, "PMS_PMP_016"}}},
		"no policy":    {func(s *oidc.Standing) { s.PolicyExists = false }, []found{{oidc.PolicyMissing, policyID, "PMS_PRT_073"}}},
		"DataShare":    {func(s *oidc.Standing) { s.PolicyType = "DataShare" }, []found{{oidc.PolicyKind, policyID, "PMS_PRT_057"}}},
		"not mapped":   {func(s *oidc.Standing) { s.PolicyMapped = false }, []found{{oidc.PolicyNotMapped, policyID, "PMS_PRT_061"}}},
		"not approved": {func(s *oidc.Standing) { s.MappingApproved = false }, []found{{oidc.MappingNotApproved, policyID, "PMS_ESI_002"}}},
		"three": {func(s *oidc.Standing) { s.PartnerType, s.PartnerActive, s.MappingApproved = "", false, false }, []found{
			{oidc.PartnerType, partner, "PMS_PRT_059"}, {oidc.PartnerInactive, partner, "PMS_PMP_016"}, {oidc.MappingNotApproved, policyID, "PMS_ESI_002"},
		}},
	} {
		s := approved
		tc.change(&s)
		require.Equal(t, tc.want, problemsOf(t, s.Check()), what)
	}
}

func TestRegister(t *testing.T) {
	t.Parallel()
	request, err := oidc.ParseClientRequest([]byte(createText), oidc.V1)
	require.NoError(t, err)
	store, m, p := new(oidc.Memory), mapping(t), authPolicy(t, "otp", "email city")

	c, err := oidc.Register(t.Context(), store, m, request, approved, p)
	require.NoError(t, err)
	id, err := oidc.ClientID([]byte(rfc7638Key))
	require.NoError(t, err)
	require.Equal(t, id, c.ID)
	require.Equal(t, oidc.Active, c.Status)
	require.Equal(t, request.PartnerID, c.PartnerID)
	require.Equal(t, []string{acr + "generated-code"}, c.ACRs)
	require.Len(t, c.Claims, 2)
	require.EqualValues(t, 1, c.Revision)

	_, err = oidc.Register(t.Context(), store, m, request, approved, p)
	require.ErrorIs(t, err, oidc.DuplicateClient)
	require.Equal(t, "PMS_ESI_001", oidc.DuplicateClient.PlatformCode())
	require.Equal(t, "PMS_ESI_001", oidc.DuplicateKey.PlatformCode())

	_, err = oidc.Register(t.Context(), new(oidc.Memory), m, request, oidc.Standing{}, authPolicy(t, "otp!", ""))
	require.Equal(t, []found{
		{oidc.PartnerMissing, "/request/authPartnerId", "PMS_PRT_058"},
		{oidc.PolicyMissing, "/request/policyId", "PMS_PRT_073"},
		{oidc.MandatoryFactor, "/allowedAuthTypes/0/mandatory", "PMS_ESI_003"},
		{oidc.NoClaims, "/allowedKycAttributes", "PMS_ESI_005"},
	}, problemsOf(t, err))
	_, err = oidc.Register(t.Context(), store, m, nil, approved, p)
	require.ErrorIs(t, err, oidc.NotAClient)

	_, err = request.Client(nil)
	require.ErrorIs(t, err, oidc.NotAClient)
}

func TestApply(t *testing.T) {
	t.Parallel()
	before := clientstest.NewClient(t)
	u, err := oidc.ParseClientUpdate([]byte(updateText), oidc.V1)
	require.NoError(t, err)
	after, err := u.Apply(before)
	require.NoError(t, err)
	require.Equal(t, oidc.Inactive, after.Status)
	require.Equal(t, u.Name, after.Name)
	require.Equal(t, u.RedirectURIs, after.RedirectURIs)
	require.Equal(t, before.Names, after.Names, "V1 says nothing of them")
	require.Equal(t, before.Claims, after.Claims)
	require.Equal(t, before.ID, after.ID)
	after.RedirectURIs[0] = "x"
	require.NotEqual(t, u.RedirectURIs, after.RedirectURIs, "nothing is shared")

	v3, err := oidc.ParseClientUpdate(edit(t, updateText, "request/clientNameLangMap", map[string]any{"deu": "x"},
		"request/additionalConfig", map[string]any{}), oidc.V3)
	require.NoError(t, err)
	named, err := v3.Apply(before)
	require.NoError(t, err)
	require.Equal(t, oidc.LanguageMap{"deu": "x"}, named.Names)
	require.JSONEq(t, `{}`, string(named.AdditionalConfig))

	_, err = u.Apply(after)
	require.ErrorIs(t, err, oidc.ClientInactive)
	require.Equal(t, "PMS_ESI_008", oidc.ClientInactive.PlatformCode())
	for _, bad := range []func() (*oidc.Client, error){
		func() (*oidc.Client, error) { return u.Apply(nil) },
		func() (*oidc.Client, error) { return (*oidc.ClientUpdate)(nil).Apply(before) },
		func() (*oidc.Client, error) { return new(oidc.ClientUpdate).Apply(before) },
	} {
		_, err := bad()
		require.ErrorIs(t, err, oidc.NotAClient)
	}
	require.Nil(t, (*oidc.Client)(nil).Clone())
}

func TestUpdateClient(t *testing.T) {
	t.Parallel()
	store, c := new(oidc.Memory), clientstest.NewClient(t)
	_, err := oidc.UpdateClient(t.Context(), store, c.ID, nil)
	require.ErrorIs(t, err, oidc.ClientNotFound)
	require.Equal(t, "PMS_ESI_004", oidc.ClientNotFound.PlatformCode())
	require.NoError(t, store.Create(t.Context(), c))
	no := errors.New("no")
	_, err = oidc.UpdateClient(t.Context(), store, c.ID, func(*oidc.Client) (*oidc.Client, error) { return nil, no })
	require.ErrorIs(t, err, no)
	_, err = oidc.UpdateClient(t.Context(), store, c.ID, func(*oidc.Client) (*oidc.Client, error) { return nil, nil })
	require.ErrorIs(t, err, oidc.NotAClient)
	u, err := oidc.ParseClientUpdate([]byte(updateText), oidc.V1)
	require.NoError(t, err)
	got, err := oidc.UpdateClient(t.Context(), store, c.ID, u.Apply)
	require.NoError(t, err)
	require.Equal(t, oidc.Inactive, got.Status)
	_, err = oidc.UpdateClient(t.Context(), store, c.ID, u.Apply)
	require.ErrorIs(t, err, oidc.ClientInactive)
}

// getText is the answer of partner management to a get (its ClientDetail).
func getText(t testing.TB, c *oidc.Client, changes ...any) []byte {
	t.Helper()
	inner, err := json.Marshal(c)
	require.NoError(t, err)
	text := `{"id":null,"version":null,"responsetime":"2023-01-04T12:15:14.854Z","metadata":null,"errors":[],"response":` + string(inner) + `}`
	return edit(t, text, changes...)
}

func TestParseClient(t *testing.T) {
	t.Parallel()
	c := clientstest.NewClient(t)
	got, err := oidc.ParseClient(getText(t, c, "response/policyName", "a name"))
	require.NoError(t, err)
	require.True(t, c.Key.Equal(got.Key))
	require.Equal(t, c.Key.Handles(), got.Key.Handles())
	want := c.Clone()
	want.Key, want.AdditionalConfig, want.Claims = got.Key, nil, []oidc.Claim{{Name: "address"}} // not in the payload
	require.Equal(t, want, got)
	got, err = oidc.ParseClient(getText(t, c, "response/clientNameLangMap", nil))
	require.NoError(t, err)
	require.Nil(t, got.Names)

	for what, tc := range map[string]struct {
		changes []any
		want    []found
	}{
		"no response":   {[]any{"response", nil}, []found{{oidc.MissingMember, "/response", "PMS_REQUEST_ERROR_005"}}},
		"no id":         {[]any{"response/id", nil}, []found{{oidc.MissingMember, "/response/id", "invalid_client_id"}}},
		"id too long":   {[]any{"response/id", strings.Repeat("x", oidc.MaxClientIDLength+1)}, []found{{oidc.TooLong, "/response/id", "invalid_client_id"}}},
		"no status":     {[]any{"response/status", ""}, []found{{oidc.UnknownStatus, "/response/status", "invalid_status"}}},
		"no key":        {[]any{"response/publicKey", nil}, []found{{oidc.MissingMember, "/response/publicKey", "PMS_ESI_007"}}},
		"key an object": {[]any{"response/publicKey", map[string]any{}}, []found{{oidc.WrongType, "/response/publicKey", "PMS_ESI_007"}}},
		"key no JWK":    {[]any{"response/publicKey", "x"}, []found{{oidc.Malformed, "/response/publicKey", "PMS_ESI_007"}}},
		"many claims":   {[]any{"response/claims", list(oidc.MaxClaims+1, "%d")}, []found{{oidc.TooMany, "/response/claims", "invalid_claim"}}},
		"claims":        {[]any{"response/claims", list(oidc.MaxClaims, "%d")}, nil},
		"many contexts": {[]any{"response/acrValues", list(oidc.MaxACRs+1, "%d")}, []found{{oidc.TooMany, "/response/acrValues", "invalid_acr"}}},
		"refused": {[]any{"response", nil, "errors", []any{map[string]any{"errorCode": "PMS_ESI_004", "message": "Client not exists"}}}, []found{
			{oidc.PlatformRefused, "/errors", "PMS_ESI_004"},
		}},
		"errors no list": {[]any{"errors", "x"}, []found{{oidc.WrongType, "/errors", "PMS_REQUEST_ERROR_005"}}},
	} {
		_, err := oidc.ParseClient(getText(t, c, tc.changes...))
		require.Equal(t, tc.want, problemsOf(t, err), what)
	}
	_, err = oidc.ParseClient([]byte("x"))
	require.ErrorIs(t, err, oidc.NotJSON)
	_, err = json.Marshal(&oidc.Client{})
	require.ErrorIs(t, err, oidc.NotAClient)
}

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

// A store that answers in its own way is heard.
type brokenStore struct{ oidc.Memory }

var errStore = errors.New("store")

func (*brokenStore) Create(context.Context, *oidc.Client) error { return errStore }

func TestRegisterStoreFails(t *testing.T) {
	t.Parallel()
	request, err := oidc.ParseClientRequest([]byte(createText), oidc.V1)
	require.NoError(t, err)
	_, err = oidc.Register(t.Context(), new(brokenStore), mapping(t), request, approved, authPolicy(t, "otp", "email"))
	require.ErrorIs(t, err, errStore)
}

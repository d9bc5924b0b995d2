package oidc_test

import (
	"context"
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
	text, err := c.Answer(now)
	require.NoError(t, err)
	return edit(t, string(text), changes...)
}

func TestParseClient(t *testing.T) {
	t.Parallel()
	c := clientstest.NewClient(t)
	got, err := oidc.ParseClient(getText(t, c, "response/policyName", "a name", "id", nil, "version", nil, "metadata", nil))
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
	_, err = new(oidc.Client).Answer(now)
	require.ErrorIs(t, err, oidc.NotAClient)
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

package oidc_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
	"github.com/mosip/partnertrust/policy"
)

// authPolicy is a policy of factors like "otp", "bio-FINGER" or "otp!"
// (mandatory), and of attributes.
func authPolicy(t testing.TB, factors, attributes string) *policy.Auth {
	t.Helper()
	types, names := []any{}, []any{}
	for _, factor := range strings.Fields(factors) {
		factor, mandatory := strings.CutSuffix(factor, "!")
		kind, sub, _ := strings.Cut(factor, "-")
		if kind == "otp" && sub == "request" {
			kind, sub = "otp-request", ""
		}
		types = append(types, map[string]any{"authType": kind, "authSubType": sub, "mandatory": mandatory})
	}
	for _, name := range strings.Fields(attributes) {
		names = append(names, map[string]any{"attributeName": name})
	}
	text, err := json.Marshal(map[string]any{"authTokenType": "random", "allowedAuthTypes": types, "allowedKycAttributes": names, "kycLanguages": []string{"eng"}})
	require.NoError(t, err)
	p, err := policy.TolerateUnknown.ParseAuth(text)
	require.NoError(t, err)
	return p
}

func mapping(t testing.TB, opts ...oidc.MappingOption) *oidc.Mapping {
	t.Helper()
	m, err := oidc.NewMapping(opts...)
	require.NoError(t, err)
	return m
}

const acr = "mosip:idp:acr:"

// claims and contexts as words: "address(city -postalCode)".
func words(g *oidc.Grant) (claims, acrs string) {
	var out, short []string
	for _, c := range g.Claims {
		word := c.Name + "(" + strings.Join(c.Attributes, " ")
		for _, w := range c.Withheld {
			word += " -" + w
		}
		out = append(out, word+")")
	}
	for _, a := range g.ACRs {
		short = append(short, strings.TrimPrefix(a, acr))
	}
	return strings.Join(out, ", "), strings.Join(short, " ")
}

func TestGrant(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		what, factors, attributes string
		claims, acrs              string
	}{
		{"the least", "otp", "fullName", "name(fullName)", "generated-code"},
		{"every context", "otp pin pwd wla bio-IRIS kycauth", "email", "email(email)",
			"biometrics generated-code linked-wallet password static-code"},
		{"any modality", "bio-FACE", "gender", "gender(gender)", "biometrics"},
		{"case does not count", "OTP Bio-finger", "FULLNAME dateofbirth", "birthdate(dateOfBirth), name(fullName)", "biometrics generated-code"},
		{"what has no context", "otp kba kbt demo kycauth kycexchange", "phone", "phone_number(phone)", "generated-code"},
		{"a part of the address", "otp", "city postalCode", "address(city postalCode -addressLine1 -addressLine2 -addressLine3 -region -province)", "generated-code"},
		{"all of it", "otp", "addressLine1 addressLine2 addressLine3 city region province postalCode",
			"address(addressLine1 addressLine2 addressLine3 city region province postalCode)", "generated-code"},
		{"the picture is the face", "otp", "face photo", "picture(face)", "generated-code"},
		{"individual_id", "otp", "individual_id", "individual_id(individual_id)", "generated-code"},
		{"unmapped attributes", "otp", "email UIN vehicle", "email(email)", "generated-code"},
		{"an unknown biometric", "otp bio-PALM bio", "email", "email(email)", "generated-code"},
	} {
		t.Run(tc.what, func(t *testing.T) {
			t.Parallel()
			g, err := mapping(t).Grant(authPolicy(t, tc.factors, tc.attributes))
			require.NoError(t, err)
			claims, acrs := words(g)
			require.Equal(t, tc.claims, claims)
			require.Equal(t, tc.acrs, acrs)
			require.Len(t, append(g.ACRs, make([]string, len(g.WithheldACRs))...), 5, "every context is granted or withheld")
			require.Equal(t, 8, len(g.Claims)+len(g.WithheldClaims), "every claim is granted or withheld")
			for _, c := range g.Claims {
				require.NotEmpty(t, c.Attributes)
				require.Equal(t, len(c.Withheld) > 0, c.Partial())
			}
		})
	}
}

func TestGrantRefuses(t *testing.T) {
	t.Parallel()
	const types, attributes = "/allowedAuthTypes", "/allowedKycAttributes"
	none := mapping(t, oidc.IdentityMapping([]byte(`{"identity":{}}`)), oidc.ACRMapping([]byte(`{"amr":{},"acr_amr":{}}`)))
	missing := []found{{oidc.PolicyMissing, "", "PMS_PRT_073"}}
	nothing := []found{{oidc.NoClaims, attributes, "PMS_ESI_005"}, {oidc.NoACRs, types, "PMS_ESI_006"}}
	full := authPolicy(t, "otp pin pwd wla bio-IRIS", "fullName email")
	for _, tc := range []struct {
		what    string
		mapping *oidc.Mapping
		policy  *policy.Auth
		want    []found
	}{
		{"no policy", mapping(t), nil, missing},
		{"a policy that was not parsed", mapping(t), new(policy.Auth), missing},
		{"mandatory", mapping(t), authPolicy(t, "otp pin! bio-FACE!", "email"), []found{
			{oidc.MandatoryFactor, types + "/1/mandatory", "PMS_ESI_003"}, {oidc.MandatoryFactor, types + "/2/mandatory", "PMS_ESI_003"},
		}},
		{"a mandatory operation", mapping(t), authPolicy(t, "otp kycauth!", "email"), []found{{oidc.MandatoryFactor, types + "/1/mandatory", "PMS_ESI_003"}}},
		{"no attribute", mapping(t), authPolicy(t, "otp", ""), []found{{oidc.NoClaims, attributes, "PMS_ESI_005"}}},
		{"no mapped attribute", mapping(t), authPolicy(t, "otp", "vehicle"), []found{{oidc.NoClaims, attributes, "PMS_ESI_005"}}},
		{"no factor", mapping(t), authPolicy(t, "", "email"), []found{{oidc.NoACRs, types, "PMS_ESI_006"}}},
		{"no factor with a context", mapping(t), authPolicy(t, "kycauth demo kba", "email"), []found{{oidc.NoACRs, types, "PMS_ESI_006"}}},
		{"all at once", mapping(t), authPolicy(t, "demo!", ""), append([]found{{oidc.MandatoryFactor, types + "/0/mandatory", "PMS_ESI_003"}}, nothing...)},
		{"an empty mapping", none, full, nothing},
		{"the zero mapping", new(oidc.Mapping), full, nothing},
		{"no mapping", nil, full, nothing},
		{"no supported claim", mapping(t, oidc.SupportedClaims()), full, nothing[:1]},
		{"contexts without methods, methods without factors, methods unknown",
			mapping(t, oidc.ACRMapping([]byte(`{"amr":{"none":[],"OTP":[{"type":"OTP"}]},"acr_amr":{"a":[],"b":["none"],"c":["other"],"d":["OTP","none"],"e":["OTP","other"]}}`))),
			full, nothing[1:]},
		{"a factor that no policy has", mapping(t, oidc.ACRMapping([]byte(`{"amr":{"K":[{"type":"KBI"}]},"acr_amr":{"knowledge":["K"]}}`))),
			authPolicy(t, "otp kbi", "email"), nothing[1:]},
	} {
		t.Run(tc.what, func(t *testing.T) {
			t.Parallel()
			g, err := tc.mapping.Grant(tc.policy)
			require.Nil(t, g)
			require.Equal(t, tc.want, problemsOf(t, err))
		})
	}
}

// A context of several methods, and a method of several factors, needs all of
// them.
func TestGrantNeedsEveryFactor(t *testing.T) {
	t.Parallel()
	m := mapping(t, oidc.ACRMapping([]byte(`{
		"amr": {"OTP": [{"type": "OTP"}], "two": [{"type": "PIN"}, {"type": "BIO", "count": 1}]},
		"acr_amr": {"one": ["OTP"], "all": ["OTP", "two"]}}`)))
	for factors, want := range map[string]struct {
		granted  []string
		withheld []oidc.WithheldACR
	}{
		"otp":              {[]string{"one"}, []oidc.WithheldACR{{Value: "all", Factors: []string{"PIN", "BIO"}}}},
		"otp pin":          {[]string{"one"}, []oidc.WithheldACR{{Value: "all", Factors: []string{"BIO"}}}},
		"otp pin bio-FACE": {[]string{"all", "one"}, nil},
	} {
		g, err := m.Grant(authPolicy(t, factors, "email"))
		require.NoError(t, err)
		require.Equal(t, want.granted, g.ACRs, factors)
		require.Equal(t, want.withheld, g.WithheldACRs, factors)
	}
}

// mosip-config's files, as far as they matter here.
func TestNewMapping(t *testing.T) {
	t.Parallel()
	older := oidc.IdentityMapping([]byte(`{"idp-claims-mapping": {"name": {"attributeName": "fullName"}, "picture": {"attributeName": "photo"}}}`))
	g, err := mapping(t, older).Grant(authPolicy(t, "otp", "photo fullName"))
	require.NoError(t, err)
	claims, _ := words(g)
	require.Equal(t, "name(fullName), picture(photo)", claims)

	twoNames := oidc.IdentityMapping([]byte(`{"identity": {"name": {"value": "firstName, lastName,,FIRSTNAME"}, "uin": {"value": "UIN"}}, "metaInfo": {"value": 1}}`))
	g, err = mapping(t, twoNames).Grant(authPolicy(t, "otp", "lastName UIN"))
	require.NoError(t, err)
	claims, _ = words(g)
	require.Equal(t, "name(lastName -firstName)", claims, "uin is not a claim that eSignet supports")

	g, err = mapping(t, twoNames, oidc.SupportedClaims("uin")).Grant(authPolicy(t, "otp", "UIN"))
	require.NoError(t, err)
	claims, _ = words(g)
	require.Equal(t, "uin(UIN)", claims)

	list := func(n int) string { return strings.TrimSuffix(strings.Repeat(`"a",`, n), ",") }
	attributes := func(n int) string {
		names := make([]string, n)
		for i := range names {
			names[i] = fmt.Sprintf("a%d", i)
		}
		return strings.Join(names, ",")
	}
	object := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"m%d":{"value":"x"},`, i)
		}
		return `{"identity":{` + strings.TrimSuffix(b.String(), ",") + `}}`
	}
	const noAMR = `{"amr":{},"acr_amr":{}}`
	for _, tc := range []struct {
		what, identity, acr string
		bad                 bool
	}{
		{"empty files", `{}`, noAMR, true},
		{"not JSON", `x`, noAMR, true},
		{"a claim given twice", `{"identity":{"name":{"value":"firstName"},"name":{"value":"lastName"}}}`, noAMR, true},
		{"a claim without a value", `{"identity":{"name":{}}}`, noAMR, true},
		{"a value that is no text", `{"identity":{"name":{"value":["fullName"]}}}`, noAMR, true},
		{"another entry without a value", `{"identity":{"other":{}}}`, noAMR, true},
		{"attributes at the limit", `{"identity":{"name":{"value":"` + attributes(oidc.MaxMappingEntries) + `"}}}`, noAMR, false},
		{"attributes past it", `{"identity":{"name":{"value":"` + attributes(oidc.MaxMappingEntries+1) + `"}}}`, noAMR, true},
		{"members at the limit", object(oidc.MaxMappingMembers), noAMR, false},
		{"members past it", object(oidc.MaxMappingMembers + 1), noAMR, true},
		{"size at the limit", `{"identity":{}}` + strings.Repeat(" ", oidc.MaxMappingBytes-len(`{"identity":{}}`)), noAMR, false},
		{"size past it", `{"identity":{}}` + strings.Repeat(" ", oidc.MaxMappingBytes-len(`{"identity":{}}`)+1), noAMR, true},
		{"no amr", `{"identity":{}}`, `{"acr_amr":{}}`, true},
		{"no acr_amr", `{"identity":{}}`, `{"amr":{}}`, true},
		{"broken", `{"identity":{}}`, `{"amr":`, true},
		{"a method that is no list", `{"identity":{}}`, `{"amr":{"a":{}},"acr_amr":{}}`, true},
		{"a factor without type", `{"identity":{}}`, `{"amr":{"a":[{}]},"acr_amr":{}}`, true},
		{"a factor of no type", `{"identity":{}}`, `{"amr":{"a":[{"type":""}]},"acr_amr":{}}`, true},
		{"a context that is no list", `{"identity":{}}`, `{"amr":{},"acr_amr":{"a":"b"}}`, true},
		{"a method that is no name", `{"identity":{}}`, `{"amr":{},"acr_amr":{"a":[1]}}`, true},
		{"methods at the limit", `{"identity":{}}`, `{"amr":{},"acr_amr":{"a":[` + list(oidc.MaxMappingEntries) + `]}}`, false},
		{"methods past it", `{"identity":{}}`, `{"amr":{},"acr_amr":{"a":[` + list(oidc.MaxMappingEntries+1) + `]}}`, true},
	} {
		t.Run(tc.what, func(t *testing.T) {
			t.Parallel()
			m, err := oidc.NewMapping(oidc.IdentityMapping([]byte(tc.identity)), oidc.ACRMapping([]byte(tc.acr)))
			if tc.bad {
				require.Nil(t, m)
				require.ErrorIs(t, err, oidc.MalformedMapping)
				return
			}
			require.NoError(t, err)
		})
	}
}

// The defaults are what the published files say.
func TestDefaultMapping(t *testing.T) {
	t.Parallel()
	published := mapping(t, oidc.IdentityMapping([]byte(`{"identity": {
		"IDSchemaVersion": {"value": "IDSchemaVersion"}, "name": {"value": "fullName"}, "gender": {"value": "gender"},
		"dob": {"value": "dateOfBirth"}, "age": {"value": "age"}, "phone": {"value": "phone"}, "email": {"value": "email"},
		"uin": {"value": "UIN"}, "individualBiometrics": {"value": "individualBiometrics"}, "postalCode": {"value": "postalCode"},
		"fullAddress": {"value": "addressLine1,addressLine2,addressLine3,city,region,province,postalCode"},
		"birthdate": {"value": "dateOfBirth"}, "picture": {"value": "face"}, "phone_number": {"value": "phone"},
		"address": {"value": "addressLine1,addressLine2,addressLine3,city,region,province,postalCode"},
		"individual_id": {"value": "individual_id"}, "street_address": {"value": "addressLine1,addressLine2,addressLine3"}},
		"metaInfo": {"value": "metaInfo"}, "documents": {"poa": {"value": "proofOfAddress"}}}`)),
		oidc.ACRMapping([]byte(`{
		"amr": {"PWD": [{"type": "PWD"}], "PIN": [{"type": "PIN"}], "OTP": [{"type": "OTP"}], "Wallet": [{"type": "WLA"}],
			"L1-bio-device": [{"type": "BIO", "count": 1}]},
		"acr_amr": {"mosip:idp:acr:password": ["PWD"], "mosip:idp:acr:static-code": ["PIN"], "mosip:idp:acr:generated-code": ["OTP"],
			"mosip:idp:acr:linked-wallet": ["Wallet"], "mosip:idp:acr:biometrics": ["L1-bio-device"]}}`)))
	require.Equal(t, published, oidc.DefaultMapping())
	require.Equal(t, published, mapping(t))
}

func TestRecompute(t *testing.T) {
	t.Parallel()
	m := mapping(t)
	g, err := m.Grant(authPolicy(t, "otp pin", "fullName email city"))
	require.NoError(t, err)
	client := new(oidc.Client).With(g)
	for _, tc := range []struct {
		what, factors, attributes string
		want                      oidc.Change
	}{
		{"the same", "pin otp", "city email fullName", oidc.Change{}},
		{"less and more", "otp wla", "fullName phone city", oidc.Change{
			GainedClaims: []string{"phone_number"}, LostClaims: []string{"email"},
			GainedACRs: []string{acr + "linked-wallet"}, LostACRs: []string{acr + "static-code"},
		}},
		{"other parts", "otp pin", "fullName email region", oidc.Change{
			OtherParts: []oidc.ClaimChange{{Name: "address", Gained: []string{"region"}, Lost: []string{"city"}}},
		}},
		{"more parts", "otp pin", "fullName email city region", oidc.Change{
			OtherParts: []oidc.ClaimChange{{Name: "address", Gained: []string{"region"}}},
		}},
	} {
		t.Run(tc.what, func(t *testing.T) {
			t.Parallel()
			p := authPolicy(t, tc.factors, tc.attributes)
			got := m.Recompute(client, p)
			require.NoError(t, got.Refusal)
			again := client.With(got.Grant)
			require.True(t, m.Recompute(again, p).Empty(), "what was gained and lost is all that changes")
			require.Equal(t, got, oidc.Recompute(client, p))
			require.Equal(t, tc.want.GainedClaims == nil && tc.want.LostClaims == nil && tc.want.OtherParts == nil, got.Empty())
			got.Grant = nil
			require.Equal(t, tc.want, got)
		})
	}

	lost := m.Recompute(client, authPolicy(t, "otp!", "email"))
	require.ErrorIs(t, lost.Refusal, oidc.MandatoryFactor)
	require.Nil(t, lost.Grant)
	require.False(t, lost.Empty())
	require.Equal(t, []string{"address", "email", "name"}, lost.LostClaims)
	require.Len(t, lost.LostACRs, 2)
	require.ErrorIs(t, m.Recompute(client, nil).Refusal, oidc.PolicyMissing)

	gained := m.Recompute(nil, authPolicy(t, "otp", "email"))
	require.Equal(t, []string{"email"}, gained.GainedClaims)

	unknown := &oidc.Client{Claims: []oidc.Claim{{Name: "address"}}, ACRs: []string{acr + "generated-code"}}
	require.True(t, m.Recompute(unknown, authPolicy(t, "otp", "city")).Empty(), "unknown parts are not compared")
}

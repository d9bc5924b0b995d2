package policy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

// found is what a test holds a finding against: never its message.
type found struct {
	rule     policy.Rule
	severity policy.Severity
	pointer  string
	subject  string
}

func findings(list []policy.Finding) []found {
	var out []found
	for _, f := range list {
		out = append(out, found{f.Rule, f.Severity, f.Pointer, f.Subject})
	}
	return out
}

func TestLintOfAuthPolicies(t *testing.T) {
	t.Parallel()
	const kycs = "/allowedKycAttributes"
	schema := policy.LintContext{Attributes: []string{"fullName", "phone"}, Languages: []string{"eng", "ara"}}
	for name, c := range map[string]struct {
		entries string
		in      policy.LintContext
		want    []found
	}{
		"clean":             {"otp otp-request demo bio/FINGER kyc", schema, nil},
		"near miss":         {"otp_request kyc demo", schema, []found{{policy.LintUnknownAuthType, policy.Error, types + "/0/authType", "otp_request"}}},
		"nothing near":      {"telepathy kyc demo", schema, []found{{policy.LintUnknownAuthType, policy.Error, types + "/0/authType", "telepathy"}}},
		"FINGR":             {"bio/FINGR kyc demo", schema, []found{{policy.LintUnknownBiometric, policy.Error, types + "/0/authSubType", "FINGR"}}},
		"EAR":               {"bio/EAR kyc demo", schema, []found{{policy.LintUnknownBiometric, policy.Error, types + "/0/authSubType", "EAR"}}},
		"bio alone":         {"bio kyc demo", schema, []found{{policy.LintBiometricUnspecified, policy.Error, types + "/0", "bio"}}},
		"subtype on otp":    {"otp/EMAIL otp-request kyc", schema, []found{{policy.LintNeedlessSubType, policy.Warning, types + "/0/authSubType", "EMAIL"}}},
		"kba":               {"kba kyc demo", schema, []found{{policy.LintUnusedAuthType, policy.Warning, types + "/0/authType", "kba"}}},
		"twice":             {"kyc demo Demo bio/IRIS bio/iris", schema, []found{{policy.LintDuplicate, policy.Warning, types + "/2", "demo"}, {policy.LintDuplicate, policy.Warning, types + "/4", "bio-IRIS"}}},
		"twice, unlike":     {"kyc demo demo!", schema, []found{{policy.LintContradiction, policy.Error, types + "/2", "demo"}}},
		"mandatory":         {"kyc demo!", schema, nil},
		"mandatory, OIDC":   {"kyc demo!", policy.LintContext{ForOIDCClient: true}, []found{{policy.LintMandatoryOIDC, policy.Error, types + "/1/mandatory", "demo"}}},
		"mandatory, not so": {"kyc demo dna!", schema, []found{{policy.LintUnknownAuthType, policy.Error, types + "/2/authType", "dna"}, {policy.LintMandatoryImpossible, policy.Error, types + "/2/mandatory", `"dna"`}}},
		"mandatory pwd":     {"kyc demo pwd!", schema, []found{{policy.LintMandatoryImpossible, policy.Error, types + "/2/mandatory", "pwd"}, {policy.LintFactorUnreachable, policy.Warning, types, "pwd"}}},
		"mandatory bio":     {"kyc demo bio!", schema, []found{{policy.LintBiometricUnspecified, policy.Error, types + "/2", "bio"}, {policy.LintMandatoryImpossible, policy.Error, types + "/2/mandatory", "bio-"}}},
		"mandatory word":    {"kyc demo keybinding!", schema, []found{{policy.LintMandatoryImpossible, policy.Error, types + "/2/mandatory", "keybinding"}}},
		"mandatory kycauth": {"kyc demo kycauth!", schema, nil},
		"exchange alone":    {"kycexchange vciexchange demo", schema, []found{{policy.LintExchangeWithoutAuth, policy.Warning, types, "kycexchange"}, {policy.LintExchangeWithoutAuth, policy.Warning, types, "vciexchange"}}},
		"wla, kbt alone":    {"kyc demo kbt wla", schema, []found{{policy.LintFactorUnreachable, policy.Warning, types, "kbt"}, {policy.LintFactorUnreachable, policy.Warning, types, "wla"}}},
		"otp, none to ask":  {"kyc otp", schema, []found{{policy.LintFactorUnreachable, policy.Note, types, "otp"}}},
		"releases nothing":  {"demo", schema, []found{{policy.LintAttributeUnreleased, policy.Note, kycs, ""}}},
		"nothing":           {"", schema, []found{{policy.LintNothingAllowed, policy.Warning, types, ""}, {policy.LintAttributeUnreleased, policy.Note, kycs, ""}}},
		"other schema": {"kyc demo", policy.LintContext{Attributes: []string{"fullNam", "address"}, Languages: []string{"eng"}}, []found{
			{policy.LintUnknownAttribute, policy.Warning, kycs + "/0/attributeName", "fullName"},
			{policy.LintUnknownAttribute, policy.Warning, kycs + "/1/attributeName", "phone"},
			{policy.LintUnknownLanguage, policy.Warning, "/kycLanguages/1", "ara"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := mustAuth(t, authDoc(strings.Fields(c.entries)...)).Lint(c.in)
			require.Equal(t, c.want, findings(list))
			for _, f := range list {
				require.NotEmpty(t, f.Suggestion)
				require.Contains(t, f.String(), f.Pointer)
			}
		})
	}
	twice := mustAuth(t, `{"authTokenType":"random","allowedAuthTypes":[{"authType":"kyc","mandatory":false},{"authType":"demo","mandatory":false}],
		"allowedKycAttributes":[{"attributeName":"a"},{"attributeName":"A"}],"kycLanguages":["eng","ENG"]}`)
	require.Equal(t, []found{{policy.LintDuplicate, policy.Warning, kycs + "/1", "A"}, {policy.LintDuplicate, policy.Warning, "/kycLanguages/1", "ENG"}}, findings(twice.Lint(policy.LintContext{})))
	bare := mustAuth(t, `{"allowedAuthTypes":[{"authType":"demo","mandatory":false}]}`)
	require.Equal(t, []found{{policy.LintTokenTypeAbsent, policy.Note, "", ""}, {policy.LintMemberAbsent, policy.Note, "", ""}}, findings(bare.Lint(policy.LintContext{})))
	odd, err := policy.TolerateUnknown.ParseAuth([]byte(strings.Replace(authDoc("kyc", "demo"), `"partner"`, `"group"`, 1)))
	require.NoError(t, err)
	require.Equal(t, []found{{policy.LintUnknownTerm, policy.Error, "/authTokenType", "group"}}, findings(odd.Lint(policy.LintContext{})))
}

func TestLintSuggestsTheNearestWord(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		"otp_request": `"otp-request"`, "OTPREQUEST": `"otp-request"`, "kyc-auth": `"kycauth"`, "kycxchange": `"kycexchange"`,
		"bio/FINGR": `"FINGER"`, "bio/irs": `"IRIS"`,
	} {
		list := mustAuth(t, authDoc(entry)).Lint(policy.LintContext{})
		require.Contains(t, list[0].Suggestion, want, entry)
	}
	list := mustAuth(t, authDoc(strings.Repeat("otp-request", 5))).Lint(policy.LintContext{})
	require.NotContains(t, list[0].Suggestion, "did you mean")
}

func TestLintOfDataSharePolicies(t *testing.T) {
	t.Parallel()
	term := func(old, new string) string {
		doc := strings.Replace(shareDoc(entryPost), `"none"`, `"Partner Based"`, 1)
		require.Contains(t, doc, old)
		return strings.Replace(doc, old, new, 1)
	}
	safe := func(entries ...string) string {
		return strings.Replace(shareDoc(entries...), `"none"`, `"Partner Based"`, 1)
	}
	bio := func(filters string) string {
		return safe(`{"attributeName":"biometrics","group":"CBEFF","source":[{"attribute":"individualBiometrics",` + filters + `}],"encrypted":true,"format":"extraction"}`)
	}
	for name, c := range map[string]struct {
		doc  string
		in   policy.LintContext
		want []found
	}{
		"clean":         {safe(entryName, entryBirth, entryPost, entryBio), policy.LintContext{Languages: []string{"eng"}}, nil},
		"0 minutes":     {term(`"30"`, `"0"`), policy.LintContext{}, []found{{policy.LintExpiresAtOnce, policy.Warning, "/dataSharePolicies/validForInMinutes", "0"}}},
		"unlimited":     {term(`"2"`, `"-1"`), policy.LintContext{}, []found{{policy.LintUnlimitedReads, policy.Warning, "/dataSharePolicies/transactionsAllowed", "-1"}}},
		"never, 0":      {term(`"2"`, `"0"`), policy.LintContext{}, []found{{policy.LintNeverReadable, policy.Warning, "/dataSharePolicies/transactionsAllowed", "0"}}},
		"never, -2":     {term(`"2"`, `"-2"`), policy.LintContext{}, []found{{policy.LintNeverReadable, policy.Warning, "/dataSharePolicies/transactionsAllowed", "-2"}}},
		"nothing":       {safe(), policy.LintContext{}, []found{{policy.LintNothingAllowed, policy.Note, attrs, ""}}},
		"twice":         {safe(entryName, entryBirth, strings.Replace(entryName, "fullName", "FULLNAME", 1)), policy.LintContext{}, []found{{policy.LintDuplicate, policy.Warning, attrs + "/2", "FULLNAME"}}},
		"in clear":      {shareDoc(entryName), policy.LintContext{}, []found{{policy.LintSharedInClear, policy.Note, attrs + "/0/encrypted", "fullName"}}},
		"unknown group": {safe(entryOdd), policy.LintContext{}, []found{{policy.LintUnknownGroup, policy.Error, attrs + "/0/group", "BIO"}}},
		"no source":     {safe(entryVoid), policy.LintContext{}, []found{{policy.LintSourceMissing, policy.Error, attrs + "/0", "photo"}}},
		"no format":     {safe(strings.Replace(entryBio, `,"format":"extraction"`, ``, 1)), policy.LintContext{}, []found{{policy.LintFormatAbsent, policy.Warning, attrs + "/0", "biometrics"}}},
		"no filter":     {safe(strings.Replace(entryBio, `,"filter":[{"type":"Face"},{"type":"Finger","subType":["Left Thumb","Right Thumb"]}]`, ``, 1)), policy.LintContext{}, []found{{policy.LintFilterNeverMatches, policy.Error, attrs + "/0/source/0", "individualBiometrics"}}},
		"filter typo":   {bio(`"filter":[{"type":"Fingr"}]`), policy.LintContext{}, []found{{policy.LintFilterNeverMatches, policy.Error, attrs + "/0/source/0/filter/0", "Fingr"}}},
		"filter Voice":  {bio(`"filter":[{"language":"eng"}]`), policy.LintContext{}, []found{{policy.LintFilterNeverMatches, policy.Error, attrs + "/0/source/0/filter/0", ""}}},
		"subtype typo":  {bio(`"filter":[{"type":"finger","subType":["Left Thumb","Left Tumb"]}]`), policy.LintContext{}, []found{{policy.LintFilterNeverMatches, policy.Error, attrs + "/0/source/0/filter/0/subType/1", "Left Tumb"}}},
		"subtype far":   {bio(`"filter":[{"type":"Iris","subType":["Middle"]}]`), policy.LintContext{}, []found{{policy.LintFilterNeverMatches, policy.Error, attrs + "/0/source/0/filter/0/subType/0", "Middle"}}},
		"no subtype":    {bio(`"filter":[{"type":"Face","subType":[]}]`), policy.LintContext{}, []found{{policy.LintFilterNeverMatches, policy.Error, attrs + "/0/source/0/filter/0/subType", "Face"}}},
		"face subtype":  {bio(`"filter":[{"type":"Face","subType":["Left"]}]`), policy.LintContext{}, []found{{policy.LintFilterNeverMatches, policy.Error, attrs + "/0/source/0/filter/0/subType/0", "Left"}}},
		"schema": {safe(entryName, strings.Replace(entryBio, `"attribute":"individualBiometrics"`, `"attribute":"CNIE/verification/biometrics"`, 1)), policy.LintContext{Attributes: []string{"name"}, Languages: []string{"fra"}}, []found{
			{policy.LintUnknownAttribute, policy.Warning, attrs + "/0/source/0/attribute", "fullName"},
			{policy.LintUnknownLanguage, policy.Warning, attrs + "/0/source/0/filter/0/language", "eng"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := mustDataShare(t, c.doc).Lint(c.in)
			require.Equal(t, c.want, findings(list))
			for _, f := range list {
				require.NotEmpty(t, f.Suggestion)
			}
		})
	}
	odd, err := policy.TolerateUnknown.ParseDataShare([]byte(`{"dataSharePolicies":{"typeOfShare":"fax"},"shareableAttributes":[]}`))
	require.NoError(t, err)
	for _, f := range odd.Lint(policy.LintContext{})[:6] {
		require.Equal(t, policy.LintUnknownTerm, f.Rule)
	}
}

func TestLintOfMISPPolicies(t *testing.T) {
	t.Parallel()
	require.Empty(t, mustMISP(t, `{"allowAuthRequestDelegation":true,"allowKycRequestDelegation":false,"allowKeyBindingDelegation":false}`).Lint(policy.LintContext{}))
	require.Equal(t, []found{
		{policy.LintNothingAllowed, policy.Warning, "", ""},
		{policy.LintMemberAbsent, policy.Note, "", "allowAuthRequestDelegation"},
		{policy.LintMemberAbsent, policy.Note, "", "allowKycRequestDelegation"},
		{policy.LintMemberAbsent, policy.Note, "", "allowKeyBindingDelegation"},
	}, findings(mustMISP(t, `{}`).Lint(policy.LintContext{})))
}

func TestLintOfNoPolicy(t *testing.T) {
	t.Parallel()
	require.Empty(t, (*policy.Auth)(nil).Lint(policy.LintContext{}))
	require.Empty(t, (&policy.Auth{}).Lint(policy.LintContext{}))
	require.Empty(t, (*policy.DataShare)(nil).Lint(policy.LintContext{}))
	require.Empty(t, (&policy.DataShare{}).Lint(policy.LintContext{}))
	require.Empty(t, (*policy.MISP)(nil).Lint(policy.LintContext{}))
	require.Empty(t, (&policy.MISP{}).Lint(policy.LintContext{}))
}

func TestSeveritiesHaveNames(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal([]policy.Severity{policy.Note, policy.Warning, policy.Error, 0})
	require.NoError(t, err)
	require.JSONEq(t, `["note","warning","error","unknown"]`, string(text))
}

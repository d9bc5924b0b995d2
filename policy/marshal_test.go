package policy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

func TestMarshalIsCanonicalAndLosesNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ kind, doc, want string }{
		"auth, order": {"Auth",
			`{ "kycLanguages": [], "allowedAuthTypes": [ {"mandatory": true, "authType": "otp"}, {"authType":"bio","authSubType":"","mandatory":false} ], "authTokenType": "policy" }`,
			`{"authTokenType":"policy","allowedAuthTypes":[{"authType":"otp","mandatory":true},{"authSubType":"","authType":"bio","mandatory":false}],"kycLanguages":[]}`},
		"auth, full":       {"Auth", goodAuth, goodAuth},
		"datashare, order": {"DataShare", `{"shareableAttributes":[{"format":"","encrypted":false,"source":[{"filter":[{"language":"","subType":[],"type":""}],"attribute":"a"}],"group":null,"attributeName":"é\u000a/"}],"dataSharePolicies":{` + goodTerms + `,"protocol":""}}`, `{"dataSharePolicies":{` + goodTerms + `,"protocol":""},"shareableAttributes":[{"attributeName":"é\n/","group":null,"source":[{"attribute":"a","filter":[{"type":"","subType":[],"language":""}]}],"encrypted":false,"format":""}]}`},
		"datashare, full":  {"DataShare", goodShare, goodShare},
		"misp, order":      {"MISP", `{"allowVciRequestDelegation":false,"allowKeyBindingDelegation":true,"trustBindedAuthVerificationToken":false}`, `{"trustBindedAuthVerificationToken":false,"allowKeyBindingDelegation":true,"allowVciRequestDelegation":false}`},
		"misp, empty":      {"MISP", ` {} `, `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := read(policy.Strict, c.kind, []byte(c.doc))
			require.NoError(t, err)
			out, err := json.Marshal(p)
			require.NoError(t, err)
			require.Equal(t, c.want, string(out))
			require.JSONEq(t, c.doc, string(out))
			again, err := read(policy.Strict, c.kind, out)
			require.NoError(t, err)
			require.Equal(t, p, again)
			require.Empty(t, p.Deviations())
		})
	}
}

func TestMarshalOfNoPolicyFails(t *testing.T) {
	t.Parallel()
	for _, p := range []document{
		(*policy.Auth)(nil), &policy.Auth{}, (*policy.DataShare)(nil), &policy.DataShare{}, (*policy.MISP)(nil), &policy.MISP{},
	} {
		_, err := p.MarshalJSON()
		require.Error(t, err)
		require.Empty(t, p.Deviations())
	}
}

func TestTolerantReadingKeepsAndReports(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind, doc, want string
		deviations      []place
	}{
		"auth": {"Auth",
			`{"publicKey":{"kty":"RSA","b":[1,null]},"allowedAuthTypes":[{"authType":"pin"},{"authSubType":"x","note":1.50,"mandatory":true}],"allowedKycAttributes":[{"masked":true}],"authTokenType":"policyGroup","a":"\u0041"}`,
			`{"authTokenType":"policyGroup","allowedKycAttributes":[{"masked":true}],"allowedAuthTypes":[{"authType":"pin"},{"authSubType":"x","mandatory":true,"note":1.50}],"a":"A","publicKey":{"kty":"RSA","b":[1,null]}}`,
			[]place{
				{policy.UnknownMember, 1, 2, "/publicKey"},
				{policy.MissingMember, 1, 61, "/allowedAuthTypes/0"},
				{policy.MissingMember, 1, 80, "/allowedAuthTypes/1"},
				{policy.UnknownMember, 1, 99, "/allowedAuthTypes/1/note"},
				{policy.MissingMember, 1, 154, "/allowedKycAttributes/0"},
				{policy.UnknownMember, 1, 155, "/allowedKycAttributes/0/masked"},
				{policy.BadValue, 1, 187, "/authTokenType"},
				{policy.UnknownMember, 1, 201, "/a"},
			}},
		"auth, another format": {"Auth", `{"authPolicies":[{"authType":"otp","mandatory":true}]}`, `{"authPolicies":[{"authType":"otp","mandatory":true}]}`,
			[]place{{policy.MissingMember, 1, 1, ""}, {policy.UnknownMember, 1, 2, "/authPolicies"}}},
		"datashare": {"DataShare",
			`{"dataSharePolicies":{"typeOfShare":"Data Share","validForInMinutes":30,"transactionsAllowed":2,"encryptionType":"Partner Secret","shareDomain":"mosip.io","source":"x","more":{}},"shareableAttributes":[{"attributeName":"a","source":[{"attribute":"b","x":1,"filter":[{"y":2}]}],"encrypted":true,"z":3}]}`,
			`{"dataSharePolicies":{"typeOfShare":"Data Share","validForInMinutes":"30","transactionsAllowed":"2","encryptionType":"Partner Secret","shareDomain":"mosip.io","source":"x","more":{}},"shareableAttributes":[{"attributeName":"a","source":[{"attribute":"b","filter":[{"y":2}],"x":1}],"encrypted":true,"z":3}]}`,
			nil},
		"datashare, empty": {"DataShare", `{}`, `{}`, nil},
		"misp":             {"MISP", `{"allowOTPRequestDelegation":true}`, `{"allowOTPRequestDelegation":true}`, []place{{policy.UnknownMember, 1, 2, "/allowOTPRequestDelegation"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := read(policy.Strict, c.kind, []byte(c.doc))
			require.Error(t, err)
			p, err := read(policy.TolerateUnknown, c.kind, []byte(c.doc))
			require.NoError(t, err)
			require.NotEmpty(t, p.Deviations())
			if c.deviations != nil {
				var got []place
				for _, d := range p.Deviations() {
					got = append(got, place{d.Reason, d.Line, d.Column, d.Pointer})
				}
				require.Equal(t, c.deviations, got)
			}
			out, err := json.Marshal(p)
			require.NoError(t, err)
			require.Equal(t, c.want, string(out))
			again, err := read(policy.TolerateUnknown, c.kind, out)
			require.NoError(t, err)
			twice, err := json.Marshal(again)
			require.NoError(t, err)
			require.Equal(t, string(out), string(twice))
		})
	}
}

func TestTolerantReadingStaysAReading(t *testing.T) {
	t.Parallel()
	for kind, docs := range map[string][]string{
		"Auth":      {``, `{`, `{}{}`, `{"a":1,"a":1}`, `{"allowedAuthTypes":{}}`, `{"allowedAuthTypes":[{"authType":1}]}`, `[]`},
		"DataShare": {``, `{}1`, `{"dataSharePolicies":{"validForInMinutes":1.5}}`, `{"dataSharePolicies":{"validForInMinutes":"x"}}`, `{"dataSharePolicies":{"transactionsAllowed":true}}`},
		"MISP":      {``, `{"allowAuthRequestDelegation":"true"}`, `{"allowAuthRequestDelegation":true,"allowAuthRequestDelegation":true}`},
	} {
		for _, doc := range docs {
			_, err := read(policy.TolerateUnknown, kind, []byte(doc))
			require.Error(t, err, doc)
		}
	}
}

func TestTolerantReadingAllowsNothingMore(t *testing.T) {
	t.Parallel()
	p, err := policy.TolerateUnknown.ParseAuth([]byte(`{"authPolicies":[{"authType":"otp","mandatory":false}],"allowedKycAttributes":[{"masked":true}],"allowedAuthTypes":[{"authSubType":"otp"}]}`))
	require.NoError(t, err)
	require.False(t, p.Decide(policy.AuthRequest{Operation: policy.OperationAuth, Factors: factors("otp")}).Allowed)
	m, err := policy.TolerateUnknown.ParseMISP([]byte(`{"allowOTPRequestDelegation":true,"AllowAuthRequestDelegation":true}`))
	require.NoError(t, err)
	require.False(t, m.Decide(policy.OperationOTPRequest).Allowed)
}

func TestDeviationsAreBoundedAndTheCallersOwn(t *testing.T) {
	t.Parallel()
	p, err := policy.TolerateUnknown.ParseAuth([]byte(`{"allowedAuthTypes":[` + strings.TrimSuffix(strings.Repeat("{},", policy.MaxProblems), ",") + `]}`))
	require.NoError(t, err)
	require.Len(t, p.Deviations(), policy.MaxProblems)
	p.Deviations()[0].Reason = "changed"
	require.Equal(t, policy.MissingMember, p.Deviations()[0].Reason)
}

func TestAccessorsGiveCopies(t *testing.T) {
	t.Parallel()
	p := mustAuth(t, goodAuth)
	require.Equal(t, []policy.AuthType{{Type: "bio", SubType: "IRIS"}}, p.AuthTypes())
	require.Equal(t, []string{"fullName"}, p.KYCAttributes())
	require.Equal(t, []string{"eng"}, p.KYCLanguages())
	p.AuthTypes()[0].Type, p.KYCAttributes()[0], p.KYCLanguages()[0] = "otp", "x", "x"
	require.Equal(t, "bio", p.AuthTypes()[0].Type)
	require.Equal(t, []string{"fullName"}, p.KYCAttributes())
	require.Equal(t, []string{"eng"}, p.KYCLanguages())
	var none *policy.Auth
	require.Empty(t, none.AuthTypes())
	require.Empty(t, none.KYCAttributes())
	require.Empty(t, none.KYCLanguages())
	require.Empty(t, none.TokenType())
}

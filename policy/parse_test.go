package policy_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

const (
	goodAuth  = `{"authTokenType":"policy","allowedKycAttributes":[{"attributeName":"fullName"}],"allowedAuthTypes":[{"authSubType":"IRIS","authType":"bio","mandatory":false}],"kycLanguages":["eng"]}`
	goodTerms = `"typeOfShare":"Data Share","validForInMinutes":"30","transactionsAllowed":"2","encryptionType":"none","shareDomain":"datashare-service","source":"Packet Manager"`
	goodShare = `{"dataSharePolicies":{` + goodTerms + `},"shareableAttributes":[{"attributeName":"biometrics","group":"CBEFF","source":[{"attribute":"individualBiometrics","filter":[{"type":"Finger","subType":["Left Thumb"]},{"language":"eng"}]}],"encrypted":true,"format":"extraction"}]}`
	goodMISP  = `{"trustBindedAuthVerificationToken":true,"allowAuthRequestDelegation":true,"allowKycRequestDelegation":false}`
)

type parser func([]byte) (any, error)

var parsers = map[policy.Kind]parser{
	policy.KindAuth:      func(b []byte) (any, error) { return policy.ParseAuth(b) },
	policy.KindDataShare: func(b []byte) (any, error) { return policy.ParseDataShare(b) },
	policy.KindMISP:      func(b []byte) (any, error) { return policy.ParseMISP(b) },
}

// place is what a test holds a problem against: never its message.
type place struct {
	reason       policy.Reason
	line, column int
	pointer      string
}

func placesOf(err error) []place {
	var bad *policy.ParseError
	if !errors.As(err, &bad) {
		return nil
	}
	var out []place
	for _, p := range bad.Problems {
		out = append(out, place{p.Reason, p.Line, p.Column, p.Pointer})
	}
	return out
}

func TestParseSaysEverythingThatIsWrongAtOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind policy.Kind
		doc  string
		want []place
	}{
		"auth, all kinds of fault": {policy.KindAuth, `{
  "authTokenType": "ramdom",
  "allowedKycAttributes": [{"attributeName": 7}, {}, "phone"],
  "allowedAuthTypes": [
    {"authType": "otp", "mandatory": "no"},
    {"authType": "otp", "authType": "pin", "mandatory": false, "mandatroy": true},
    {"authSubType": null}
  ],
  "kycLanguages": ["eng", 5],
  "publicKey": {}
} []`, []place{
			{policy.BadValue, 2, 20, "/authTokenType"},
			{policy.WrongType, 3, 46, "/allowedKycAttributes/0/attributeName"},
			{policy.MissingMember, 3, 50, "/allowedKycAttributes/1"},
			{policy.WrongType, 3, 54, "/allowedKycAttributes/2"},
			{policy.WrongType, 5, 38, "/allowedAuthTypes/0/mandatory"},
			{policy.DuplicateMember, 6, 25, "/allowedAuthTypes/1/authType"},
			{policy.UnknownMember, 6, 64, "/allowedAuthTypes/1/mandatroy"},
			{policy.MissingMember, 7, 5, "/allowedAuthTypes/2"},
			{policy.MissingMember, 7, 5, "/allowedAuthTypes/2"},
			{policy.WrongType, 7, 21, "/allowedAuthTypes/2/authSubType"},
			{policy.WrongType, 9, 27, "/kycLanguages/1"},
			{policy.UnknownMember, 10, 3, "/publicKey"},
			{policy.TrailingData, 11, 3, ""},
		}},
		"auth, nothing allowed is not said": {policy.KindAuth, `{}`, []place{{policy.MissingMember, 1, 1, ""}}},
		"auth, an array":                    {policy.KindAuth, `[]`, []place{{policy.WrongType, 1, 1, ""}}},
		"auth, lists that are objects":      {policy.KindAuth, `{"allowedAuthTypes":{}}`, []place{{policy.WrongType, 1, 21, "/allowedAuthTypes"}}},
		"datashare, all kinds of fault": {policy.KindDataShare, `{"dataSharePolicies": {
  "typeOfShare": "indirect",
  "validForInMinutes": 30,
  "transactionsAllowed": "two",
  "encryptionType": "Partner Secret",
  "shareDomain": null,
  "protocol": 1
 },
 "shareableAttributes": [
  {"attributeName": "a", "group": 1, "source": [{"filter": [{"type": 1, "subType": "x", "language": []}]}], "encrypted": 1, "format": 1},
  {"group": null, "source": {}, "sources": []}
 ]}`, []place{
			{policy.MissingMember, 1, 23, "/dataSharePolicies"},
			{policy.BadValue, 2, 18, "/dataSharePolicies/typeOfShare"},
			{policy.WrongType, 3, 24, "/dataSharePolicies/validForInMinutes"},
			{policy.BadValue, 4, 26, "/dataSharePolicies/transactionsAllowed"},
			{policy.BadValue, 5, 21, "/dataSharePolicies/encryptionType"},
			{policy.WrongType, 6, 18, "/dataSharePolicies/shareDomain"},
			{policy.WrongType, 7, 15, "/dataSharePolicies/protocol"},
			{policy.WrongType, 10, 35, "/shareableAttributes/0/group"},
			{policy.MissingMember, 10, 49, "/shareableAttributes/0/source/0"},
			{policy.WrongType, 10, 70, "/shareableAttributes/0/source/0/filter/0/type"},
			{policy.WrongType, 10, 84, "/shareableAttributes/0/source/0/filter/0/subType"},
			{policy.WrongType, 10, 101, "/shareableAttributes/0/source/0/filter/0/language"},
			{policy.WrongType, 10, 122, "/shareableAttributes/0/encrypted"},
			{policy.WrongType, 10, 135, "/shareableAttributes/0/format"},
			{policy.MissingMember, 11, 3, "/shareableAttributes/1"},
			{policy.MissingMember, 11, 3, "/shareableAttributes/1"},
			{policy.WrongType, 11, 29, "/shareableAttributes/1/source"},
			{policy.UnknownMember, 11, 33, "/shareableAttributes/1/sources"},
		}},
		"datashare, empty": {policy.KindDataShare, `{}`, []place{{policy.MissingMember, 1, 1, ""}, {policy.MissingMember, 1, 1, ""}}},
		"misp": {policy.KindMISP, `{"allowAuthRequestDelegation":"true",
 "allowOTPRequestDelegation":true,"allowVciRequestDelegation":null,"allowVciRequestDelegation":true}`, []place{
			{policy.WrongType, 1, 31, "/allowAuthRequestDelegation"},
			{policy.UnknownMember, 2, 2, "/allowOTPRequestDelegation"},
			{policy.WrongType, 2, 63, "/allowVciRequestDelegation"},
			{policy.DuplicateMember, 2, 68, "/allowVciRequestDelegation"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parsers[c.kind]([]byte(c.doc))
			require.Equal(t, c.want, placesOf(err))
			var bad *policy.ParseError
			require.ErrorAs(t, err, &bad)
			require.Equal(t, c.kind, bad.Kind)
			for _, p := range c.want {
				require.ErrorIs(t, err, p.reason)
			}
			var first *policy.Problem
			require.ErrorAs(t, err, &first)
			require.Contains(t, err.Error(), first.Error())
		})
	}
}

func TestParseRefusesWhatIsNotOneDocument(t *testing.T) {
	t.Parallel()
	good := map[policy.Kind]string{policy.KindAuth: goodAuth, policy.KindDataShare: goodShare, policy.KindMISP: goodMISP}
	for kind, parse := range parsers {
		for name, c := range map[string]struct {
			doc  string
			want policy.Reason
		}{
			"nothing":         {"", policy.NotJSON},
			"text":            {"policy", policy.NotJSON},
			"cut":             {good[kind][:len(good[kind])-2], policy.NotJSON},
			"null":            {"null", policy.WrongType},
			"twice":           {good[kind] + good[kind], policy.TrailingData},
			"byte order mark": {"\ufeff" + good[kind], policy.NotJSON},
		} {
			t.Run(fmt.Sprint(kind, " ", name), func(t *testing.T) {
				t.Parallel()
				_, err := parse([]byte(c.doc))
				require.ErrorIs(t, err, c.want)
			})
		}
		_, err := parse([]byte(good[kind]))
		require.NoError(t, err)
	}
}

func TestNumbersInStringsHaveLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		member, text string
		ok           bool
	}{
		{"validForInMinutes", "0", true},
		{"validForInMinutes", "250", true},
		{"validForInMinutes", fmt.Sprint(policy.MaxValidMinutes), true},
		{"validForInMinutes", fmt.Sprint(policy.MaxValidMinutes + 1), false},
		{"validForInMinutes", "-1", false},
		{"validForInMinutes", "", false},
		{"validForInMinutes", " 30", false},
		{"validForInMinutes", "+30", false},
		{"validForInMinutes", "030", false},
		{"validForInMinutes", "30.0", false},
		{"validForInMinutes", "3e1", false},
		{"validForInMinutes", "-0", false},
		{"validForInMinutes", "99999999999999999999", false},
		{"transactionsAllowed", "-1", true},
		{"transactionsAllowed", "0", true},
		{"transactionsAllowed", "-7", true},
		{"transactionsAllowed", "100000", true},
		{"transactionsAllowed", fmt.Sprint(policy.MaxTransactions), true},
		{"transactionsAllowed", fmt.Sprint(policy.MaxTransactions + 1), false},
		{"transactionsAllowed", fmt.Sprint(-policy.MaxTransactions - 1), false},
		{"transactionsAllowed", "unlimited", false},
	} {
		t.Run(c.member+" "+c.text, func(t *testing.T) {
			t.Parallel()
			old := map[string]string{"validForInMinutes": "30", "transactionsAllowed": "2"}[c.member]
			doc := strings.Replace(goodShare, fmt.Sprintf("%q:%q", c.member, old), fmt.Sprintf("%q:%q", c.member, c.text), 1)
			_, err := policy.ParseDataShare([]byte(doc))
			if c.ok {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, policy.BadValue)
			}
		})
	}
}

func TestLimitsOfADocument(t *testing.T) {
	t.Parallel()
	pad := func(n int) string { return goodMISP + strings.Repeat(" ", n-len(goodMISP)) }
	attributes := func(n int) string {
		return `{"allowedAuthTypes":[],"allowedKycAttributes":[` + strings.TrimSuffix(strings.Repeat(`{"attributeName":"a"},`, n), ",") + `]}`
	}
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }

	_, err := policy.ParseMISP([]byte(pad(policy.MaxDocumentBytes)))
	require.NoError(t, err)
	_, err = policy.ParseMISP([]byte(pad(policy.MaxDocumentBytes + 1)))
	require.ErrorIs(t, err, policy.DocumentTooLarge)

	_, err = policy.ParseAuth([]byte(attributes(policy.MaxEntries)))
	require.NoError(t, err)
	_, err = policy.ParseAuth([]byte(attributes(policy.MaxEntries + 1)))
	require.ErrorIs(t, err, policy.TooManyEntries)

	_, err = policy.ParseMISP([]byte(deep(policy.MaxDepth)))
	require.NotErrorIs(t, err, policy.DocumentTooDeep)
	_, err = policy.ParseMISP([]byte(deep(policy.MaxDepth + 1)))
	require.ErrorIs(t, err, policy.DocumentTooDeep)
}

func TestTheListOfProblemsIsBounded(t *testing.T) {
	t.Parallel()
	wrong := func(n int) error {
		_, err := policy.ParseAuth([]byte(`{"allowedAuthTypes":[` + strings.TrimSuffix(strings.Repeat("1,", n), ",") + `]}`))
		return err
	}
	require.Len(t, placesOf(wrong(policy.MaxProblems)), policy.MaxProblems)
	err := wrong(policy.MaxProblems + 1)
	require.Len(t, placesOf(err), policy.MaxProblems)
	require.Contains(t, err.Error(), "(and 1 problems more)")
}

package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

// change is what a test holds a difference against. Words are the product here,
// so that the tests that follow name them.
type change struct {
	effect  policy.Effect
	pointer string
	words   string
}

func changes(differences []policy.Difference) []change {
	var out []change
	for _, d := range differences {
		out = append(out, change{d.Effect, d.Pointer, d.Words})
	}
	return out
}

func TestDiffOfAuthPolicies(t *testing.T) {
	t.Parallel()
	auth := func(token, attributes, languages string, entries ...string) *policy.Auth {
		doc := authDoc(entries...)
		doc = strings.Replace(doc, `"partner"`, `"`+token+`"`, 1)
		doc = strings.Replace(doc, `{"attributeName":"fullName"},{"attributeName":"phone"}`, attributes, 1)
		return mustAuth(t, strings.Replace(doc, `"eng","ara"`, languages, 1))
	}
	const none, name, phone = "", `{"attributeName":"fullName"}`, `{"attributeName":"phone"}`
	for title, c := range map[string]struct {
		old, new *policy.Auth
		want     []change
	}{
		"nothing": {auth("policy", name, `"eng"`, "otp"), auth("policy", name, `"eng"`, "otp"), nil},
		"order and case": {
			auth("policy", name+","+phone, `"eng","ara"`, "otp", "bio/IRIS"),
			auth("policy", `{"attributeName":"PHONE"},{"attributeName":"FULLNAME"}`, `"ARA","ENG"`, "BIO/iris", "OTP"),
			[]change{},
		},
		"entries that allow nothing": {auth("policy", none, none, "otp"), auth("policy", none, none, "dna", "kba", "bio/EAR", "bio", "otp", "otp"), nil},
		"a first policy": {nil, auth("policy", phone, `"eng"`, "bio/FINGER!", "kycauth"), []change{
			{policy.Widens, types + "/0", "allows authentication by bio-FINGER"},
			{policy.Widens, types + "/1", "allows authentication through OIDC (kycauth)"},
			{policy.Widens, "/allowedKycAttributes/0", "releases phone"},
			{policy.Widens, "/kycLanguages/0", "releases data in language eng"},
			{policy.Widens, "/authTokenType", "gives tokens of type policy"},
			{policy.Narrows, types + "/0", "demands bio-FINGER"},
		}},
		"everything": {
			auth("partner", name, `"eng"`, "otp!", "bio/IRIS", "kyc"),
			auth("policy", phone, `"ara"`, "otp", "bio/FACE", "bio/face", "demo!", "keybinding"),
			[]change{
				{policy.Widens, types + "/1", "allows authentication by bio-FACE"},
				{policy.Widens, types + "/3", "allows authentication by demo"},
				{policy.Widens, types + "/4", "allows binding of wallet keys (keybinding)"},
				{policy.Widens, types + "/0", "no longer demands otp"},
				{policy.Widens, "/allowedKycAttributes/0", "releases phone"},
				{policy.Widens, "/kycLanguages/0", "releases data in language ara"},
				{policy.Alters, "/authTokenType", "gives tokens of type policy instead of partner"},
				{policy.Narrows, types + "/1", "no longer allows authentication by bio-IRIS"},
				{policy.Narrows, types + "/2", "no longer allows authentication with release of data (kyc)"},
				{policy.Narrows, types + "/3", "demands demo"},
				{policy.Narrows, "/allowedKycAttributes/0", "no longer releases fullName"},
				{policy.Narrows, "/kycLanguages/0", "no longer releases data in language eng"},
			},
		},
		"demanded twice": {auth("policy", none, none, "otp", "dna"), auth("policy", none, none, "otp!", "OTP!", "dna!"), []change{
			{policy.Narrows, types + "/0", "demands otp"},
			{policy.Narrows, types + "/2", `demands "dna"`},
		}},
		"taken away": {auth("policy", none, none, "otp"), nil, []change{
			{policy.Narrows, types + "/0", "no longer allows authentication by otp"},
			{policy.Narrows, "/authTokenType", "gives no tokens any more: the token type is unknown"},
		}},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			require.ElementsMatch(t, c.want, changes(policy.Diff(c.old, c.new)))
		})
	}
}

func TestDiffOfDataSharePolicies(t *testing.T) {
	t.Parallel()
	share := func(entries ...string) *policy.DataShare { return mustDataShare(t, shareDoc(entries...)) }
	swap := func(doc, old, new string) string {
		require.Contains(t, doc, old)
		return strings.Replace(doc, old, new, 1)
	}
	phone := `{"attributeName":"phone","source":[{"attribute":"phone"}],"encrypted":false}`
	for title, c := range map[string]struct {
		old, new *policy.DataShare
		want     []change
	}{
		"nothing":          {share(entryName, entryBio), share(entryBio, entryName), nil},
		"twice, reordered": {share(entryName, phone, swap(entryName, "eng", "ara")), share(swap(entryName, "eng", "ara"), phone, entryName), nil},
		"a phone": {share(entryName), share(entryName, phone), []change{
			{policy.Widens, attrs + "/1", "shares phone, in clear"},
		}},
		"a first policy": {nil, share(entryBio), []change{
			{policy.Widens, attrs + "/0", "shares biometrics (biometrics), encrypted, as extraction, from individualBiometrics (Face; Finger, Left Thumb or Right Thumb)"},
			{policy.Widens, "/dataSharePolicies", `shares as "Data Share" for 30 minutes, readable 2 times, encryption "none"`},
		}},
		"taken away": {share(phone, entryPost), nil, []change{
			{policy.Narrows, attrs + "/0", "no longer shares phone, in clear"},
			{policy.Narrows, attrs + "/1", "no longer shares postalCode, encrypted, from presentZipcode and permanentZipcode"},
		}},
		"refused entries are none": {share(phone), share(phone, entryOdd, entryVoid), nil},
		"in clear": {share(entryPost), share(swap(entryPost, `"encrypted":true`, `"encrypted":false`)), []change{
			{policy.Widens, attrs + "/0/encrypted", "shares postalCode in clear, no longer encrypted"},
		}},
		"encrypted, format, group": {share(phone), share(`{"attributeName":"PHONE","group":"CBEFF","source":[{"attribute":"phone"}],"encrypted":true,"format":"YYYY"}`), []change{
			{policy.Alters, attrs + "/0/format", "shares PHONE as YYYY instead of none"},
			{policy.Alters, attrs + "/0/group", "shares PHONE as group CBEFF instead of none"},
			{policy.Narrows, attrs + "/0/encrypted", "shares PHONE encrypted, no longer in clear"},
		}},
		"sources": {share(entryPost), share(swap(entryPost, `{"attribute":"presentZipcode"},{"attribute":"permanentZipcode"}`, `{"attribute":"presentZipcode"},{"attribute":"zip"},{"attribute":"x"}`)), []change{
			{policy.Widens, attrs + "/0/source/1", "shares postalCode from zip"},
			{policy.Widens, attrs + "/0/source/2", "shares postalCode from x"},
			{policy.Narrows, attrs + "/0/source/1", "no longer shares postalCode from permanentZipcode"},
		}},
		"text filter": {share(entryName), share(swap(entryName, "eng", "ara")), []change{
			{policy.Alters, attrs + "/0/source/0", "shares fullName from fullName (in language ara) instead of fullName (in language eng)"},
		}},
		"biometric filters": {
			share(entryBio),
			share(swap(entryBio, `{"type":"Face"},{"type":"Finger","subType":["Left Thumb","Right Thumb"]}`, `{"type":"finger","subType":["left thumb","Left RingFinger"]},{"type":"Iris"},{"type":"Ear"}`)),
			[]change{
				{policy.Widens, attrs + "/0/source/0/filter/0/subType/1", "shares finger Left RingFinger of individualBiometrics"},
				{policy.Widens, attrs + "/0/source/0/filter/1", "shares every Iris of individualBiometrics"},
				{policy.Narrows, attrs + "/0/source/0/filter/0", "no longer shares every Face of individualBiometrics"},
				{policy.Narrows, attrs + "/0/source/0/filter/1/subType/1", "no longer shares Finger Right Thumb of individualBiometrics"},
			},
		},
		"no subtypes": {share(entryBio), share(swap(entryBio, `["Left Thumb","Right Thumb"]`, `[]`)), []change{
			{policy.Narrows, attrs + "/0/source/0/filter/1/subType/0", "no longer shares Finger Left Thumb of individualBiometrics"},
			{policy.Narrows, attrs + "/0/source/0/filter/1/subType/1", "no longer shares Finger Right Thumb of individualBiometrics"},
		}},
		"all subtypes": {share(entryBio), share(swap(entryBio, `,"subType":["Left Thumb","Right Thumb"]`, ``)), []change{
			{policy.Widens, attrs + "/0/source/0/filter/1", "shares every Finger of individualBiometrics"},
		}},
		"terms": {
			share(phone),
			mustDataShare(t, swap(swap(swap(swap(swap(swap(shareDoc(phone), `"30"`, `"250"`), `"transactionsAllowed":"2"`, `"transactionsAllowed":"-1"`), `"none"`, `"Partner Based"`), `"Data Share"`, `"direct"`), `"datashare-service"`, `"mosip.io","protocol":"https"`), `"Packet Manager"`, `"ID Repository"`)),
			[]change{
				{policy.Widens, "/dataSharePolicies/validForInMinutes", "shares with validForInMinutes 250 instead of 30"},
				{policy.Widens, "/dataSharePolicies/transactionsAllowed", "shares with transactionsAllowed any number of times instead of 2 times"},
				{policy.Alters, "/dataSharePolicies/typeOfShare", `shares with typeOfShare "direct" instead of "Data Share"`},
				{policy.Alters, "/dataSharePolicies/shareDomain", `shares with shareDomain "mosip.io" instead of "datashare-service"`},
				{policy.Alters, "/dataSharePolicies/source", `shares with source "ID Repository" instead of "Packet Manager"`},
				{policy.Alters, "/dataSharePolicies/protocol", `shares with protocol "https" instead of ""`},
				{policy.Narrows, "/dataSharePolicies/encryptionType", `shares with encryptionType "Partner Based" instead of "none"`},
			},
		},
		"fewer reads": {share(phone), mustDataShare(t, swap(swap(shareDoc(phone), `"30"`, `"1"`), `"2"`, `"1"`)), []change{
			{policy.Narrows, "/dataSharePolicies/validForInMinutes", "shares with validForInMinutes 1 instead of 30"},
			{policy.Narrows, "/dataSharePolicies/transactionsAllowed", "shares with transactionsAllowed once instead of 2 times"},
		}},
		"never is never": {
			mustDataShare(t, swap(shareDoc(phone), `"transactionsAllowed":"2"`, `"transactionsAllowed":"0"`)),
			mustDataShare(t, swap(shareDoc(phone), `"transactionsAllowed":"2"`, `"transactionsAllowed":"-9"`)), nil,
		},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			require.ElementsMatch(t, c.want, changes(policy.Diff(c.old, c.new)))
		})
	}
}

func TestDiffOfMISPPolicies(t *testing.T) {
	t.Parallel()
	old := mustMISP(t, `{"allowAuthRequestDelegation":true,"allowKycRequestDelegation":true}`)
	new := mustMISP(t, `{"allowKycRequestDelegation":true,"allowKeyBindingDelegation":true,"trustBindedAuthVerificationToken":true,"allowAuthRequestDelegation":false}`)
	differences := policy.Diff(old, new)
	require.Equal(t, []change{
		{policy.Widens, "/trustBindedAuthVerificationToken", "trusts tokens made with a bound key"},
		{policy.Widens, "/allowKeyBindingDelegation", "passes on requests for partners: KeyBinding"},
		{policy.Narrows, "/allowAuthRequestDelegation", "no longer passes on requests for partners: Auth"},
	}, changes(differences))
	require.Equal(t, "widens: trusts tokens made with a bound key", differences[0].String())
	require.Empty(t, policy.Diff(new, new))
	require.Empty(t, policy.Diff[*policy.MISP](nil, &policy.MISP{}))
}

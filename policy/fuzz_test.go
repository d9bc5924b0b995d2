package policy_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

// FuzzDocument: what can be read is written back to the same policy; what is
// read strictly is read tolerantly with nothing forgiven; and nothing that can
// be read makes a decision, a lint or a diff fail.
func FuzzDocument(f *testing.F) {
	for _, seed := range []string{
		goodAuth, goodShare, goodMISP, `{}`, `[]`, `{"a":1,"a":2}`, `{"allowedAuthTypes":[]} x`,
		authDoc("bio/FINGR!", "otp!", "otp_request", "kycexchange"),
		shareDoc(entryName, entryBirth, entryPost, entryBio, entryOdd, entryVoid),
		`{"allowedAuthTypes":[{"note":[1e9,null]}],"kycLanguages":[],"authTokenType":"x"}`,
		`{"dataSharePolicies":{"validForInMinutes":30,"transactionsAllowed":"-1"},"shareableAttributes":[{"source":[{"filter":[{"subType":[]}]}]}]}`,
		`{"allowOTPRequestDelegation":true,"allowVciRequestDelegation":false}`,
	} {
		for kind := range uint8(3) {
			f.Add(kind, []byte(seed))
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		name := [...]string{"Auth", "DataShare", "MISP"}[kind%3]
		strict, err := read(policy.Strict, name, data)
		tolerant, tolerantErr := read(policy.TolerateUnknown, name, data)
		if err == nil {
			require.NoError(t, tolerantErr)
			require.Equal(t, strict, tolerant)
			require.Empty(t, tolerant.Deviations())
			again, err := read(policy.Strict, name, marshal(t, strict))
			require.NoError(t, err)
			require.Equal(t, strict, again)
			requireSameJSON(t, data, marshal(t, strict))
		} else {
			require.NotEmpty(t, placesOf(err))
		}
		if tolerantErr != nil {
			return
		}
		out := marshal(t, tolerant)
		again, err := read(policy.TolerateUnknown, name, out)
		require.NoError(t, err)
		require.Equal(t, string(out), string(marshal(t, again)))
		for _, finding := range tolerant.Lint(policy.LintContext{Attributes: []string{"fullName"}, Languages: []string{"eng"}, ForOIDCClient: true}) {
			require.NotEmpty(t, finding.Suggestion)
		}
		decideAndDiff(t, tolerant, again)
	})
}

func marshal(t *testing.T, p document) []byte {
	t.Helper()
	out, err := p.MarshalJSON()
	require.NoError(t, err)
	return out
}

func requireSameJSON(t *testing.T, a, b []byte) {
	t.Helper()
	var x, y any
	require.NoError(t, json.Unmarshal(a, &x))
	require.NoError(t, json.Unmarshal(b, &y))
	require.Equal(t, x, y)
}

func decideAndDiff(t *testing.T, p, same document) {
	t.Helper()
	switch p := p.(type) {
	case *policy.Auth:
		require.Empty(t, policy.Diff(p, same.(*policy.Auth)))
		for _, op := range operations {
			d := p.Decide(policy.AuthRequest{Operation: op, Factors: factors("otp bio/IRIS"), Attributes: p.KYCAttributes(), Languages: p.KYCLanguages()})
			require.Equal(t, d.Allowed, len(d.Denials) == 0)
		}
	case *policy.DataShare:
		require.Empty(t, policy.Diff(p, same.(*policy.DataShare)))
		d := p.Decide(policy.ShareRequest{All: true})
		require.Equal(t, d.Allowed, len(d.Denials) == 0)
		for _, a := range d.Attributes {
			require.NotEmpty(t, a.Sources)
			for _, s := range a.Sources {
				policy.FilterBiometrics(s, hand, itself)
			}
		}
	case *policy.MISP:
		require.Empty(t, policy.Diff(p, same.(*policy.MISP)))
		for _, op := range operations {
			d := p.Decide(op)
			require.Equal(t, d.Allowed, len(d.Denials) == 0)
		}
	}
}

// FuzzAuthDecide compares every decision with the reference, on policies and
// requests of any words: entries and factors are words between spaces, as
// authDoc and factors read them.
func FuzzAuthDecide(f *testing.F) {
	for _, row := range authTable {
		f.Add(string(row.op), row.entries, row.factors, "fullName")
	}
	f.Add("kyc", "kyc otp", "otp", "FULLNAME phone")
	f.Add("KYC", "KYC oTP! bio/face", "OTP bio/FACE", "")
	f.Fuzz(func(t *testing.T, op, entries, given, attributes string) {
		for _, s := range []string{op, entries, given, attributes} {
			// The rules are of ASCII; the reference folds more of Unicode than they do.
			if len(s) > 200 || strings.ContainsFunc(s, func(r rune) bool { return r > 0x7e || r < 0x20 || r == '"' || r == '\\' }) {
				return
			}
		}
		doc := authDoc(strings.Fields(entries)...)
		p, err := policy.ParseAuth([]byte(doc))
		require.NoError(t, err)
		req := policy.AuthRequest{Operation: policy.Operation(op), Factors: factors(given), Attributes: strings.Fields(attributes)}
		d := p.Decide(req)
		require.Equal(t, reference(doc, req), d.Allowed, "%s\n%+v\n%+v", doc, req, d.Denials)
		for _, x := range d.Denials {
			require.NotEmpty(t, x.Reason)
			require.NotEmpty(t, x.Message)
		}
	})
}

// FuzzFilterBiometrics: nothing is selected that no filter names, and whatever
// one names is.
func FuzzFilterBiometrics(f *testing.F) {
	f.Add("Finger", "Left Thumb,Right Thumb", "Iris", "", "Finger,Left Thumb;Iris,Left;Face,")
	f.Add("Face", "", "Ear", "", "Ear,;Face,")
	f.Add("", "", "", "", "")
	f.Fuzz(func(t *testing.T, type1, subs1, type2, subs2, records string) {
		filters := []policy.Filter{{Type: type1, SubTypes: split(subs1)}, {Type: type2, SubTypes: split(subs2)}}
		var list []policy.Biometric
		for _, r := range strings.Split(records, ";") {
			kind, sub, _ := strings.Cut(r, ",")
			list = append(list, policy.Biometric{Type: kind, SubType: sub})
		}
		if len(list) > policy.MaxBiometrics {
			return
		}
		got, _ := policy.FilterBiometrics(policy.Source{Filters: filters}, list, itself)
		var want []policy.Biometric
		for _, r := range list {
			if slices.ContainsFunc(filters, func(f policy.Filter) bool {
				known := slices.Contains([]string{"finger", "iris", "face"}, asciiLower(f.Type))
				sub := f.SubTypes == nil || slices.ContainsFunc(f.SubTypes, func(s string) bool { return asciiLower(s) == asciiLower(r.SubType) })
				return known && sub && asciiLower(f.Type) == asciiLower(r.Type)
			}) {
				want = append(want, r)
			}
		}
		require.Equal(t, want, got)
	})
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
	return string(b)
}

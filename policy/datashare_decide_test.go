package policy_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

// shareDoc is a datashare policy with these entries, each a JSON object.
func shareDoc(entries ...string) string {
	return `{"dataSharePolicies":{` + goodTerms + `},"shareableAttributes":[` + strings.Join(entries, ",") + `]}`
}

const (
	entryName  = `{"attributeName":"fullName","source":[{"attribute":"fullName","filter":[{"language":"eng"}]}],"encrypted":false}`
	entryBirth = `{"attributeName":"dateOfBirth","group":null,"source":[{"attribute":"dateOfBirth"}],"encrypted":false,"format":"YYYY"}`
	entryPost  = `{"attributeName":"postalCode","source":[{"attribute":"presentZipcode"},{"attribute":"permanentZipcode"}],"encrypted":true}`
	entryBio   = `{"attributeName":"biometrics","group":"CBEFF","source":[{"attribute":"individualBiometrics","filter":[{"type":"Face"},{"type":"Finger","subType":["Left Thumb","Right Thumb"]}]}],"encrypted":true,"format":"extraction"}`
	entryOdd   = `{"attributeName":"iris","group":"BIO","source":[{"attribute":"individualBiometrics"}],"encrypted":true}`
	entryVoid  = `{"attributeName":"photo","source":[],"encrypted":true}`
	attrs      = "/shareableAttributes"
)

func names(d policy.ShareDecision) string {
	var out []string
	for _, a := range d.Attributes {
		out = append(out, a.Name)
	}
	return strings.Join(out, " ")
}

func TestDataShareGrantsWhatItLists(t *testing.T) {
	t.Parallel()
	doc := shareDoc(entryName, entryBirth, entryPost, entryBio, entryOdd, entryVoid)
	for name, c := range map[string]struct {
		asked string
		all   bool
		want  string
		said  []said
	}{
		"one":                     {"fullName", false, "fullName", nil},
		"order of the request":    {"biometrics fullName", false, "biometrics fullName", nil},
		"any case":                {"FULLNAME dateofbirth", false, "fullName dateOfBirth", nil},
		"named twice":             {"fullName FullName", false, "fullName", nil},
		"not listed":              {"fullName phone", false, "fullName", []said{{policy.AttributeNotAllowed, attrs, "phone", ""}}},
		"face beside biometrics":  {"face", false, "", []said{{policy.AttributeNotAllowed, attrs, "face", ""}}},
		"name beside fullName":    {"firstName name", false, "", []said{{policy.AttributeNotAllowed, attrs, "firstName", ""}, {policy.AttributeNotAllowed, attrs, "name", ""}}},
		"unknown group":           {"iris fullName", false, "fullName", []said{{policy.UnknownGroup, attrs + "/4/group", "iris", ""}}},
		"unknown group, twice":    {"iris IRIS", false, "", []said{{policy.UnknownGroup, attrs + "/4/group", "iris", ""}}},
		"no source":               {"photo", false, "", []said{{policy.SourceMissing, attrs + "/5", "photo", ""}}},
		"nothing":                 {"", false, "", []said{{policy.NothingRequested, attrs, "", ""}}},
		"all":                     {"", true, "fullName dateOfBirth postalCode biometrics", []said{{policy.UnknownGroup, attrs + "/4/group", "iris", ""}, {policy.SourceMissing, attrs + "/5", "photo", ""}}},
		"all and one of them":     {"postalCode", true, "fullName dateOfBirth postalCode biometrics", []said{{policy.UnknownGroup, attrs + "/4/group", "iris", ""}, {policy.SourceMissing, attrs + "/5", "photo", ""}}},
		"all and one that is not": {"phone", true, "fullName dateOfBirth postalCode biometrics", []said{{policy.UnknownGroup, attrs + "/4/group", "iris", ""}, {policy.SourceMissing, attrs + "/5", "photo", ""}, {policy.AttributeNotAllowed, attrs, "phone", ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := mustDataShare(t, doc).Decide(policy.ShareRequest{Attributes: strings.Fields(c.asked), All: c.all})
			require.Equal(t, c.want, names(d))
			require.Equal(t, c.said, sayings(d.Denials))
			require.Equal(t, len(c.said) == 0, d.Allowed)
			require.Equal(t, d.Allowed, d.Err() == nil)
		})
	}
}

func TestDataShareGrantCarriesTheWholeClause(t *testing.T) {
	t.Parallel()
	d := mustDataShare(t, shareDoc(entryBirth, entryPost, entryBio)).Decide(policy.ShareRequest{All: true})
	require.True(t, d.Allowed)
	require.Equal(t, []policy.SharedAttribute{
		{Name: "dateOfBirth", Sources: []policy.Source{{Attribute: "dateOfBirth", Pointer: attrs + "/0/source/0"}}, Format: "YYYY", Pointer: attrs + "/0"},
		{Name: "postalCode", Sources: []policy.Source{
			{Attribute: "presentZipcode", Pointer: attrs + "/1/source/0"}, {Attribute: "permanentZipcode", Pointer: attrs + "/1/source/1"},
		}, Encrypted: true, Pointer: attrs + "/1"},
		{Name: "biometrics", Group: policy.GroupCBEFF, Sources: []policy.Source{{
			Attribute: "individualBiometrics", Pointer: attrs + "/2/source/0",
			Filters: []policy.Filter{{Type: "Face"}, {Type: "Finger", SubTypes: []string{"Left Thumb", "Right Thumb"}}},
		}}, Encrypted: true, Format: "extraction", Pointer: attrs + "/2"},
	}, d.Attributes)
	require.Equal(t, policy.Terms{
		Type: policy.ShareByURL, ValidFor: 30, Transactions: 2, Encryption: policy.EncryptionNone,
		Domain: "datashare-service", Source: "Packet Manager",
	}, d.Terms)
}

func TestDataShareGrantsEveryEntryOfOneName(t *testing.T) {
	t.Parallel()
	second := strings.Replace(entryName, `"fullName","source"`, `"FULLNAME","source"`, 1)
	d := mustDataShare(t, shareDoc(entryName, entryBirth, second)).Decide(policy.ShareRequest{Attributes: []string{"fullname"}})
	require.True(t, d.Allowed)
	require.Equal(t, "fullName FULLNAME", names(d))
}

func TestDataShareIsImmutable(t *testing.T) {
	t.Parallel()
	p := mustDataShare(t, shareDoc(entryBio))
	first := p.Decide(policy.ShareRequest{All: true})
	first.Attributes[0].Sources[0].Attribute = "changed"
	first.Attributes[0].Sources[0].Filters[1].SubTypes[0] = "Right IndexFinger"
	second := p.Decide(policy.ShareRequest{All: true})
	require.Equal(t, "individualBiometrics", second.Attributes[0].Sources[0].Attribute)
	require.Equal(t, "Left Thumb", second.Attributes[0].Sources[0].Filters[1].SubTypes[0])
}

func TestDataShareRefusesWithoutTerms(t *testing.T) {
	t.Parallel()
	const terms = "/dataSharePolicies"
	for name, c := range map[string]struct {
		doc  string
		want []said
	}{
		"unknown encryption": {strings.Replace(shareDoc(entryName), `"none"`, `"Partner Secret"`, 1), []said{{policy.UnknownEncryption, terms + "/encryptionType", "Partner Secret", ""}}},
		"unknown type":       {strings.Replace(shareDoc(entryName), `"Data Share"`, `"fax"`, 1), []said{{policy.UnknownShareType, terms + "/typeOfShare", "fax", ""}}},
		"no domain":          {strings.Replace(shareDoc(entryName), `"shareDomain":"datashare-service",`, ``, 1), []said{{policy.TermsMissing, terms, "shareDomain", ""}}},
		"no terms": {`{"shareableAttributes":[` + entryName + `]}`, []said{
			{policy.TermsMissing, terms, "typeOfShare", ""}, {policy.TermsMissing, terms, "validForInMinutes", ""},
			{policy.TermsMissing, terms, "transactionsAllowed", ""}, {policy.TermsMissing, terms, "encryptionType", ""},
			{policy.TermsMissing, terms, "shareDomain", ""}, {policy.TermsMissing, terms, "source", ""},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := policy.ParseDataShare([]byte(c.doc))
			require.Error(t, err)
			p, err := policy.TolerateUnknown.ParseDataShare([]byte(c.doc))
			require.NoError(t, err)
			d := p.Decide(policy.ShareRequest{All: true})
			require.False(t, d.Allowed)
			require.Empty(t, d.Attributes)
			require.Equal(t, c.want, sayings(d.Denials))
		})
	}
}

func TestDataShareRefusesIncompleteEntries(t *testing.T) {
	t.Parallel()
	for _, entry := range []string{
		`{"source":[{"attribute":"a"}],"encrypted":true}`,
		`{"attributeName":"a","encrypted":true}`,
		`{"attributeName":"a","source":[{"attribute":"a"}]}`,
		`{"attributeName":"a","source":[{"attribute":"a"},{}],"encrypted":true}`,
	} {
		p, err := policy.TolerateUnknown.ParseDataShare([]byte(shareDoc(entry)))
		require.NoError(t, err)
		require.Len(t, p.Deviations(), 1)
		d := p.Decide(policy.ShareRequest{All: true})
		require.Equal(t, []policy.Reason{policy.SourceMissing}, reasonsOf(d.Denials))
		require.Empty(t, d.Attributes)
	}
}

func TestDataShareWithoutAPolicyRefuses(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]*policy.DataShare{"nil": nil, "zero": {}} {
		d := p.Decide(policy.ShareRequest{All: true})
		require.Equal(t, []policy.Reason{policy.PolicyMissing}, reasonsOf(d.Denials), name)
		require.False(t, d.Allowed, name)
		require.Zero(t, p.Terms(), name)
		require.Empty(t, p.Deviations(), name)
	}
	require.ErrorIs(t, policy.ShareDecision{}.Err(), policy.Undecided)
}

func TestShareRequestIsBounded(t *testing.T) {
	t.Parallel()
	p := mustDataShare(t, shareDoc(entryName))
	asked := make([]string, policy.MaxRequestEntries+1)
	for i := range asked {
		asked[i] = "fullName"
	}
	require.True(t, p.Decide(policy.ShareRequest{Attributes: asked[1:]}).Allowed)
	require.Equal(t, []policy.Reason{policy.RequestTooLarge}, reasonsOf(p.Decide(policy.ShareRequest{Attributes: asked}).Denials))
}

func TestTerms(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 2, 28, 23, 45, 0, 0, time.UTC)
	terms := mustDataShare(t, shareDoc(entryName)).Terms()
	require.Equal(t, time.Date(2026, 3, 1, 0, 15, 0, 0, time.UTC), terms.ExpiresAt(now))
	longest := policy.Terms{ValidFor: policy.MaxValidMinutes}
	require.True(t, longest.ExpiresAt(now).After(now.AddDate(99, 0, 0)))
	require.Equal(t, longest.ExpiresAt(now), policy.Terms{ValidFor: math.MaxInt64}.ExpiresAt(now))
	require.Equal(t, now, policy.Terms{ValidFor: math.MinInt64}.ExpiresAt(now))

	for _, c := range []struct {
		allowed   policy.Transactions
		used      int64
		left      int64
		unlimited bool
	}{
		{2, 0, 2, false},
		{2, 1, 1, false},
		{2, 2, 0, false},
		{2, 3, 0, false},
		{0, 0, 0, false},  // facts §5: 0 is never readable
		{-2, 0, 0, false}, // facts §5: other negatives are never readable
		{policy.Unlimited, 0, 0, true},
		{policy.Unlimited, 1 << 40, 0, true},
		{policy.Unlimited, -1, 0, false},
		{2, -1, 0, false},
	} {
		left, unlimited := c.allowed.Left(c.used)
		require.Equal(t, c.left, left, fmt.Sprint(c))
		require.Equal(t, c.unlimited, unlimited, fmt.Sprint(c))
	}
}

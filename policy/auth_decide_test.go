package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

// authDoc is a policy that allows the given entries: "otp", "bio/IRIS", and
// "otp!" for one that is mandatory.
func authDoc(entries ...string) string {
	types := make([]string, len(entries))
	for i, e := range entries {
		name, mandatory := strings.CutSuffix(e, "!")
		name, sub, _ := strings.Cut(name, "/")
		types[i] = fmt.Sprintf(`{"authSubType":%q,"authType":%q,"mandatory":%t}`, sub, name, mandatory)
	}
	return `{"authTokenType":"partner","allowedKycAttributes":[{"attributeName":"fullName"},{"attributeName":"phone"}],` +
		`"allowedAuthTypes":[` + strings.Join(types, ",") + `],"kycLanguages":["eng","ara"]}`
}

// factors reads "otp bio/IRIS" as the factors of a request.
func factors(list string) []policy.Factor {
	var out []policy.Factor
	for _, f := range strings.Fields(list) {
		name, sub, _ := strings.Cut(f, "/")
		out = append(out, policy.Factor{Type: name, SubType: sub})
	}
	return out
}

// Sources of the rows. IDA is the platform's id-authentication; a class of it
// stands with the method that makes the check.
const (
	srcBase       = "IDA IdAuthFilter.checkAllowedAuthTypeBasedOnPolicy"
	srcBio        = "IDA IdAuthFilter.checkAllowedAuthTypeForBio"
	srcMandatory  = "IDA IdAuthFilter.validateAuthPolicy"
	srcOTP        = "IDA OTPFilter: otp-request alone, mandatory check overridden empty"
	srcKYC        = "IDA KycAuthenticationFilter: kyc, then IdAuthFilter's checks"
	srcKYCAuth    = "IDA KycAuthFilter: kycauth, IdAuthFilter's checks, then kbt and pwd"
	srcExchange   = "IDA KycExchangeFilter: kycexchange alone, mandatory check overridden empty"
	srcKeyBinding = "IDA IdentityKeyBindingFilter: keybinding, IdAuthFilter's checks, mandatory check overridden empty"
	srcVCI        = "IDA VciExchangeFilter: vciexchange alone, mandatory check overridden empty"
	srcNoFactor   = "IDA NO_AUTHENTICATION_TYPE_SELECTED; issue: everything fails closed"
	srcWLA        = "facts §5: wla only for ACR derivation, so only through OIDC"
	srcKBA        = "facts §5: kba unused"
	srcClosed     = "issue: an unknown operation, factor or mandatory type denies"
	srcWord       = "facts §5: which words IDA enforces"
)

const types = "/allowedAuthTypes"

var authTable = []struct {
	source  string
	op      policy.Operation
	entries string
	factors string
	want    []said // empty: allowed
}{
	// auth: no permission word of its own, its factors open it.
	{srcBase, "auth", "demo", "demo", nil},
	{srcBase, "auth", "otp", "otp", nil},
	{srcBase, "auth", "pin", "pin", nil},
	{srcBio, "auth", "bio/FINGER", "bio/FINGER", nil},
	{srcBio, "auth", "bio/IRIS bio/FACE", "bio/FACE bio/IRIS", nil},
	{srcBase, "AUTH", "OTP Bio/finger", "Otp BIO/Finger", nil},
	{srcBase, "auth", "otp", "demo", []said{{policy.FactorNotAllowed, types, "demo", "IDA-MPA-006"}}},
	{srcBase, "auth", "demo", "otp pin", []said{{policy.FactorNotAllowed, types, "otp", "IDA-MPA-006"}, {policy.FactorNotAllowed, types, "pin", "IDA-MPA-006"}}},
	{srcBio, "auth", "bio/IRIS", "bio/FINGER", []said{{policy.FactorNotAllowed, types, "bio-FINGER", "IDA-MPA-006"}}},
	{srcBio, "auth", "otp", "bio/FACE", []said{{policy.FactorNotAllowed, types, "bio-FACE", "IDA-MPA-006"}}},
	{srcBio, "auth", "bio/IRIS", "bio", []said{{policy.BiometricUnspecified, types, "bio", "IDA-MLC-006"}}},
	{srcBio, "auth", "bio/IRIS", "bio/EAR", []said{{policy.UnknownFactor, types, "bio-EAR", "IDA-MLC-009"}}},
	{srcClosed, "auth", "bio/FINGR", "bio/FINGR", []said{{policy.UnknownFactor, types, "bio-FINGR", "IDA-MLC-009"}}},
	{srcClosed, "auth", "bio", "bio/FINGER", []said{{policy.FactorNotAllowed, types, "bio-FINGER", "IDA-MPA-006"}}},
	{srcClosed, "auth", "dna", "dna", []said{{policy.UnknownFactor, types, "dna", "IDA-MPA-006"}}},
	{srcClosed, "auth", "otp", "", []said{{policy.FactorMissing, types, "", "IDA-MLC-008"}}},
	{srcNoFactor, "auth", "", "", []said{{policy.FactorMissing, types, "", "IDA-MLC-008"}}},
	{srcClosed, "auth", "kyc", "kyc", []said{{policy.UnknownFactor, types, "kyc", "IDA-MPA-006"}}},
	{srcWord, "auth", "pwd", "pwd", []said{{policy.FactorNotForOperation, types, "pwd", "IDA-MPA-006"}}},
	{srcWord, "auth", "kbt", "kbt", []said{{policy.FactorNotForOperation, types, "kbt", "IDA-MPA-006"}}},
	{srcWLA, "auth", "wla", "wla", []said{{policy.FactorNotForOperation, types, "wla", "IDA-MPA-006"}}},
	{srcKBA, "auth", "kba", "kba", []said{{policy.UnknownFactor, types, "kba", "IDA-MPA-006"}}},

	// Mandatory entries.
	{srcMandatory, "auth", "otp!", "otp", nil},
	{srcMandatory, "auth", "otp! demo", "demo", []said{{policy.FactorMandatory, types + "/0", "otp", "IDA-MPA-015"}}},
	{srcMandatory, "auth", "demo! otp", "otp", []said{{policy.FactorMandatory, types + "/0", "demo", "IDA-MPA-015"}}},
	{srcMandatory, "auth", "otp pin!", "otp", []said{{policy.FactorMandatory, types + "/1", "pin", "IDA-MPA-015"}}},
	{srcMandatory, "auth", "bio/IRIS! otp", "otp", []said{{policy.FactorMandatory, types + "/0", "bio-IRIS", "IDA-MPA-015"}}},
	{srcMandatory, "auth", "bio/IRIS! bio/FACE", "bio/FACE", []said{{policy.FactorMandatory, types + "/0", "bio-IRIS", "IDA-MPA-015"}}},
	{srcMandatory, "auth", "bio/IRIS! bio/FACE", "bio/iris", nil},
	{srcMandatory, "auth", "bio/IRIS! bio/FINGER!", "bio/FINGER bio/IRIS", nil},
	{srcMandatory, "auth", "kyc! otp", "otp", []said{{policy.FactorMandatory, types + "/0", "kyc", "IDA-MPA-015"}}},
	{srcMandatory, "kyc", "kyc! otp", "otp", nil},
	{srcMandatory, "kyc-auth", "kyc! kycauth otp", "otp", []said{{policy.FactorMandatory, types + "/0", "kyc", "IDA-MPA-015"}}},
	{srcClosed, "auth", "pwd! otp", "otp", []said{{policy.FactorMandatory, types + "/0", "pwd", "IDA-MPA-015"}}},
	{srcClosed, "auth", "kycauth! otp", "otp", []said{{policy.FactorMandatory, types + "/0", "kycauth", "IDA-MPA-015"}}},
	{srcClosed, "kyc-auth", "kycauth! otp", "otp", nil},
	{srcClosed, "auth", "dna! otp", "otp", []said{{policy.UnknownMandatoryType, types + "/0", "dna", "IDA-MPA-015"}}},
	{srcClosed, "auth", "bio! otp", "otp", []said{{policy.UnknownMandatoryType, types + "/0", "bio", "IDA-MPA-015"}}},
	{srcClosed, "auth", "bio/FINGR! otp", "otp", []said{{policy.UnknownMandatoryType, types + "/0", "bio-FINGR", "IDA-MPA-015"}}},
	{srcKBA, "auth", "kba! otp", "otp", []said{{policy.UnknownMandatoryType, types + "/0", "kba", "IDA-MPA-015"}}},

	// otp-request.
	{srcOTP, "otp-request", "otp-request", "", nil},
	{srcOTP, "otp-request", "OTP-Request", "", nil},
	{srcOTP, "otp-request", "otp", "", []said{{policy.OperationNotAllowed, types, "otp-request", "IDA-MPA-005"}}},
	{srcOTP, "otp-request", "otp-request bio/IRIS! dna!", "", nil},
	{srcClosed, "otp-request", "otp-request", "otp", []said{{policy.FactorNotAllowed, types, "otp", "IDA-MPA-006"}}},
	{srcOTP, "otp-request", "otp-request otp", "otp", nil},

	// kyc.
	{srcKYC, "kyc", "kyc otp", "otp", nil},
	{srcKYC, "kyc", "otp", "otp", []said{{policy.OperationNotAllowed, types, "kyc", "IDA-MPA-013"}}},
	{srcKYC, "kyc", "kycauth otp", "otp", []said{{policy.OperationNotAllowed, types, "kyc", "IDA-MPA-013"}}},
	{srcKYC, "kyc", "kyc", "otp", []said{{policy.FactorNotAllowed, types, "otp", "IDA-MPA-006"}}},
	{srcKYC, "kyc", "kyc otp demo!", "otp", []said{{policy.FactorMandatory, types + "/2", "demo", "IDA-MPA-015"}}},
	{srcNoFactor, "kyc", "kyc", "", []said{{policy.FactorMissing, types, "", "IDA-MLC-008"}}},
	{srcWord, "kyc", "kyc pwd", "pwd", []said{{policy.FactorNotForOperation, types, "pwd", "IDA-MPA-006"}}},

	// kyc-auth.
	{srcKYCAuth, "kyc-auth", "kycauth otp", "otp", nil},
	{srcKYCAuth, "kyc-auth", "kycauth kbt", "kbt", nil},
	{srcKYCAuth, "kyc-auth", "kycauth pwd", "PWD", nil},
	{srcWLA, "kyc-auth", "kycauth wla", "wla", nil},
	{srcKYCAuth, "kyc-auth", "kycauth", "kbt pwd wla", []said{{policy.FactorNotAllowed, types, "kbt", "IDA-MPA-006"}, {policy.FactorNotAllowed, types, "pwd", "IDA-MPA-006"}, {policy.FactorNotAllowed, types, "wla", "IDA-MPA-006"}}},
	{srcKYCAuth, "kyc-auth", "kyc otp", "otp", []said{{policy.OperationNotAllowed, types, "kyc-auth", "IDA-MPA-025"}}},
	{srcKYCAuth, "kyc-auth", "kycauth otp bio/FACE!", "otp", []said{{policy.FactorMandatory, types + "/2", "bio-FACE", "IDA-MPA-015"}}},
	{srcKYCAuth, "kyc-auth", "kycauth otp pwd!", "otp", []said{{policy.FactorMandatory, types + "/2", "pwd", "IDA-MPA-015"}}},
	{srcNoFactor, "kyc-auth", "kycauth", "", []said{{policy.FactorMissing, types, "", "IDA-MLC-008"}}},

	// kyc-exchange.
	{srcExchange, "kyc-exchange", "kycexchange", "", nil},
	{srcExchange, "kyc-exchange", "kycexchange otp! dna!", "", nil},
	{srcExchange, "kyc-exchange", "kycauth", "", []said{{policy.OperationNotAllowed, types, "kyc-exchange", "IDA-MPA-026"}}},

	// key-binding.
	{srcKeyBinding, "key-binding", "keybinding otp", "otp", nil},
	{srcKeyBinding, "key-binding", "keybinding otp demo!", "otp", nil},
	{srcKeyBinding, "key-binding", "keybinding", "otp", []said{{policy.FactorNotAllowed, types, "otp", "IDA-MPA-006"}}},
	{srcKeyBinding, "key-binding", "otp", "otp", []said{{policy.OperationNotAllowed, types, "key-binding", "IDA-MPA-033"}}},
	{srcWord, "key-binding", "keybinding kbt", "kbt", []said{{policy.FactorNotForOperation, types, "kbt", "IDA-MPA-006"}}},
	{srcNoFactor, "key-binding", "keybinding", "", []said{{policy.FactorMissing, types, "", "IDA-MLC-008"}}},

	// vci-exchange.
	{srcVCI, "vci-exchange", "vciexchange", "", nil},
	{srcVCI, "vci-exchange", "vciexchange bio/IRIS!", "", nil},
	{srcVCI, "vci-exchange", "kycexchange", "", []said{{policy.OperationNotAllowed, types, "vci-exchange", "IDA-MPA-036"}}},

	// What nobody knows.
	{srcClosed, "", "otp", "otp", []said{{policy.UnknownOperation, "", "", ""}}},
	{srcClosed, "kycauth", "kycauth otp", "otp", []said{{policy.UnknownOperation, "", "kycauth", ""}}},
	{srcClosed, "delete", "otp", "otp", []said{{policy.UnknownOperation, "", "delete", ""}}},

	// Everything at once.
	{srcClosed, "kyc-auth", "dna! otp", "pwd bio dna", []said{
		{policy.OperationNotAllowed, types, "kyc-auth", "IDA-MPA-025"},
		{policy.FactorNotAllowed, types, "pwd", "IDA-MPA-006"},
		{policy.BiometricUnspecified, types, "bio", "IDA-MLC-006"},
		{policy.UnknownFactor, types, "dna", "IDA-MPA-006"},
		{policy.UnknownMandatoryType, types + "/0", "dna", "IDA-MPA-015"},
	}},
}

func TestAuthDecides(t *testing.T) {
	t.Parallel()
	for _, c := range authTable {
		t.Run(fmt.Sprintf("%s, allowed %s, given %s", c.op, c.entries, c.factors), func(t *testing.T) {
			t.Parallel()
			p := mustAuth(t, authDoc(strings.Fields(c.entries)...))
			d := p.Decide(policy.AuthRequest{Operation: c.op, Factors: factors(c.factors)})
			require.Equal(t, c.want, sayings(d.Denials), c.source)
			require.Equal(t, len(c.want) == 0, d.Allowed, c.source)
			if d.Allowed {
				require.Equal(t, policy.TokenPartner, d.TokenType)
				require.NoError(t, d.Err())
				return
			}
			require.Empty(t, d.TokenType)
			for _, want := range c.want {
				require.ErrorIs(t, d.Err(), want.reason)
			}
			var first policy.Denial
			require.ErrorAs(t, d.Err(), &first)
			require.Equal(t, d.Denials[0], first)
		})
	}
}

func TestAuthWithoutAPolicyRefuses(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]*policy.Auth{"nil": nil, "zero": {}} {
		d := p.Decide(policy.AuthRequest{Operation: policy.OperationOTPRequest})
		require.False(t, d.Allowed, name)
		require.Equal(t, []said{{policy.PolicyMissing, "", "", "IDA-MPA-018"}}, sayings(d.Denials), name)
	}
	require.ErrorIs(t, policy.Decision{}.Err(), policy.Undecided)
	d := mustAuth(t, goodAuth).Decide(policy.AuthRequest{})
	require.False(t, d.Allowed)
}

func TestAuthReleasesOnlyListedAttributes(t *testing.T) {
	t.Parallel()
	p := mustAuth(t, authDoc("kyc", "otp"))
	decide := func(attributes ...string) policy.Decision {
		return p.Decide(policy.AuthRequest{Operation: policy.OperationKYC, Factors: factors("otp"), Attributes: attributes})
	}
	d := decide("phone", "FULLNAME")
	require.True(t, d.Allowed)
	require.Equal(t, []string{"phone", "FULLNAME"}, d.Attributes)

	d = decide("phone", "photo", "fullName", "face")
	require.False(t, d.Allowed)
	require.Empty(t, d.TokenType)
	require.Equal(t, []string{"phone", "fullName"}, d.Attributes)
	require.Equal(t, []said{
		{policy.AttributeNotAllowed, "/allowedKycAttributes", "photo", ""},
		{policy.AttributeNotAllowed, "/allowedKycAttributes", "face", ""},
	}, sayings(d.Denials))

	d = decide()
	require.True(t, d.Allowed)
	require.Empty(t, d.Attributes, "an empty list never means all")

	refused := p.Decide(policy.AuthRequest{Operation: policy.OperationKYC, Factors: factors("pin"), Attributes: []string{"phone", "photo"}, Languages: []string{"eng"}})
	require.Equal(t, []policy.Reason{policy.FactorNotAllowed, policy.AttributeNotAllowed}, reasonsOf(refused.Denials))
	require.Nil(t, refused.Attributes)
	require.Nil(t, refused.Languages)

	none := mustAuth(t, `{"allowedAuthTypes":[{"authType":"kyc","mandatory":false},{"authType":"otp","mandatory":false}]}`)
	d = none.Decide(policy.AuthRequest{Operation: policy.OperationKYC, Factors: factors("otp"), Attributes: []string{"phone"}})
	require.Equal(t, []policy.Reason{policy.AttributeNotAllowed}, reasonsOf(d.Denials))
}

func TestAuthDoesNotWriteIntoTheRequest(t *testing.T) {
	t.Parallel()
	p := mustAuth(t, authDoc("kyc", "otp"))
	backing := []string{"phone", "photo"}
	d := p.Decide(policy.AuthRequest{Operation: policy.OperationKYC, Factors: factors("otp"), Attributes: backing[:1]})
	_ = append(d.Attributes, "written")
	require.Equal(t, "photo", backing[1])
}

func TestAuthSelectsLanguagesAndNeverWidens(t *testing.T) {
	t.Parallel()
	p := mustAuth(t, authDoc("kyc", "otp")) // kycLanguages eng, ara
	none := mustAuth(t, `{"allowedAuthTypes":[{"authType":"kyc","mandatory":false},{"authType":"otp","mandatory":false}]}`)
	for name, c := range map[string]struct {
		policy                *policy.Auth
		asked, fallback, want []string
	}{
		"all":                        {p, []string{"ara", "ENG"}, nil, []string{"ara", "ENG"}},
		"some":                       {p, []string{"fra", "eng", "hin"}, nil, []string{"eng"}},
		"some, fallback unused":      {p, []string{"fra", "eng"}, []string{"fra"}, []string{"eng"}},
		"none supported":             {p, []string{"fra", "hin"}, nil, nil},
		"none supported, fallback":   {p, []string{"fra", "hin"}, []string{"hin"}, []string{"hin"}},
		"none asked":                 {p, nil, nil, nil},
		"policy names none":          {none, []string{"eng"}, nil, nil},
		"policy names none, fallbck": {none, []string{"eng"}, []string{"eng"}, []string{"eng"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := c.policy.Decide(policy.AuthRequest{Operation: policy.OperationKYC, Factors: factors("otp"), Languages: c.asked, FallbackLanguages: c.fallback})
			require.True(t, d.Allowed, "a language is a choice, not a permission")
			require.Empty(t, diffStrings(c.want, d.Languages))
		})
	}
}

func diffStrings(a, b []string) string {
	if x, y := strings.Join(a, ","), strings.Join(b, ","); x != y {
		return x + " is not " + y
	}
	return ""
}

func TestAuthRequestIsBounded(t *testing.T) {
	t.Parallel()
	p := mustAuth(t, authDoc("kyc", "otp"))
	n := policy.MaxRequestEntries
	fill := func(n int, s string) []string { return strings.Fields(strings.Repeat(s+" ", n)) }
	for name, build := range map[string]func(n int) policy.AuthRequest{
		"factors": func(n int) policy.AuthRequest {
			return policy.AuthRequest{Factors: factors(strings.Repeat("otp ", n))}
		},
		"attributes": func(n int) policy.AuthRequest {
			return policy.AuthRequest{Factors: factors("otp"), Attributes: fill(n, "phone")}
		},
		"languages": func(n int) policy.AuthRequest {
			return policy.AuthRequest{Factors: factors("otp"), Languages: fill(n, "eng")}
		},
		"fallback": func(n int) policy.AuthRequest {
			return policy.AuthRequest{Factors: factors("otp"), FallbackLanguages: fill(n, "eng")}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := build(n)
			req.Operation = policy.OperationKYC
			require.True(t, p.Decide(req).Allowed)
			req = build(n + 1)
			req.Operation = policy.OperationKYC
			require.Equal(t, []policy.Reason{policy.RequestTooLarge}, reasonsOf(p.Decide(req).Denials))
		})
	}
}

func TestTokenType(t *testing.T) {
	t.Parallel()
	const entries = `"allowedAuthTypes":[{"authType":"otp","mandatory":false}]`
	req := policy.AuthRequest{Operation: policy.OperationAuth, Factors: factors("otp")}
	for doc, want := range map[string]policy.TokenType{
		`{"authTokenType":"random",` + entries + `}`:  policy.TokenRandom,
		`{"authTokenType":"partner",` + entries + `}`: policy.TokenPartner,
		`{"authTokenType":"policy",` + entries + `}`:  policy.TokenPolicy,
		`{` + entries + `}`:                           policy.TokenRandom, // facts §5: absent is random
	} {
		d := mustAuth(t, doc).Decide(req)
		require.True(t, d.Allowed)
		require.Equal(t, want, d.TokenType)
		require.Equal(t, want, mustAuth(t, doc).TokenType())
	}
	p, err := policy.TolerateUnknown.ParseAuth([]byte(`{"authTokenType":"policyGroup",` + entries + `}`))
	require.NoError(t, err)
	require.Empty(t, p.TokenType())
	require.Equal(t, []said{{policy.UnknownTokenType, "/authTokenType", "policyGroup", ""}}, sayings(p.Decide(req).Denials))
}

func TestDecideAllocatesNothingWhenAllowed(t *testing.T) {
	p := mustAuth(t, authDoc("bio/FINGER", "bio/IRIS", "otp!", "demo", "kyc", "kycauth"))
	req := policy.AuthRequest{
		Operation: policy.OperationKYC, Factors: factors("bio/Finger OTP demo"),
		Attributes: []string{"phone", "fullName"}, Languages: []string{"eng"},
	}
	require.True(t, p.Decide(req).Allowed)
	require.Zero(t, testing.AllocsPerRun(1000, func() { p.Decide(req) }))
	m := mustMISP(t, goodMISP)
	require.True(t, m.Decide(policy.OperationAuth).Allowed)
	require.Zero(t, testing.AllocsPerRun(1000, func() { m.Decide(policy.OperationAuth) }))
}

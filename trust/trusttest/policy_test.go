package trusttest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
	"github.com/mosip/partnertrust/policy/schema"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// Policies keep the documented schemas, parse, and say nothing that was surely
// not meant.
func TestPolicies(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		kind     policy.Kind
		document []byte
	}{
		"auth":            {policy.KindAuth, trusttest.AuthPolicy([]string{"otp", "otp-request", "bio-FINGER", "kyc"}, "fullName", "phone")},
		"auth, empty":     {policy.KindAuth, trusttest.AuthPolicy(nil)},
		"datashare":       {policy.KindDataShare, trusttest.DataSharePolicy("fullName", "biometrics")},
		"datashare, none": {policy.KindDataShare, trusttest.DataSharePolicy()},
		"MISP":            {policy.KindMISP, trusttest.MISPPolicy(policy.OperationAuth)},
		"MISP, none":      {policy.KindMISP, trusttest.MISPPolicy()},
	} {
		s, err := schema.For(tc.kind)
		require.NoError(t, err)
		require.NoError(t, s.Validate(tc.document), name)
	}
}

func TestAuthPolicy(t *testing.T) {
	t.Parallel()
	p, err := policy.ParseAuth(trusttest.AuthPolicy([]string{"otp", "bio-FINGER", "kyc"}, "fullName", "phone"))
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		request policy.AuthRequest
		want    bool
	}{
		"what it opens":     {policy.AuthRequest{Operation: policy.OperationKYC, Factors: []policy.Factor{{Type: "otp"}}, Attributes: []string{"phone"}}, true},
		"a finger":          {policy.AuthRequest{Operation: policy.OperationAuth, Factors: []policy.Factor{{Type: "bio", SubType: "FINGER"}}}, true},
		"an iris":           {policy.AuthRequest{Operation: policy.OperationAuth, Factors: []policy.Factor{{Type: "bio", SubType: "IRIS"}}}, false},
		"another operation": {policy.AuthRequest{Operation: policy.OperationKeyBinding, Factors: []policy.Factor{{Type: "otp"}}}, false},
		"another attribute": {policy.AuthRequest{Operation: policy.OperationKYC, Factors: []policy.Factor{{Type: "otp"}}, Attributes: []string{"photo"}}, false},
	} {
		require.Equal(t, tc.want, p.Decide(tc.request).Allowed, name)
	}
	for _, f := range p.Lint(policy.LintContext{}) {
		require.Less(t, f.Severity, policy.Warning, "%v", f)
	}
}

func TestDataSharePolicy(t *testing.T) {
	t.Parallel()
	p, err := policy.ParseDataShare(trusttest.DataSharePolicy("fullName", "biometrics"))
	require.NoError(t, err)
	granted := p.Decide(policy.ShareRequest{Attributes: []string{"fullName", "biometrics"}})
	require.True(t, granted.Allowed, "%v", granted.Denials)
	require.Equal(t, policy.GroupCBEFF, granted.Attributes[1].Group)
	require.True(t, granted.Attributes[0].Encrypted)
	require.Len(t, granted.Attributes[1].Sources[0].Filters, 3)
	require.False(t, p.Decide(policy.ShareRequest{Attributes: []string{"phone"}}).Allowed)
	for _, f := range p.Lint(policy.LintContext{}) {
		require.Less(t, f.Severity, policy.Warning, "%v", f)
	}
}

// Each operation opens its flag and what shares the flag.
func TestMISPPolicy(t *testing.T) {
	t.Parallel()
	flags := [][]policy.Operation{
		{policy.OperationAuth, policy.OperationOTPRequest},
		{policy.OperationKYC, policy.OperationKYCAuth, policy.OperationKYCExchange},
		{policy.OperationKeyBinding},
		{policy.OperationVCIExchange},
	}
	for i, flag := range flags {
		for _, opened := range flag {
			p, err := policy.ParseMISP(trusttest.MISPPolicy(opened))
			require.NoError(t, err)
			for j, others := range flags {
				for _, o := range others {
					require.Equal(t, i == j, p.Decide(o).Allowed, "%s opens %s", opened, o)
				}
			}
		}
	}
}

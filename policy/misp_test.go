package policy_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

// delegations: which flag each operation needs and the code of a refusal.
var delegations = []struct {
	source string
	op     policy.Operation
	flag   string
	code   string
}{
	{"misp-policy-schema; no platform code", policy.OperationAuth, "allowAuthRequestDelegation", ""},
	{"misp-policy-schema has no flag of its own; no platform code", policy.OperationOTPRequest, "allowAuthRequestDelegation", ""},
	{"misp-policy-schema; no platform code", policy.OperationKYC, "allowKycRequestDelegation", ""},
	{"IDA KycAuthFilter.checkMispPolicyAllowed", policy.OperationKYCAuth, "allowKycRequestDelegation", "IDA-MPA-030"},
	{"IDA KycExchangeFilter.checkMispPolicyAllowed", policy.OperationKYCExchange, "allowKycRequestDelegation", "IDA-MPA-031"},
	{"IDA IdentityKeyBindingFilter.checkMispPolicyAllowed", policy.OperationKeyBinding, "allowKeyBindingDelegation", "IDA-MPA-032"},
	{"IDA VciExchangeFilter.checkMispPolicyAllowed", policy.OperationVCIExchange, "allowVciRequestDelegation", "IDA-MPA-037"},
}

var mispFlags = []string{
	"trustBindedAuthVerificationToken", "allowAuthRequestDelegation", "allowKycRequestDelegation",
	"allowKeyBindingDelegation", "allowVciRequestDelegation",
}

func TestMISPDelegates(t *testing.T) {
	t.Parallel()
	for _, flag := range mispFlags {
		only := mustMISP(t, fmt.Sprintf(`{%q:true}`, flag))
		off := mustMISP(t, fmt.Sprintf(`{%q:false}`, flag))
		for _, c := range delegations {
			d := only.Decide(c.op)
			require.Equal(t, c.flag == flag, d.Allowed, "%s under %s: %s", c.op, flag, c.source)
			if !d.Allowed {
				require.Equal(t, []said{{policy.DelegationForbidden, "/" + c.flag, string(c.op), c.code}}, sayings(d.Denials), c.source)
			}
			require.ErrorIs(t, off.Decide(c.op).Err(), policy.DelegationForbidden)
		}
	}
}

func TestMISPRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	all := mustMISP(t, `{"trustBindedAuthVerificationToken":true,"allowAuthRequestDelegation":true,"allowKycRequestDelegation":true,"allowKeyBindingDelegation":true,"allowVciRequestDelegation":true}`)
	require.Equal(t, []policy.Reason{policy.UnknownOperation}, reasonsOf(all.Decide("").Denials))
	require.Equal(t, []policy.Reason{policy.UnknownOperation}, reasonsOf(all.Decide("status").Denials))
	for name, p := range map[string]*policy.MISP{"nil": nil, "zero": {}} {
		require.Equal(t, []said{{policy.PolicyMissing, "", "", "IDA-MPA-023"}}, sayings(p.Decide(policy.OperationAuth).Denials), name)
		require.False(t, p.DelegatesAuth() || p.DelegatesKYC() || p.DelegatesKeyBinding() || p.DelegatesVCI() || p.TrustsBoundTokens(), name)
		require.Empty(t, p.Deviations(), name)
	}
}

func TestMISPFlagsThatAreMissingAreFalse(t *testing.T) {
	t.Parallel()
	getters := map[string]func(*policy.MISP) bool{
		"trustBindedAuthVerificationToken": (*policy.MISP).TrustsBoundTokens,
		"allowAuthRequestDelegation":       (*policy.MISP).DelegatesAuth,
		"allowKycRequestDelegation":        (*policy.MISP).DelegatesKYC,
		"allowKeyBindingDelegation":        (*policy.MISP).DelegatesKeyBinding,
		"allowVciRequestDelegation":        (*policy.MISP).DelegatesVCI,
	}
	for _, flag := range mispFlags {
		only := mustMISP(t, fmt.Sprintf(`{%q:true}`, flag))
		for name, get := range getters {
			require.Equal(t, name == flag, get(only), "%s under %s", name, flag)
		}
	}
}

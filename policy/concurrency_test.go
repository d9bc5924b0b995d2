package policy_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

// A parsed policy is immutable: run with the race detector, this says so.
func TestPoliciesAreSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	auth, share, misp := mustAuth(t, exampleAuth), mustDataShare(t, exampleShare), mustMISP(t, goodMISP)
	before := [][]byte{marshal(t, auth), marshal(t, share), marshal(t, misp)}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				d := auth.Decide(policy.AuthRequest{Operation: policy.OperationKYC, Factors: factors("otp bio/FINGER"), Attributes: []string{"phone"}, Languages: []string{"eng", "fra"}})
				if len(d.Languages) > 0 {
					d.Languages[0] = "changed"
				}
				s := share.Decide(policy.ShareRequest{All: true})
				s.Attributes[0].Sources[0].Filters[0].Language = "changed"
				misp.Decide(policy.OperationAuth)
				auth.Lint(policy.LintContext{Attributes: []string{"fullName"}})
				share.Lint(policy.LintContext{})
				policy.Diff(nil, auth)
				policy.Diff(nil, share)
			}
		})
	}
	wg.Wait()
	require.Equal(t, before, [][]byte{marshal(t, auth), marshal(t, share), marshal(t, misp)})
}

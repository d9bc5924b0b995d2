package oidc_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

// Whatever is taken out of a policy, its client never gains by it; and neither
// order nor case of the policy's entries matter.
func TestGrantIsMonotonic(t *testing.T) {
	t.Parallel()
	m := oidc.DefaultMapping()
	random := rand.New(rand.NewPCG(7, 7))
	factors := []string{"otp", "pin", "pwd", "wla", "bio-FINGER", "bio-IRIS", "bio-FACE", "demo", "kycauth", "kbt", "unknown"}
	attributes := []string{"fullName", "gender", "dateOfBirth", "face", "email", "phone", "individual_id", "addressLine1", "city", "region", "vehicle"}
	subset := func(of []string) []string {
		return slices.DeleteFunc(slices.Clone(of), func(string) bool { return random.IntN(3) == 0 })
	}
	grant := func(factors, attributes []string) *oidc.Grant {
		g, err := m.Grant(authPolicy(t, strings.Join(factors, " "), strings.Join(attributes, " ")))
		if err != nil {
			return new(oidc.Grant) // nothing to grant
		}
		return g
	}
	for range 300 {
		moreFactors, moreAttributes := subset(factors), subset(attributes)
		fewerFactors, fewerAttributes := subset(moreFactors), subset(moreAttributes)
		more, fewer := grant(moreFactors, moreAttributes), grant(fewerFactors, fewerAttributes)
		if len(more.ACRs) == 0 {
			require.Empty(t, fewer.ACRs)
		}
		change := m.Recompute(new(oidc.Client).With(more), authPolicy(t, strings.Join(fewerFactors, " "), strings.Join(fewerAttributes, " ")))
		if len(more.ACRs) > 0 {
			require.Empty(t, change.GainedClaims)
			require.Empty(t, change.GainedACRs)
			for _, claim := range change.OtherParts {
				require.Empty(t, claim.Gained)
			}
		}
		random.Shuffle(len(moreFactors), func(i, j int) { moreFactors[i], moreFactors[j] = moreFactors[j], moreFactors[i] })
		random.Shuffle(len(moreAttributes), func(i, j int) {
			moreAttributes[i], moreAttributes[j] = strings.ToUpper(moreAttributes[j]), moreAttributes[i]
		})
		require.Equal(t, more, grant(moreFactors, moreAttributes))
	}
}

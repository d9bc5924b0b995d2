package oidc_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/corpora"
	"github.com/mosip/partnertrust/oidc"
	"github.com/mosip/partnertrust/policy"
)

// The policies that the platform's own relying parties have.
func TestGrantCorpus(t *testing.T) {
	t.Parallel()
	read := func(name string) *policy.Auth {
		p, err := policy.TolerateUnknown.ParseAuth(corpora.Read(t, "mosip", "policies", name))
		require.NoError(t, err)
		return p
	}
	m := mapping(t)
	for file, want := range map[string]string{
		"auth-003-mosip-onboarding-demo-oidc-policy.json":           "biometrics generated-code linked-wallet",
		"auth-007-demo-oidc-policy.json":                            "biometrics generated-code linked-wallet password",
		"auth-011-mosip-onboarding-default-mimoto-oidc-policy.json": "generated-code",
	} {
		g, err := m.Grant(read(file))
		require.NoError(t, err, file)
		_, acrs := words(g)
		require.Equal(t, want, acrs, file)
		require.NotEmpty(t, g.Claims)
	}
	for file, want := range map[string]oidc.Reason{
		"auth-016-Partner-Management.json":                 oidc.NoACRs, // its list has another name
		"auth-024-AuthPolicy6.json":                        oidc.MandatoryFactor,
		"auth-020-e-Signet-client-management-withPMS.json": oidc.NoClaims,
	} {
		_, err := m.Grant(read(file))
		require.ErrorIs(t, err, want, file)
	}
	files, err := filepath.Glob(filepath.Join(corpora.Dir(t), "mosip", "policies", "auth-*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		p := read(filepath.Base(file))
		if g, err := m.Grant(p); err == nil {
			for _, claim := range g.Claims {
				for _, attribute := range claim.Attributes {
					require.Condition(t, func() bool {
						for _, allowed := range p.KYCAttributes() {
							if strings.EqualFold(allowed, attribute) {
								return true
							}
						}
						return false
					}, "%s: %s is not in the policy", file, attribute)
				}
			}
		}
	}
}

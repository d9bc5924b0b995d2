package trust_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
)

func TestParseDomain(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]trust.Domain{
		"AUTH": trust.Auth, "auth": trust.Auth, "Device": trust.Device, "ftm": trust.FTM, "Misp": trust.MISP,
	} {
		got, err := trust.ParseDomain(in)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	// U+017F folds to 's' in Unicode; a domain is ASCII.
	for _, in := range []string{"", " AUTH", "AUTH ", "AUTHX", "MI\u017fP", "DSC", strings.Repeat("A", 100)} {
		got, err := trust.ParseDomain(in)
		require.ErrorIs(t, err, trust.ErrDomain, in)
		require.Empty(t, got)
		require.Less(t, len(err.Error()), 200, "a sender's text does not fill the log")
	}
}

func TestCustomDomains(t *testing.T) {
	t.Parallel()
	domains, err := trust.NewDomains("dsc", "AUTH", "vc-issuer")
	require.NoError(t, err)
	require.Equal(t, []trust.Domain{"AUTH", "DEVICE", "FTM", "MISP", "DSC", "VC-ISSUER"}, domains.All())
	got, err := domains.Parse("Vc-Issuer")
	require.NoError(t, err)
	require.Equal(t, trust.Domain("VC-ISSUER"), got)
	_, err = trust.ParseDomain("dsc")
	require.ErrorIs(t, err, trust.ErrDomain, "a set of one host does not change the platform's")
	for _, bad := range []string{"", "a b", "m\u0131\u017fp", "ä", strings.Repeat("A", trust.MaxDomainLength+1)} {
		_, err = trust.NewDomains(bad)
		require.ErrorIs(t, err, trust.ErrDomain, bad)
	}
	_, err = trust.NewDomains(strings.Repeat("A", trust.MaxDomainLength))
	require.NoError(t, err)
}

// mosip-facts: the labels, the domain that the portal derives, the policy kind
// in practice, the role.
func TestPartnerTypes(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]trust.PartnerType{
		"Auth_Partner":                {Domain: trust.Auth, Policy: trust.AuthPolicy, Role: "AUTH_PARTNER"},
		"Credential_Partner":          {Domain: trust.Auth, Policy: trust.DataSharePolicy, Role: "CREDENTIAL_PARTNER"},
		"Online_Verification_Partner": {Domain: trust.Auth, Policy: trust.DataSharePolicy, Role: "ONLINE_VERIFICATION_PARTNER"},
		"Device_Provider":             {Domain: trust.Device, Policy: trust.NoPolicy, Role: "DEVICE_PROVIDER"},
		"FTM_Provider":                {Domain: trust.FTM, Policy: trust.NoPolicy, Role: "FTM_PROVIDER"},
		"Manual_Adjudication":         {Domain: trust.Auth, Policy: trust.DataSharePolicy, Role: "MANUAL_ADJUDICATION"},
		"ABIS_Partner":                {Domain: trust.Auth, Policy: trust.DataSharePolicy, Role: "ABIS_PARTNER"},
		"MISP_Partner":                {Domain: trust.Auth, Policy: trust.MISPPolicy, Role: "MISP_PARTNER"},
	} {
		want.Label = label
		got, err := trust.ParsePartnerType(strings.ToLower(label))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := trust.ParsePartnerType("Nobody")
	require.ErrorIs(t, err, trust.ErrPartnerType)
	types := trust.PartnerTypes()
	types[0].Label = "changed"
	require.Equal(t, "Auth_Partner", trust.PartnerTypes()[0].Label, "the table is nobody's to change")
}

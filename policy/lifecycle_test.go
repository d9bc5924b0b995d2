package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

func TestLifecycle(t *testing.T) {
	t.Parallel()
	const pms = "PMS PolicyManagementService and its ErrorMessages"
	group := policy.Circumstances{GroupActive: true}
	for _, c := range []struct {
		source string
		from   policy.State
		action policy.Action
		in     policy.Circumstances
		to     policy.State
		want   []stands
	}{
		{pms, policy.StateDraft, policy.ActionEdit, policy.Circumstances{}, policy.StateDraft, nil},
		{pms, policy.StateActive, policy.ActionEdit, group, policy.StateActive, []stands{{policy.PolicyPublished, "edit", "PMS_POL_055"}}},
		{pms, policy.StateInactive, policy.ActionEdit, group, policy.StateInactive, []stands{{policy.PolicyPublished, "edit", "PMS_POL_055"}}},
		{pms, policy.StateDraft, policy.ActionPublish, group, policy.StateActive, nil},
		{pms, policy.StateDraft, policy.ActionPublish, policy.Circumstances{}, policy.StateDraft, []stands{{policy.GroupNotActive, "publish", "PMS_POL_053"}}},
		{pms, policy.StateActive, policy.ActionPublish, group, policy.StateActive, []stands{{policy.PolicyPublished, "publish", "PMS_POL_020"}}},
		{pms, policy.StateInactive, policy.ActionPublish, policy.Circumstances{}, policy.StateInactive, []stands{{policy.PolicyDeactivated, "publish", "PMS_POL_058"}, {policy.GroupNotActive, "publish", "PMS_POL_053"}}},
		{pms, policy.StateActive, policy.ActionDeactivate, policy.Circumstances{}, policy.StateInactive, nil},
		{pms, policy.StateDraft, policy.ActionDeactivate, group, policy.StateDraft, []stands{{policy.PolicyNotPublished, "deactivate", "PMS_POL_072"}}},
		{pms, policy.StateInactive, policy.ActionDeactivate, group, policy.StateInactive, []stands{{policy.PolicyDeactivated, "deactivate", "PMS_POL_062"}}},
		{pms, policy.StateActive, policy.ActionDeactivate, policy.Circumstances{ActiveAPIKeys: 1, ApprovedRequests: 2, PendingRequests: 3}, policy.StateActive, []stands{
			{policy.APIKeyInUse, "deactivate", "PMS_POL_057"}, {policy.RequestApproved, "deactivate", "PMS_POL_063"}, {policy.RequestPending, "deactivate", "PMS_POL_064"},
		}},
		{"issue: zero values refuse", "", policy.ActionPublish, group, "", []stands{{policy.UnknownState, "publish", ""}}},
		{"issue: unknown denies", policy.StateDraft, "delete", group, policy.StateDraft, []stands{{policy.UnknownAction, "delete", ""}}},
	} {
		to, d := c.from.Apply(c.action, c.in)
		require.Equal(t, c.want, standings(d), "%s %s: %s", c.action, c.from, c.source)
		require.Equal(t, c.to, to, "%s %s", c.action, c.from)
		require.Equal(t, len(c.want) == 0, d.Allowed)
	}
	for state, decides := range map[policy.State]bool{policy.StateDraft: false, policy.StateActive: true, policy.StateInactive: false, "": false} {
		require.Equal(t, decides, state.Decides(), state)
	}
}

func TestPartnerKinds(t *testing.T) {
	t.Parallel()
	// facts §2, "Practice".
	for label, want := range map[string]policy.Kind{
		"Auth_Partner": policy.KindAuth, "Credential_Partner": policy.KindDataShare, "Online_Verification_Partner": policy.KindDataShare,
		"ABIS_Partner": policy.KindDataShare, "Manual_Adjudication": policy.KindDataShare, "Print_Partner": policy.KindDataShare,
		"Internal_Partner": policy.KindDataShare, "MISP_Partner": policy.KindMISP, "misp_partner": policy.KindMISP,
		"Device_Provider": "", "FTM_Provider": "", "SDK_Partner": "",
	} {
		for _, kind := range []policy.Kind{policy.KindAuth, policy.KindDataShare, policy.KindMISP} {
			d := policy.PlatformKinds().Permits(label, kind)
			require.Equal(t, kind == want, d.Allowed, "%s, %s", label, kind)
			if !d.Allowed {
				require.ErrorIs(t, d.Err(), policy.KindNotForPartner)
			}
		}
	}
	require.ErrorIs(t, policy.PlatformKinds().Permits("Partner_Admin", policy.KindAuth).Err(), policy.UnknownPartnerType)
	require.ErrorIs(t, policy.PlatformKinds().Permits("Auth_Partner", "CredentialIssuance").Err(), policy.UnknownKind)
	require.ErrorIs(t, policy.PlatformKinds().Permits("Device_Provider", "").Err(), policy.UnknownKind)
	require.ErrorIs(t, policy.PartnerKinds(nil).Permits("Auth_Partner", policy.KindAuth).Err(), policy.UnknownPartnerType)
	twice := policy.PartnerKinds{"X": policy.KindAuth, "x": policy.KindMISP}
	require.ErrorIs(t, twice.Permits("X", policy.KindAuth).Err(), policy.UnknownPartnerType)
	own := policy.PartnerKinds{"Bank": policy.KindAuth}
	require.NoError(t, own.Permits("bank", policy.KindAuth).Err())
}

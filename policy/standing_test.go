package policy_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

var (
	now    = time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	before = now.Add(-time.Hour)
	later  = now.Add(time.Hour)
)

func active() *policy.Record { return &policy.Record{Status: "ACTIVE"} }

func running() *policy.Dated {
	return &policy.Dated{Record: *active(), Period: policy.Period{From: before, Until: later}}
}

func goodCall() policy.Call {
	return policy.Call{
		Partner: active(), Policy: running(), PolicyGroup: active(), APIKey: running(),
		MISPPartner: active(), MISPLicence: running(),
	}
}

// stands is a denial of Standing: which reason, about what, with which code.
type stands struct {
	reason  policy.Reason
	subject string
	code    string
}

func standings(d policy.Decision) []stands {
	var out []stands
	for _, x := range d.Denials {
		out = append(out, stands{x.Reason, x.Subject, x.Code})
	}
	return out
}

func TestStanding(t *testing.T) {
	t.Parallel()
	const order = "IDA PartnerServiceManager.validatePartnerMappingDetails; facts §1 order"
	asClient := func(c *policy.Call, status string) {
		c.APIKey, c.OIDCClient = nil, &policy.Dated{Record: policy.Record{Status: status}}
	}
	for name, c := range map[string]struct {
		source string
		change func(*policy.Call)
		want   []stands
	}{
		"all well":               {order, func(*policy.Call) {}, nil},
		"any case":               {"facts §8: partnerStatus", func(c *policy.Call) { c.Partner.Status = "Active" }, nil},
		"partner missing":        {order, func(c *policy.Call) { c.Partner = nil }, []stands{{policy.PartnerNotRegistered, "partner", "IDA-MPA-009"}}},
		"partner deleted":        {order, func(c *policy.Call) { c.Partner.Deleted = true }, []stands{{policy.PartnerNotRegistered, "partner", "IDA-MPA-009"}}},
		"partner deactivated":    {"id-authentication#1701", func(c *policy.Call) { c.Partner.Status = "DEACTIVE" }, []stands{{policy.PartnerNotActive, "partner", "IDA-MPA-012"}}},
		"partner status unknown": {"issue: zero values refuse", func(c *policy.Call) { c.Partner.Status = "" }, []stands{{policy.PartnerNotActive, "partner", "IDA-MPA-012"}}},
		"policy missing":         {order, func(c *policy.Call) { c.Policy = nil }, []stands{{policy.PolicyNotRegistered, "policy", "IDA-MPA-018"}}},
		"policy deleted":         {order, func(c *policy.Call) { c.Policy.Deleted = true }, []stands{{policy.PolicyNotRegistered, "policy", "IDA-MPA-018"}}},
		"policy inactive":        {order, func(c *policy.Call) { c.Policy.Status = "INACTIVE" }, []stands{{policy.PolicyNotActive, "policy", "IDA-MPA-019"}}},
		"policy not begun":       {order, func(c *policy.Call) { c.Policy.From = later }, []stands{{policy.PolicyNotYetValid, "policy", "IDA-MPA-019"}}},
		"policy over":            {order, func(c *policy.Call) { c.Policy.Until = before }, []stands{{policy.PolicyExpired, "policy", "IDA-MPA-019"}}},
		"policy without period":  {"issue: zero values refuse", func(c *policy.Call) { c.Policy.Period = policy.Period{} }, []stands{{policy.PolicyNotYetValid, "policy", "IDA-MPA-019"}, {policy.PolicyExpired, "policy", "IDA-MPA-019"}}},
		"group missing":          {"issue: policy-group status", func(c *policy.Call) { c.PolicyGroup = nil }, []stands{{policy.PolicyGroupNotRegistered, "policy group", ""}}},
		"group inactive":         {"issue: policy-group status", func(c *policy.Call) { c.PolicyGroup.Status = "DEACTIVE" }, []stands{{policy.PolicyGroupNotActive, "policy group", ""}}},
		"no key, no client":      {order, func(c *policy.Call) { c.APIKey = nil }, []stands{{policy.CredentialMissing, "API key", "IDA-MPA-024"}}},
		"key deleted":            {order, func(c *policy.Call) { c.APIKey.Deleted = true }, []stands{{policy.APIKeyNotRegistered, "API key", "IDA-MPA-009"}}},
		"key inactive":           {order, func(c *policy.Call) { c.APIKey.Status = "INACTIVE" }, []stands{{policy.APIKeyNotActive, "API key", "IDA-MPA-012"}}},
		"key expired":            {"id-authentication#1698", func(c *policy.Call) { c.APIKey.Until = before }, []stands{{policy.APIKeyExpired, "API key", "IDA-MPA-039"}}},
		"key not begun":          {order, func(c *policy.Call) { c.APIKey.From = later }, []stands{{policy.APIKeyNotYetValid, "API key", "IDA-MPA-039"}}},
		"client":                 {order, func(c *policy.Call) { asClient(c, "ACTIVE") }, nil},
		"client deactivated":     {"id-authentication#1701", func(c *policy.Call) { asClient(c, "INACTIVE") }, []stands{{policy.ClientNotActive, "OIDC client", "IDA-MPA-027"}}},
		"client deleted":         {order, func(c *policy.Call) { asClient(c, "ACTIVE"); c.OIDCClient.Deleted = true }, []stands{{policy.ClientNotRegistered, "OIDC client", "IDA-MPA-028"}}},
		"client over": {"issue: OIDC client status and period", func(c *policy.Call) {
			asClient(c, "ACTIVE")
			c.OIDCClient.Period = policy.Period{From: before, Until: before}
		}, []stands{{policy.ClientExpired, "OIDC client", ""}}},
		"client not begun": {"issue: OIDC client status and period", func(c *policy.Call) {
			asClient(c, "ACTIVE")
			c.OIDCClient.Period = policy.Period{From: later, Until: later}
		}, []stands{{policy.ClientNotYetValid, "OIDC client", ""}}},
		"client and expired key": {"issue: every reason", func(c *policy.Call) { c.APIKey.Until = before; c.OIDCClient = &policy.Dated{Record: *active()} }, []stands{{policy.APIKeyExpired, "API key", "IDA-MPA-039"}}},
		"misp missing":           {"id-authentication#1705", func(c *policy.Call) { c.MISPPartner = nil }, []stands{{policy.MISPNotRegistered, "MISP partner", "IDA-MPA-007"}}},
		"misp deactivated":       {"id-authentication#1701", func(c *policy.Call) { c.MISPPartner.Status = "DEACTIVE" }, []stands{{policy.MISPNotActive, "MISP partner", ""}}},
		"licence missing":        {order, func(c *policy.Call) { c.MISPLicence = nil }, []stands{{policy.LicenceNotRegistered, "MISP licence", "IDA-MPA-007"}}},
		"licence blocked":        {order, func(c *policy.Call) { c.MISPLicence.Status = "NOT_ACTIVE" }, []stands{{policy.LicenceNotActive, "MISP licence", "IDA-MPA-017"}}},
		"licence expired":        {order, func(c *policy.Call) { c.MISPLicence.Until = before }, []stands{{policy.LicenceExpired, "MISP licence", "IDA-MPA-008"}}},
		"licence not begun":      {order, func(c *policy.Call) { c.MISPLicence.From = later }, []stands{{policy.LicenceNotYetValid, "MISP licence", "IDA-MPA-007"}}},
		"certificate of another": {order, func(c *policy.Call) {
			c.Certificates = []policy.Certificate{{Holder: "partner", Verdict: policy.CertificateNotTheirs}}
		}, []stands{{policy.CertificateMismatch, "partner", "IDA-MPA-021"}}},
		"key, certificate, licence": {order, func(c *policy.Call) {
			c.MISPLicence.Until = before
			c.APIKey.Until = before
			c.Certificates = []policy.Certificate{{Holder: "partner"}}
		}, []stands{{policy.APIKeyExpired, "API key", "IDA-MPA-039"}, {policy.CertificateNotVerified, "partner", ""}, {policy.LicenceExpired, "MISP licence", "IDA-MPA-008"}}},
		"inactive and over, at once": {"issue: every reason", func(c *policy.Call) { c.APIKey.Status = ""; c.APIKey.Until = before }, []stands{{policy.APIKeyNotActive, "API key", "IDA-MPA-012"}, {policy.APIKeyExpired, "API key", "IDA-MPA-039"}}},
		"nothing": {"issue: zero values refuse", func(c *policy.Call) { *c = policy.Call{} }, []stands{
			{policy.PartnerNotRegistered, "partner", "IDA-MPA-009"},
			{policy.PolicyNotRegistered, "policy", "IDA-MPA-018"},
			{policy.PolicyGroupNotRegistered, "policy group", ""},
			{policy.CredentialMissing, "API key", "IDA-MPA-024"},
			{policy.MISPNotRegistered, "MISP partner", "IDA-MPA-007"},
			{policy.LicenceNotRegistered, "MISP licence", "IDA-MPA-007"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			call := goodCall()
			c.change(&call)
			d := policy.Standing(call, now)
			require.Equal(t, c.want, standings(d), c.source)
			require.Equal(t, len(c.want) == 0, d.Allowed)
		})
	}
}

func TestStandingOfCertificates(t *testing.T) {
	t.Parallel()
	// id-authentication#1704: valid, trusted, not expired, not revoked.
	for verdict, want := range map[policy.CertificateVerdict]policy.Reason{
		policy.CertificateUnverified:  policy.CertificateNotVerified,
		policy.CertificateUntrusted:   policy.CertificateNotTrusted,
		policy.CertificateExpired:     policy.CertificateHasExpired,
		policy.CertificateNotYetValid: policy.CertificateNotValidYet,
		policy.CertificateRevoked:     policy.CertificateIsRevoked,
		policy.CertificateNotTheirs:   policy.CertificateMismatch,
		policy.CertificateVerdict(99): policy.CertificateNotTrusted,
	} {
		call := goodCall()
		call.Certificates = []policy.Certificate{
			{Holder: "partner", Verdict: policy.CertificateTrusted},
			{Holder: "FTM provider", Verdict: verdict, Detail: "its issuer is not known"},
		}
		d := policy.Standing(call, now)
		require.Equal(t, []policy.Reason{want}, reasonsOf(d.Denials))
		require.Equal(t, "FTM provider", d.Denials[0].Subject)
	}
}

func TestStandingAtTheBounds(t *testing.T) {
	t.Parallel()
	call := goodCall()
	for at, want := range map[time.Time]bool{
		before.Add(-1): false, before: true, later: true, later.Add(1): false, {}: false,
	} {
		require.Equal(t, want, policy.Standing(call, at).Allowed, at)
	}
}

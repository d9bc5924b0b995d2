package admit_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/admit"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

// partners is a gate over a store that trusts one root and one intermediate in
// AUTH, and another root in FTM.
func partners(t *testing.T) (gate *admit.Gate, store *trust.Memory, inter, elsewhere *pkitest.Cert) {
	t.Helper()
	gate, store = newGate()
	root := pkitest.NewRoot(t, "root")
	inter, elsewhere = root.IssueCA(t, "inter"), pkitest.NewRoot(t, "elsewhere")
	require.NoError(t, store.Add(ctx,
		trust.CA{Domain: trust.Auth, Role: trust.Root, Certificate: root.Certificate},
		trust.CA{Domain: trust.Auth, Role: trust.Intermediate, Certificate: inter.Certificate},
		trust.CA{Domain: trust.FTM, Role: trust.Root, Certificate: elsewhere.Certificate}))
	return gate, store, inter, elsewhere
}

func TestAdmitPartner(t *testing.T) {
	t.Parallel()
	gate, store, inter, _ := partners(t)
	first := inter.Issue(t, "first")
	report, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", first.PEM())
	require.NoError(t, err)
	require.True(t, report.OK())
	require.Equal(t, admit.Admitted, report.Verdict)
	require.Len(t, report.Chain.Certificates, 3)
	require.Equal(t, pkitest.Now, report.Stored.AddedAt)
	kept, err := store.Partner(ctx, trust.Auth, report.Stored.ID)
	require.NoError(t, err)
	require.Equal(t, first.Certificate.Raw, kept.Certificate.Raw)
	require.Equal(t, "Acme Bank", kept.Organization)
	require.Equal(t, 2, inStore(t, store, trust.Auth), "a partner becomes no CA")

	again, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", first.Certificate.Raw)
	require.NoError(t, err)
	require.Equal(t, admit.AlreadyPresent, again.Verdict)
	require.Equal(t, report.Stored.ID, again.Stored.ID)

	// A renewal replaces, and brings its chain along, in any order.
	second := inter.Issue(t, "second")
	upload, err := pkcs7.MarshalPEM(pkitest.Certificates(inter, second))
	require.NoError(t, err)
	renewed, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", upload, admit.Replaces(report.Stored.ID))
	require.NoError(t, err)
	require.Equal(t, admit.Admitted, renewed.Verdict)
	require.Equal(t, report.Stored.ID, renewed.Replaced)
	require.Equal(t, second.Certificate.Raw, renewed.Stored.Certificate.Raw)
	_, err = store.Partner(ctx, trust.Auth, report.Stored.ID)
	require.ErrorIs(t, err, trust.ErrNotFound)
	_, err = gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", first.PEM(), admit.Replaces("nobody"))
	require.ErrorIs(t, err, trust.ErrNotFound)
	page, err := store.ListPartners(ctx, trust.PartnerQuery{})
	require.NoError(t, err)
	require.Equal(t, 1, page.Total)

	text, err := json.Marshal(renewed)
	require.NoError(t, err)
	require.Contains(t, string(text), `"verdict":"admitted"`)
	require.Contains(t, string(text), trust.SHA256(second.Certificate))
}

// The rules in the platform's order: a certificate that breaks several is
// refused with the code of the first, and all of them are told.
func TestAdmitPartnerOrder(t *testing.T) {
	t.Parallel()
	day := func(days int) time.Time { return pkitest.Now.AddDate(0, 0, days) }
	valid := func(from, to int) pkitest.Mod { return pkitest.Validity(day(from), day(to)) }
	wrongOrg, weak := pkitest.Org("Other", "x"), pkitest.Key(pkitest.RSA(1024, 1))
	gate, store, inter, elsewhere := partners(t)
	stranger := pkitest.NewRoot(t, "stranger")
	for name, tc := range map[string]struct {
		cert    *pkitest.Cert
		reasons []certchain.Reason // the first ones, in order
		code    string
	}{
		"not yet valid, before organisation": {inter.Issue(t, "", valid(1, 900), wrongOrg), []certchain.Reason{certchain.NotYetValid, certchain.OrganizationMismatch}, "KER-PMS-020"},
		"expired, before organisation":       {inter.Issue(t, "", valid(-9, -1), wrongOrg), []certchain.Reason{certchain.Expired, certchain.OrganizationMismatch}, "KER-PCM-004"},
		"expires too soon, before the path":  {stranger.Issue(t, "x", valid(-9, 300)), []certchain.Reason{certchain.ShortValidity, certchain.UnknownIssuer}, "KER-KMS-021"},
		"too soon by a day":                  {inter.Issue(t, "x", valid(-9, 334)), []certchain.Reason{certchain.ShortValidity}, "KER-KMS-021"},
		"self-signed, before the rest":       {pkitest.NewRoot(t, "", wrongOrg), []certchain.Reason{certchain.SelfSigned}, "KER-PCM-015"},
		"path, before version":               {stranger.Issue(t, "x", pkitest.Version(1)), []certchain.Reason{certchain.UnknownIssuer, certchain.NotV3}, "KER-PCM-006"},
		"another domain, before organisation": {elsewhere.Issue(t, "", wrongOrg),
			[]certchain.Reason{certchain.IssuerInOtherDomain, certchain.OrganizationMismatch}, "KER-PCM-006"},
		"version, before organisation": {inter.Issue(t, "", pkitest.Version(1), wrongOrg), []certchain.Reason{certchain.NotV3, certchain.OrganizationMismatch}, "KER-PCM-007"},
		"organisation, before key":     {inter.Issue(t, "", wrongOrg, weak), []certchain.Reason{certchain.OrganizationMismatch, certchain.WeakKey}, "KER-PCM-008"},
		"key":                          {inter.Issue(t, "x", weak), []certchain.Reason{certchain.WeakKey}, "KER-PCM-013"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", tc.cert.PEM())
			require.NoError(t, err)
			require.False(t, report.OK())
			require.Equal(t, admit.Refused, report.Verdict)
			var reasons []certchain.Reason
			for _, f := range report.Findings {
				reasons = append(reasons, f.Reason)
			}
			require.GreaterOrEqual(t, len(reasons), len(tc.reasons))
			require.Equal(t, tc.reasons, reasons[:len(tc.reasons)])
			require.Equal(t, tc.reasons[0], report.Reason())
			require.Equal(t, tc.code, report.PlatformCode())
			for _, r := range tc.reasons {
				require.ErrorIs(t, report.Err, r)
			}
			var refusal *certchain.Error
			require.ErrorAs(t, report.Err, &refusal)
			require.NotEmpty(t, refusal.Explain())
			text, err := json.Marshal(report)
			require.NoError(t, err)
			require.Contains(t, string(text), `"platformCode":"`+tc.code+`"`)
		})
	}
	t.Cleanup(func() {
		page, err := store.ListPartners(ctx, trust.PartnerQuery{})
		require.NoError(t, err)
		require.Zero(t, page.Total, "what is refused is not kept")
	})
}

func TestAdmitPartnerOptions(t *testing.T) {
	t.Parallel()
	gate, _, inter, _ := partners(t)
	atLimit := inter.Issue(t, "", pkitest.Org("Acme Bank", "limit"), pkitest.Validity(pkitest.Now.AddDate(-1, 0, 0), pkitest.Now.AddDate(0, 0, admit.DefaultPartnerDays)))
	report, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", atLimit.PEM())
	require.NoError(t, err)
	require.True(t, report.OK(), "exactly as long as is asked")
	soon := inter.Issue(t, "soon", pkitest.Validity(pkitest.Now.AddDate(-1, 0, 0), pkitest.Now.AddDate(0, 0, 10)))
	for _, days := range []int{11, 10, 0} {
		report, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", soon.PEM(), admit.MinRemainingDays(days))
		require.NoError(t, err)
		require.Equal(t, days <= 10, report.OK(), days)
	}
	folded := inter.Issue(t, "folded")
	report, err = gate.AdmitPartner(ctx, trust.Auth, "ACME  bank", folded.PEM(), admit.Verification(certchain.MatchOrganization(certchain.OrganizationFold)))
	require.NoError(t, err)
	require.True(t, report.OK())
	report, err = gate.AdmitPartner(ctx, trust.Auth, "", inter.Issue(t, "nameless").PEM())
	require.NoError(t, err)
	require.ErrorIs(t, report.Err, certchain.OrganizationMissing, "an empty name is nobody's")
	report, err = gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", inter.IssueCA(t, "a CA of its own").PEM())
	require.NoError(t, err)
	require.True(t, report.OK(), "the platform issues such to partners")
}

// The platform's own certificate over the partner's key is issued before
// anything is kept.
func TestAdmitPartnerSigned(t *testing.T) {
	t.Parallel()
	gate, store, inter, _ := partners(t)
	leaf := inter.Issue(t, "leaf")
	signed := pkitest.NewRoot(t, "platform").Issue(t, "re-signed", pkitest.Key(leaf.Key))
	refused := errors.New("the HSM is away")
	for _, issue := range []func(context.Context, *certchain.Chain) (*x509.Certificate, error){
		func(context.Context, *certchain.Chain) (*x509.Certificate, error) { return nil, refused },
		func(context.Context, *certchain.Chain) (*x509.Certificate, error) { return inter.Certificate, nil },
	} {
		report, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", leaf.PEM(), admit.SignedBy(issue))
		require.Error(t, err)
		require.False(t, report.OK())
	}
	report, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", leaf.PEM(), admit.SignedBy(func(context.Context, *certchain.Chain) (*x509.Certificate, error) { return nil, nil }))
	require.ErrorIs(t, err, admit.ErrNotSigned)
	require.False(t, report.OK())
	page, err := store.ListPartners(ctx, trust.PartnerQuery{})
	require.NoError(t, err)
	require.Zero(t, page.Total)
	report, err = gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", leaf.PEM(), admit.SignedBy(func(_ context.Context, chain *certchain.Chain) (*x509.Certificate, error) {
		require.Equal(t, leaf.Certificate.Raw, chain.Leaf().Raw)
		return signed.Certificate, nil
	}))
	require.NoError(t, err)
	require.Equal(t, signed.Certificate.Raw, report.Stored.Signed.Raw)
}

func TestAdmitPartnerCannotAnswer(t *testing.T) {
	t.Parallel()
	gate, _, inter, _ := partners(t)
	leaf := inter.Issue(t, "leaf")
	_, err := (&admit.Gate{}).AdmitPartner(ctx, trust.Auth, "Acme Bank", leaf.PEM())
	require.ErrorIs(t, err, admit.ErrNoStore)
	_, err = admit.New(struct{ trust.Store }{trust.NewMemory()}).AdmitPartner(ctx, trust.Auth, "Acme Bank", leaf.PEM())
	require.ErrorIs(t, err, admit.ErrPartnerStore)
	_, err = gate.AdmitPartner(ctx, "no domain", "Acme Bank", leaf.PEM())
	require.ErrorIs(t, err, trust.ErrDomain)
	_, err = gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", nil)
	require.ErrorIs(t, err, trust.ErrNoCertificate)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err = gate.AdmitPartner(ended, trust.Auth, "Acme Bank", leaf.PEM())
	require.ErrorIs(t, err, context.Canceled)
	report, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", append(leaf.PEM(), "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"...))
	require.NoError(t, err)
	require.ErrorIs(t, report.Err, trust.ErrPrivateKey, "a key in an upload is never passed over")
	require.Equal(t, certchain.Malformed, report.Reason())
	require.Empty(t, report.PlatformCode())
	require.Empty(t, (&admit.PartnerReport{}).Reason())
	require.Empty(t, (&admit.PartnerReport{}).PlatformCode())
}

package admit_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/admit"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

// What the upload brings along makes no path, but may say why there is none.
func TestAdmitPartnerPathIsTheStores(t *testing.T) {
	t.Parallel()
	gate, store, inter, elsewhere := partners(t)
	require.NoError(t, store.Remove(ctx, trust.Auth, trust.CA{Domain: trust.Auth, Certificate: inter.Certificate}.DefaultID()))
	root := pkitest.NewRoot(t, "another root")
	expired := root.IssueCA(t, "expired", pkitest.Validity(pkitest.Now.AddDate(-3, 0, 0), pkitest.Now.AddDate(0, 0, -1)))
	never := root.IssueCA(t, "never admitted")
	require.NoError(t, store.Add(ctx, trust.CA{Domain: trust.Auth, Role: trust.Root, Certificate: root.Certificate}))
	abroad := elsewhere.IssueCA(t, "abroad")
	untrusted := pkitest.NewRoot(t, "untrusted")
	wrong := pkitest.Org("Other", "wrong")
	for name, tc := range map[string]struct {
		leaf    *pkitest.Cert
		along   []*pkitest.Cert
		reasons []certchain.Reason // the first ones, in order
		hint    bool               // that what came along must be admitted
	}{
		"nothing came along":              {inter.Issue(t, "x"), nil, []certchain.Reason{certchain.UnknownIssuer}, false},
		"a CA that was removed":           {inter.Issue(t, "x"), []*pkitest.Cert{inter}, []certchain.Reason{certchain.UnknownIssuer}, true},
		"a CA that was never admitted":    {never.Issue(t, "x"), []*pkitest.Cert{never}, []certchain.Reason{certchain.UnknownIssuer}, true},
		"and the wrong organisation":      {never.Issue(t, "", wrong), []*pkitest.Cert{never}, []certchain.Reason{certchain.UnknownIssuer, certchain.OrganizationMismatch}, true},
		"one that has expired":            {expired.Issue(t, "x"), []*pkitest.Cert{expired}, []certchain.Reason{certchain.Expired}, false},
		"with a root that is not trusted": {untrusted.Issue(t, "x"), []*pkitest.Cert{untrusted}, []certchain.Reason{certchain.UnknownIssuer}, false},
		"of another domain":               {abroad.Issue(t, "x"), []*pkitest.Cert{abroad, elsewhere}, []certchain.Reason{certchain.IssuerInOtherDomain}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			alone, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", tc.leaf.PEM())
			require.NoError(t, err)
			require.False(t, alone.OK())
			for _, certs := range [][]*pkitest.Cert{append([]*pkitest.Cert{tc.leaf}, tc.along...), append(slices.Clone(tc.along), tc.leaf)} {
				upload, err := pkcs7.MarshalPEM(pkitest.Certificates(certs...))
				require.NoError(t, err)
				report, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", upload)
				require.NoError(t, err)
				require.False(t, report.OK())
				require.Empty(t, report.Stored)
				var reasons []certchain.Reason
				for _, f := range report.Findings {
					reasons = append(reasons, f.Reason)
				}
				require.GreaterOrEqual(t, len(reasons), len(tc.reasons))
				require.Equal(t, tc.reasons, reasons[:len(tc.reasons)])
				require.ErrorIs(t, report.Err, tc.reasons[0])
				if tc.hint {
					require.Equal(t, alone.Reason(), report.Reason())
					require.NotContains(t, alone.Findings[0].Detail, "along")
					require.Contains(t, report.Findings[0].Detail, certchain.SubjectText(tc.along[0].Certificate)+" along")
				}
			}
		})
	}
	report, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", bundle(never.Issue(t, "x"), expired))
	require.NoError(t, err)
	require.Equal(t, certchain.UnknownIssuer, report.Reason(), "what came along has nothing to do with it")
	t.Cleanup(func() {
		page, err := store.ListPartners(ctx, trust.PartnerQuery{})
		require.NoError(t, err)
		require.Zero(t, page.Total, "what is refused is not kept")
	})
}

// Who brings a crowd of namesakes along does not get another answer.
func TestAdmitPartnerBesideCrowd(t *testing.T) {
	t.Parallel()
	gate, _, _, _ := partners(t)
	issuer := pkitest.NewRoot(t, "unknown")
	upload := issuer.Issue(t, "x").PEM()
	for range 200 {
		upload = append(upload, pkitest.NewRoot(t, "unknown").PEM()...)
	}
	report, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", upload, admit.Verification(certchain.WithBudget(certchain.Budget{Signatures: 8})))
	require.NoError(t, err)
	require.Equal(t, certchain.UnknownIssuer, report.Reason())
	require.NotErrorIs(t, report.Err, certchain.BudgetExceeded)
}

// What is admitted, the verifier that comes later accepts.
func TestAdmitPartnerAsVerifiedLater(t *testing.T) {
	t.Parallel()
	gate, store, inter, _ := partners(t)
	leaf := inter.Issue(t, "leaf")
	upload, err := pkcs7.MarshalPEM(pkitest.Certificates(leaf, inter, pkitest.NewRoot(t, "by the way")))
	require.NoError(t, err)
	report, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", upload)
	require.NoError(t, err)
	require.True(t, report.OK())
	_, err = certchain.New(store, certchain.At(pkitest.Now)).Verify(ctx, trust.Auth, report.Stored.Certificate)
	require.NoError(t, err)
}

// No option of the verifier changes what the gate promises.
func TestAdmitPartnerVerificationCannotOverride(t *testing.T) {
	t.Parallel()
	gate, _, inter, _ := partners(t)
	past := inter.Issue(t, "past", pkitest.Validity(pkitest.Now.AddDate(-1, 0, 0), pkitest.Now.AddDate(0, 0, -1)))
	then := pkitest.Now.AddDate(0, 0, -2)
	never := inter.IssueCA(t, "never admitted")
	for name, tc := range map[string]struct {
		cert         *pkitest.Cert
		organization string
		option       certchain.Option
		want         certchain.Reason
	}{
		"the time":         {past, "Acme Bank", certchain.At(then), certchain.Expired},
		"the clock":        {past, "Acme Bank", certchain.WithClock(func() time.Time { return then }), certchain.Expired},
		"the organisation": {inter.Issue(t, "x"), "Registered Name", certchain.Organization("Acme Bank"), certchain.OrganizationMismatch},
		"the path":         {never.Issue(t, "y"), "Acme Bank", certchain.Intermediates(never.Certificate), certchain.UnknownIssuer},
		"the path, in DER": {never.Issue(t, "z"), "Acme Bank", certchain.IntermediatesDER(never.Certificate.Raw), certchain.UnknownIssuer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report, err := gate.AdmitPartner(ctx, trust.Auth, tc.organization, tc.cert.PEM(), admit.MinRemainingDays(0), admit.Verification(tc.option))
			require.NoError(t, err)
			require.False(t, report.OK())
			require.Equal(t, tc.want, report.Reason())
			require.Equal(t, tc.want.PlatformCode(), report.PlatformCode())
		})
	}
}

// A certificate in the second after its last one is valid still, and short.
func TestAdmitPartnerLastSecond(t *testing.T) {
	t.Parallel()
	_, store, inter, _ := partners(t)
	for after, want := range map[time.Duration]certchain.Reason{
		0: certchain.ShortValidity, time.Second - 1: certchain.ShortValidity, time.Second: certchain.Expired,
	} {
		gate := admit.New(store, admit.WithClock(func() time.Time { return pkitest.Now.Add(after) }))
		report, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", inter.Issue(t, "x", pkitest.Validity(pkitest.Now.AddDate(-1, 0, 0), pkitest.Now)).PEM())
		require.NoError(t, err)
		require.False(t, report.OK())
		require.Equal(t, want, report.Reason(), after)
		require.Len(t, report.Findings, 1, "what has expired is not told to be short, too")
	}
}

// Whatever the verifier's error looks like, it is a refusal.
func TestRefusalWithoutFindings(t *testing.T) {
	t.Parallel()
	short := &certchain.Finding{Reason: certchain.ShortValidity}
	odd := errors.New("odd")
	for name, err := range map[string]error{
		"no findings": &certchain.Error{Domain: trust.Auth},
		"a nil error": (*certchain.Error)(nil),
		"another one": odd,
	} {
		for _, found := range []*certchain.Finding{nil, short} {
			report := admit.RefusedWith(err, found)
			require.False(t, report.OK(), name)
			require.True(t, report.Err != nil, name)
			if found != nil {
				require.Equal(t, certchain.ShortValidity, report.Reason(), name)
			}
		}
	}
	require.ErrorIs(t, admit.RefusedWith(odd, nil).Err, odd)
	require.NoError(t, admit.RefusedWith(nil, nil).Err)
}

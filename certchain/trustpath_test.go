package certchain_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

func TestTrustPath(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	root := pkitest.NewRoot(t, "root")
	upper := root.IssueCA(t, "upper")
	lower := upper.IssueCA(t, "lower")
	orphan := pkitest.NewRoot(t, "stranger").IssueCA(t, "orphan")
	expired := pkitest.NewRoot(t, "expired", pkitest.Validity(pkitest.Now.AddDate(-2, 0, 0), pkitest.Now.AddDate(-1, 0, 0)))
	below := expired.IssueCA(t, "below")
	store := trust.NewMemory()
	for id, ca := range map[string]struct {
		cert *pkitest.Cert
		role trust.Role
	}{
		"root": {root, trust.Root}, "upper": {upper, trust.Intermediate}, "lower": {lower, trust.Intermediate},
		"orphan": {orphan, trust.Intermediate}, "expired": {expired, trust.Root}, "below": {below, trust.Intermediate},
	} {
		require.NoError(t, store.Add(ctx, trust.CA{ID: id, Domain: trust.Auth, Role: ca.role, Certificate: ca.cert.Certificate}))
	}
	v := certchain.New(store, certchain.WithClock(pkitest.Clock))
	for id, want := range map[string][]*pkitest.Cert{"root": {root}, "upper": {upper, root}, "lower": {lower, upper, root}} {
		chain, err := v.TrustPath(ctx, trust.Auth, id)
		require.NoError(t, err, id)
		require.Equal(t, trust.Auth, chain.Domain)
		require.Len(t, chain.Certificates, len(want))
		for i, c := range want {
			require.Equal(t, c.Certificate.Raw, chain.Certificates[i].Raw)
		}
		p7b, err := pkcs7.MarshalPEM(chain.Certificates)
		require.NoError(t, err)
		back, err := pkcs7.Parse(p7b)
		require.NoError(t, err)
		require.Len(t, back, len(want))
	}
	_, err := v.TrustPath(ctx, trust.Auth, "orphan")
	require.ErrorIs(t, err, certchain.UnknownIssuer)
	_, err = v.TrustPath(ctx, trust.Auth, "expired")
	require.ErrorIs(t, err, certchain.Expired)
	_, err = v.TrustPath(ctx, trust.Auth, "below")
	require.ErrorIs(t, err, certchain.Expired)
	var refusal *certchain.Error
	require.ErrorAs(t, err, &refusal)
	require.True(t, refusal.Complete)
	require.Len(t, refusal.Path, 2, "what there is can be exported")
	_, err = v.TrustPath(ctx, trust.Auth, "expired", certchain.At(pkitest.Now.AddDate(-1, -6, 0)))
	require.NoError(t, err)
	_, err = v.TrustPath(ctx, trust.FTM, "root")
	require.ErrorIs(t, err, trust.ErrNotFound)
	_, err = v.TrustPath(ctx, "no domain", "root")
	require.ErrorIs(t, err, certchain.SourceFailed)
	_, err = (&certchain.Verifier{}).TrustPath(ctx, trust.Auth, "root")
	require.ErrorIs(t, err, certchain.Misconfigured)
}

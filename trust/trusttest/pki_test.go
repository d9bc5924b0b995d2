package trusttest_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/admit"
	"github.com/mosip/partnertrust/trust/trusttest"
)

func TestEveryDomain(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t, trusttest.WithDomains("RESEARCH", trust.Auth))
	ids := []*trusttest.Identity{
		pki.Partner("Acme Bank"), pki.Device("Acme Biometrics"), pki.Chip("Acme Chips"), pki.MISP("Acme Telecom"), pki.Issue("RESEARCH", "Acme Labs"),
	}
	domains, err := pki.Domains(ctx)
	require.NoError(t, err)
	require.ElementsMatch(t, []trust.Domain{trust.Auth, trust.Device, trust.FTM, trust.MISP, "RESEARCH"}, domains)
	for _, id := range ids {
		for _, d := range domains {
			chain, err := pki.Verifier().Verify(ctx, d, id.Certificate, certchain.Organization(id.Organization))
			if d != id.Domain {
				requireOnly(t, certchain.IssuerInOtherDomain, err)
				continue
			}
			require.NoError(t, err)
			require.Equal(t, id.Chain, chain.Certificates)
			require.Equal(t, pki.Root(d).Certificate, chain.Anchor())
			require.Equal(t, pki.Intermediate(d).Chain, id.Chain[1:])
		}
	}
}

// A PKI trusts itself and no other PKI, although names and keys repeat.
func TestOtherPKI(t *testing.T) {
	t.Parallel()
	pki, other := trusttest.New(t), trusttest.New(t)
	id := other.Partner("Acme Bank")
	require.Equal(t, id.ClientID(), pki.Partner("Acme Bank").ClientID(), "the keys are shared")
	requireOnly(t, certchain.UnknownIssuer, verify(pki, id), certchain.BadSignature)
}

func TestAuthorities(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	require.ErrorIs(t, verify(pki, pki.Root(trust.Auth)), certchain.TrustAnchor)
	require.NoError(t, verify(pki, pki.Intermediate(trust.Auth)))

	// What an operator would upload is what a gate admits.
	store := trust.NewMemory()
	report, err := admit.New(store, admit.WithClock(pki.Clock)).Admit(ctx, trust.Auth, pki.Intermediate(trust.Auth).ChainPEM())
	require.NoError(t, err)
	require.Equal(t, 2, report.Count(admit.Admitted), "%v", report.Lines)
	_, err = certchain.New(store, certchain.WithClock(pki.Clock)).Verify(ctx, trust.Auth, pki.Partner("Acme Bank").Certificate)
	require.NoError(t, err)
}

// The store behind the PKI is the test's to change.
func TestStore(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	id := pki.Device("Acme Biometrics")
	verifier := pki.Verifier()
	_, err := verifier.Verify(ctx, trust.Device, id.Certificate)
	require.NoError(t, err)

	page, err := pki.Store().List(ctx, trust.Query{Domain: trust.Device, Role: trust.Root})
	require.NoError(t, err)
	require.Len(t, page.CAs, 1)
	require.Equal(t, pki.Clock(), page.CAs[0].AddedAt)
	require.NoError(t, pki.Store().Remove(ctx, trust.Device, page.CAs[0].ID))
	_, err = verifier.Verify(ctx, trust.Device, id.Certificate)
	require.ErrorIs(t, err, certchain.UnknownIssuer)
	require.NoError(t, verify(pki, pki.Chip("Acme Chips")), "another domain")
}

func TestClock(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	require.Equal(t, trusttest.Now(), pki.Clock())

	// For code that reads the system's clock.
	pki = trusttest.New(t, trusttest.At(time.Now()))
	verifier := certchain.New(pki, certchain.WithRevocation(pki.Revocation()))
	_, err := verifier.Verify(ctx, trust.Auth, pki.Partner("Acme Bank").Certificate)
	require.NoError(t, err)
	_, err = verifier.Verify(ctx, trust.Auth, pki.Partner("Acme Bank", trusttest.Expired()).Certificate)
	requireOnly(t, certchain.Expired, err)

	soon := trusttest.New(t, trusttest.At(time.Date(2060, 1, 2, 3, 4, 5, 6, time.FixedZone("", 3600))))
	require.Equal(t, time.Date(2060, 1, 2, 2, 4, 5, 0, time.UTC), soon.Clock())
	require.NoError(t, verify(soon, soon.Partner("Acme Bank")))
	requireOnly(t, certchain.NotYetValid, verify(soon, soon.Partner("Acme Bank", trusttest.NotYetValid())))
}

func TestParallelUse(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	verifier := pki.Verifier(certchain.WithRevocation(pki.Revocation()))
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 8 {
				sound, revoked := pki.Partner("Acme Bank"), pki.Partner("Acme Bank", trusttest.RevokedIntermediate(), trusttest.P256())
				if _, err := verifier.Verify(ctx, trust.Auth, sound.Certificate); err != nil {
					t.Error(err)
				}
				if _, err := verifier.Verify(ctx, trust.Auth, revoked.Certificate); err == nil {
					t.Error("revoked, and accepted")
				}
				pki.CRLs(trust.Auth)
			}
		})
	}
	group.Wait()
}

// What cannot be made fails the test that asked for it.
func TestMisuse(t *testing.T) {
	t.Parallel()
	other := trusttest.New(t)
	for name, misuse := range map[string]func(pki *trusttest.PKI){
		"unknown domain":             func(pki *trusttest.PKI) { pki.Issue("RESEARCH", "Acme") },
		"root of an unknown domain":  func(pki *trusttest.PKI) { pki.Root("RESEARCH") },
		"CA of an unknown domain":    func(pki *trusttest.PKI) { pki.Intermediate("RESEARCH") },
		"lists of an unknown domain": func(pki *trusttest.PKI) { pki.CRLs("RESEARCH") },
		"issued in an unknown one":   func(pki *trusttest.PKI) { pki.Partner("Acme", trusttest.OfDomain("RESEARCH")) },
		"nobody":                     func(pki *trusttest.PKI) { pki.Partner("") },
		"revoke what nobody issued":  func(pki *trusttest.PKI) { pki.Partner("Acme", trusttest.SelfSigned(), trusttest.Revoked()) },
		"revoke another PKI's":       func(pki *trusttest.PKI) { pki.Revoke(other.Partner("Acme")) },
		"client of a weak key":       func(pki *trusttest.PKI) { pki.Partner("Acme", trusttest.WeakKey()).ClientID() },
		"a key of no kind":           func(pki *trusttest.PKI) { pki.Partner("Acme", trusttest.Key(strange{})) },
		"members that are no JSON":   func(pki *trusttest.PKI) { pki.SignCapture(trusttest.Capture{Data: trusttest.Members{"x": func() {}}}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NotEmpty(t, failure(func(tb testing.TB) { misuse(trusttest.New(tb)) }))
		})
	}
	require.NotEmpty(t, failure(func(tb testing.TB) { trusttest.New(tb, trusttest.WithDomains("not a domain")) }))
	require.Panics(t, func() { trusttest.New(trusttest.ForExample()).Root("RESEARCH") })
	require.Empty(t, failure(func(tb testing.TB) { trusttest.New(tb) }))
}

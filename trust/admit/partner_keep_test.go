package admit_test

import (
	"context"
	"crypto/x509"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/admit"
)

// shelf is a store whose reads of partners' certificates may fail.
type shelf struct {
	*trust.Memory
	list, single error
	puts         int
}

func (s *shelf) ListPartners(ctx context.Context, q trust.PartnerQuery) (trust.PartnerPage, error) {
	if s.list != nil {
		return trust.PartnerPage{}, s.list
	}
	return s.Memory.ListPartners(ctx, q)
}

func (s *shelf) Partner(ctx context.Context, d trust.Domain, id string) (trust.PartnerCertificate, error) {
	if s.single != nil {
		return trust.PartnerCertificate{}, s.single
	}
	return s.Memory.Partner(ctx, d, id)
}

func (s *shelf) PutPartner(ctx context.Context, p trust.PartnerCertificate, replaces string) (trust.PartnerCertificate, error) {
	s.puts++
	return s.Memory.PutPartner(ctx, p, replaces)
}

func onShelf(t *testing.T) (gate *admit.Gate, store *shelf, inter *pkitest.Cert) {
	t.Helper()
	_, memory, inter, _ := partners(t)
	store = &shelf{Memory: memory}
	return admit.New(store, admit.WithClock(pkitest.Clock)), store, inter
}

// counting has a certificate issued, and counts how often.
func counting(t *testing.T) (admit.PartnerOption, *int) {
	t.Helper()
	platform, n := pkitest.NewRoot(t, "platform"), new(int)
	return admit.SignedBy(func(_ context.Context, chain *certchain.Chain) (*x509.Certificate, error) {
		*n++
		der, err := x509.CreateCertificate(nil, chain.Leaf(), platform.Certificate, chain.Leaf().PublicKey, platform.Key)
		if err != nil {
			return nil, err
		}
		return trust.ParseCertificate(der)
	}), n
}

// A renewal takes out its own organisation's certificate and nobody else's.
func TestReplacesOwnOnly(t *testing.T) {
	t.Parallel()
	gate, store, inter := onShelf(t)
	other, err := gate.AdmitPartner(ctx, trust.Auth, "Victim Bank", inter.Issue(t, "", pkitest.Org("Victim Bank", "v")).PEM())
	require.NoError(t, err)
	require.True(t, other.OK())
	before, signed := store.puts, 0
	issue := admit.SignedBy(func(context.Context, *certchain.Chain) (*x509.Certificate, error) { signed++; return nil, nil })
	for name, tc := range map[string]struct {
		id, organization string
		want             error
	}{
		"another organisation's":      {other.Stored.ID, "Acme Bank", admit.ErrReplacesOther},
		"in another case":             {other.Stored.ID, "VICTIM BANK", admit.ErrReplacesOther},
		"none":                        {"nobody", "Acme Bank", trust.ErrNotFound},
		"a CA's, which is no partner": {trust.CA{Domain: trust.Auth, Certificate: inter.Certificate}.DefaultID(), "Acme Bank", trust.ErrNotFound},
	} {
		report, err := gate.AdmitPartner(ctx, trust.Auth, tc.organization, inter.Issue(t, "", pkitest.Org(tc.organization, "x")).PEM(), issue, admit.Replaces(tc.id))
		require.ErrorIs(t, err, tc.want, name)
		require.Nil(t, report, name)
	}
	require.Zero(t, signed, "nothing is issued for it")
	require.Equal(t, before, store.puts)
	kept, err := store.Partner(ctx, trust.Auth, other.Stored.ID)
	require.NoError(t, err)
	require.Equal(t, other.Stored.Certificate.Raw, kept.Certificate.Raw)
}

// What is there already is neither stored nor signed once more.
func TestAdmitPartnerAlreadyPresent(t *testing.T) {
	t.Parallel()
	gate, store, inter := onShelf(t)
	issue, signed := counting(t)
	leaf, foreign := inter.Issue(t, "leaf"), inter.Issue(t, "kept by somebody else")
	first, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", leaf.PEM(), issue)
	require.NoError(t, err)
	require.Equal(t, admit.Admitted, first.Verdict)
	_, err = store.Memory.PutPartner(ctx, trust.PartnerCertificate{ID: "their-id", Domain: trust.Auth, Organization: "Acme Bank", Certificate: foreign.Certificate}, "")
	require.NoError(t, err)
	require.Equal(t, 1, *signed)
	puts := store.puts
	for name, opts := range map[string][]admit.PartnerOption{
		"again": {issue}, "a renewal by itself": {issue, admit.Replaces(first.Stored.ID)}, "the same, unsigned": {admit.Replaces(first.Stored.ID)},
	} {
		again, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", leaf.PEM(), opts...)
		require.NoError(t, err, name)
		require.Equal(t, admit.AlreadyPresent, again.Verdict, name)
		require.Equal(t, first.Stored.ID, again.Stored.ID, name)
		require.Empty(t, again.Replaced, name)
	}
	require.Equal(t, 1, *signed)
	require.Equal(t, puts, store.puts)

	// Under another id the store has to tell.
	again, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", foreign.PEM())
	require.NoError(t, err)
	require.Equal(t, admit.AlreadyPresent, again.Verdict)
	require.Equal(t, "their-id", again.Stored.ID)
	// A renewal by what stands beside it would leave one less.
	_, err = gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", foreign.PEM(), admit.Replaces(first.Stored.ID))
	require.ErrorIs(t, err, trust.ErrExists)
}

// A list that cannot be had keeps out nobody who is new.
func TestAdmitPartnerBesideBrokenRows(t *testing.T) {
	t.Parallel()
	gate, store, inter := onShelf(t)
	store.list = errors.New("somebody's row cannot be read")
	issue, signed := counting(t)
	leaf := inter.Issue(t, "leaf")
	report, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", leaf.PEM())
	require.NoError(t, err)
	require.True(t, report.OK())
	renewed, err := gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", inter.Issue(t, "next").PEM(), issue, admit.Replaces(report.Stored.ID))
	require.NoError(t, err)
	require.True(t, renewed.OK())

	report, err = gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", renewed.Certificate.Raw)
	require.ErrorIs(t, err, trust.ErrExists)
	require.ErrorIs(t, err, store.list)
	require.False(t, report.OK())

	store.single = errors.New("away")
	report, err = gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", leaf.PEM(), issue)
	require.ErrorIs(t, err, store.single)
	require.False(t, report.OK())
	_, err = gate.AdmitPartner(ctx, trust.Auth, "Acme Bank", leaf.PEM(), issue, admit.Replaces(renewed.Stored.ID))
	require.ErrorIs(t, err, store.single)
	require.Equal(t, 1, *signed)
}

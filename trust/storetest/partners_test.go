package storetest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/storetest"
)

func TestPartnersInMemory(t *testing.T) {
	t.Parallel()
	storetest.RunPartners(t, false, func(testing.TB) func(testing.TB) trust.Store {
		return func(testing.TB) trust.Store { return trust.NewMemory() }
	})
	storetest.RunPartners(t, true, func(testing.TB) func(testing.TB) trust.Store {
		m := trust.NewMemory()
		return func(testing.TB) trust.Store { return hoard{m} }
	})
}

// badPartners breaks one method of a store of partners.
type badPartners struct {
	*trust.Memory
	put    func(*trust.Memory, trust.PartnerCertificate, string) (trust.PartnerCertificate, error)
	get    func(trust.PartnerCertificate, error) (trust.PartnerCertificate, error)
	remove func(*trust.Memory, trust.Domain, string) error
	list   func(*trust.Memory, trust.PartnerQuery) (trust.PartnerPage, error)
}

var ctx = context.Background()

func (b badPartners) PutPartner(c context.Context, p trust.PartnerCertificate, replaces string) (trust.PartnerCertificate, error) {
	if b.put != nil {
		return b.put(b.Memory, p, replaces)
	}
	return b.Memory.PutPartner(c, p, replaces)
}

func (b badPartners) Partner(c context.Context, d trust.Domain, id string) (trust.PartnerCertificate, error) {
	p, err := b.Memory.Partner(c, d, id)
	if b.get != nil {
		return b.get(p, err)
	}
	return p, err
}

func (b badPartners) RemovePartner(c context.Context, d trust.Domain, id string) error {
	if b.remove != nil {
		return b.remove(b.Memory, d, id)
	}
	return b.Memory.RemovePartner(c, d, id)
}

func (b badPartners) ListPartners(c context.Context, q trust.PartnerQuery) (trust.PartnerPage, error) {
	if b.list != nil {
		return b.list(b.Memory, q)
	}
	return b.Memory.ListPartners(c, q)
}

// Each store breaks one sentence of the contract; the rule that says it fails.
func TestBrokenPartnerStoresFail(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		caught string
		store  badPartners
	}{
		"renewals add": {"PartnerRenewed", badPartners{put: func(m *trust.Memory, p trust.PartnerCertificate, replaces string) (trust.PartnerCertificate, error) {
			if _, err := m.Partner(ctx, p.Domain, replaces); replaces != "" && err != nil {
				return p, err
			}
			return m.PutPartner(ctx, p, "")
		}}},
		"renews what is not there": {"PartnerRenewed", badPartners{put: func(m *trust.Memory, p trust.PartnerCertificate, replaces string) (trust.PartnerCertificate, error) {
			if _, err := m.Partner(ctx, p.Domain, replaces); err != nil {
				replaces = ""
			}
			return m.PutPartner(ctx, p, replaces)
		}}},
		"forgets what was signed": {"PartnerKept", badPartners{get: func(p trust.PartnerCertificate, err error) (trust.PartnerCertificate, error) {
			p.Signed = nil
			return p, err
		}}},
		"changes the organisation": {"PartnerKept", badPartners{put: func(m *trust.Memory, p trust.PartnerCertificate, replaces string) (trust.PartnerCertificate, error) {
			if p.Organization != "" {
				p.Organization += " "
			}
			return m.PutPartner(ctx, p, replaces)
		}}},
		"removes nothing": {"PartnerRemoved", badPartners{remove: func(m *trust.Memory, d trust.Domain, id string) error {
			_, err := m.Partner(ctx, d, id)
			return err
		}}},
		"removes in any domain": {"PartnerRemoved", badPartners{remove: func(m *trust.Memory, _ trust.Domain, id string) error {
			err := trust.ErrNotFound
			for _, d := range []trust.Domain{trust.Auth, trust.FTM} {
				if e := m.RemovePartner(ctx, d, id); e == nil || !errors.Is(e, trust.ErrNotFound) {
					err = e
				}
			}
			return err
		}}},
		"keeps whatever comes": {"PartnerRefused", badPartners{put: func(m *trust.Memory, p trust.PartnerCertificate, replaces string) (trust.PartnerCertificate, error) {
			p, err := m.PutPartner(ctx, p, replaces)
			if errors.Is(err, trust.ErrInvalidPartner) {
				err = nil
			}
			return p, err
		}}},
		"is a CA, too": {"PartnerIsNoCA", badPartners{put: func(m *trust.Memory, p trust.PartnerCertificate, replaces string) (trust.PartnerCertificate, error) {
			p, err := m.PutPartner(ctx, p, replaces)
			if err == nil {
				_ = m.Add(ctx, trust.CA{ID: "leaf", Domain: p.Domain, Role: trust.Root, Certificate: p.Certificate})
				_ = m.Remove(ctx, p.Domain, trust.CA{Domain: p.Domain, Certificate: p.Certificate}.DefaultID())
			}
			return p, err
		}}},
		"lists without filter": {"PartnerLists", badPartners{list: func(m *trust.Memory, q trust.PartnerQuery) (trust.PartnerPage, error) {
			q.Organization = ""
			return m.ListPartners(ctx, q)
		}}},
		"lists one page": {"PartnerLists", badPartners{list: func(m *trust.Memory, q trust.PartnerQuery) (trust.PartnerPage, error) {
			q.Page = 0
			return m.ListPartners(ctx, q)
		}}},
		"does not look at ctx": {"PartnerCanceled", badPartners{list: func(m *trust.Memory, q trust.PartnerQuery) (trust.PartnerPage, error) {
			return m.ListPartners(ctx, q)
		}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failed := broken(t, storetest.PartnerChecks(), func(testing.TB) func(testing.TB) trust.Store {
				return func(testing.TB) trust.Store {
					s := tc.store
					s.Memory = trust.NewMemory()
					return s
				}
			})
			require.Contains(t, failed, tc.caught)
			require.Contains(t, failed[tc.caught], "the rule: ")
		})
	}
	failed := broken(t, storetest.PartnerChecks(), func(testing.TB) func(testing.TB) trust.Store {
		return func(testing.TB) trust.Store { return struct{ trust.Store }{trust.NewMemory()} }
	})
	require.Len(t, failed, len(storetest.PartnerChecks()), "a store that keeps no partners")
}

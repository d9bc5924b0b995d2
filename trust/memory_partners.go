package trust

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
)

var _ PartnerStore = (*Memory)(nil)

// partnerBook is a [PartnerStore] in memory. The zero value is empty.
type partnerBook struct {
	mu   sync.RWMutex
	byID map[string]PartnerCertificate
}

// PutPartner implements [PartnerStore].
func (m *Memory) PutPartner(ctx context.Context, p PartnerCertificate, replaces string) (PartnerCertificate, error) {
	if p.ID == "" {
		p.ID = p.DefaultID()
	}
	if p.AddedAt.IsZero() && m.now != nil {
		p.AddedAt = m.now()
	}
	p, err := p.own()
	if err != nil {
		return PartnerCertificate{}, err
	}
	b := &m.partners
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return PartnerCertificate{}, err
	}
	if replaces != "" {
		if _, err := b.find(p.Domain, replaces); err != nil {
			return PartnerCertificate{}, err
		}
	}
	for id, other := range b.byID {
		if id != replaces && (id == p.ID || other.Domain == p.Domain && string(other.Certificate.Raw) == string(p.Certificate.Raw)) {
			return PartnerCertificate{}, fmt.Errorf("%w: partner certificate %q", ErrExists, id)
		}
	}
	delete(b.byID, replaces)
	if b.byID == nil {
		b.byID = map[string]PartnerCertificate{}
	}
	b.byID[p.ID] = p
	return p, nil
}

func (b *partnerBook) find(d Domain, id string) (PartnerCertificate, error) {
	if err := d.validate(); err != nil {
		return PartnerCertificate{}, err
	}
	p, ok := b.byID[id]
	if !ok || p.Domain != d {
		return PartnerCertificate{}, fmt.Errorf("%w: partner certificate %q in domain %s", ErrNotFound, clip(id), d)
	}
	return p, nil
}

// Partner implements [PartnerStore].
func (m *Memory) Partner(ctx context.Context, d Domain, id string) (PartnerCertificate, error) {
	m.partners.mu.RLock()
	defer m.partners.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return PartnerCertificate{}, err
	}
	return m.partners.find(d, id)
}

// RemovePartner implements [PartnerStore].
func (m *Memory) RemovePartner(ctx context.Context, d Domain, id string) error {
	m.partners.mu.Lock()
	defer m.partners.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := m.partners.find(d, id); err != nil {
		return err
	}
	delete(m.partners.byID, id)
	return nil
}

// ListPartners implements [PartnerStore].
func (m *Memory) ListPartners(ctx context.Context, q PartnerQuery) (PartnerPage, error) {
	if err := ctx.Err(); err != nil {
		return PartnerPage{}, err
	}
	if err := q.Validate(); err != nil {
		return PartnerPage{}, err
	}
	var all []PartnerCertificate
	m.partners.mu.RLock()
	for _, p := range m.partners.byID {
		if q.Selects(p) {
			all = append(all, p)
		}
	}
	m.partners.mu.RUnlock()
	slices.SortFunc(all, func(a, b PartnerCertificate) int {
		return cmp.Or(a.AddedAt.Compare(b.AddedAt), cmp.Compare(a.ID, b.ID))
	})
	return q.Cut(all), nil
}

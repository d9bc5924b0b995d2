package trust

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Memory is a [Store] that lives as long as the process. Readers take no lock.
type Memory struct {
	now    func() time.Time
	writes sync.Mutex
	state  atomic.Pointer[map[Domain]*Snapshot]
}

// NewMemory returns an empty store. It stamps AddedAt with the system's clock
// where a CA brings no time of its own.
func NewMemory() *Memory {
	m := &Memory{now: time.Now}
	m.state.Store(&map[Domain]*Snapshot{})
	return m
}

// domains is empty for the zero Memory, which trusts nobody and takes CAs.
func (m *Memory) domains() map[Domain]*Snapshot {
	if state := m.state.Load(); state != nil {
		return *state
	}
	return nil
}

// Snapshot returns the newest snapshot of the domain.
func (m *Memory) Snapshot(ctx context.Context, d Domain) (*Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s, ok := m.domains()[d]; ok {
		return s, nil
	}
	return NewSnapshot(d)
}

// Domains returns the domains that hold or held CAs.
func (m *Memory) Domains(ctx context.Context) ([]Domain, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return slices.Sorted(maps.Keys(m.domains())), nil
}

// Add implements [Store].
func (m *Memory) Add(ctx context.Context, cas ...CA) error {
	m.writes.Lock()
	defer m.writes.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	next := maps.Clone(m.domains())
	if next == nil {
		next = map[Domain]*Snapshot{}
	}
	added := map[Domain][]CA{}
	for _, ca := range cas {
		if ca.AddedAt.IsZero() && m.now != nil {
			ca.AddedAt = m.now()
		}
		added[ca.Domain] = append(added[ca.Domain], ca)
	}
	for d, cas := range added {
		s, ok := next[d]
		if !ok {
			var err error
			if s, err = NewSnapshot(d); err != nil {
				return err
			}
		}
		s, err := s.With(cas...)
		if err != nil {
			return err
		}
		next[d] = s
	}
	m.state.Store(&next)
	return nil
}

// Remove implements [Store].
func (m *Memory) Remove(ctx context.Context, d Domain, id string) error {
	m.writes.Lock()
	defer m.writes.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	next := maps.Clone(m.domains())
	if next == nil {
		next = map[Domain]*Snapshot{}
	}
	s, ok := next[d]
	if !ok {
		var err error
		if s, err = NewSnapshot(d); err != nil {
			return err
		}
	}
	s, err := s.Without(id)
	if err != nil {
		return err
	}
	next[d] = s
	m.state.Store(&next)
	return nil
}

// List implements [Store].
func (m *Memory) List(ctx context.Context, q Query) (Page, error) {
	if err := ctx.Err(); err != nil {
		return Page{}, err
	}
	if q.Domain != "" {
		if err := q.Domain.validate(); err != nil {
			return Page{}, err
		}
	}
	var cas []CA
	for d, s := range m.domains() {
		if q.Domain == "" || q.Domain == d {
			cas = append(cas, s.list(q)...)
		}
	}
	return page(cas, q), nil
}

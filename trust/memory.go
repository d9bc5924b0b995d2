package trust

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Memory is a [Store] that lives as long as the process. Readers take no lock.
// The zero Memory holds nothing and takes CAs; it has no clock, so that their
// AddedAt stays as it is given.
type Memory struct {
	now    func() time.Time
	writes sync.Mutex
	state  atomic.Pointer[Snapshots]

	partners partnerBook
}

// NewMemory returns an empty store. It stamps AddedAt with the system's clock
// where a CA brings no time of its own.
func NewMemory() *Memory { return &Memory{now: time.Now} }

func (m *Memory) snapshots() Snapshots {
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
	return m.snapshots().Of(d)
}

// Domains returns the domains that hold or held CAs.
func (m *Memory) Domains(ctx context.Context) ([]Domain, error) {
	return m.snapshots().Domains(), ctx.Err()
}

// Add implements [Store].
func (m *Memory) Add(ctx context.Context, cas ...CA) error {
	cas = slices.Clone(cas)
	for i := range cas {
		if cas[i].AddedAt.IsZero() && m.now != nil {
			cas[i].AddedAt = m.now()
		}
	}
	return m.change(ctx, func(s Snapshots) (Snapshots, error) { return s.With(cas...) })
}

// Remove implements [Store].
func (m *Memory) Remove(ctx context.Context, d Domain, id string) error {
	return m.change(ctx, func(s Snapshots) (Snapshots, error) { return s.Without(d, id) })
}

func (m *Memory) change(ctx context.Context, do func(Snapshots) (Snapshots, error)) error {
	m.writes.Lock()
	defer m.writes.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	next, err := do(m.snapshots())
	if err != nil {
		return err
	}
	m.state.Store(&next)
	return nil
}

// List implements [Store].
func (m *Memory) List(ctx context.Context, q Query) (Page, error) {
	if err := ctx.Err(); err != nil {
		return Page{}, err
	}
	return m.snapshots().List(q)
}

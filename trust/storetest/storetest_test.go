package storetest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/storetest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(testing.TB) trust.Store { return trust.NewMemory() })
}

// hoard is durable within a test: what was stored is in the place, which every
// store that is opened over it shares.
type hoard struct{ *trust.Memory }

func (hoard) Close() error { return nil }

func TestDurable(t *testing.T) {
	t.Parallel()
	storetest.RunDurable(t, func(testing.TB) func(testing.TB) trust.Store {
		m := trust.NewMemory()
		return func(testing.TB) trust.Store { return hoard{m} }
	})
}

// Each store breaks one sentence of the contract; the rule that says it must
// be among those that fail.
func TestBrokenStoresFail(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		caught string
		store  func() *faulty
	}{
		"adds one by one": {"AddIsAtomic", func() *faulty {
			return &faulty{add: func(ctx context.Context, m trust.Store, cas []trust.CA) error {
				for _, ca := range cas {
					if err := m.Add(ctx, ca); err != nil {
						return err
					}
				}
				return m.Add(ctx)
			}}
		}},
		"forgets the time": {"AddKeeps", func() *faulty {
			return &faulty{add: func(ctx context.Context, m trust.Store, cas []trust.CA) error {
				cas = slices.Clone(cas)
				for i := range cas {
					cas[i].AddedAt = cas[i].AddedAt.AddDate(1, 0, 0)
				}
				return m.Add(ctx, cas...)
			}}
		}},
		"makes everything a root": {"AddKeeps", func() *faulty {
			return &faulty{add: func(ctx context.Context, m trust.Store, cas []trust.CA) error {
				cas = slices.Clone(cas)
				for i := range cas {
					if cas[i].Role != "" {
						cas[i].Role = trust.Root
					}
				}
				return m.Add(ctx, cas...)
			}}
		}},
		"has ids of its own": {"AddKeeps", func() *faulty {
			return &faulty{add: func(ctx context.Context, m trust.Store, cas []trust.CA) error {
				cas = slices.Clone(cas)
				for i := range cas {
					cas[i].ID = ""
				}
				return m.Add(ctx, cas...)
			}}
		}},
		"writes into the caller's slice": {"AddKeeps", func() *faulty {
			return &faulty{add: func(ctx context.Context, m trust.Store, cas []trust.CA) error {
				for i := range cas {
					if cas[i].ID == "" {
						cas[i].ID = cas[i].DefaultID()
					}
				}
				return m.Add(ctx, cas...)
			}}
		}},
		"needs something to add": {"AddNothing", func() *faulty {
			return &faulty{add: func(ctx context.Context, m trust.Store, cas []trust.CA) error {
				if len(cas) == 0 {
					return trust.ErrInvalidCA
				}
				return m.Add(ctx, cas...)
			}}
		}},
		"takes duplicates for done": {"Duplicates", func() *faulty {
			return &faulty{add: func(ctx context.Context, m trust.Store, cas []trust.CA) error {
				if err := m.Add(ctx, cas...); err != nil && !strings.Contains(err.Error(), trust.ErrExists.Error()) {
					return err
				}
				return nil
			}}
		}},
		"hides its errors": {"InvalidCAs", func() *faulty {
			return &faulty{add: func(ctx context.Context, m trust.Store, cas []trust.CA) error {
				if err := m.Add(ctx, cas...); err != nil {
					return fmt.Errorf("failed: %v", err) //nolint:errorlint // that is the fault
				}
				return nil
			}}
		}},
		"removes what is not there": {"RemoveNotFound", func() *faulty {
			return &faulty{remove: func(ctx context.Context, m trust.Store, d trust.Domain, id string) error {
				_ = m.Remove(ctx, d, id)
				return nil
			}}
		}},
		"removes everywhere": {"DomainsApart", func() *faulty {
			return &faulty{remove: func(ctx context.Context, m trust.Store, d trust.Domain, id string) error {
				s, err := m.Snapshot(ctx, d)
				if err != nil {
					return err
				}
				if ca, ok := s.ByID(id); ok {
					for _, other := range []trust.Domain{trust.Auth, trust.FTM, trust.Device} {
						ca.Domain = other
						if other != d {
							_ = m.Remove(ctx, other, ca.DefaultID())
						}
					}
				}
				return m.Remove(ctx, d, id)
			}}
		}},
		"never removes": {"Remove", func() *faulty {
			return &faulty{remove: func(context.Context, trust.Store, trust.Domain, string) error { return nil }}
		}},
		"lets nothing come again": {"RemoveThenAdd", func() *faulty {
			var mu sync.Mutex
			gone := map[string]bool{}
			return &faulty{
				add: func(ctx context.Context, m trust.Store, cas []trust.CA) error {
					mu.Lock()
					defer mu.Unlock()
					for _, ca := range cas {
						if ca.Certificate != nil && gone[ca.DefaultID()] {
							return trust.ErrExists
						}
					}
					return m.Add(ctx, cas...)
				},
				remove: func(ctx context.Context, m trust.Store, d trust.Domain, id string) error {
					mu.Lock()
					defer mu.Unlock()
					err := m.Remove(ctx, d, id)
					if err == nil {
						gone[id] = true
					}
					return err
				},
			}
		}},
		"lags one version behind": {"ReadYourWrites", func() *faulty {
			var mu sync.Mutex
			var last *trust.Snapshot
			return &faulty{snapshot: func(ctx context.Context, m trust.Store, d trust.Domain) (*trust.Snapshot, error) {
				mu.Lock()
				defer mu.Unlock()
				s, err := m.Snapshot(ctx, d)
				old := last
				last = s
				if old != nil && err == nil && old.Domain() == d {
					return old, nil
				}
				return s, err
			}}
		}},
		"counts no versions": {"VersionOrder", func() *faulty {
			return &faulty{snapshot: func(ctx context.Context, m trust.Store, d trust.Domain) (*trust.Snapshot, error) {
				s, err := m.Snapshot(ctx, d)
				if err != nil {
					return nil, err
				}
				return rebuilt(s)
			}}
		}},
		"mixes the domains": {"DomainsApart", func() *faulty {
			return &faulty{snapshot: func(ctx context.Context, m trust.Store, d trust.Domain) (*trust.Snapshot, error) {
				if d == trust.MISP {
					d = trust.Auth
				}
				return m.Snapshot(ctx, d)
			}}
		}},
		"answers for any name": {"UnknownDomain", func() *faulty {
			return &faulty{snapshot: func(ctx context.Context, m trust.Store, d trust.Domain) (*trust.Snapshot, error) {
				s, err := m.Snapshot(ctx, d)
				if err != nil && ctx.Err() == nil {
					return trust.NewSnapshot(trust.Auth)
				}
				return s, err
			}}
		}},
		"snapshot of nothing is nil": {"Empty", func() *faulty {
			return &faulty{snapshot: func(ctx context.Context, m trust.Store, d trust.Domain) (*trust.Snapshot, error) {
				s, err := m.Snapshot(ctx, d)
				if err == nil && s.Len() == 0 {
					return nil, nil
				}
				return s, err
			}}
		}},
		"list ignores the role": {"ListFilters", func() *faulty {
			return &faulty{list: func(ctx context.Context, m trust.Store, q trust.Query) (trust.Page, error) {
				q.Role = ""
				return m.List(ctx, q)
			}}
		}},
		"list is backwards": {"ListOrder", func() *faulty {
			return &faulty{list: func(ctx context.Context, m trust.Store, q trust.Query) (trust.Page, error) {
				page, err := m.List(ctx, q)
				slices.Reverse(page.CAs)
				return page, err
			}}
		}},
		"list counts pages from one": {"ListPages", func() *faulty {
			return &faulty{list: func(ctx context.Context, m trust.Store, q trust.Query) (trust.Page, error) {
				if q.Page > 0 {
					q.Page--
				}
				return m.List(ctx, q)
			}}
		}},
		"total is that of the page": {"ListPages", func() *faulty {
			return &faulty{list: func(ctx context.Context, m trust.Store, q trust.Query) (trust.Page, error) {
				page, err := m.List(ctx, q)
				page.Total = len(page.CAs)
				return page, err
			}}
		}},
		"list shares its memory": {"SnapshotImmutable", func() *faulty {
			var mu sync.Mutex
			var kept trust.Page
			return &faulty{list: func(ctx context.Context, m trust.Store, q trust.Query) (trust.Page, error) {
				mu.Lock()
				defer mu.Unlock()
				page, err := m.List(ctx, q)
				if len(kept.CAs) == len(page.CAs) && err == nil {
					return kept, nil
				}
				kept = page
				return page, err
			}}
		}},
		"goes on after cancellation": {"Cancellation", func() *faulty {
			return &faulty{add: func(ctx context.Context, m trust.Store, cas []trust.CA) error {
				return m.Add(context.WithoutCancel(ctx), cas...)
			}}
		}},
		"says canceled but did it": {"Cancellation", func() *faulty {
			return &faulty{remove: func(ctx context.Context, m trust.Store, d trust.Domain, id string) error {
				if err := m.Remove(context.WithoutCancel(ctx), d, id); err != nil {
					return err
				}
				return ctx.Err()
			}}
		}},
		"shows half an Add": {"ReadersSeeWholeVersions", func() *faulty {
			return &faulty{snapshot: func(ctx context.Context, m trust.Store, d trust.Domain) (*trust.Snapshot, error) {
				s, err := m.Snapshot(ctx, d)
				if err != nil || s.Len() != 2 {
					return s, err
				}
				for ca := range s.All() {
					if ca.Certificate.Subject.CommonName == "a" {
						return s.Without(ca.ID)
					}
				}
				return s, nil
			}}
		}},
		"everybody wins": {"OneWinner", func() *faulty {
			return &faulty{add: func(ctx context.Context, m trust.Store, cas []trust.CA) error {
				_ = m.Add(ctx, cas...)
				return nil
			}}
		}},
		"reads, thinks, writes": {"NoLostUpdate", func() *faulty {
			return &faulty{remove: func(ctx context.Context, m trust.Store, d trust.Domain, id string) error {
				s, err := m.Snapshot(ctx, d)
				if err != nil {
					return err
				}
				if _, ok := s.ByID(id); ok && s.Len() > 20 {
					return nil // its write went over another's
				}
				return m.Remove(ctx, d, id)
			}}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failed := broken(t, storetest.Checks(), func(testing.TB) func(testing.TB) trust.Store {
				return func(testing.TB) trust.Store {
					f := tc.store()
					f.Store = trust.NewMemory()
					return f
				}
			})
			require.Contains(t, failed, tc.caught)
			require.Less(t, len(failed), len(storetest.Checks()), "the table is about one fault each")
		})
	}
}

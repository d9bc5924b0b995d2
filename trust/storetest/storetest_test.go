package storetest_test

import (
	"context"
	"fmt"
	"runtime"
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

// recorder is a testing.TB that keeps a failure to itself.
type recorder struct {
	testing.TB
	mu   sync.Mutex
	text string
}

func (r *recorder) Helper() {}
func (r *recorder) Fatalf(format string, args ...any) {
	r.mu.Lock()
	r.text = fmt.Sprintf(format, args...)
	r.mu.Unlock()
	runtime.Goexit()
}

// broken runs all rules against a store and returns what failed.
func broken(t *testing.T, checks []storetest.Check, place storetest.Place) map[string]string {
	t.Helper()
	failed := map[string]string{}
	for _, c := range checks {
		r := &recorder{TB: t}
		var end sync.WaitGroup
		end.Go(func() { c.Run(r, place) })
		end.Wait()
		if r.text != "" {
			require.Contains(t, r.text, c.Rule, "a failure says which rule is broken")
			failed[c.Name] = r.text
		}
	}
	return failed
}

// faulty is a store in which one thing can be replaced.
type faulty struct {
	trust.Store
	add      func(ctx context.Context, m trust.Store, cas []trust.CA) error
	remove   func(ctx context.Context, m trust.Store, d trust.Domain, id string) error
	snapshot func(ctx context.Context, m trust.Store, d trust.Domain) (*trust.Snapshot, error)
	list     func(ctx context.Context, m trust.Store, q trust.Query) (trust.Page, error)
}

func (f *faulty) Add(ctx context.Context, cas ...trust.CA) error {
	if f.add == nil {
		return f.Store.Add(ctx, cas...)
	}
	return f.add(ctx, f.Store, cas)
}

func (f *faulty) Remove(ctx context.Context, d trust.Domain, id string) error {
	if f.remove == nil {
		return f.Store.Remove(ctx, d, id)
	}
	return f.remove(ctx, f.Store, d, id)
}

func (f *faulty) Snapshot(ctx context.Context, d trust.Domain) (*trust.Snapshot, error) {
	if f.snapshot == nil {
		return f.Store.Snapshot(ctx, d)
	}
	return f.snapshot(ctx, f.Store, d)
}

func (f *faulty) List(ctx context.Context, q trust.Query) (trust.Page, error) {
	if f.list == nil {
		return f.Store.List(ctx, q)
	}
	return f.list(ctx, f.Store, q)
}

// rebuilt makes a snapshot anew, as a store without versions would.
func rebuilt(s *trust.Snapshot) (*trust.Snapshot, error) {
	return trust.NewSnapshot(s.Domain(), slices.Collect(s.All())...)
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

// lister names its domains wrongly.
type lister struct {
	*trust.Memory
	domains []trust.Domain
}

func (l lister) Domains(context.Context) ([]trust.Domain, error) { return l.domains, nil }

func TestBrokenLister(t *testing.T) {
	t.Parallel()
	for _, domains := range [][]trust.Domain{nil, {trust.Auth}, {trust.Auth, trust.FTM, trust.Auth}} {
		failed := broken(t, storetest.Checks(), func(testing.TB) func(testing.TB) trust.Store {
			return func(testing.TB) trust.Store { return lister{trust.NewMemory(), domains} }
		})
		require.Contains(t, failed, "DomainLister")
		require.Contains(t, failed, "Cancellation")
		require.Len(t, failed, 2)
	}
}

// Stores that a restart harms.
func TestBrokenDurableStoresFail(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	copyOf := func(m *trust.Memory, change func(*trust.CA) bool) *trust.Memory {
		fresh := trust.NewMemory()
		domains, _ := m.Domains(ctx)
		for _, d := range domains {
			s, _ := m.Snapshot(ctx, d)
			for ca := range s.All() {
				if change(&ca) {
					_ = fresh.Add(ctx, ca)
				}
			}
		}
		return fresh
	}
	for name, tc := range map[string]struct {
		caught []string
		reopen func(m *trust.Memory) *trust.Memory
	}{
		"forgets": {[]string{"RestartKeeps", "RestartRefuses", "RestartAfterFailure"}, func(*trust.Memory) *trust.Memory { return trust.NewMemory() }},
		"forgets ids": {[]string{"RestartKeeps"}, func(m *trust.Memory) *trust.Memory {
			return copyOf(m, func(ca *trust.CA) bool { ca.ID = ""; return true })
		}},
		"forgets roles": {[]string{"RestartKeeps"}, func(m *trust.Memory) *trust.Memory {
			return copyOf(m, func(ca *trust.CA) bool { ca.Role = trust.Root; return true })
		}},
		"forgets times": {[]string{"RestartKeeps"}, func(m *trust.Memory) *trust.Memory {
			return copyOf(m, func(ca *trust.CA) bool { ca.AddedAt = ca.AddedAt.AddDate(0, 0, 1); return true })
		}},
		"loses a domain": {[]string{"RestartKeeps"}, func(m *trust.Memory) *trust.Memory {
			return copyOf(m, func(ca *trust.CA) bool { return ca.Domain != trust.FTM })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failed := broken(t, storetest.DurableChecks(), func(testing.TB) func(testing.TB) trust.Store {
				m := trust.NewMemory()
				return func(testing.TB) trust.Store { m = tc.reopen(m); return m }
			})
			for _, check := range tc.caught {
				require.Contains(t, failed, check)
			}
		})
	}
}

// Each rule that a broken store can break is broken by one above; each has a
// name and a sentence.
func TestEveryRuleSaysWhat(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, c := range append(storetest.Checks(), storetest.DurableChecks()...) {
		require.NotEmpty(t, c.Rule)
		require.False(t, names[c.Name], c.Name)
		names[c.Name] = true
	}
}

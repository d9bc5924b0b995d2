package storetest_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/storetest"
)

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

// What a failing subtest is called and says tells the rules apart.
func TestEveryRuleSaysWhat(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, c := range append(storetest.Checks(), storetest.DurableChecks()...) {
		require.NotEmpty(t, c.Rule)
		require.False(t, names[c.Name], c.Name)
		names[c.Name] = true
	}
}

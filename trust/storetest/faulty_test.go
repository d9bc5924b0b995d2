package storetest_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/storetest"
)

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

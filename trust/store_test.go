package trust_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

var ctx = context.Background()

func ca(d trust.Domain, role trust.Role, c *pkitest.Cert) trust.CA {
	return trust.CA{Domain: d, Role: role, Certificate: c.Certificate}
}

func issuers(s *trust.Snapshot, c *x509.Certificate) (out []string) {
	for found := range s.Issuers(c.RawIssuer, c.AuthorityKeyId) {
		out = append(out, trust.SHA256(found.Certificate))
	}
	return out
}

func TestMemory(t *testing.T) {
	t.Parallel()
	store := trust.NewMemory()
	a, b := pkitest.NewRoot(t, "a"), pkitest.NewRoot(t, "b")
	before, err := store.Snapshot(ctx, trust.Auth)
	require.NoError(t, err)
	require.Zero(t, before.Len())
	require.Equal(t, trust.Auth, before.Domain())

	require.NoError(t, store.Add(ctx, ca(trust.Auth, trust.Root, a), ca(trust.FTM, trust.Root, a), ca(trust.Auth, trust.Intermediate, b)))
	after, err := store.Snapshot(ctx, trust.Auth)
	require.NoError(t, err)
	require.Equal(t, 2, after.Len())
	require.Zero(t, before.Len(), "a snapshot never changes")
	require.Greater(t, after.Version(), before.Version())
	found, ok := after.Find(a.Certificate)
	require.True(t, ok)
	require.Equal(t, trust.Root, found.Role)
	require.WithinDuration(t, time.Now(), found.AddedAt, time.Minute)
	require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, found.ID)
	byID, ok := after.ByID(found.ID)
	require.True(t, ok)
	require.Equal(t, found, byID)
	_, ok = after.ByID("another")
	require.False(t, ok)
	_, ok = before.Find(a.Certificate)
	require.False(t, ok)
	domains, err := store.Domains(ctx)
	require.NoError(t, err)
	require.Equal(t, []trust.Domain{trust.Auth, trust.FTM}, domains)

	// Atomic: the second one is there already, so the first does not get in.
	c := pkitest.NewRoot(t, "c")
	require.ErrorIs(t, store.Add(ctx, ca(trust.Auth, trust.Root, c), ca(trust.Auth, trust.Root, a)), trust.ErrExists)
	require.ErrorIs(t, store.Add(ctx, ca(trust.Auth, trust.Root, c), ca(trust.Auth, trust.Root, c)), trust.ErrExists)
	taken := ca(trust.Auth, trust.Root, c)
	taken.ID = found.ID
	require.ErrorIs(t, store.Add(ctx, taken), trust.ErrExists)
	unchanged, err := store.Snapshot(ctx, trust.Auth)
	require.NoError(t, err)
	require.Same(t, after, unchanged)

	require.ErrorIs(t, store.Remove(ctx, trust.FTM, found.ID), trust.ErrNotFound, "an id is of its domain")
	require.ErrorIs(t, store.Remove(ctx, trust.Device, found.ID), trust.ErrNotFound)
	require.NoError(t, store.Remove(ctx, trust.Auth, found.ID))
	require.ErrorIs(t, store.Remove(ctx, trust.Auth, found.ID), trust.ErrNotFound)
	last, err := store.Snapshot(ctx, trust.Auth)
	require.NoError(t, err)
	require.Equal(t, 1, last.Len())
	require.Greater(t, last.Version(), after.Version())
	require.Empty(t, issuers(last, a.Certificate))
	require.NotEmpty(t, issuers(after, a.Certificate))
	require.NoError(t, store.Add(ctx, ca(trust.Auth, trust.Root, a)), "what was removed may come again")
}

// The zero Memory trusts nobody, and may be given CAs.
func TestZeroMemory(t *testing.T) {
	t.Parallel()
	var store trust.Memory
	s, err := store.Snapshot(ctx, trust.Auth)
	require.NoError(t, err)
	require.Zero(t, s.Len())
	page, err := store.List(ctx, trust.Query{})
	require.NoError(t, err)
	require.Zero(t, page.Total)
	require.ErrorIs(t, store.Remove(ctx, trust.Auth, "x"), trust.ErrNotFound)
	require.NoError(t, store.Add(ctx, ca(trust.Auth, trust.Root, pkitest.NewRoot(t, "r"))))
}

func TestInvalidCAs(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "r")
	good := ca(trust.Auth, trust.Root, root)
	for name, change := range map[string]func(*trust.CA){
		"no domain":      func(c *trust.CA) { c.Domain = "" },
		"lower case":     func(c *trust.CA) { c.Domain = "auth" },
		"no role":        func(c *trust.CA) { c.Role = "" },
		"unknown role":   func(c *trust.CA) { c.Role = "LEAF" },
		"no certificate": func(c *trust.CA) { c.Certificate = nil },
		"never parsed":   func(c *trust.CA) { c.Certificate = &x509.Certificate{} },
		"no name":        func(c *trust.CA) { c.Certificate = &x509.Certificate{Raw: []byte{1}} },
		"long id":        func(c *trust.CA) { c.ID = strings.Repeat("a", trust.MaxIDLength+1) },
		"odd id":         func(c *trust.CA) { c.ID = "../x" },
	} {
		bad := good
		change(&bad)
		store := trust.NewMemory()
		err := store.Add(ctx, bad)
		require.Error(t, err, name)
		if name != "no domain" && name != "lower case" {
			require.ErrorIs(t, err, trust.ErrInvalidCA, name)
		} else {
			require.ErrorIs(t, err, trust.ErrDomain, name)
		}
	}
	snapshot, err := trust.NewSnapshot(trust.FTM)
	require.NoError(t, err)
	_, err = snapshot.With(good)
	require.ErrorIs(t, err, trust.ErrInvalidCA, "a CA of another domain")
	_, err = trust.NewSnapshot("")
	require.ErrorIs(t, err, trust.ErrDomain)
	at := good
	at.ID = strings.Repeat("a", trust.MaxIDLength)
	require.NoError(t, trust.NewMemory().Add(ctx, at))
	require.NotEmpty(t, trust.CA{}.DefaultID())
	store := trust.NewMemory()
	_, err = store.Snapshot(ctx, "")
	require.ErrorIs(t, err, trust.ErrDomain)
	require.ErrorIs(t, store.Remove(ctx, "", "x"), trust.ErrDomain)
	_, err = store.List(ctx, trust.Query{Domain: "no such"})
	require.ErrorIs(t, err, trust.ErrDomain)
}

// Candidates: those with the key identifier first, then all others of the same
// name, and the same order whatever the order of adding.
func TestIssuers(t *testing.T) {
	t.Parallel()
	var same []*pkitest.Cert
	for range 40 {
		same = append(same, pkitest.NewRoot(t, "same"))
	}
	store, reversed := trust.NewMemory(), trust.NewMemory()
	for i := range same {
		require.NoError(t, store.Add(ctx, ca(trust.Auth, trust.Root, same[i])))
		require.NoError(t, reversed.Add(ctx, ca(trust.Auth, trust.Root, same[len(same)-1-i])))
	}
	require.NoError(t, store.Add(ctx, ca(trust.Auth, trust.Root, pkitest.NewRoot(t, "other"))))
	s, err := store.Snapshot(ctx, trust.Auth)
	require.NoError(t, err)
	r, err := reversed.Snapshot(ctx, trust.Auth)
	require.NoError(t, err)
	leaf := same[17].Issue(t, "leaf").Certificate
	got := issuers(s, leaf)
	require.Len(t, got, 40)
	require.Equal(t, trust.SHA256(same[17].Certificate), got[0])
	require.Equal(t, got, issuers(r, leaf))
	for range s.Issuers(leaf.RawIssuer, leaf.AuthorityKeyId) {
		break // an early end is no accident
	}
	for range s.Issuers(leaf.RawIssuer, nil) {
		break
	}
	for range s.All() {
		break
	}
	shouting := pkitest.Name(pkitest.O("ACME  bank"), pkitest.CN("SAME"))
	require.Len(t, issuers(s, same[0].Issue(t, "leaf", pkitest.Issuer(shouting)).Certificate), 40, "RFC 5280 §7.1")
	require.Empty(t, slices.Collect(s.Issuers([]byte("no name"), nil)))
}

func TestStatic(t *testing.T) {
	t.Parallel()
	root, inter := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "inter")
	source := trust.Static(pkitest.Certificates(root, root), pkitest.Certificates(inter, root))
	for _, d := range []trust.Domain{trust.Auth, trust.FTM, "CUSTOM"} {
		s, err := source.Snapshot(ctx, d)
		require.NoError(t, err)
		require.Equal(t, d, s.Domain())
		require.Equal(t, 2, s.Len())
		found, _ := s.Find(root.Certificate)
		require.Equal(t, trust.Root, found.Role)
		found, _ = s.Find(inter.Certificate)
		require.Equal(t, trust.Intermediate, found.Role)
		again, err := source.Snapshot(ctx, d)
		require.NoError(t, err)
		require.Same(t, s, again)
	}
	_, err := source.Snapshot(ctx, "")
	require.ErrorIs(t, err, trust.ErrDomain)
	_, err = trust.Static([]*x509.Certificate{nil}, nil).Snapshot(ctx, trust.Auth)
	require.ErrorIs(t, err, trust.ErrInvalidCA)
	for i := range 200 { // remembering has a limit, answering has not
		s, err := source.Snapshot(ctx, trust.Domain(fmt.Sprint("D", i)))
		require.NoError(t, err)
		require.Equal(t, 2, s.Len())
	}
	domains, err := source.(trust.DomainLister).Domains(ctx)
	require.NoError(t, err)
	require.Empty(t, domains)
}

func TestList(t *testing.T) {
	t.Parallel()
	store := trust.NewMemory()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 25 {
		c := ca(trust.Auth, trust.Root, pkitest.NewRoot(t, fmt.Sprint(i)))
		c.AddedAt = start.Add(time.Duration(25-i) * time.Hour)
		if i%5 == 0 {
			c.Role = trust.Intermediate
		}
		if i >= 20 {
			c.Domain = trust.FTM
		}
		require.NoError(t, store.Add(ctx, c))
	}
	count := func(q trust.Query) (onPage, total int) {
		p, err := store.List(ctx, q)
		require.NoError(t, err)
		require.True(t, slices.IsSortedFunc(p.CAs, func(a, b trust.CA) int { return a.AddedAt.Compare(b.AddedAt) }))
		return len(p.CAs), p.Total
	}
	for _, tc := range []struct {
		q             trust.Query
		onPage, total int
	}{
		{trust.Query{}, 25, 25},
		{trust.Query{Domain: trust.FTM}, 5, 5},
		{trust.Query{Domain: trust.Device}, 0, 0},
		{trust.Query{Domain: trust.Auth, Role: trust.Intermediate}, 4, 4},
		{trust.Query{Size: 10}, 10, 25},
		{trust.Query{Size: 10, Page: 2}, 5, 25},
		{trust.Query{Size: 10, Page: 3}, 0, 25},
		{trust.Query{Size: 10, Page: -1}, 0, 25},
		{trust.Query{Size: 10, Page: 1 << 62}, 0, 25},
		{trust.Query{Size: trust.MaxPageSize + 1}, 25, 25},
	} {
		onPage, total := count(tc.q)
		require.Equal(t, tc.onPage, onPage, "%+v", tc.q)
		require.Equal(t, tc.total, total, "%+v", tc.q)
	}
}

func TestCancellationChangesNothing(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	store := trust.NewMemory()
	root := pkitest.NewRoot(t, "r")
	require.ErrorIs(t, store.Add(canceled, ca(trust.Auth, trust.Root, root)), context.Canceled)
	require.ErrorIs(t, store.Remove(canceled, trust.Auth, "x"), context.Canceled)
	_, err := store.Snapshot(canceled, trust.Auth)
	require.ErrorIs(t, err, context.Canceled)
	_, err = store.List(canceled, trust.Query{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = store.Domains(canceled)
	require.ErrorIs(t, err, context.Canceled)
	source := trust.Static(pkitest.Certificates(root), nil)
	_, err = source.Snapshot(canceled, trust.Auth)
	require.ErrorIs(t, err, context.Canceled)
	s, err := store.Snapshot(ctx, trust.Auth)
	require.NoError(t, err)
	require.Zero(t, s.Len())
}

// Readers see versions that only grow, and each snapshot is whole: the pair of
// CAs that is always added and removed together is there or is not.
func TestConcurrentReadersAndWriters(t *testing.T) {
	t.Parallel()
	store := trust.NewMemory()
	a, b := ca(trust.Auth, trust.Root, pkitest.NewRoot(t, "a")), ca(trust.Auth, trust.Root, pkitest.NewRoot(t, "b"))
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			var last uint64
			for {
				select {
				case <-done:
					return
				default:
				}
				s, err := store.Snapshot(ctx, trust.Auth)
				if err != nil || s.Version() < last {
					t.Error(err, s.Version(), last)
				}
				last = s.Version()
				_, hasB := s.Find(b.Certificate)
				if _, hasA := s.Find(a.Certificate); hasB && !hasA {
					t.Error("b without a")
				}
			}
		})
	}
	for range 300 {
		require.NoError(t, store.Add(ctx, a, b))
		require.NoError(t, store.Remove(ctx, trust.Auth, b.DefaultID()))
		require.NoError(t, store.Remove(ctx, trust.Auth, a.DefaultID()))
	}
	close(done)
	readers.Wait()
}

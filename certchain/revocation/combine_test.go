package revocation_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/pkitest"
)

// says is a checker that always answers the same and counts.
type says struct {
	certchain.RevocationAnswer
	asked *int
}

func (s says) Check(context.Context, certchain.RevocationQuery) certchain.RevocationAnswer {
	*s.asked++
	return s.RevocationAnswer
}

func TestCombinations(t *testing.T) {
	t.Parallel()
	const g, r, u = certchain.StatusGood, certchain.StatusRevoked, certchain.StatusUnknown
	for _, tc := range []struct {
		answers              []certchain.RevocationStatus
		first, every         certchain.RevocationStatus
		askedFirst, askedAll int
	}{
		{[]certchain.RevocationStatus{g}, g, g, 1, 1},
		{[]certchain.RevocationStatus{u}, u, u, 1, 1},
		{[]certchain.RevocationStatus{u, g, r}, g, r, 2, 3},
		{[]certchain.RevocationStatus{u, r, g}, r, r, 2, 2},
		{[]certchain.RevocationStatus{u, u, u}, u, u, 3, 3},
		{[]certchain.RevocationStatus{g, u, g}, g, g, 1, 3},
		{[]certchain.RevocationStatus{7, -1}, u, u, 2, 2},
	} {
		for i, combine := range []func(...certchain.Revocation) (certchain.Revocation, error){revocation.First, revocation.Every} {
			asked := 0
			var all []certchain.Revocation
			for j, s := range tc.answers {
				all = append(all, says{certchain.RevocationAnswer{Status: s, Source: "x", Detail: string(rune('a' + j))}, &asked})
			}
			c, err := combine(all...)
			require.NoError(t, err)
			a := c.Check(ctx, certchain.RevocationQuery{})
			require.Equal(t, []certchain.RevocationStatus{tc.first, tc.every}[i], a.Status)
			require.Equal(t, []int{tc.askedFirst, tc.askedAll}[i], asked)
			if a.Status == u {
				for j := range tc.answers {
					require.Contains(t, a.Detail, string(rune('a'+j)), "every detail is passed on")
				}
			}
		}
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	asked := 0
	c, err := revocation.First(says{certchain.RevocationAnswer{Status: g}, &asked})
	require.NoError(t, err)
	status(t, u, c.Check(ended, certchain.RevocationQuery{}))
	require.Zero(t, asked)
	quiet, err := revocation.Every(says{asked: &asked})
	require.NoError(t, err)
	status(t, u, quiet.Check(ctx, certchain.RevocationQuery{}))
}

func TestCombinationLimits(t *testing.T) {
	t.Parallel()
	one, err := revocation.CRLs()
	require.NoError(t, err)
	many := make([]certchain.Revocation, revocation.MaxCheckers)
	for i := range many {
		many[i] = one
	}
	for _, combine := range []func(...certchain.Revocation) (certchain.Revocation, error){revocation.First, revocation.Every} {
		_, err = combine(many...)
		require.NoError(t, err)
		_, err = combine(append(many, one)...)
		require.Error(t, err)
		_, err = combine()
		require.Error(t, err)
		_, err = combine(one, nil)
		require.Error(t, err)
	}
}

// What is at hand answers before anything is fetched.
func TestListsBeforeFetching(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	root := pkitest.NewRoot(t, "root")
	leaf, other := root.Issue(t, "leaf", at(s.URL+"/a.crl")), pkitest.NewRoot(t, "other")
	s.put("/a.crl", crl{signer: root, entries: revoked(leaf)}.der(t))
	c, err := revocation.First(lists(t, crl{signer: root}), fetcher(t).CRLs())
	require.NoError(t, err)
	status(t, certchain.StatusGood, c.Check(ctx, question(chain(leaf, root))))
	require.Zero(t, s.hits.Load())
	c, err = revocation.First(lists(t, crl{signer: other}), fetcher(t).CRLs())
	require.NoError(t, err)
	status(t, certchain.StatusRevoked, c.Check(ctx, question(chain(leaf, root))))
	c, err = revocation.Every(lists(t, crl{signer: root}), fetcher(t).CRLs())
	require.NoError(t, err)
	status(t, certchain.StatusRevoked, c.Check(ctx, question(chain(leaf, root))))
}

// The notes of an unknown status are bounded.
func TestNotesAreBounded(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	var stale []crl
	for i := range revocation.MaxNotes + 1 {
		stale = append(stale, crl{signer: root, number: int64(i), this: now.AddDate(0, 0, -20).Add(time.Duration(i))})
	}
	c := lists(t, stale...)
	a := status(t, certchain.StatusUnknown, c.Check(ctx, question(chain(root.Issue(t, "leaf"), root))))
	require.Contains(t, a.Detail, "CRL 7 ")
	require.NotContains(t, a.Detail, "CRL 8 ")
}

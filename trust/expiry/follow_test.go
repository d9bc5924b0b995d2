package expiry_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/expiry"
)

func valid(from, to int) pkitest.Mod { return pkitest.Validity(in(from), in(to)) }

// Whom an end cuts off does not depend on when the scan begins: partners and CAs
// that are not valid then have their time later.
func TestScanNotYetValid(t *testing.T) {
	t.Parallel()
	store := trust.NewMemory()
	root := pkitest.NewRoot(t, "root", valid(-400, 20))
	add(t, store, trust.Auth, "root", trust.Root, root)
	put(t, store, trust.Auth, "from-tomorrow", root.Issue(t, "a", valid(1, 700)))
	put(t, store, trust.Auth, "from-the-last-day", root.Issue(t, "b", valid(20, 700)))
	put(t, store, trust.Auth, "too-late", root.Issue(t, "c", valid(21, 700)))

	upper := pkitest.NewRoot(t, "upper", valid(5, 90)) // not valid at first, and its CA even later
	lower := upper.IssueCA(t, "lower", valid(10, 40))
	add(t, store, trust.FTM, "upper", trust.Root, upper)
	add(t, store, trust.FTM, "lower", trust.Intermediate, lower)
	put(t, store, trust.FTM, "below", lower.Issue(t, "d", valid(-1, 700)))

	want := [][]string{{"root", "from-tomorrow", "from-the-last-day"}, {"lower", "below"}}
	for _, from := range []time.Time{{}, in(-500), in(-1), pkitest.Now, in(0).Add(time.Millisecond), in(2), in(12), in(20)} {
		report, err := expiry.Scan(ctx, store, from, in(60), certchain.WithClock(func() time.Time {
			t.Error("the clock plays no part")
			return pkitest.Now
		}))
		require.NoError(t, err)
		got := outline(report)
		require.Len(t, got, 2)
		require.ElementsMatch(t, want[0], got[0], from)
		require.Equal(t, want[1], got[1], from)
	}
	report, err := expiry.Scan(ctx, store, in(-500), in(5))
	require.NoError(t, err)
	require.Empty(t, report.Expiring, "nothing ends before")
}

// Ends that are over have cut off whom they have, and those who came back since
// can be cut off again.
func TestScanWithGap(t *testing.T) {
	t.Parallel()
	store := trust.NewMemory()
	first := pkitest.NewRoot(t, "root", valid(-400, -20))
	second := pkitest.NewRoot(t, "root", valid(-10, 20), pkitest.Key(first.Key))
	third := pkitest.NewRoot(t, "root", valid(15, 50), pkitest.Key(first.Key)) // in time
	add(t, store, trust.Auth, "first", trust.Root, first)
	add(t, store, trust.Auth, "second", trust.Root, second)
	add(t, store, trust.Auth, "third", trust.Root, third)
	put(t, store, trust.Auth, "partner", first.Issue(t, "a", valid(-300, 700)))
	put(t, store, trust.Auth, "ends", first.Issue(t, "b", valid(-300, -15)))
	want := [][]string{{"first", "partner", "ends"}, {"ends"}, {"second"}, {"third", "partner"}}
	for _, from := range []time.Time{{}, in(-350), in(-200), in(-20)} {
		report, err := expiry.Scan(ctx, store, from, in(60))
		require.NoError(t, err)
		got := outline(report)
		require.ElementsMatch(t, want[0], got[0], from)
		require.Equal(t, want[1:], got[1:], from)
	}
	report, err := expiry.Scan(ctx, store, in(-15), in(60))
	require.NoError(t, err)
	require.Equal(t, want[1:], outline(report), "in the gap")
	report, err = expiry.Scan(ctx, store, in(-350), in(-12))
	require.NoError(t, err)
	require.Len(t, report.Expiring, 2)
}

// rows is a store in which the partners of a domain cannot be read, as a table
// with a broken row.
type rows struct {
	*trust.Memory
	broken    trust.Domain
	snapshots trust.Domain // whose CAs cannot be read
	ended     func()       // called by ListPartners
}

func (r *rows) ListPartners(ctx context.Context, q trust.PartnerQuery) (trust.PartnerPage, error) {
	if r.ended != nil {
		r.ended()
	}
	if r.broken != "" && (q.Domain == "" || q.Domain == r.broken) {
		return trust.PartnerPage{}, errAway
	}
	return r.Memory.ListPartners(ctx, q)
}

func (r *rows) Snapshot(ctx context.Context, d trust.Domain) (*trust.Snapshot, error) {
	if d == r.snapshots {
		return nil, errAway
	}
	return r.Memory.Snapshot(ctx, d)
}

// What can be read is reported.
func TestScanReportsWhatItCan(t *testing.T) {
	t.Parallel()
	memory := trust.NewMemory()
	for _, d := range []trust.Domain{trust.Auth, trust.FTM} {
		root := pkitest.NewRoot(t, "root", until(30))
		add(t, memory, d, "root-"+string(d), trust.Root, root)
		put(t, memory, d, "cut-off-"+string(d), root.Issue(t, "a", until(700)))
		put(t, memory, d, "ends-"+string(d), root.Issue(t, "b", until(20)))
	}
	for name, tc := range map[string]struct {
		store trust.Source
		want  [][]string
	}{
		"partners of a domain": {&rows{Memory: memory, broken: trust.Auth}, [][]string{{"ends-FTM"}, {"root-AUTH"}, {"root-FTM", "cut-off-FTM"}}},
		"elsewhere":            {&rows{Memory: memory, broken: trust.Device}, [][]string{{"ends-AUTH"}, {"ends-FTM"}, {"root-AUTH", "cut-off-AUTH"}, {"root-FTM", "cut-off-FTM"}}},
		"no partner at all":    {away{Memory: memory, lists: true}, [][]string{{"root-AUTH"}, {"root-FTM"}}},
		"CAs of a domain":      {&rows{Memory: memory, snapshots: trust.Auth}, [][]string{{"ends-AUTH"}, {"ends-FTM"}, {"root-FTM", "cut-off-FTM"}}},
		"no CA at all":         {away{Memory: memory, snapshots: true}, [][]string{{"ends-AUTH"}, {"ends-FTM"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report, err := expiry.Scan(ctx, tc.store, pkitest.Now, in(90))
			require.ErrorIs(t, err, expiry.ErrIncomplete)
			require.ErrorIs(t, err, errAway)
			require.Equal(t, tc.want, outline(report))
		})
	}
}

// A source that fails while paths are judged: what ends is known all the same.
func TestScanSourceFailsMeanwhile(t *testing.T) {
	t.Parallel()
	memory := trust.NewMemory()
	root := pkitest.NewRoot(t, "root", until(30))
	add(t, memory, trust.Auth, "root", trust.Root, root)
	put(t, memory, trust.Auth, "partner", root.Issue(t, "a", until(20)))
	put(t, memory, trust.Auth, "another", root.Issue(t, "b", until(700)))
	store := &rows{Memory: memory}
	store.ended = func() { store.snapshots = trust.Auth }
	report, err := expiry.Scan(ctx, store, pkitest.Now, in(90))
	require.ErrorIs(t, err, expiry.ErrIncomplete)
	require.ErrorIs(t, err, certchain.SourceFailed)
	require.Equal(t, [][]string{{"partner"}, {"root"}}, outline(report))

	// A call that has ended says nothing.
	ended, cancel := context.WithCancel(ctx)
	report, err = expiry.Scan(ended, &rows{Memory: memory, ended: cancel}, pkitest.Now, in(90))
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, expiry.ErrIncomplete)
	require.Nil(t, report)
	report, err = expiry.Scan(ctx, memory, pkitest.Now, in(90), certchain.WithProfile(certchain.Profile{}))
	require.ErrorIs(t, err, certchain.Misconfigured)
	require.Nil(t, report, "the options can judge nobody")
}

// shelf is a store in which partners come and go between the pages of a list.
type shelf struct {
	*trust.Memory
	calls int
	turn  func(call int)
}

func (s *shelf) ListPartners(ctx context.Context, q trust.PartnerQuery) (trust.PartnerPage, error) {
	page, err := s.Memory.ListPartners(ctx, q)
	s.turn(s.calls)
	s.calls++
	return page, err
}

func crowd(t *testing.T, n int) *trust.Memory {
	t.Helper()
	store := trust.NewMemory()
	root := pkitest.NewRoot(t, "root")
	add(t, store, trust.Auth, "root", trust.Root, root)
	key := root.Key // one for all: making keys is slow
	for i := range n {
		put(t, store, trust.Auth, fmt.Sprintf("p%04d", i), root.Issue(t, "p", until(20), pkitest.Key(key)))
	}
	return store
}

// A partner who is removed while the list is read makes room, and nobody who
// stays is passed over.
func TestScanWhilePartnersGo(t *testing.T) {
	t.Parallel()
	memory := crowd(t, trust.MaxPageSize+3)
	store := &shelf{Memory: memory, turn: func(call int) {
		if call == 0 {
			require.NoError(t, memory.RemovePartner(ctx, trust.Auth, "p0001"))
		}
	}}
	report, err := expiry.Scan(ctx, store, pkitest.Now, in(90))
	require.NoError(t, err)
	found := map[string]int{}
	for _, e := range report.Expiring {
		found[e.ID]++
	}
	require.Len(t, found, trust.MaxPageSize+3, "he who went had been seen")
	for id, n := range found {
		require.Equal(t, 1, n, id)
	}
}

// A list that fits on a page is read once, one that grows without end so often.
func TestScanEndsWhilePartnersCome(t *testing.T) {
	t.Parallel()
	small := &shelf{Memory: crowd(t, 3), turn: func(int) {}}
	_, err := expiry.Scan(ctx, small, pkitest.Now, in(90))
	require.NoError(t, err)
	require.Equal(t, 1, small.calls)

	memory := crowd(t, trust.MaxPageSize)
	root := pkitest.NewRoot(t, "another")
	growing := &shelf{Memory: memory, turn: func(call int) {
		if call < 1000 {
			put(t, memory, trust.Auth, fmt.Sprintf("q%04d", call), root.Issue(t, "q", until(20)))
		}
	}}
	report, err := expiry.Scan(ctx, growing, pkitest.Now, in(90))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(report.Expiring), trust.MaxPageSize)
	require.Less(t, growing.calls, 100)
}

package expiry_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/expiry"
)

// whole is the default schedule, day by day.
func whole() []int { return append(expiry.DefaultSchedule().Before, -1, -7, -30) }

// host is the loop that the package's tour shows.
type host struct {
	store   trust.Source
	lastRun time.Time
	told    map[string][]int // by id: the days of the schedule, as they were told
}

func (h *host) run(t *testing.T, now time.Time) {
	t.Helper()
	schedule := expiry.DefaultSchedule()
	from, until := schedule.Span(h.lastRun, now)
	report, err := expiry.Scan(ctx, h.store, from, until)
	require.NoError(t, err)
	for _, n := range schedule.Due(h.lastRun, now, report.Items()) {
		if h.told == nil {
			h.told = map[string][]int{}
		}
		h.told[n.ID] = append(h.told[n.ID], append(n.Missed, n.Day)...)
	}
	h.lastRun = now
}

// ending is a store with a root, an intermediate and a partner that end on three
// days, and one of each that does not in the time of these tests.
func ending(t *testing.T, root, inter, partner time.Time) *trust.Memory {
	t.Helper()
	store := trust.NewMemory()
	at := func(end time.Time) pkitest.Mod { return pkitest.Validity(in(-400), end) }
	r := pkitest.NewRoot(t, "root", at(root))
	i := r.IssueCA(t, "inter", at(inter))
	add(t, store, trust.Auth, "root", trust.Root, r)
	add(t, store, trust.Auth, "inter", trust.Intermediate, i)
	put(t, store, trust.Auth, "partner", i.Issue(t, "p", at(partner)))
	stays := pkitest.NewRoot(t, "stays")
	add(t, store, trust.FTM, "stays", trust.Root, stays)
	put(t, store, trust.FTM, "stays-partner", stays.Issue(t, "s"))
	return store
}

func TestLoopDaily(t *testing.T) {
	t.Parallel()
	h := &host{store: ending(t, in(60), in(50), in(40)), lastRun: pkitest.Now}
	for day := 1; day < 120; day++ {
		h.run(t, in(day))
	}
	require.Equal(t, map[string][]int{"root": whole(), "inter": whole(), "partner": whole()}, h.told)
}

// The runs around the end do not take place.
func TestLoopMissedRuns(t *testing.T) {
	t.Parallel()
	for _, gap := range [][2]int{{37, 41}, {40, 40}, {39, 60}, {41, 69}, {5, 119}} {
		h := &host{store: ending(t, in(40), in(40), in(40)), lastRun: pkitest.Now}
		for day := 1; day <= 120; day++ {
			if day < gap[0] || day > gap[1] {
				h.run(t, in(day))
			}
		}
		require.Equal(t, map[string][]int{"root": whole(), "inter": whole(), "partner": whole()}, h.told, gap)
	}
}

// A first run tells of all that is due already, what ran out long ago, too.
func TestLoopFirstRun(t *testing.T) {
	t.Parallel()
	h := &host{store: ending(t, in(-300), in(5), in(40))}
	h.run(t, pkitest.Now)
	require.Equal(t, map[string][]int{"root": whole(), "inter": {30, 15, 10, 9, 8, 7, 6, 5}}, h.told)
	for day := 1; day < 120; day += 3 {
		h.run(t, in(day))
	}
	require.Equal(t, map[string][]int{"root": whole(), "inter": whole(), "partner": whole()}, h.told)
}

// However irregular the runs, each day of each certificate is told once.
func TestLoopNothingLostNothingTwice(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(9, 10))
	for range 40 {
		end := func() time.Time { return in(32).Add(time.Duration(rng.IntN(60*24*3600)) * time.Second) }
		h := &host{store: ending(t, end(), end(), end()), lastRun: pkitest.Now}
		for h.lastRun.Before(in(130)) {
			h.run(t, h.lastRun.Add(time.Duration(rng.IntN(40*24*3600))*time.Second))
		}
		require.Equal(t, map[string][]int{"root": whole(), "inter": whole(), "partner": whole()}, h.told)
	}
}

// A certificate is in the span if Due would tell of it.
func TestSpanHoldsAllThatIsDue(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(11, 12))
	moment := func() time.Time { return in(0).Add(time.Duration(rng.IntN(100*24*3600)) * time.Second) }
	some := func(n int) (days []int) {
		for range rng.IntN(4) {
			days = append(days, rng.IntN(n))
		}
		return days
	}
	told := 0
	for range 20_000 {
		s := expiry.Schedule{Before: some(40), After: some(40)}
		last, now, end := moment(), moment(), moment()
		if rng.IntN(5) == 0 {
			last = time.Time{}
		}
		if rng.IntN(3) == 0 { // where a day begins
			last = last.Truncate(24 * time.Hour)
		}
		from, until := s.Span(last, now)
		require.False(t, until.Before(from), "a span that Scan accepts")
		if due := s.Due(last, now, []expiry.Item{item(end)}); len(due) > 0 {
			told++
			require.True(t, !end.Before(from) && end.Before(until), fmt.Sprint(s, last, now, end, from, until))
		}
	}
	require.Greater(t, told, 1000)
}

func TestSpan(t *testing.T) {
	t.Parallel()
	midnight := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC) }
	s := expiry.DefaultSchedule()
	for name, tc := range map[string]struct {
		schedule    expiry.Schedule
		last, now   time.Time
		from, until time.Time
	}{
		"daily":               {s, utc(6, 14, 9), utc(6, 15, 9), midnight(5, 16), midnight(7, 16)},
		"after a week":        {s, utc(6, 8, 9), utc(6, 15, 9), midnight(5, 10), midnight(7, 16)},
		"a first run":         {s, time.Time{}, utc(6, 15, 9), time.Time{}, midnight(7, 16)},
		"the clock went back": {s, utc(12, 14, 9), utc(6, 15, 9), midnight(11, 15), midnight(11, 15)},
		"only before":         {expiry.Schedule{Before: []int{3, 1}}, utc(6, 14, 9), utc(6, 15, 9), midnight(6, 16), midnight(6, 19)},
		"only after":          {expiry.Schedule{After: []int{7}}, utc(6, 14, 9), utc(6, 15, 9), midnight(6, 8), midnight(6, 9)},
		"no schedule":         {expiry.Schedule{}, utc(6, 14, 9), utc(6, 15, 9), utc(6, 15, 9), utc(6, 15, 9)},
		"no schedule, first":  {expiry.Schedule{}, time.Time{}, utc(6, 15, 9), utc(6, 15, 9), utc(6, 15, 9)},
	} {
		from, until := tc.schedule.Span(tc.last, tc.now)
		require.Equal(t, []time.Time{tc.from, tc.until}, []time.Time{from, until}, name)
	}
}

// While a part of the store cannot be read the last run stays where it was, and
// in the end nothing was lost.
func TestLoopOverBrokenStore(t *testing.T) {
	t.Parallel()
	store := &rows{Memory: ending(t, in(40), in(40), in(40)), broken: trust.Auth}
	schedule, last, told := expiry.DefaultSchedule(), pkitest.Now, map[string][]int{}
	for day := 1; day < 120; day++ {
		if day == 45 {
			store.broken = ""
		}
		from, until := schedule.Span(last, in(day))
		report, err := expiry.Scan(ctx, store, from, until)
		require.NotNil(t, report)
		for _, n := range schedule.Due(last, in(day), report.Items()) {
			for _, d := range append(n.Missed, n.Day) {
				if !slices.Contains(told[n.ID], d) {
					told[n.ID] = append(told[n.ID], d)
				}
			}
		}
		if err == nil {
			last = in(day)
			continue
		}
		require.ErrorIs(t, err, expiry.ErrIncomplete)
	}
	require.Equal(t, map[string][]int{"root": whole(), "inter": whole(), "partner": whole()}, told)
}

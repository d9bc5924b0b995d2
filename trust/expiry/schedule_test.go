package expiry_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/expiry"
)

func item(end time.Time) expiry.Item {
	return expiry.Item{Kind: expiry.Partner, Domain: trust.Auth, ID: "x", Name: "CN=Acme", NotAfter: end}
}

func utc(month time.Month, day, hour int) time.Time {
	return time.Date(2026, month, day, hour, 30, 0, 0, time.UTC)
}

// Daily runs tell what the platform's periods say, each on its day.
func TestDailyRuns(t *testing.T) {
	t.Parallel()
	end := utc(6, 30, 18)
	told := map[string]int{}
	last := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	for last.Before(utc(8, 15, 0)) {
		now := last.AddDate(0, 0, 1)
		for _, n := range expiry.DefaultSchedule().Due(last, now, []expiry.Item{item(end)}) {
			require.Empty(t, n.Missed)
			require.Equal(t, n.Day, n.DaysLeft)
			told[now.Format(time.DateOnly)] = n.Day
		}
		last = now
	}
	require.Equal(t, map[string]int{
		"2026-05-31": 30, "2026-06-15": 15, "2026-06-20": 10, "2026-06-21": 9, "2026-06-22": 8, "2026-06-23": 7, "2026-06-24": 6,
		"2026-06-25": 5, "2026-06-26": 4, "2026-06-27": 3, "2026-06-28": 2, "2026-06-29": 1, "2026-06-30": 0,
		"2026-07-01": -1, "2026-07-07": -7, "2026-07-30": -30,
	}, told)
}

// Runs at any times tell of every day of the schedule exactly once.
func TestNothingLostNothingTwice(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 8))
	schedule := expiry.DefaultSchedule()
	for range 300 {
		var items []expiry.Item
		for range 5 {
			items = append(items, item(utc(6, 1, 0).Add(time.Duration(rng.IntN(30*24*3600))*time.Second)))
		}
		for i := range items {
			items[i].ID = string(rune('a' + i))
		}
		told := map[string][]int{}
		last := utc(4, 1, 0)
		for last.Before(utc(9, 1, 0)) {
			now := last.Add(time.Duration(rng.IntN(12*24*3600)) * time.Second)
			for _, n := range schedule.Due(last, now, items) {
				told[n.ID] = append(told[n.ID], append(n.Missed, n.Day)...)
				require.True(t, slices.IsSortedFunc(append(n.Missed, n.Day), func(a, b int) int { return b - a }), "the most urgent one stands for the others")
			}
			last = now
		}
		want := append(slices.Clone(schedule.Before), -1, -7, -30)
		for _, i := range items {
			require.Equal(t, want, told[i.ID])
		}
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	end := utc(6, 30, 18)
	s := expiry.DefaultSchedule()
	first := s.Due(time.Time{}, utc(6, 24, 9), []expiry.Item{item(end)})
	require.Len(t, first, 1, "a first run tells what is due already")
	require.Equal(t, 6, first[0].Day)
	require.Equal(t, []int{30, 15, 10, 9, 8, 7}, first[0].Missed)
	require.Equal(t, 6, first[0].DaysLeft)
	require.Empty(t, s.Due(time.Time{}, utc(5, 30, 0), []expiry.Item{item(end)}), "31 days are none of the schedule's")

	missed := s.Due(utc(6, 20, 9), utc(7, 3, 9), []expiry.Item{item(end)})
	require.Equal(t, -1, missed[0].Day)
	require.Equal(t, -3, missed[0].DaysLeft)
	require.Equal(t, []int{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, missed[0].Missed)
	require.Empty(t, s.Due(utc(7, 3, 9), utc(7, 3, 9), []expiry.Item{item(end)}), "no time has passed")
	require.Empty(t, s.Due(utc(7, 3, 9), utc(6, 3, 9), []expiry.Item{item(end)}), "the clock went back")
	require.Empty(t, expiry.Schedule{}.Due(time.Time{}, utc(7, 3, 9), []expiry.Item{item(end)}), "the zero Schedule")
	twice := expiry.Schedule{Before: []int{1, 0, 1}, After: []int{0, 2}}
	due := twice.Due(time.Time{}, utc(7, 30, 9), []expiry.Item{item(end)})
	require.Equal(t, []int{1, 0}, due[0].Missed, "a day counts once however often it is listed")

	// In the order in which they end, whatever the order given; days are UTC's.
	kiritimati := time.FixedZone("", 14*3600)
	early := item(time.Date(2026, 7, 1, 8, 0, 0, 0, kiritimati)) // 30 June 18:00 in UTC
	early.ID = "early"
	late := item(utc(6, 30, 19))
	due = s.Due(utc(6, 29, 23), utc(6, 30, 1), []expiry.Item{late, early})
	require.Equal(t, []string{"early", "x"}, []string{due[0].ID, due[1].ID})
	require.Zero(t, due[0].Day)

	old := item(time.Date(1968, 2, 3, 4, 5, 6, 0, time.UTC)) // before the Unix epoch
	due = s.Due(time.Date(1968, 2, 2, 0, 0, 0, 0, time.UTC), time.Date(1968, 2, 3, 0, 0, 0, 0, time.UTC), []expiry.Item{old})
	require.Len(t, due, 1)
	require.Zero(t, due[0].Day)
}

func TestNoticeString(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]string{
		30: "CN=Acme in AUTH expires in 30 days (2026-06-30)", 1: "CN=Acme in AUTH expires tomorrow (2026-06-30)",
		0: "CN=Acme in AUTH expires today (2026-06-30)", -7: "CN=Acme in AUTH expired 7 days ago (2026-06-30)",
	} {
		require.Equal(t, want, expiry.Notice{Item: item(utc(6, 30, 18)), DaysLeft: days}.String())
	}
}

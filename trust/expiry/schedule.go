package expiry

import (
	"fmt"
	"slices"
	"time"
)

// Schedule says how many days before and after a certificate's end somebody is
// to be told. Days are calendar days in UTC: the notice of day n is due from
// the beginning of the day that lies n days before the day on which the
// certificate ends. The zero Schedule tells nothing.
type Schedule struct {
	Before []int // days left; 0 is the last day
	After  []int // days since; 1 is the day after the last
}

// DefaultSchedule tells 30, 15 and 10 days before the end, each day from then
// on, and again a day, a week and a month after it.
func DefaultSchedule() Schedule {
	return Schedule{Before: []int{30, 15, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, After: []int{1, 7, 30}}
}

// Notice is to tell somebody that a certificate runs out or has run out.
type Notice struct {
	Item
	Day      int   `json:"day"`              // of the schedule: 30 for "in 30 days", -7 for "7 days ago"
	DaysLeft int   `json:"daysLeft"`         // on the day of the run; negative once it is over
	Missed   []int `json:"missed,omitempty"` // earlier days of the schedule that this notice stands for, too
}

// String says the notice for a person.
func (n Notice) String() string {
	when := fmt.Sprintf("expires in %d days", n.DaysLeft)
	switch {
	case n.DaysLeft == 0:
		when = "expires today"
	case n.DaysLeft == 1:
		when = "expires tomorrow"
	case n.DaysLeft < 0:
		when = fmt.Sprintf("expired %d days ago", -n.DaysLeft)
	}
	return fmt.Sprintf("%s in %s %s (%s)", n.Name, n.Domain, when, n.NotAfter.UTC().Format(time.DateOnly))
}

// Due returns the notices that became due after the last run and up to this
// one, in the order in which the certificates end. It is a pure function: runs
// that follow each other, each given the time of the one before, tell of every
// certificate and day of the schedule exactly once, however irregular they are.
// Where several days of one certificate fell between two runs, one notice, the
// most urgent, stands for all. The zero last is a first run, which tells of
// everything that is due already. The items are those of a [Scan] of the span
// that [Schedule.Span] says.
func (s Schedule) Due(last, now time.Time, items []Item) []Notice {
	var due []Notice
	for _, item := range items {
		n := Notice{Item: item, DaysLeft: int(day(item.NotAfter) - day(now))}
		found := false
		for _, d := range s.days() {
			at := dayTime(day(item.NotAfter) - int64(d))
			if at.After(now) || !last.IsZero() && !at.After(last) {
				continue
			}
			if found {
				n.Missed = append(n.Missed, n.Day)
			}
			n.Day, found = d, true
		}
		if found {
			due = append(due, n)
		}
	}
	slices.SortFunc(due, func(a, b Notice) int { return compareItems(a.Item, b.Item) })
	return due
}

// Span returns what [Scan] must be asked for so that Due, of the same two
// times, misses nothing: what runs out from one time on and before another. It
// reaches back as far as the days after an end, which come when the certificate
// has run out already. For the zero last, a first run, it is all that has run
// out or soon will, the zero from; a host that wants to hear nothing of what is
// long over begins with a last run of its own choice.
func (s Schedule) Span(last, now time.Time) (from, until time.Time) {
	days := s.days()
	if len(days) == 0 {
		return now, now
	}
	// A notice is due at the beginning of a day that comes after last, and has
	// come by now.
	until = dayTime(day(now) + int64(days[0]) + 1)
	if last.IsZero() {
		return from, until
	}
	from = dayTime(day(last) + int64(days[len(days)-1]) + 1)
	if until.Before(from) { // the clock went back
		return from, from
	}
	return from, until
}

// days is the schedule in the order in which the days come, as days left.
func (s Schedule) days() []int {
	days := slices.Clone(s.Before)
	for _, d := range s.After {
		days = append(days, -d)
	}
	slices.SortFunc(days, func(a, b int) int { return b - a })
	return slices.Compact(days)
}

const secondsADay = 24 * 60 * 60

// day is the number of the UTC day since the Unix epoch.
func day(t time.Time) int64 {
	seconds := t.Unix()
	if seconds < 0 {
		seconds -= secondsADay - 1
	}
	return seconds / secondsADay
}

// dayTime is the beginning of a day.
func dayTime(n int64) time.Time { return time.Unix(n*secondsADay, 0).UTC() }

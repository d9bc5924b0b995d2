package picture

import "time"

// tick is a named place on the axis of time.
type tick struct {
	at   time.Time
	name string
}

// maxTicks is how many names fit beside each other.
const maxTicks = 11

// ticks are the beginnings of weeks, of months or of several of them, whichever
// are as many as fit.
func ticks(from, until time.Time) []tick {
	from, until = from.UTC(), until.UTC()
	if until.Sub(from) <= maxTicks*7*24*time.Hour {
		day := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, time.UTC)
		monday := day.AddDate(0, 0, (8-int(day.Weekday()))%7)
		return series(monday, until, 0, 7, "2 Jan")
	}
	months := (until.Year()-from.Year())*12 + int(until.Month()) - int(from.Month())
	for _, step := range [...]int{1, 2, 3, 6, 12, 24, 60, 120} {
		if months/step < maxTicks || step == 120 {
			first := time.Date(from.Year(), (from.Month()-1)/time.Month(min(step, 12))*time.Month(min(step, 12))+1, 1, 0, 0, 0, 0, time.UTC)
			layout := "Jan 2006"
			if step >= 12 {
				layout = "2006"
			}
			if first.Before(from) {
				first = first.AddDate(0, step, 0)
			}
			return series(first, until, step, 0, layout)
		}
	}
	return nil
}

func series(at, until time.Time, months, days int, layout string) []tick {
	var out []tick
	for ; !at.After(until); at = at.AddDate(0, months, days) {
		out = append(out, tick{at, at.Format(layout)})
	}
	return out
}

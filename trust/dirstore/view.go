package dirstore

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// view is what readers see: what the folder said at one moment. It is
// immutable.
type view struct {
	looked
	snapshots trust.Snapshots
	problems  []Problem // in the order of their paths
}

// looked is what the last look at the folder says of itself.
type looked struct {
	checked time.Time            // when the last one that succeeded began
	tried   time.Time            // when the last one began
	took    time.Duration        // and how long it took
	err     error                // why the folder could not be looked at; nil where it could
	lagging map[trust.Domain]lag // the sub-folders that could not
	found   []Problem            // what was found wrong, file by file
	debris  []string             // temporary files; only a writer that died leaves any to another writer
}

// lag is a domain that cannot be looked at.
type lag struct {
	checked time.Time // when it could; zero for never
	err     error
}

// due reports whether it is time for another look. A clock that is set back
// must not stop the looking.
func (l *looked) due(now time.Time, interval time.Duration) bool {
	age := now.Sub(l.tried)
	return interval == 0 || age < 0 || age >= max(interval, Seldom*l.took)
}

// freshness says how current the whole is: as current as its oldest part.
func (l *looked) freshness() trust.Freshness {
	f := trust.Freshness{Checked: l.checked, Err: l.err}
	for _, lag := range l.lagging {
		if f.Err == nil || lag.checked.Before(f.Checked) {
			f.Err = lag.err
		}
		if lag.checked.Before(f.Checked) {
			f.Checked = lag.checked
		}
	}
	return f
}

// stale says why what is known is too old: of one domain, or of all for "".
func (l *looked) stale(d trust.Domain, now time.Time, most time.Duration) error {
	if most == 0 {
		return nil
	}
	f := trust.Freshness{Checked: l.checked, Err: l.err}
	if lag, ok := l.lagging[d]; ok && lag.checked.Before(f.Checked) {
		f = trust.Freshness{Checked: lag.checked, Err: lag.err}
	} else if d == "" {
		f = l.freshness()
	}
	age := now.Sub(f.Checked)
	switch {
	case age >= 0 && age <= most, age < 0 && f.Err == nil:
		return nil
	case f.Err == nil:
		return fmt.Errorf("dirstore: %w: since %s", trust.ErrStale, f.Checked.UTC().Format(time.RFC3339))
	}
	return fmt.Errorf("dirstore: %w: since %s: %w", trust.ErrStale, f.Checked.UTC().Format(time.RFC3339), f.Err)
}

// snapshot fails for a domain that could not be read since the store was
// opened, and never gives an empty snapshot in its place.
func (v *view) snapshot(d trust.Domain) (*trust.Snapshot, error) {
	if snapshot, ok := v.snapshots[d]; ok {
		return snapshot, nil
	}
	if lag, ok := v.lagging[d]; ok {
		return nil, fmt.Errorf("dirstore: domain %s: %w", d, lag.err)
	}
	return v.snapshots.Of(d)
}

// publish makes the state what readers see, with the turn held.
func (s *Store) publish(l looked) *view {
	next := &view{looked: l, snapshots: s.state.snapshots}
	if l.err != nil {
		next.problems = append(next.problems, Problem{Path: ".", Err: l.err})
	}
	next.problems = append(append(next.problems, l.found...), s.state.conflicts...)
	slices.SortStableFunc(next.problems, func(a, b Problem) int { return strings.Compare(a.Path, b.Path) })
	s.show(next)
	return next
}

// publishWrite is publish after a change of this store's own, which is none of
// the folder's problems.
func (s *Store) publishWrite(contended bool) *view {
	old := s.view.Load()
	if contended || len(s.state.conflicts) > 0 {
		return s.publish(old.looked)
	}
	next := &view{looked: old.looked, snapshots: s.state.snapshots, problems: old.problems}
	s.show(next)
	return next
}

func (s *Store) show(next *view) {
	old := s.view.Swap(next)
	s.tell(old.snapshots, next.snapshots)
}

package dirstore

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// watch is what one call of Watch has yet to deliver.
type watch struct {
	mu      sync.Mutex
	waiting []*trust.Snapshot
	wake    chan struct{} // holds a signal while something waits
}

// Watch implements [trust.Watcher]: it looks at the folder at the interval, and
// at [WatchInterval] where that is longer. A folder that is away is tried again
// until ctx ends; [Store.Freshness] says why. A callback that is slow keeps the
// folder from nobody: what it has not taken waits, and past [MaxUndelivered] it
// is given the newest snapshot of each domain alone.
func (s *Store) Watch(ctx context.Context, changed func(*trust.Snapshot)) error {
	ctx, end := context.WithCancel(ctx)
	w := &watch{wake: make(chan struct{}, 1)}
	s.turn.Lock()
	s.watches = append(s.watches, w)
	s.turn.Unlock()
	s.watching.Add(1)
	var looks sync.WaitGroup
	looks.Go(func() { s.keepLooking(ctx) })
	defer func() {
		end()
		looks.Wait()
		s.watching.Add(-1)
		s.turn.Lock()
		defer s.turn.Unlock()
		s.watches = slices.DeleteFunc(s.watches, func(other *watch) bool { return other == w })
	}()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.wake:
		}
		for _, snapshot := range w.taken() {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if changed != nil {
				changed(snapshot)
			}
		}
	}
}

// keepLooking looks at the folder until ctx ends.
func (s *Store) keepLooking(ctx context.Context) {
	for {
		if take(ctx, s.looking) != nil {
			return
		}
		v, err := s.look(ctx)
		<-s.looking
		if err != nil {
			return
		}
		next := time.NewTimer(max(s.interval, WatchInterval, (Seldom-1)*v.took))
		select {
		case <-ctx.Done():
			next.Stop()
			return
		case <-next.C:
		}
	}
}

// tell queues what changed for every watch, with the turn held.
func (s *Store) tell(old, next trust.Snapshots) {
	if len(s.watches) == 0 {
		return
	}
	for _, d := range slices.Sorted(maps.Keys(next)) {
		if next[d] == old[d] {
			continue
		}
		for _, w := range s.watches {
			w.add(next[d])
		}
	}
}

func (w *watch) add(s *trust.Snapshot) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.waiting) >= MaxUndelivered {
		newest := map[trust.Domain]*trust.Snapshot{}
		for _, one := range w.waiting {
			newest[one.Domain()] = one
		}
		w.waiting = slices.DeleteFunc(w.waiting, func(one *trust.Snapshot) bool { return newest[one.Domain()] != one })
	}
	w.waiting = append(w.waiting, s)
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *watch) taken() []*trust.Snapshot {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.waiting
	w.waiting = nil
	return all
}

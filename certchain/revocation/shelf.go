package revocation

import (
	"context"
	"errors"
	"sync"
	"time"
)

// shelf holds what was fetched: for each key the newest that is proven, and the
// last that was fetched until somebody proves it. What comes over the network
// is anybody's; only what is proven replaces what is proven.
type shelf[T any] struct {
	*fetchSettings
	slots   *lru[string, *slot[T]]
	flights flights
}

func newShelf[T any](s *fetchSettings, maxCount int, maxBytes int64) *shelf[T] {
	return &shelf[T]{fetchSettings: s, slots: newLRU[string, *slot[T]](maxCount, maxBytes)}
}

type slot[T any] struct {
	loading sync.Once

	mu      sync.Mutex
	proven  *fetched[T]
	latest  *fetched[T]
	retryAt time.Time
	failure error
}

// fetched is a list or response with what its server said of it.
type fetched[T any] struct {
	value          T
	bytes          int64
	at             time.Time
	etag, modified string
	kept           bool // on disk already
}

// want is what a caller needs, and how to judge it: by the question that is
// asked, because different verifications trust different signers.
type want[T any] struct {
	key    string
	load   func() *fetched[T] // from disk; may be nil
	fetch  func(ctx context.Context, have *fetched[T]) (*fetched[T], error)
	keep   func(*fetched[T]) // to disk; may be nil
	proves func(T) error
	holds  func(T) bool // at the time of the question
	usable func(T) bool // holds, and settles the question
	older  func(a, b T) bool
}

var errRollback = errors.New("it is older than one that was seen before")

// obtain returns the newest proven value, and what stands against a newer one.
// The value may be one that is not usable: then it is all there is.
func (s *shelf[T]) obtain(ctx context.Context, w want[T]) (value T, found bool, err error) {
	slot := s.slots.getOrPut(w.key, &slot[T]{})
	if w.load != nil {
		slot.loading.Do(func() {
			kept := w.load()
			slot.mu.Lock()
			slot.latest = kept
			slot.mu.Unlock()
			s.account(w.key, slot)
		})
	}
	have, err := s.settle(slot, w)
	usable := have != nil && w.usable(have.value)
	now := s.clock()
	slot.mu.Lock()
	left, failure := now.Before(slot.retryAt), slot.failure
	slot.mu.Unlock()
	switch {
	case usable && now.Before(have.at.Add(s.refresh)) && !now.Before(have.at):
		return have.value, true, nil
	case left:
		return valueOf(have, errors.Join(failure, err))
	case usable && s.flights.busy(w.key):
		return have.value, true, nil
	}
	// While what is at hand holds, a newer one is worth little waiting, and to
	// one caller only.
	waiting, cancel := ctx, context.CancelFunc(func() {})
	if usable {
		waiting, cancel = context.WithTimeout(ctx, s.patience)
	}
	defer cancel()
	err = s.flights.do(waiting, w.key, s.timeout, func(ctx context.Context) { s.fetchInto(ctx, slot, have, w) })
	if err != nil {
		return valueOf(have, err)
	}
	have, err = s.settle(slot, w)
	slot.mu.Lock()
	failure = slot.failure
	slot.mu.Unlock()
	return valueOf(have, errors.Join(failure, err))
}

func valueOf[T any](have *fetched[T], err error) (value T, found bool, _ error) {
	if have == nil {
		return value, false, err
	}
	return have.value, true, err
}

func (s *shelf[T]) fetchInto(ctx context.Context, slot *slot[T], have *fetched[T], w want[T]) {
	slot.mu.Lock()
	justDone := s.clock().Before(slot.retryAt)
	slot.mu.Unlock()
	if justDone {
		return // by a flight that ended while this one was about to start
	}
	got, err := w.fetch(ctx, have)
	defer s.account(w.key, slot)
	slot.mu.Lock()
	defer slot.mu.Unlock()
	// Also after a success: what is fetched may be stale or prove nothing. But
	// that we were busy is not the server's fault.
	if !errors.Is(err, errBusy) {
		slot.retryAt = s.clock().Add(s.retry)
	}
	slot.failure = err
	if err == nil {
		slot.latest = got
	}
}

// settle proves what was fetched last, and lets it replace what was proven.
func (s *shelf[T]) settle(slot *slot[T], w want[T]) (*fetched[T], error) {
	slot.mu.Lock()
	latest, proven := slot.latest, slot.proven
	slot.mu.Unlock()
	if latest == nil {
		return proven, nil
	}
	if err := w.proves(latest.value); err != nil {
		return proven, err
	}
	slot.mu.Lock()
	if slot.latest != latest {
		// Another call has settled it meanwhile.
		defer slot.mu.Unlock()
		return slot.proven, nil
	}
	proven = slot.proven
	if proven != nil && w.holds(proven.value) && !w.holds(latest.value) {
		// It may be of the future; what holds stays until then.
		slot.mu.Unlock()
		return proven, nil
	}
	slot.latest = nil
	if proven != nil && w.older(latest.value, proven.value) {
		slot.failure = errRollback
		slot.mu.Unlock()
		return proven, errRollback
	}
	slot.proven = latest
	slot.mu.Unlock()
	s.account(w.key, slot)
	if w.keep != nil && !latest.kept {
		w.keep(latest)
	}
	return latest, nil
}

// account tells the bounded map how much the slot holds, proven or not.
func (s *shelf[T]) account(key string, slot *slot[T]) {
	slot.mu.Lock()
	var bytes int64
	for _, held := range []*fetched[T]{slot.proven, slot.latest} {
		if held != nil {
			bytes += held.bytes
		}
	}
	slot.mu.Unlock()
	s.slots.put(key, slot, bytes)
}

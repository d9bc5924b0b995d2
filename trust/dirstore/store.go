package dirstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// ErrOption is returned by [Open] for options that make no sense.
var ErrOption = errors.New("dirstore: invalid option")

// Option configures a [Store].
type Option func(*Store)

// WithClock takes the time from now: of AddedAt, and of the next look at the
// folder. Without it the time is the system's.
func WithClock(now func() time.Time) Option { return func(s *Store) { s.now = now } }

// WithInterval sets how long an answer may rest on the last look at the
// folder; the default is [DefaultInterval], and 0 looks at every call. What
// this store itself changes is seen at once whatever the interval.
func WithInterval(d time.Duration) Option { return func(s *Store) { s.interval = d } }

// Store is a [trust.Store] over a folder. It has no goroutine and keeps no file
// open, so there is nothing to close.
type Store struct {
	dir      string
	now      func() time.Time
	interval time.Duration
	writers  chan struct{} // held by whoever waits for the other processes to write
	turn     chan struct{} // held by whoever looks at the folder or writes
	view     atomic.Pointer[view]
}

var (
	_ trust.Store        = (*Store)(nil)
	_ trust.DomainLister = (*Store)(nil)
)

// Open reads the folder, which must exist: a mistyped path must not be an
// empty store. A bad file is no error; [Store.Problems] names it.
func Open(dir string, opts ...Option) (*Store, error) {
	s := &Store{dir: dir, now: time.Now, interval: DefaultInterval, writers: make(chan struct{}, 1), turn: make(chan struct{}, 1)}
	for _, o := range opts {
		o(s)
	}
	if s.now == nil || s.interval < 0 {
		return nil, fmt.Errorf("%w: no clock, or a negative interval", ErrOption)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("dirstore: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("dirstore: %s is no folder", dir)
	}
	first := scan{dir: dir, now: s.now(), old: &view{}}
	if err := first.run(context.Background()); err != nil {
		return nil, fmt.Errorf("dirstore: %w", err)
	}
	first.old.snapshots = trust.Snapshots{}
	s.view.Store(first.next())
	return s, nil
}

// current returns what the folder says, looking at it when that is due. While
// one caller looks the others go on with what is known.
func (s *Store) current(ctx context.Context) (*view, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v := s.view.Load()
	if age := s.now().Sub(v.checked); s.interval > 0 && age >= 0 && age < s.interval {
		return v, nil
	}
	select {
	case s.turn <- struct{}{}:
	default:
		return v, nil
	}
	defer func() { <-s.turn }()
	return s.look(ctx, nil)
}

// look reads what changed, with the turn held. A folder that cannot be read
// leaves the last good view, and the problem in it.
func (s *Store) look(ctx context.Context, found *scan) (*view, error) {
	if found == nil {
		found = &scan{}
	}
	*found = scan{dir: s.dir, now: s.now(), old: s.view.Load()}
	err := found.run(ctx)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		v := *found.old
		v.checked = found.now
		v.problems = slices.DeleteFunc(slices.Clone(v.problems), func(p Problem) bool { return p.Path == "." })
		v.problems = slices.Insert(v.problems, 0, Problem{Path: ".", Err: err})
		s.view.Store(&v)
		return &v, nil
	}
	v := found.next()
	s.view.Store(v)
	return v, nil
}

// Snapshot implements [trust.Source]. It fails for a domain whose sub-folder
// could not be read since the store was opened.
func (s *Store) Snapshot(ctx context.Context, d trust.Domain) (*trust.Snapshot, error) {
	v, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	return v.snapshot(d)
}

func (v *view) snapshot(d trust.Domain) (*trust.Snapshot, error) {
	if snapshot, ok := v.snapshots[d]; ok {
		return snapshot, nil
	}
	if err := v.down[d]; err != nil {
		return nil, fmt.Errorf("dirstore: domain %s: %w", d, err)
	}
	return v.snapshots.Of(d)
}

// Domains implements [trust.DomainLister].
func (s *Store) Domains(ctx context.Context) ([]trust.Domain, error) {
	v, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	return v.snapshots.Domains(), nil
}

// Problems names every entry of the folder that is not served as it stands, in
// the order of their paths, as of the last look.
func (s *Store) Problems() []Problem { return slices.Clone(s.view.Load().problems) }

// List implements [trust.Store].
func (s *Store) List(ctx context.Context, q trust.Query) (trust.Page, error) {
	v, err := s.current(ctx)
	if err != nil {
		return trust.Page{}, err
	}
	if q.Domain != "" {
		if _, err := v.snapshot(q.Domain); err != nil {
			return trust.Page{}, err
		}
	} else {
		for d, err := range v.down {
			return trust.Page{}, fmt.Errorf("dirstore: domain %s: %w", d, err)
		}
	}
	return v.snapshots.List(q)
}

package dirstore

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// Store is a [trust.Store] over a folder. It has no goroutine that outlives a
// call and keeps no file open, so there is nothing to close.
type Store struct {
	dir       string
	now       func() time.Time
	interval  time.Duration
	staleness time.Duration
	progress  func(done, total int)

	writers chan struct{} // held by whoever changes the folder, or waits for other processes to
	looking chan struct{} // held by whoever looks at the folder
	turn    sync.Mutex    // guards what follows, never while the disk is waited for
	state   state
	synced  token // the other processes' last write that the state knows of
	watches []*watch

	watching atomic.Int64 // how many watches look at the folder
	view     atomic.Pointer[view]
}

var (
	_ trust.Store        = (*Store)(nil)
	_ trust.DomainLister = (*Store)(nil)
	_ trust.Watcher      = (*Store)(nil)
	_ trust.Monitored    = (*Store)(nil)
)

// Open reads the folder, which must exist: a mistyped path must not be an
// empty store. A bad file is no error; [Store.Problems] names it.
func Open(dir string, opts ...Option) (*Store, error) {
	s := &Store{
		dir: dir, now: time.Now, interval: DefaultInterval,
		writers: make(chan struct{}, 1), looking: make(chan struct{}, 1),
		state: state{folders: map[trust.Domain]*folder{}, snapshots: trust.Snapshots{}},
	}
	for _, o := range opts {
		o(s)
	}
	if err := s.validate(); err != nil {
		return nil, err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("dirstore: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("dirstore: %s is no folder", dir)
	}
	s.view.Store(&view{})
	v, err := s.load()
	if err != nil {
		return nil, err
	}
	if v.err != nil {
		return nil, fmt.Errorf("dirstore: %w", v.err)
	}
	return s, nil
}

// current returns what the folder says, looking at it when that is due. While
// one caller looks the others go on with what is known, unless nobody looked for
// longer than they put up with; while a watch runs, nobody looks but the watch.
func (s *Store) current(ctx context.Context) (*view, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v, now := s.view.Load(), s.now()
	urgent := s.staleness > 0 && now.Sub(v.tried) > s.staleness
	if s.watching.Load() > 0 || !urgent && !v.due(now, s.interval) {
		return v, nil
	}
	select {
	case s.looking <- struct{}{}:
	default:
		if !urgent {
			return v, nil
		}
		if err := take(ctx, s.looking); err != nil {
			return nil, err
		}
		if other := s.view.Load(); other.tried.After(v.tried) {
			<-s.looking
			return other, nil // somebody looked while this caller waited
		}
	}
	defer func() { <-s.looking }()
	return s.look(ctx)
}

// Snapshot implements [trust.Source]. It fails for a domain whose sub-folder
// could not be read since the store was opened.
func (s *Store) Snapshot(ctx context.Context, d trust.Domain) (*trust.Snapshot, error) {
	v, err := s.fresh(ctx, d)
	if err != nil {
		return nil, err
	}
	return v.snapshot(d)
}

// fresh is current for whoever cannot do with what is too old.
func (s *Store) fresh(ctx context.Context, d trust.Domain) (*view, error) {
	v, err := s.current(ctx)
	if err != nil || s.staleness == 0 {
		return v, err
	}
	return v, v.stale(d, s.now(), s.staleness)
}

// Domains implements [trust.DomainLister].
func (s *Store) Domains(ctx context.Context) ([]trust.Domain, error) {
	v, err := s.fresh(ctx, "")
	if err != nil {
		return nil, err
	}
	return v.snapshots.Domains(), nil
}

// List implements [trust.Store].
func (s *Store) List(ctx context.Context, q trust.Query) (trust.Page, error) {
	v, err := s.fresh(ctx, q.Domain)
	if err != nil {
		return trust.Page{}, err
	}
	if q.Domain != "" {
		if _, err := v.snapshot(q.Domain); err != nil {
			return trust.Page{}, err
		}
	} else {
		for d := range v.lagging {
			if _, err := v.snapshot(d); err != nil {
				return trust.Page{}, err
			}
		}
	}
	return v.snapshots.List(q)
}

// Problems names every entry of the folder that is not served as it stands, in
// the order of their paths, as of the last look.
func (s *Store) Problems() []Problem { return slices.Clone(s.view.Load().problems) }

// Freshness implements [trust.Monitored]: Checked is when the last look began
// that could read the folder and all of its domains.
func (s *Store) Freshness() trust.Freshness { return s.view.Load().freshness() }

// take waits for a turn no longer than ctx lasts.
func take(ctx context.Context, turn chan struct{}) error {
	select {
	case turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

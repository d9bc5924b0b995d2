package sqlstore

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// Channel is what the trigger of [InstallTrigger] notifies.
const Channel = "partnertrust_ca_cert_store"

// Listener waits for notifications of the database, which only its driver can
// do. Package pgxlisten beside this one is the listener for pgx.
//
// The connection must be one to the server itself: a pooler that gives it to
// others between transactions loses what is notified.
//
// Listen connects, issues LISTEN for the channel, calls ready once that holds,
// and heard for every notification, until ctx ends or the connection is lost;
// then it returns why.
type Listener interface {
	Listen(ctx context.Context, channel string, ready, heard func()) error
}

// Watch implements [trust.Watcher]. With a listener, whose notifications begin
// a look at once, the table is looked at every [SafetyInterval] beside;
// without one, without the trigger, or while the listener has no connection, at
// every interval, and often enough for [MaxStaleness]. A
// database that is away is tried again, ever more seldom up to every ten
// seconds. Watch returns when ctx ends.
func (s *Store) Watch(ctx context.Context, changed func(*trust.Snapshot)) error {
	s.watched.Add(1)
	defer s.watched.Add(-1)
	heard := make(chan struct{}, 1)
	var listening atomic.Bool
	if s.listener != nil {
		done := make(chan struct{})
		ctx, cancel := context.WithCancel(ctx)
		defer func() { cancel(); <-done }()
		go func() {
			defer close(done)
			s.listen(ctx, &listening, heard)
		}()
	}
	told := s.state.Load()
	tell := func() {
		now := s.state.Load()
		for _, d := range now.snapshots.Domains() {
			if snapshot := now.snapshots[d]; changed != nil && told.snapshots[d] != snapshot {
				changed(snapshot)
			}
		}
		told = now
	}
	retry := firstRetry
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-told.superseded:
			tell()
			continue
		case <-heard:
		case <-timer.C:
		}
		err := s.Refresh(ctx)
		tell()
		wait := s.interval
		if wait == 0 {
			wait = DefaultInterval
		}
		switch {
		case err != nil:
			wait, retry = retry, min(2*retry, lastRetry)
		default:
			if listening.Load() && s.triggers(ctx) {
				wait = max(wait, SafetyInterval)
			}
			if s.stale > 0 {
				wait = min(wait, s.stale/3)
			}
			retry = firstRetry
		}
		timer.Reset(wait)
	}
}

// triggers reports whether the table tells of its changes. A migration may have
// dropped what was installed once, so it is asked at every look.
func (s *Store) triggers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	var n int
	return s.db.QueryRowContext(ctx, s.dialect.trigger).Scan(&n) == nil && n > 0
}

// listen keeps a listener connected. What happened while it was not is looked
// for as soon as it is.
func (s *Store) listen(ctx context.Context, listening *atomic.Bool, heard chan<- struct{}) {
	hear := func() {
		select {
		case heard <- struct{}{}:
		default: // a look is due already, and will see this change too
		}
	}
	retry := firstRetry
	for ctx.Err() == nil {
		_ = s.listener.Listen(ctx, Channel, func() {
			listening.Store(true)
			retry = firstRetry
			hear()
		}, hear)
		listening.Store(false)
		hear()
		timer := time.NewTimer(retry)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
		retry = min(2*retry, lastRetry)
	}
}

package dirstore

import (
	"errors"
	"fmt"
	"time"
)

// ErrOption is returned by [Open] for options that make no sense.
var ErrOption = errors.New("dirstore: invalid option")

// Option configures a [Store].
type Option func(*Store)

// WithClock takes the time from now: of AddedAt, of the next look at the
// folder and of how old the last one is. Without it the time is the system's.
func WithClock(now func() time.Time) Option { return func(s *Store) { s.now = now } }

// WithInterval sets how long an answer may rest on the last look at the
// folder; the default is [DefaultInterval], and 0 looks at every call. A look
// that takes long is done correspondingly seldom; see [Seldom]. What this store
// itself changes is seen at once whatever the interval.
func WithInterval(d time.Duration) Option { return func(s *Store) { s.interval = d } }

// WithProgress calls report while [Open] reads the folder: how many
// certificate files are read, and how many there are. It begins with none and
// ends with all, one call at a time.
func WithProgress(report func(done, total int)) Option {
	return func(s *Store) { s.progress = report }
}

// MaxStaleness makes Snapshot, List and Domains fail with [trust.ErrStale],
// which says since when, where the folder could not be looked at for longer
// than d. Without it, or with 0, they answer as of the last look that
// succeeded, however long ago.
func MaxStaleness(d time.Duration) Option { return func(s *Store) { s.staleness = d } }

func (s *Store) validate() error {
	switch {
	case s.now == nil:
		return fmt.Errorf("%w: no clock", ErrOption)
	case s.interval < 0 || s.staleness < 0:
		return fmt.Errorf("%w: a negative time", ErrOption)
	}
	return nil
}

package sqlstore

import (
	"fmt"
	"regexp"
	"time"
)

// Option configures a [Store].
type Option func(*settings)

type settings struct {
	now      func() time.Time
	schema   string
	user     string
	interval time.Duration
	stale    time.Duration
	timeout  time.Duration
	listener Listener
	progress func(done, total int)
}

// DefaultSchema is the schema in which the platform's key manager has its
// tables; the authentication service has the same ones in "ida".
const DefaultSchema = "keymgr"

// WithSchema names the PostgreSQL schema of the tables; the default is
// [DefaultSchema].
func WithSchema(name string) Option { return func(s *settings) { s.schema = name } }

// WithUser sets what stands in cr_by and upd_by of rows that this store writes;
// the default is what the platform's services write there.
func WithUser(name string) Option { return func(s *settings) { s.user = name } }

// WithClock takes the time from now: of AddedAt, and of the next look. Without
// it the time is the system's.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.now = now } }

// WithInterval sets how often the table is looked at; the default is
// [DefaultInterval]. Where Watch does not run, 0 looks at every call; where it
// does, 0 is the default.
func WithInterval(d time.Duration) Option { return func(s *settings) { s.interval = d } }

// WithTimeout bounds one look at the table, and how long a change waits for
// another replica's; the default is [DefaultTimeout].
func WithTimeout(d time.Duration) Option { return func(s *settings) { s.timeout = d } }

// MaxStaleness makes every Snapshot and List fail with [trust.ErrStale] once
// the table could not be looked at for so long, at least twice the interval;
// Watch looks often enough for it. Without it the last snapshots
// are served until the database is back.
func MaxStaleness(d time.Duration) Option { return func(s *settings) { s.stale = d } }

// WithListener lets [Store.Watch] hear at once of changes where
// [InstallTrigger] was called; without it Watch looks at every interval.
func WithListener(l Listener) Option { return func(s *settings) { s.listener = l } }

// WithProgress has progress called while the table is read: rows so far, and
// in all. It is called from the goroutine that reads.
func WithProgress(progress func(done, total int)) Option {
	return func(s *settings) { s.progress = progress }
}

var schemaName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_$]{0,62}$`)

func newSettings(opts []Option) (settings, error) {
	s := settings{
		now: time.Now, schema: DefaultSchema, user: systemUser, interval: DefaultInterval, timeout: DefaultTimeout,
		progress: func(int, int) {},
	}
	for _, o := range opts {
		o(&s)
	}
	switch {
	case s.now == nil:
		return s, fmt.Errorf("%w: no clock", ErrOption)
	case s.interval < 0 || s.stale < 0 || s.timeout <= 0:
		return s, fmt.Errorf("%w: a negative time, or no time for a look", ErrOption)
	case s.stale > 0 && s.stale < 2*s.interval:
		return s, fmt.Errorf("%w: stale before the second look", ErrOption)
	case s.progress == nil:
		return s, fmt.Errorf("%w: no function for the progress", ErrOption)
	}
	if err := validSchema(s.schema); err != nil {
		return s, err
	}
	if _, err := fit(s.user, maxUser); err != nil || s.user == "" {
		return s, fmt.Errorf("%w: user %.32q", ErrOption, s.user)
	}
	return s, nil
}

// validSchema refuses what would have to be quoted: the name is part of every
// statement.
func validSchema(name string) error {
	if !schemaName.MatchString(name) {
		return fmt.Errorf("%w: schema %.64q", ErrOption, name)
	}
	return nil
}

package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// Store is a [trust.Store] in a database. It is safe for concurrent use, has no
// goroutine but those of calls that are under way, and leaves the *sql.DB to
// the host.
type Store struct {
	settings
	db      *sql.DB
	dialect *dialect
	typed   bool // the table has ca_cert_type

	writers chan struct{} // held by whoever writes to the table
	turn    chan struct{} // held by whoever looks at the table, or serves what was written
	table   table         // what was read of it; the turn's holder's
	probed  string        // what the dialect's probe said then
	state   atomic.Pointer[state]
	watched atomic.Int32 // how many Watch calls keep the state current
}

// state is what is served. It is immutable.
type state struct {
	snapshots trust.Snapshots
	problems  []Problem
	checked   time.Time // when the table was last seen to say this
	tried     time.Time // when it was looked at last
	err       error     // why it could not be looked at since
	failures  int       // in a row

	superseded chan struct{} // closed when other snapshots take the place of these
}

var (
	_ trust.Store        = (*Store)(nil)
	_ trust.DomainLister = (*Store)(nil)
	_ trust.Watcher      = (*Store)(nil)
	_ trust.Monitored    = (*Store)(nil)
)

// OpenPostgres reads the platform's ca_cert_store table. It fails with
// [ErrNoTable] where there is none, and creates nothing.
func OpenPostgres(ctx context.Context, db *sql.DB, opts ...Option) (*Store, error) {
	return open(ctx, db, func(s settings) *dialect { return postgres(s.schema) }, opts)
}

// OpenSQLite reads the tables in a file that [CreateSQLite] made. Give the
// driver a busy timeout and, for files that outlive a power cut, synchronous
// writes; the journal mode WAL lets readers and a writer go on side by side.
func OpenSQLite(ctx context.Context, db *sql.DB, opts ...Option) (*Store, error) {
	return open(ctx, db, func(settings) *dialect { return sqlite() }, opts)
}

func open(ctx context.Context, db *sql.DB, in func(settings) *dialect, opts []Option) (*Store, error) {
	settings, err := newSettings(opts)
	if err != nil {
		return nil, err
	}
	if db == nil {
		return nil, fmt.Errorf("%w: no database", ErrOption)
	}
	s := &Store{
		settings: settings, db: db, dialect: in(settings), table: table{},
		writers: make(chan struct{}, 1), turn: make(chan struct{}, 1),
	}
	s.state.Store(&state{superseded: make(chan struct{})})
	columns, err := s.columns(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(columns, "cert_data") {
		return nil, fmt.Errorf("%w: %s", ErrNoTable, s.dialect.name)
	}
	s.typed = slices.Contains(columns, "ca_cert_type")
	if err := s.Refresh(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Store) columns(ctx context.Context) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, s.dialect.columns)
	if err != nil {
		return nil, unavailable(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, unavailable(ctx, err)
		}
		names = append(names, name)
	}
	return names, unavailable(ctx, rows.Err())
}

func take(ctx context.Context, turn chan struct{}) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) release() { <-s.turn }

// publish gives out a new state, with the turn held. Where its snapshots are
// new ones it wakes whoever watches.
func (s *Store) publish(next *state, changed bool) {
	last := s.state.Load()
	next.superseded = last.superseded
	if changed {
		next.superseded = make(chan struct{})
	}
	s.state.Store(next)
	if changed {
		close(last.superseded)
	}
}

// current returns what is to be served, looking at the table if that is due and
// nobody else does.
func (s *Store) current(ctx context.Context) (*state, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.due() {
		if err := s.glance(ctx); err != nil {
			return nil, err
		}
	}
	now := s.state.Load()
	if age := s.now().Sub(now.checked); s.stale > 0 && age > s.stale {
		since := now.checked.UTC().Format(time.RFC3339)
		if now.err == nil {
			return nil, fmt.Errorf("sqlstore: %w: since %s", trust.ErrStale, since)
		}
		return nil, fmt.Errorf("sqlstore: %w: since %s: %w", trust.ErrStale, since, now.err)
	}
	return now, nil
}

// glance looks at the table for a caller who wants an answer, unless somebody
// looks already. A caller with a deadline gets the last answer while half of
// the time is left. The error is the caller's end.
func (s *Store) glance(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
	default:
		return nil
	}
	defer s.release() // whatever the host's progress function does
	brief := ctx
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		brief, cancel = context.WithTimeout(ctx, time.Until(deadline)/2)
		defer cancel()
	}
	err := s.look(brief)
	if err != nil && brief != ctx && ctx.Err() == nil && brief.Err() != nil {
		s.fail(fmt.Errorf("%w: no answer in half of a caller's time", ErrUnavailable))
	}
	return ctx.Err()
}

// due reports whether it is time to look: at every interval, and more seldom
// where the last looks failed.
func (s *Store) due() bool {
	if s.watched.Load() > 0 {
		return false
	}
	now := s.state.Load()
	age, wait := s.now().Sub(now.tried), s.interval
	if now.err != nil {
		wait = max(wait, min(firstRetry<<min(now.failures-1, 10), lastRetry))
	}
	return age < 0 || age >= wait
}

// Refresh looks at the table now, whatever the interval, and returns why it
// could not.
func (s *Store) Refresh(ctx context.Context) error {
	if err := take(ctx, s.turn); err != nil {
		return err
	}
	defer s.release()
	return s.look(ctx)
}

// Snapshot implements [trust.Source].
func (s *Store) Snapshot(ctx context.Context, d trust.Domain) (*trust.Snapshot, error) {
	now, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	return now.snapshots.Of(d)
}

// Domains implements [trust.DomainLister].
func (s *Store) Domains(ctx context.Context) ([]trust.Domain, error) {
	now, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	return now.snapshots.Domains(), nil
}

// List implements [trust.Store].
func (s *Store) List(ctx context.Context, q trust.Query) (trust.Page, error) {
	now, err := s.current(ctx)
	if err != nil {
		return trust.Page{}, err
	}
	return now.snapshots.List(q)
}

// Problems names the rows that are not served, in the order of their ids, as of
// the last look.
func (s *Store) Problems() []Problem { return slices.Clone(s.state.Load().problems) }

// Freshness implements [trust.Monitored].
func (s *Store) Freshness() trust.Freshness {
	now := s.state.Load()
	return trust.Freshness{Checked: now.checked, Err: now.err}
}

// query completes a statement: {cas}, {partners} are the tables, {type} the
// column ca_cert_type or NULL where the table has none, {domain} a domain in
// upper case, {data} and {signed} certificates no longer than is read.
func (s *Store) query(text string) string {
	kind := "NULL"
	if s.typed {
		kind = "ca_cert_type"
	}
	text = strings.NewReplacer("{cas}", s.dialect.cas, "{partners}", s.dialect.partners, "{type}", kind,
		"{bucket}", s.dialect.bucket, "{sum}", s.dialect.sum,
		"{domain}", s.dialect.domain, "{data}", s.dialect.prefix("cert_data"), "{signed}", s.dialect.prefix("signed_cert_data")).Replace(text)
	return s.dialect.parameters(text)
}

package drivertest

import (
	"context"
	"database/sql"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/sqlstore"
	"github.com/mosip/partnertrust/trust/sqlstore/pgxlisten"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// patience bounds waiting in tests; nothing is asserted about speed.
const patience = 20 * time.Second

// watcher collects what Watch tells.
type watcher struct {
	told chan *trust.Snapshot
	stop func() error
}

func watch(t *testing.T, s *sqlstore.Store) *watcher {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	w := &watcher{told: make(chan *trust.Snapshot, 1000)}
	ended := make(chan error, 1)
	go func() { ended <- s.Watch(ctx, func(s *trust.Snapshot) { w.told <- s }) }()
	time.Sleep(200 * time.Millisecond) // what happens before it watches it does not tell
	w.stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { _ = w.stop() })
	return w
}

func (w *watcher) next(t *testing.T) *trust.Snapshot {
	t.Helper()
	select {
	case s := <-w.told:
		return s
	case <-time.After(patience):
		require.Fail(t, "nobody told of a change")
		return nil
	}
}

func rootCA(d trust.Domain, p *trusttest.PKI) trust.CA {
	return trust.CA{Domain: d, Role: trust.Root, Certificate: p.Root(d).Certificate}
}

// A replica hears of a change at once where the trigger is installed: its
// interval is an hour.
func TestWatchHears(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	schema := newSchema(t, db)
	require.NoError(t, sqlstore.InstallTrigger(ctx, db, schema))
	options := []sqlstore.Option{sqlstore.WithSchema(schema), sqlstore.WithInterval(time.Hour)}
	replica, err := sqlstore.OpenPostgres(ctx, openPostgres(t), append(options, sqlstore.WithListener(pgxlisten.New(postgresConfig(t))))...)
	require.NoError(t, err)
	writer, err := sqlstore.OpenPostgres(ctx, db, options...)
	require.NoError(t, err)
	w := watch(t, replica)
	p := pki(t)
	for range 3 {
		ca := rootCA(trust.Auth, p)
		require.NoError(t, writer.Add(ctx, ca))
		s := w.next(t)
		require.Equal(t, trust.Auth, s.Domain())
		require.Equal(t, 1, s.Len())
		require.Same(t, s, snapshot(t, replica, trust.Auth))
		require.NoError(t, writer.Remove(ctx, trust.Auth, ca.DefaultID()))
		removed := w.next(t)
		require.Zero(t, removed.Len())
		require.Greater(t, removed.Version(), s.Version())
		platformRow(t, db, schema+".ca_cert_store", "by-hand", trust.FTM, "ROOT", p.Root(trust.FTM), nil)
		require.Equal(t, trust.FTM, w.next(t).Domain(), "whoever wrote it")
		_, err := db.Exec("TRUNCATE " + schema + ".ca_cert_store")
		require.NoError(t, err)
		require.Zero(t, w.next(t).Len())
	}
	require.ErrorIs(t, w.stop(), context.Canceled)
}

// Without the trigger it looks at every interval, and tells of its own changes.
func TestWatchPolls(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		replica, writer := open(sqlstore.WithInterval(10*time.Millisecond)), open()
		w, second := watch(t, replica), watch(t, replica)
		p := pki(t)
		ca := rootCA(trust.Auth, p)
		require.NoError(t, writer.Add(ctx, ca))
		s := w.next(t)
		require.Equal(t, 1, s.Len())
		require.Same(t, s, second.next(t), "every watcher is told")
		require.NoError(t, replica.Remove(ctx, trust.Auth, ca.DefaultID()))
		require.Zero(t, w.next(t).Len(), "its own changes, too")
		platformRow(t, db, table, "by-hand", trust.FTM, "ROOT", p.Root(trust.FTM), nil)
		require.Equal(t, 1, w.next(t).Len())
		require.Empty(t, w.told)
		require.ErrorIs(t, w.stop(), context.Canceled)
		require.ErrorIs(t, second.stop(), context.Canceled)

		// Nobody watches any more: whoever asks looks again.
		require.NoError(t, writer.Add(ctx, ca))
		require.Eventually(t, func() bool { return snapshot(t, replica, trust.Auth).Len() == 1 }, patience, time.Millisecond)
	})
}

// While the database is away the last snapshots are served, with since when;
// changes fail with a typed error; when it is back all goes on, and nothing is
// left behind. It counts goroutines, so it runs alone.
func TestConnectionLoss(t *testing.T) {
	admin := openPostgres(t)
	schema := newSchema(t, admin)
	require.NoError(t, sqlstore.InstallTrigger(ctx, admin, schema))
	px, config := newProxy(t)
	db := px.open(t, config)
	replica, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema), sqlstore.WithInterval(20*time.Millisecond),
		sqlstore.WithListener(pgxlisten.New(config)))
	require.NoError(t, err)
	writer, err := sqlstore.OpenPostgres(ctx, admin, sqlstore.WithSchema(schema), sqlstore.WithInterval(0))
	require.NoError(t, err)
	p := pki(t)
	require.NoError(t, writer.Add(ctx, rootCA(trust.Auth, p)))
	w := watch(t, replica)
	require.Equal(t, 1, w.next(t).Len())
	routines := runtime.NumGoroutine()
	for range 5 {
		px.cut(true)
		require.Eventually(t, func() bool { return replica.Freshness().Err != nil }, patience, time.Millisecond)
		since := replica.Freshness().Checked
		require.ErrorIs(t, replica.Freshness().Err, sqlstore.ErrUnavailable)
		require.Equal(t, 1, snapshot(t, replica, trust.Auth).Len(), "served on")
		ca := rootCA(trust.FTM, p)
		require.ErrorIs(t, replica.Add(ctx, ca), sqlstore.ErrUnavailable)
		require.ErrorIs(t, replica.Remove(ctx, trust.FTM, ca.DefaultID()), sqlstore.ErrUnavailable)
		require.ErrorIs(t, replica.Refresh(ctx), sqlstore.ErrUnavailable)
		require.Equal(t, since, replica.Freshness().Checked)
		require.NoError(t, writer.Add(ctx, ca))
		px.cut(false)
		require.Equal(t, trust.FTM, w.next(t).Domain(), "what happened meanwhile is seen")
		require.NoError(t, replica.Freshness().Err)
		require.NoError(t, replica.Remove(ctx, trust.FTM, ca.DefaultID()))
		require.Zero(t, w.next(t).Len())
	}
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= routines+4 }, patience, 10*time.Millisecond, "goroutines are left behind")
	require.LessOrEqual(t, db.Stats().OpenConnections, 8)
	require.ErrorIs(t, w.stop(), context.Canceled)
}

// Past the limit that the host set, no answer is better than an old one.
func TestMaxStaleness(t *testing.T) {
	t.Parallel()
	admin := openPostgres(t)
	schema := newSchema(t, admin)
	px, config := newProxy(t)
	now := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	pass := func(d time.Duration) { mu.Lock(); defer mu.Unlock(); now = now.Add(d) }
	s, err := sqlstore.OpenPostgres(ctx, px.open(t, config), sqlstore.WithSchema(schema), sqlstore.WithClock(clock),
		sqlstore.WithInterval(time.Second), sqlstore.MaxStaleness(time.Minute))
	require.NoError(t, err)
	require.NoError(t, s.Add(ctx, rootCA(trust.Auth, pki(t))))
	px.cut(true)
	pass(time.Minute)
	require.Equal(t, 1, snapshot(t, s, trust.Auth).Len(), "at the limit")
	pass(time.Second)
	_, err = s.Snapshot(ctx, trust.Auth)
	require.ErrorIs(t, err, trust.ErrStale)
	require.ErrorIs(t, err, sqlstore.ErrUnavailable, "and why")
	require.ErrorContains(t, err, "2026-06-15T12:00:00Z")
	_, err = s.List(ctx, trust.Query{})
	require.ErrorIs(t, err, trust.ErrStale)
	_, err = s.Domains(ctx)
	require.ErrorIs(t, err, trust.ErrStale)
	px.cut(false)
	require.Eventually(t, func() bool {
		pass(time.Second) // it tries again, but not at every call
		_, err := s.Snapshot(ctx, trust.Auth)
		return err == nil
	}, patience, time.Millisecond)
}

// A connection that is lost while it commits leaves an outcome that is told as
// unknown, and is seen at the next look.
func TestUnknownOutcome(t *testing.T) {
	t.Parallel()
	admin := openPostgres(t)
	schema := newSchema(t, admin)
	px, config := newProxy(t)
	s, err := sqlstore.OpenPostgres(ctx, px.open(t, config), sqlstore.WithSchema(schema), sqlstore.WithInterval(time.Hour))
	require.NoError(t, err)
	px.cutWhenClientSays("commit\x00")
	err = s.Add(ctx, rootCA(trust.Auth, pki(t)))
	require.ErrorIs(t, err, sqlstore.ErrUnknownOutcome)
	px.cutWhenClientSays("")
	require.Zero(t, snapshot(t, s, trust.Auth).Len(), "not served before it is known")
	require.Eventually(t, func() bool { return s.Refresh(ctx) == nil }, patience, time.Millisecond)
	require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
}

// A database that hangs keeps one caller waiting for no longer than the timeout,
// and no other caller at all.
func TestLooksHaveATimeout(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	schema := newSchema(t, db)
	s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema), sqlstore.WithInterval(0), sqlstore.WithTimeout(200*time.Millisecond))
	require.NoError(t, err)
	tx, err := db.Begin()
	require.NoError(t, err)
	_, err = tx.Exec("LOCK TABLE " + schema + ".ca_cert_store IN ACCESS EXCLUSIVE MODE")
	require.NoError(t, err)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() { _, _ = s.Snapshot(ctx, trust.Auth) })
	}
	group.Wait()
	require.ErrorIs(t, s.Freshness().Err, sqlstore.ErrUnavailable)
	require.ErrorContains(t, s.Freshness().Err, "200ms")
	ended, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, s.Add(ended, rootCA(trust.Auth, pki(t))), context.DeadlineExceeded, "a writer waits as long as its ctx")
	require.NoError(t, tx.Rollback())
	require.NoError(t, s.Refresh(ctx))
	require.Zero(t, snapshot(t, s, trust.Auth).Len())
}

// Stores that write to one table at once lose nothing of each other, and agree
// in the end.
func TestManyWriters(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *sql.DB, _ string, open func(...sqlstore.Option) *sqlstore.Store) {
		p := pki(t)
		const writers, each = 4, 8
		stores := make([]*sqlstore.Store, writers)
		for i := range stores {
			stores[i] = open()
		}
		var group sync.WaitGroup
		errs := make(chan error, writers*each*2)
		for i, s := range stores {
			var mine []trust.CA
			for range each {
				mine = append(mine, trust.CA{Domain: trust.Auth, Role: trust.Intermediate, Certificate: p.Partner("Acme").Certificate})
			}
			group.Go(func() {
				for n, ca := range mine {
					errs <- s.Add(ctx, ca)
					if n%2 == 1 {
						errs <- stores[(i+1)%writers].Remove(ctx, trust.Auth, ca.DefaultID())
					}
				}
			})
		}
		group.Wait()
		close(errs)
		for err := range errs {
			require.NoError(t, err)
		}
		for _, s := range stores {
			require.Equal(t, writers*each/2, snapshot(t, s, trust.Auth).Len())
		}
	})
}

// A host may close its database; the store says so.
func TestClosedDatabase(t *testing.T) {
	t.Parallel()
	config := postgresConfig(t)
	db := stdlib.OpenDB(*config)
	schema := newSchema(t, openPostgres(t))
	s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema), sqlstore.WithInterval(0))
	require.NoError(t, err)
	require.NoError(t, db.Close())
	require.ErrorIs(t, s.Refresh(ctx), sqlstore.ErrUnavailable)
	require.ErrorIs(t, s.Add(ctx, rootCA(trust.Auth, pki(t))), sqlstore.ErrUnavailable)
	_, err = s.Snapshot(ctx, trust.Auth)
	require.NoError(t, err)
}

// Writers of one SQLite file wait for each other, also where the driver was
// given no busy timeout, and as long as their ctx.
func TestBusyFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "busy.db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)")
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	require.NoError(t, sqlstore.CreateSQLite(ctx, db))
	s, err := sqlstore.OpenSQLite(ctx, db)
	require.NoError(t, err)
	p := pki(t)
	tx, err := db.Begin()
	require.NoError(t, err)
	_, err = tx.Exec("UPDATE ca_cert_store_version SET version = version")
	require.NoError(t, err)
	ended, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, s.Add(ended, rootCA(trust.Auth, p)), context.DeadlineExceeded)
	result := make(chan error, 1)
	go func() { result <- s.Add(ctx, rootCA(trust.Auth, p)) }()
	time.Sleep(10 * time.Millisecond) // most likely it waits by now
	require.NoError(t, tx.Commit())
	require.NoError(t, <-result)
	require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
}

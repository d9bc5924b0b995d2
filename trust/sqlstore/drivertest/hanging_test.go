package drivertest

import (
	"context"
	"database/sql"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/sqlstore"
	"github.com/mosip/partnertrust/trust/sqlstore/pgxlisten"
)

// With a listener it looks as seldom as it may, and often enough not to be
// stale.
func TestStalenessWithListener(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	schema := newSchema(t, db)
	require.NoError(t, sqlstore.InstallTrigger(ctx, db, schema))
	s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema), sqlstore.WithInterval(100*time.Millisecond), sqlstore.MaxStaleness(time.Second),
		sqlstore.WithListener(pgxlisten.New(postgresConfig(t))))
	require.NoError(t, err)
	w := watch(t, s)
	time.Sleep(2500 * time.Millisecond)
	_, err = s.Snapshot(ctx, trust.Auth)
	_ = w.stop()
	require.NoError(t, err)
}

// The same where the interval is left to Watch.
func TestStalenessWithoutInterval(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	schema := newSchema(t, db)
	s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema), sqlstore.WithInterval(0), sqlstore.MaxStaleness(time.Second))
	require.NoError(t, err)
	w := watch(t, s)
	time.Sleep(2500 * time.Millisecond)
	_, err = s.Snapshot(ctx, trust.Auth)
	_ = w.stop()
	require.NoError(t, err)
}

// A ctx that ends while the commit is under way leaves an outcome that is told
// as unknown.
func TestCommitThatIsNotAnswered(t *testing.T) {
	t.Parallel()
	admin := openPostgres(t)
	schema := newSchema(t, admin)
	px, config := newProxy(t)
	s, err := sqlstore.OpenPostgres(ctx, px.open(t, config), sqlstore.WithSchema(schema), sqlstore.WithInterval(time.Hour))
	require.NoError(t, err)
	ca := rootCA(trust.Auth, pki(t))
	px.keepAnswersTo("commit\x00")
	c, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	err = s.Add(c, ca)
	var n int
	require.NoError(t, admin.QueryRow("SELECT count(*) FROM "+schema+".ca_cert_store WHERE NOT is_deleted").Scan(&n))
	px.keepAnswersTo("")
	px.cut(false)
	require.Equal(t, 1, n, "it was committed")
	require.ErrorIs(t, err, sqlstore.ErrUnknownOutcome, "a call that changed something must not say that it was canceled")
	require.Eventually(t, func() bool { return s.Refresh(ctx) == nil }, patience, time.Millisecond)
	require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
}

// A replica that stopped in the middle of a change keeps the others from
// changing anything, and from nothing else.
func TestStuckWriter(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	schema := newSchema(t, db)
	open := func() *sqlstore.Store {
		s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema), sqlstore.WithInterval(50*time.Millisecond), sqlstore.WithTimeout(300*time.Millisecond))
		require.NoError(t, err)
		return s
	}
	s := open()
	w := watch(t, s)
	p := pki(t)
	tx, err := db.Begin()
	require.NoError(t, err)
	_, err = tx.Exec("SELECT pg_advisory_xact_lock(hashtextextended('partnertrust " + schema + "', 0))") // a replica that stopped in its transaction
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- s.Add(ctx, rootCA(trust.FTM, p)) }()
	platformRow(t, db, schema+".ca_cert_store", "java-1", trust.Auth, "ROOT", p.Root(trust.Auth), nil)
	require.Equal(t, 1, w.next(t).Len(), "others' changes are seen meanwhile")
	require.ErrorIs(t, <-done, sqlstore.ErrUnavailable, "and it does not wait for ever")
	require.NoError(t, tx.Rollback())
	require.NoError(t, s.Add(ctx, rootCA(trust.FTM, p)))
}

// Where the trigger is missing, a listener hears nothing: it looks at every
// interval.
func TestListenerWithoutTrigger(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	schema := newSchema(t, db)
	s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema), sqlstore.WithInterval(100*time.Millisecond), sqlstore.WithListener(pgxlisten.New(postgresConfig(t))))
	require.NoError(t, err)
	w := watch(t, s)
	platformRow(t, db, schema+".ca_cert_store", "java-1", trust.Auth, "ROOT", pki(t).Root(trust.Auth), nil)
	require.Equal(t, 1, w.next(t).Len())
}

// A caller with a deadline gets the last snapshot of a database that hangs.
func TestHangingDatabase(t *testing.T) {
	t.Parallel()
	admin := openPostgres(t)
	schema := newSchema(t, admin)
	px, config := newProxy(t)
	s, err := sqlstore.OpenPostgres(ctx, px.open(t, config), sqlstore.WithSchema(schema), sqlstore.WithInterval(10*time.Millisecond))
	require.NoError(t, err)
	require.NoError(t, s.Add(ctx, rootCA(trust.Auth, pki(t))))
	px.hangUp(true)
	time.Sleep(20 * time.Millisecond)
	failed := 0
	for range 5 {
		c, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		if _, err := s.Snapshot(c, trust.Auth); err != nil {
			failed++
		}
		cancel()
	}
	require.ErrorIs(t, s.Freshness().Err, sqlstore.ErrUnavailable)
	px.hangUp(false)
	px.cut(false)
	require.Zero(t, failed, "the last snapshot is better than none")
}

// A panic of the host's own function is the host's; the store goes on.
func TestPanicInProgress(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		boom := false
		s := open(sqlstore.WithProgress(func(int, int) {
			if boom {
				panic("host's")
			}
		}))
		p := pki(t)
		platformRow(t, db, table, "java-1", trust.Auth, "ROOT", p.Root(trust.Auth), nil)
		boom = true
		func() {
			defer func() { _ = recover() }()
			_, _ = s.Snapshot(ctx, trust.Auth)
		}()
		boom = false
		c, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		require.NoError(t, s.Refresh(c))
	})
}

// Replicas that start together create the tables together.
func TestConcurrentCreate(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	schema := newSchema(t, db) + "_again"
	t.Cleanup(func() { _, _ = db.Exec("DROP SCHEMA " + schema + " CASCADE") })
	errs := make(chan error, 12)
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			errs <- sqlstore.CreatePostgres(ctx, db, schema)
			errs <- sqlstore.InstallTrigger(ctx, db, schema)
		})
	}
	group.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
}

// The isolation that a database gives to those who ask for none plays no part.
func TestDefaultIsolation(t *testing.T) {
	t.Parallel()
	schema := newSchema(t, openPostgres(t))
	config := postgresConfig(t)
	config.RuntimeParams["default_transaction_isolation"] = "serializable"
	db := (&proxy{}).open(t, config)
	p := pki(t)
	var group sync.WaitGroup
	errs := make(chan error, 200)
	for _, d := range []trust.Domain{trust.Auth, trust.FTM, trust.Device} {
		s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema), sqlstore.WithInterval(0))
		require.NoError(t, err)
		ca := rootCA(d, p)
		group.Go(func() {
			for range 15 {
				errs <- s.Add(ctx, ca)
				errs <- s.Remove(ctx, d, ca.DefaultID())
			}
		})
	}
	group.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
}

// After an outage nothing that was known of the table counts: a server that was
// restored from a copy may have another certificate under the same id and
// version.
func TestRestoredDuringAnOutage(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	one, two := newSchema(t, db), newSchema(t, db)
	p := pki(t)
	tx, err := db.Begin()
	require.NoError(t, err)
	for schema, d := range map[string]trust.Domain{one: trust.Auth, two: trust.FTM} {
		_, err = tx.Exec("INSERT INTO "+schema+`.ca_cert_store (cert_id, cert_subject, cert_issuer, issuer_id, cert_data, cert_thumbprint, partner_domain)
			VALUES ('r1', 'x', 'x', 'r1', $1, 'the same', 'AUTH')`, pemOf(p.Root(d)))
		require.NoError(t, err)
	}
	require.NoError(t, tx.Commit())
	px, config := newProxy(t)
	s, err := sqlstore.OpenPostgres(ctx, px.open(t, config), sqlstore.WithSchema(one), sqlstore.WithInterval(time.Hour))
	require.NoError(t, err)
	px.cut(true)
	require.ErrorIs(t, s.Refresh(ctx), sqlstore.ErrUnavailable)
	_, err = db.Exec("ALTER SCHEMA " + one + " RENAME TO " + one + "_x; ALTER SCHEMA " + two + " RENAME TO " + one + "; ALTER SCHEMA " + one + "_x RENAME TO " + two)
	require.NoError(t, err)
	px.cut(false)
	require.Eventually(t, func() bool { return s.Refresh(ctx) == nil }, patience, time.Millisecond)
	_, old := snapshot(t, s, trust.Auth).Find(p.Root(trust.Auth).Certificate)
	require.False(t, old, "what is not in the table any more is served")
	_, fresh := snapshot(t, s, trust.Auth).Find(p.Root(trust.FTM).Certificate)
	require.True(t, fresh)
}

// A database that failed is not asked again by every caller, but after a while.
func TestFailedLooksAreSpaced(t *testing.T) {
	t.Parallel()
	schema := newSchema(t, openPostgres(t))
	px, config := newProxy(t)
	var mu sync.Mutex
	now := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	s, err := sqlstore.OpenPostgres(ctx, px.open(t, config), sqlstore.WithSchema(schema), sqlstore.WithInterval(0), sqlstore.WithClock(clock))
	require.NoError(t, err)
	px.cut(true)
	snapshot(t, s, trust.Auth)
	require.ErrorIs(t, s.Freshness().Err, sqlstore.ErrUnavailable)
	px.cut(false)
	snapshot(t, s, trust.Auth)
	require.Error(t, s.Freshness().Err, "it was asked again at once")
	require.Eventually(t, func() bool {
		mu.Lock()
		now = now.Add(time.Second)
		mu.Unlock()
		snapshot(t, s, trust.Auth)
		return s.Freshness().Err == nil
	}, patience, time.Millisecond)
}

// Package drivertest runs trust/sqlstore against real databases: PostgreSQL,
// found by PARTNERTRUST_TEST_POSTGRES or on 127.0.0.1:5432, and SQLite files.
package drivertest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/sqlstore"
	"github.com/mosip/partnertrust/trust/storetest"
)

var ctx = context.Background()

const defaultPostgres = "postgres://postgres@127.0.0.1:5432/test?sslmode=disable&connect_timeout=5"

// postgresConfig returns how to reach the test server, or skips.
var reachable = sync.OnceValues(func() (*pgx.ConnConfig, error) {
	url := os.Getenv("PARTNERTRUST_TEST_POSTGRES")
	if url == "" {
		url = defaultPostgres
	}
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	return config, conn.Close(ctx)
})

func postgresConfig(tb testing.TB) *pgx.ConnConfig {
	tb.Helper()
	config, err := reachable()
	if err != nil {
		if os.Getenv("PARTNERTRUST_TEST_POSTGRES") != "" {
			tb.Fatalf("PARTNERTRUST_TEST_POSTGRES: %v", err)
		}
		tb.Skipf("no PostgreSQL: %v", err)
	}
	return config.Copy()
}

func openPostgres(tb testing.TB) *sql.DB {
	tb.Helper()
	db := stdlib.OpenDB(*postgresConfig(tb))
	db.SetMaxOpenConns(8)
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	return db
}

var schemas atomic.Int64

// newSchema makes a schema of the test's own.
func newSchema(tb testing.TB, db *sql.DB) string {
	tb.Helper()
	schema := fmt.Sprintf("pt_%d_%d", os.Getpid(), schemas.Add(1))
	require.NoError(tb, sqlstore.CreatePostgres(ctx, db, schema))
	tb.Cleanup(func() {
		_, err := db.ExecContext(ctx, "DROP SCHEMA "+schema+" CASCADE")
		require.NoError(tb, err)
	})
	return schema
}

func sqliteURL(path string) string {
	return "file:" + path + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
}

func openSQLite(tb testing.TB, path string) *sql.DB {
	tb.Helper()
	db, err := sql.Open("sqlite", sqliteURL(path))
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	return db
}

// each runs a test on both databases. open opens the store again, over what
// other stores of the test left.
func each(t *testing.T, test func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store)) {
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		db := openPostgres(t)
		schema := newSchema(t, db)
		test(t, db, schema+".ca_cert_store", func(opts ...sqlstore.Option) *sqlstore.Store {
			s, err := sqlstore.OpenPostgres(ctx, db, append([]sqlstore.Option{sqlstore.WithSchema(schema), sqlstore.WithInterval(0)}, opts...)...)
			require.NoError(t, err)
			return s
		})
	})
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		db := openSQLite(t, filepath.Join(t.TempDir(), "trust.db"))
		require.NoError(t, sqlstore.CreateSQLite(ctx, db))
		test(t, db, "ca_cert_store", func(opts ...sqlstore.Option) *sqlstore.Store {
			s, err := sqlstore.OpenSQLite(ctx, db, append([]sqlstore.Option{sqlstore.WithInterval(0)}, opts...)...)
			require.NoError(t, err)
			return s
		})
	})
}

func TestPartnersContract(t *testing.T) {
	t.Parallel()
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		storetest.RunPartners(t, true, placePostgres(0))
	})
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		storetest.RunPartners(t, true, placeSQLite(0))
	})
}

func placePostgres(interval time.Duration) storetest.Place {
	return func(tb testing.TB) func(testing.TB) trust.Store {
		schema := newSchema(tb, openPostgres(tb))
		return func(tb testing.TB) trust.Store {
			s, err := sqlstore.OpenPostgres(ctx, openPostgres(tb), sqlstore.WithSchema(schema), sqlstore.WithInterval(interval))
			require.NoError(tb, err)
			return s
		}
	}
}

func placeSQLite(interval time.Duration) storetest.Place {
	return func(tb testing.TB) func(testing.TB) trust.Store {
		path := filepath.Join(tb.TempDir(), "trust.db")
		require.NoError(tb, sqlstore.CreateSQLite(ctx, openSQLite(tb, path)))
		return func(tb testing.TB) trust.Store {
			s, err := sqlstore.OpenSQLite(ctx, openSQLite(tb, path), sqlstore.WithInterval(interval))
			require.NoError(tb, err)
			return s
		}
	}
}

func TestContractPostgres(t *testing.T) {
	t.Parallel()
	for _, interval := range []time.Duration{0, time.Hour} {
		t.Run(interval.String(), func(t *testing.T) {
			t.Parallel()
			storetest.RunDurable(t, placePostgres(interval))
		})
	}
}

func TestContractSQLite(t *testing.T) {
	t.Parallel()
	for _, interval := range []time.Duration{0, time.Hour} {
		t.Run(interval.String(), func(t *testing.T) {
			t.Parallel()
			storetest.RunDurable(t, placeSQLite(interval))
		})
	}
}

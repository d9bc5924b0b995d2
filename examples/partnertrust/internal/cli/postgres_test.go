package cli_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/examples/partnertrust/internal/cli"
)

// postgres is a database to test with, and a schema of its own in it.
func postgres(t *testing.T) (url, schema string) {
	t.Helper()
	url = os.Getenv("PARTNERTRUST_TEST_POSTGRES")
	if url == "" {
		url = "postgres://postgres@127.0.0.1:5432/test?sslmode=disable"
	}
	db, err := sql.Open("pgx", url)
	require.NoError(t, err)
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
	defer stop()
	if err := db.PingContext(ctx); err != nil {
		require.NoError(t, db.Close())
		t.Skipf("no PostgreSQL, which PARTNERTRUST_TEST_POSTGRES names: %v", err)
	}
	schema = fmt.Sprintf("operators_%d_%d", os.Getpid(), time.Now().UnixNano())
	t.Cleanup(func() {
		_, err := db.ExecContext(context.Background(), "DROP SCHEMA IF EXISTS "+schema+" CASCADE")
		require.NoError(t, err)
		require.NoError(t, db.Close())
	})
	return url, schema
}

// The platform's tables are asked like any other store.
func TestPostgres(t *testing.T) {
	url, schema := postgres(t)
	w := newWorld(t)
	run := func(command string, args ...string) result {
		return w.run(append([]string{command, "--postgres", url, "--schema", schema}, args...)...)
	}
	r := run("list")
	require.Equal(t, cli.ExitUnusable, r.code)
	require.Contains(t, r.err, "--schema")

	r = run("admit", "--create", "--domain", "AUTH", "chain.pem")
	require.Equal(t, cli.ExitYes, r.code, r.out+r.err)
	require.Contains(t, run("list").out, "2 in all")
	require.Equal(t, cli.ExitYes, run("verify", "--domain", "AUTH", "partner.pem").code)
	r = run("admit", "--domain", "AUTH", "--partner", "--org", "Acme Bank", "partner.pem")
	require.Equal(t, cli.ExitYes, r.code, r.out+r.err)
	require.Contains(t, run("list", "--partners").out, "Acme Bank")
	require.Contains(t, run("expiry", "--within", "3y").out, "Acme Bank")
	require.Contains(t, run("graph", "--partners").out, "1 partner ")
}

// A database that is away is no answer, and no "no".
func TestPostgresAway(t *testing.T) {
	w := newWorld(t)
	r := w.run("verify", "--postgres", "postgres://nobody@127.0.0.1:1/test?sslmode=disable&connect_timeout=1", "--domain", "AUTH", "partner.pem")
	require.Equal(t, cli.ExitUnusable, r.code)
	require.Empty(t, r.out)
	require.NotEmpty(t, r.err)
}

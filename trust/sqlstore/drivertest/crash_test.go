package drivertest

import (
	"bufio"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/sqlstore"
)

// kills is how often a writer is killed in each database.
const kills = 200

// crashPool is how many CAs the writer adds and removes.
const crashPool = 6

// TestMain makes the test binary a writer where the environment asks for one.
func TestMain(m *testing.M) {
	if what := os.Getenv("PARTNERTRUST_TEST_WRITER"); what != "" {
		if err := write(what, os.Getenv("PARTNERTRUST_TEST_PLACE"), os.Getenv("PARTNERTRUST_TEST_POOL")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// write changes the store for ever, saying what it begins and what is done.
func write(kind, place, pool string) error {
	data, err := os.ReadFile(pool)
	if err != nil {
		return err
	}
	certs, err := trust.ParseCertificates(data)
	if err != nil {
		return err
	}
	var s *sqlstore.Store
	switch kind {
	case "PostgreSQL":
		config, err := reachable()
		if err != nil {
			return err
		}
		s, err = sqlstore.OpenPostgres(ctx, stdlib.OpenDB(*config), sqlstore.WithSchema(place))
		if err != nil {
			return err
		}
	default:
		db, err := sql.Open("sqlite", sqliteURL(place))
		if err != nil {
			return err
		}
		if s, err = sqlstore.OpenSQLite(ctx, db); err != nil {
			return err
		}
	}
	now, err := s.Snapshot(ctx, trust.Auth)
	if err != nil {
		return err
	}
	there := make([]bool, len(certs))
	for i, c := range certs {
		_, there[i] = now.Find(c)
	}
	for {
		i := rand.IntN(len(certs))
		ca := trust.CA{Domain: trust.Auth, Role: trust.Root, Certificate: certs[i]}
		if there[i] {
			fmt.Println("removing", i)
			err = s.Remove(ctx, trust.Auth, ca.DefaultID())
		} else {
			fmt.Println("adding", i)
			err = s.Add(ctx, ca)
		}
		if err != nil {
			return err
		}
		there[i] = !there[i]
		fmt.Println("done", i)
	}
}

// What a writer was told is done outlives it, whenever it is killed; what it
// had begun is done as a whole or not at all.
func TestKilledWriters(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		rounds := kills
		if testing.Short() {
			rounds = kills / 10
		}
		kind, place := "PostgreSQL", strings.TrimSuffix(table, ".ca_cert_store")
		if place == table {
			kind, place = "SQLite", ""
		}
		killed(t, rounds, kind, place, open)
	})
}

func killed(t *testing.T, rounds int, kind, place string, open func(...sqlstore.Option) *sqlstore.Store) {
	if kind == "SQLite" {
		place = filepath.Join(t.TempDir(), "crash.db")
		require.NoError(t, sqlstore.CreateSQLite(ctx, openSQLite(t, place)))
		open = func(...sqlstore.Option) *sqlstore.Store {
			db, err := sql.Open("sqlite", sqliteURL(place))
			require.NoError(t, err)
			defer func() { require.NoError(t, db.Close()) }()
			s, err := sqlstore.OpenSQLite(ctx, db, sqlstore.WithInterval(time.Hour))
			require.NoError(t, err)
			return s
		}
	}
	p := pki(t)
	var pool strings.Builder
	var cas []trust.CA
	for range crashPool {
		id := p.Partner("Acme")
		pool.WriteString(pemOf(id))
		cas = append(cas, trust.CA{Domain: trust.Auth, Role: trust.Root, Certificate: id.Certificate})
	}
	file := filepath.Join(t.TempDir(), "pool.pem")
	require.NoError(t, os.WriteFile(file, []byte(pool.String()), 0o600))

	there := make([]bool, crashPool)
	changes := 0
	for round := range rounds {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "PARTNERTRUST_TEST_WRITER="+kind, "PARTNERTRUST_TEST_PLACE="+place, "PARTNERTRUST_TEST_POOL="+file)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		var complaint strings.Builder
		cmd.Stderr = &complaint
		require.NoError(t, cmd.Start())
		lines := bufio.NewReader(out)
		begun := -1
		follow := func() error {
			line, err := lines.ReadString('\n')
			if err != nil {
				return err
			}
			verb, number, _ := strings.Cut(strings.TrimSpace(line), " ")
			i, err := strconv.Atoi(number)
			if err != nil {
				return err
			}
			if verb == "done" {
				there[i], begun = !there[i], -1
				changes++
			} else {
				begun = i
			}
			return nil
		}
		require.NoError(t, follow(), complaint.String())
		timer := time.AfterFunc(time.Duration(rand.IntN(8000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
		for err = follow(); err == nil; err = follow() {
		}
		if err != io.EOF {
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		}
		timer.Stop()
		_ = cmd.Wait()
		require.Empty(t, complaint.String())

		s := open()
		require.Empty(t, s.Problems())
		now := snapshot(t, s, trust.Auth)
		if kind == "PostgreSQL" && begun >= 0 {
			// The server may still be at what the dead client asked for; what
			// asks for the writers' turn comes after it.
			require.ErrorIs(t, s.Remove(ctx, trust.Auth, "nobody"), trust.ErrNotFound)
			require.NoError(t, s.Refresh(ctx))
			now = snapshot(t, s, trust.Auth)
		}
		for i, ca := range cas {
			_, found := now.Find(ca.Certificate)
			if i == begun {
				there[i] = found
			}
			require.Equal(t, there[i], found, "round %d: CA %d", round, i)
		}
	}
	t.Logf("%d writers killed, after %d changes", rounds, changes)
}

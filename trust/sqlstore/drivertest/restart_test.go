package drivertest

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/sqlstore"
	"github.com/mosip/partnertrust/trust/sqlstore/pgxlisten"
)

// server is a PostgreSQL server of the test's own, which it may stop.
type server struct {
	bin, dir string
	port     int
	as       *syscall.SysProcAttr
}

func (s *server) run(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.SysProcAttr, cmd.Dir = s.as, s.dir
	// Files and not pipes: the server keeps what it inherits open.
	log, err := os.OpenFile(filepath.Join(t.TempDir(), name+".log"), os.O_CREATE|os.O_RDWR, 0o600)
	require.NoError(t, err)
	defer func() { _ = log.Close() }()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		require.NoError(t, err, "%s: %s", name, said)
	}
}

func (s *server) ctl(t *testing.T, args ...string) {
	t.Helper()
	s.run(t, "pg_ctl", append([]string{"-D", filepath.Join(s.dir, "data"), "-l", filepath.Join(s.dir, "log"), "-w",
		"-o", "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -p " + strconv.Itoa(s.port)}, args...)...)
}

func newServer(t *testing.T) (*server, *pgx.ConnConfig) {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		t.Skip("no PostgreSQL server to start")
	}
	dir, err := os.MkdirTemp("", "partnertrust-postgres-")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := &server{bin: filepath.Dir(found[0]), dir: dir}
	if os.Getuid() == 0 { // PostgreSQL does not run as root
		u, err := user.Lookup("postgres")
		if err != nil {
			t.Skip("no user to run PostgreSQL as")
		}
		uid, errU := strconv.Atoi(u.Uid)
		gid, errG := strconv.Atoi(u.Gid)
		require.NoError(t, errors.Join(errU, errG, os.Chown(dir, uid, gid)))
		s.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.port = l.Addr().(*net.TCPAddr).Port
	require.NoError(t, l.Close())
	s.run(t, "initdb", "-D", filepath.Join(dir, "data"), "-A", "trust", "-U", "postgres", "--no-sync")
	s.ctl(t, "start")
	t.Cleanup(func() { s.ctl(t, "stop", "-m", "immediate") })
	config, err := pgx.ParseConfig("postgres://postgres@127.0.0.1:" + strconv.Itoa(s.port) + "/postgres?sslmode=disable&connect_timeout=5")
	require.NoError(t, err)
	return s, config
}

// PostgreSQL is restarted, orderly and by pulling the plug, while readers read
// and a writer writes: reads go on, writes fail with a typed error and succeed
// again, what was acknowledged is there, and nothing is left behind. It counts
// goroutines, so it runs alone.
func TestRestartUnderLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a PostgreSQL server")
	}
	server, config := newServer(t)
	db := stdlib.OpenDB(*config)
	defer func() { require.NoError(t, db.Close()) }()
	db.SetMaxOpenConns(8)
	require.NoError(t, sqlstore.CreatePostgres(ctx, db, "keymgr"))
	require.NoError(t, sqlstore.InstallTrigger(ctx, db, "keymgr"))
	before := runtime.NumGoroutine()
	s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithInterval(50*time.Millisecond), sqlstore.WithListener(pgxlisten.New(config)))
	require.NoError(t, err)
	p := pki(t)
	constant := rootCA(trust.Auth, p)
	require.NoError(t, s.Add(ctx, constant))
	w := watch(t, s)

	var stop atomic.Bool
	var reads, writes, failed atomic.Int64
	faults := make(chan error, 100)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for !stop.Load() {
				now, err := s.Snapshot(ctx, trust.Auth)
				if err != nil {
					faults <- err
					return
				}
				if _, ok := now.Find(constant.Certificate); !ok {
					faults <- errors.New("a CA that nobody removed is gone")
					return
				}
				reads.Add(1)
				runtime.Gosched()
			}
		})
	}
	var acknowledged []trust.CA
	group.Go(func() {
		for !stop.Load() {
			ca := trust.CA{Domain: trust.FTM, Role: trust.Intermediate, Certificate: p.Partner("Acme").Certificate}
			switch err := s.Add(ctx, ca); {
			case err == nil:
				acknowledged = append(acknowledged, ca)
				writes.Add(1)
			case errors.Is(err, sqlstore.ErrUnavailable), errors.Is(err, sqlstore.ErrUnknownOutcome), errors.Is(err, sqlstore.ErrNotServed):
				failed.Add(1)
				time.Sleep(time.Millisecond)
			default:
				faults <- err
				return
			}
		}
	})
	waitFor := func(what string, n *atomic.Int64) {
		from := n.Load()
		require.Eventually(t, func() bool { return n.Load() > from || len(faults) > 0 }, patience, time.Millisecond, what)
	}
	for _, mode := range []string{"fast", "immediate", "fast"} {
		waitFor("writes", &writes)
		server.ctl(t, "stop", "-m", mode)
		waitFor("reads without a server", &reads)
		waitFor("failed writes", &failed)
		server.ctl(t, "start")
		waitFor("writes after the restart", &writes)
	}
	stop.Store(true)
	group.Wait()
	close(faults)
	for err := range faults {
		require.NoError(t, err)
	}
	require.ErrorIs(t, w.stop(), context.Canceled)
	again, err := sqlstore.OpenPostgres(ctx, db)
	require.NoError(t, err)
	now := snapshot(t, again, trust.FTM)
	for _, ca := range acknowledged {
		_, ok := now.Find(ca.Certificate)
		require.True(t, ok, "an acknowledged Add is lost")
	}
	require.NoError(t, s.Refresh(ctx))
	require.Equal(t, now.Len(), snapshot(t, s, trust.FTM).Len(), "what is served is what is stored")
	t.Logf("%d reads, %d writes, %d failed writes", reads.Load(), writes.Load(), failed.Load())
	require.LessOrEqual(t, db.Stats().OpenConnections, 8)
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+8 }, patience, 10*time.Millisecond, "goroutines are left behind")
}

package dirstore_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
)

// The test binary runs itself as the writer that is killed.
const (
	crashDir    = "DIRSTORE_CRASH_DIR"    // set for the child
	crashRounds = "DIRSTORE_CRASH_ROUNDS" // how often to kill; 200 where unset, 20 with -short
	crashCAs    = 24
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		fmt.Println("failed", writeUntilKilled(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeUntilKilled adds what is not there and removes what is, one to three
// CAs in a call. It says what it is about to do, and when it is done.
func writeUntilKilled(dir string) error {
	data, err := os.ReadFile(filepath.Join(dir, "cas.pem"))
	if err != nil {
		return err
	}
	certs, err := trust.ParseCertificates(data)
	if err != nil {
		return err
	}
	ctx := context.Background()
	s, err := dirstore.Open(filepath.Join(dir, "store"))
	if err != nil {
		return err
	}
	for {
		var fresh []trust.CA
		say := "add"
		snapshot, err := s.Snapshot(ctx, trust.Auth)
		if err != nil {
			return err
		}
		remove := -1
		for _, i := range rand.Perm(len(certs))[:1+rand.IntN(3)] {
			if _, there := snapshot.Find(certs[i]); there {
				remove = i
				continue
			}
			fresh = append(fresh, trust.CA{Domain: trust.Auth, Role: trust.Root, Certificate: certs[i]})
			say += " " + strconv.Itoa(i)
		}
		if remove >= 0 {
			found, _ := snapshot.Find(certs[remove])
			fmt.Println("remove", remove)
			if err := s.Remove(ctx, trust.Auth, found.ID); err != nil {
				return err
			}
			fmt.Println("done")
		}
		if len(fresh) > 0 {
			fmt.Println(say)
			if err := s.Add(ctx, fresh...); err != nil {
				return err
			}
			fmt.Println("done")
		}
	}
}

// No acknowledged Add or Remove is lost, no certificate is half there, and
// what was not acknowledged happened as a whole or not at all. SIGKILL says
// nothing of a power cut, against which only the syncs stand.
func TestCrash(t *testing.T) {
	t.Parallel()
	rounds := 200
	if testing.Short() {
		rounds = 20
	}
	if n, err := strconv.Atoi(os.Getenv(crashRounds)); err == nil {
		rounds = n
	}
	self, err := os.Executable()
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "store"), 0o755))
	root := pkitest.NewRoot(t, "root")
	var all []byte
	certs := make([]*pkitest.Cert, crashCAs)
	for i := range certs {
		certs[i] = root.IssueCA(t, fmt.Sprint("CA ", i))
		all = append(all, certs[i].PEM()...)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "cas.pem"), all, 0o644))

	present := map[int]bool{}
	changes := map[string]int{}
	halves := 0
	for round := range rounds {
		intent := killed(t, self, dir, func(done []string) {
			changes[done[0]]++
			apply(present, done)
		})
		s := open(t, filepath.Join(dir, "store"))
		require.Empty(t, s.Problems(), "round %d", round)
		snapshot, err := s.Snapshot(t.Context(), trust.Auth)
		require.NoError(t, err)
		is := map[int]bool{}
		for i, c := range certs {
			if _, ok := snapshot.Find(c.Certificate); ok {
				is[i] = true
			}
		}
		require.Equal(t, len(is), snapshot.Len(), "round %d: a certificate that nobody added", round)
		if len(intent) > 0 {
			halves++
			if !equal(is, present) {
				apply(present, intent)
			}
		}
		require.Equal(t, present, is, "round %d, not acknowledged: %v", round, intent)
	}
	require.Positive(t, changes["add"], "nobody ever added")
	require.Positive(t, changes["remove"], "nobody ever removed")
	t.Logf("%d kills, %d of them in the middle of a change; acknowledged: %v", rounds, halves, changes)
}

// killed runs a writer, kills it, and returns what it had begun and not
// acknowledged.
func killed(t *testing.T, self, dir string, done func(change []string)) (intent []string) {
	t.Helper()
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	first := true
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if first { // it is up: let it live a little
			first = false
			defer time.AfterFunc(time.Duration(rand.IntN(30_000))*time.Microsecond, func() { _ = cmd.Process.Kill() }).Stop()
		}
		switch fields := strings.Fields(lines.Text()); fields[0] {
		case "add", "remove":
			intent = fields
		case "done":
			done(intent)
			intent = nil
		default:
			_ = cmd.Process.Kill()
			t.Error(lines.Text())
		}
	}
	_ = cmd.Wait() // killed
	return intent
}

func apply(present map[int]bool, change []string) {
	for _, field := range change[1:] {
		i, _ := strconv.Atoi(field)
		if change[0] == "add" {
			present[i] = true
		} else {
			delete(present, i)
		}
	}
}

func equal(a, b map[int]bool) bool {
	for i := range crashCAs {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

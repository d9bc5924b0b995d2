package dirstore_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
)

// A large domain, and what is said of it, holds with -short for a small one.
func large() int {
	if testing.Short() {
		return 2000
	}
	return 100_000
}

var roots struct {
	sync.Mutex
	ders [][]byte
}

// someRoots returns self-signed P-256 certificates, made once in a process.
func someRoots(tb testing.TB, n int) [][]byte {
	tb.Helper()
	roots.Lock()
	defer roots.Unlock()
	for i := len(roots.ders); i < n; i++ {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		require.NoError(tb, err)
		template := &x509.Certificate{
			SerialNumber:          big.NewInt(int64(i + 1)),
			Subject:               pkix.Name{Country: []string{"ZZ"}, Organization: []string{fmt.Sprint("Partner ", i)}, CommonName: fmt.Sprint("CA ", i)},
			NotBefore:             time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
			NotAfter:              time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC),
			IsCA:                  true,
			BasicConstraintsValid: true,
			KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		}
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		require.NoError(tb, err)
		roots.ders = append(roots.ders, der)
	}
	return roots.ders[:n]
}

// fill writes a domain as the store does, without its syncs, or as tools do.
func fill(tb testing.TB, ders [][]byte, perFile int, marked bool) (dir string) {
	tb.Helper()
	dir = tb.TempDir()
	require.NoError(tb, os.Mkdir(filepath.Join(dir, "AUTH"), 0o755))
	var b bytes.Buffer
	name := ""
	for i, der := range ders {
		r := root(tb, der)
		if b.Len() == 0 {
			name = r.ID()
		}
		if marked {
			fmt.Fprintf(&b, "# partnertrust-ca: id=%s role=ROOT added=2026-01-01T00:00:00Z\n", r.ID())
		}
		require.NoError(tb, pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: der}))
		if (i+1)%perFile == 0 || i+1 == len(ders) {
			require.NoError(tb, os.WriteFile(filepath.Join(dir, "AUTH", name+".pem"), b.Bytes(), 0o644))
			b.Reset()
		}
	}
	return dir
}

func root(tb testing.TB, der []byte) trust.Record {
	tb.Helper()
	p, err := trust.PrepareDER(trust.CA{Domain: trust.Auth, Role: trust.Root}, der)
	require.NoError(tb, err)
	return p.Record()
}

// Opening a folder, beside parsing some of its certificates and checking their
// self-signatures one by one, in turns, so that both meet the same machine. What
// says nothing of its role costs that check here too.
func BenchmarkLoad(b *testing.B) {
	ders := someRoots(b, large())
	for _, bm := range []struct {
		name    string
		perFile int
		marked  bool
	}{{"one per file", 1, true}, {"128 per file", 128, true}, {"dropped roots, one per file", 1, false}} {
		b.Run(bm.name, func(b *testing.B) {
			dir := fill(b, ders, bm.perFile, bm.marked)
			before := heap()
			var s *dirstore.Store
			var loads, checks time.Duration
			for b.Loop() {
				from := time.Now()
				s = open(b, dir)
				loads += time.Since(from)
				from = time.Now()
				for _, der := range ders[:1000] {
					c, err := trust.ParseCertificate(der)
					require.NoError(b, err)
					require.NoError(b, c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature))
				}
				checks += time.Since(from)
			}
			load := float64(loads.Nanoseconds()) / float64(b.N) / float64(len(ders))
			check := float64(checks.Nanoseconds()) / float64(b.N) / 1000
			b.ReportMetric(load, "ns/CA")
			b.ReportMetric(check, "parse+signature-ns/CA")
			b.ReportMetric(check/load, "times-faster")
			b.ReportMetric(float64(heap()-before)/float64(len(ders)), "B/CA")
			require.Equal(b, len(ders), records(b, s))
		})
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what the first one set free through a weak pointer
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func records(tb testing.TB, s *dirstore.Store) int {
	got, err := s.Snapshot(ctx, trust.Auth)
	require.NoError(tb, err)
	return got.Len()
}

// One look at a folder in which nothing changed.
func BenchmarkLook(b *testing.B) {
	dir := fill(b, someRoots(b, large()), 1, true)
	then := time.Now().Add(-time.Hour)
	files, err := filepath.Glob(filepath.Join(dir, "AUTH", "*"))
	require.NoError(b, err)
	for _, f := range files {
		require.NoError(b, os.Chtimes(f, then, then))
	}
	s := open(b, dir, dirstore.WithInterval(0))
	for b.Loop() {
		records(b, s)
	}
}

// One Add and one Remove, snapshot included, each beside the same calls to the
// file system done by hand, which is the least that it can cost.
func BenchmarkChange(b *testing.B) {
	for _, n := range []int{10, large()} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			ders := someRoots(b, n+1)
			dir := fill(b, ders[:n], 1, true)
			s := open(b, dir, dirstore.WithInterval(time.Hour))
			c, err := trust.ParseCertificate(ders[n])
			require.NoError(b, err)
			one := trust.CA{Domain: trust.Auth, Role: trust.Root, Certificate: c}
			data := append(make([]byte, 110), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ders[n]})...)
			require.NoError(b, s.Add(ctx, one)) // the first looks at the folder
			require.NoError(b, s.Remove(ctx, trust.Auth, one.DefaultID()))
			var spent [4]time.Duration
			var added, removed int
			for b.Loop() {
				for i, step := range []func(){
					func() { err = s.Add(ctx, one); added = records(b, s) },
					func() { addByHand(b, filepath.Join(dir, "AUTH"), data) },
					func() { err = s.Remove(ctx, trust.Auth, one.DefaultID()); removed = records(b, s) },
					func() { removeByHand(b, filepath.Join(dir, "AUTH")) },
				} {
					from := time.Now()
					step()
					spent[i] += time.Since(from)
					require.NoError(b, err)
				}
				require.Equal(b, []int{n + 1, n}, []int{added, removed})
			}
			for i, unit := range []string{"add-ns", "add-floor-ns", "remove-ns", "remove-floor-ns"} {
				b.ReportMetric(float64(spent[i].Nanoseconds())/float64(b.N), unit)
			}
		})
	}
}

func addByHand(tb testing.TB, dir string, data []byte) {
	f, err := os.OpenFile(filepath.Join(dir, ".by-hand-temp"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	require.NoError(tb, err)
	_, err = f.Write(data)
	require.NoError(tb, err)
	require.NoError(tb, f.Sync())
	require.NoError(tb, f.Close())
	require.NoError(tb, os.Rename(f.Name(), filepath.Join(dir, ".by-hand")))
	syncFolder(tb, dir)
}

func removeByHand(tb testing.TB, dir string) {
	require.NoError(tb, os.Remove(filepath.Join(dir, ".by-hand")))
	syncFolder(tb, dir)
}

func syncFolder(tb testing.TB, dir string) {
	f, err := os.Open(dir)
	require.NoError(tb, err)
	require.NoError(tb, f.Sync())
	require.NoError(tb, f.Close())
}

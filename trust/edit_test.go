package trust_test

import (
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

func emptySnapshot(t *testing.T) *trust.Snapshot {
	t.Helper()
	s, err := trust.NewSnapshot(trust.Auth)
	require.NoError(t, err)
	return s
}

// holds asks that a snapshot has these certificates, under every index.
func holds(t *testing.T, s *trust.Snapshot, want map[string]*pkitest.Cert) {
	t.Helper()
	require.Equal(t, len(want), s.Len())
	for id, c := range want {
		ca, ok := s.ByID(id)
		require.True(t, ok, id)
		require.Equal(t, c.Certificate.Raw, ca.Certificate.Raw)
		require.NotEmpty(t, s.RoleOf(sha256.Sum256(c.Certificate.Raw)))
		named, keyed := 0, 0
		for found := range s.Issuers(c.Certificate.RawSubject, nil) {
			if string(found.Certificate.Raw) == string(c.Certificate.Raw) {
				named++
			}
		}
		for found := range s.Issuers(c.Certificate.RawSubject, c.Certificate.SubjectKeyId) {
			if string(found.Certificate.Raw) == string(c.Certificate.Raw) {
				keyed++
			}
		}
		require.Equal(t, 1, named, id)
		require.Equal(t, 1, keyed, id)
	}
	count := 0
	for r := range s.Records() {
		require.Contains(t, want, r.ID())
		count++
	}
	require.Equal(t, len(want), count)
}

// Whatever an edit does, its snapshot is the one that single steps lead to, and
// the snapshots from before stay as they were. Many CAs share few names.
func TestEditAgainstSingleSteps(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	var pool []*pkitest.Cert
	for i := range 40 {
		pool = append(pool, pkitest.NewRoot(t, fmt.Sprint("name ", i%4)))
	}
	type version struct {
		s    *trust.Snapshot
		want map[string]*pkitest.Cert
	}
	single := emptySnapshot(t)
	edited := single
	want := map[string]*pkitest.Cert{}
	var versions []version
	for range 30 {
		e := edited.Edit()
		for range 12 {
			i := rng.IntN(len(pool))
			id, c := fmt.Sprint("id-", i), pool[i]
			if _, there := want[id]; there {
				require.True(t, e.Holds(id))
				require.ErrorIs(t, e.Add(trust.CA{ID: id, Domain: trust.Auth, Role: trust.Root, Certificate: c.Certificate}), trust.ErrExists)
				require.NoError(t, e.Remove(id))
				next, err := single.Without(id)
				require.NoError(t, err)
				single = next
				delete(want, id)
			} else {
				require.ErrorIs(t, e.Remove(id), trust.ErrNotFound)
				added := trust.CA{ID: id, Domain: trust.Auth, Role: trust.Root, Certificate: c.Certificate}
				require.NoError(t, e.Add(added))
				next, err := single.With(added)
				require.NoError(t, err)
				single = next
				want[id] = c
			}
		}
		before := edited.Version()
		edited = e.Snapshot()
		require.Equal(t, before+1, edited.Version())
		require.Same(t, edited, e.Snapshot(), "nothing changed since")
		holds(t, edited, want)
		holds(t, single, want)
		kept := map[string]*pkitest.Cert{}
		for id, c := range want {
			kept[id] = c
		}
		versions = append(versions, version{edited, kept})
	}
	for _, v := range versions {
		holds(t, v.s, v.want)
	}
}

func TestEditRefusesOtherDomains(t *testing.T) {
	t.Parallel()
	e := emptySnapshot(t).Edit()
	root := pkitest.NewRoot(t, "root")
	require.ErrorIs(t, e.Add(ca(trust.FTM, trust.Root, root)), trust.ErrInvalidCA)
	require.ErrorIs(t, e.Put(trust.Prepared{}), trust.ErrInvalidCA, "the zero Prepared")
	require.Zero(t, e.Snapshot().Len())
	_, err := trust.PrepareDER(trust.CA{Domain: trust.Auth, Role: trust.Root}, []byte{0x30, 0x00})
	require.ErrorIs(t, err, trust.ErrInvalidCA)
	require.ErrorIs(t, err, trust.ErrMalformed, "the cause is not lost")
}

// A snapshot keeps bytes. The parsed certificate is one object as long as
// somebody holds it, and is made again when nobody did.
func TestCertificatesAreParsedWhenAsked(t *testing.T) {
	t.Parallel()
	der := slices.Clone(pkitest.NewRoot(t, "root", pkitest.RawSerial([]byte{0x80, 1})).Certificate.Raw)
	p, err := trust.PrepareDER(trust.CA{Domain: trust.Auth, Role: trust.Root, AddedAt: pkitest.Now}, der)
	require.NoError(t, err)
	clear(der) // the caller's buffer is the caller's
	e := emptySnapshot(t).Edit()
	require.NoError(t, e.Put(p))
	s := e.Snapshot()
	id := p.Record().ID()
	first, _ := s.ByID(id)
	second, _ := s.ByID(id)
	require.Same(t, first.Certificate, second.Certificate)
	require.Negative(t, first.Certificate.SerialNumber.Sign())
	sum := trust.SHA256(first.Certificate)
	first, second = trust.CA{}, trust.CA{}
	for range 3 {
		runtime.GC()
	}
	again, ok := s.ByID(id)
	require.True(t, ok)
	require.Equal(t, sum, trust.SHA256(again.Certificate))
	require.Equal(t, again.DefaultID(), id)
	require.Equal(t, again.Certificate.Raw, p.Record().AppendDER(nil))
	require.True(t, p.Record().NotAfter().Equal(again.Certificate.NotAfter))
	require.True(t, p.Record().NotBefore().Equal(again.Certificate.NotBefore))
	require.Equal(t, trust.Auth, p.Record().Domain())
	require.Equal(t, trust.Root, p.Record().Role())
	require.Equal(t, pkitest.Now, p.Record().AddedAt())
	require.Equal(t, again.Fingerprint(), p.Record().Fingerprint())
}

// An object that the caller parsed is the one that comes back while it lives.
func TestCallersObjectComesBack(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	s, err := emptySnapshot(t).With(ca(trust.Auth, trust.Root, root))
	require.NoError(t, err)
	found, _ := s.Find(root.Certificate)
	require.Same(t, root.Certificate, found.Certificate)
	runtime.KeepAlive(root)
	_, err = s.With(trust.CA{Domain: trust.Auth, Role: trust.Root, Certificate: &x509.Certificate{Raw: []byte("no certificate")}})
	require.ErrorIs(t, err, trust.ErrInvalidCA)
}

// 100 000 CAs are what a country might have many times over. BenchmarkLoad
// reports what one costs; the peers are a crypto/x509 pool of parsed
// certificates, and what the platform does: parse and check each one.
const country = 100_000

func manyDERs(tb testing.TB, n int) [][]byte {
	tb.Helper()
	issuer := pkitest.NewRoot(tb, "root")
	ders := make([][]byte, n)
	for i := range ders {
		ders[i] = issuer.IssueCA(tb, fmt.Sprint("CA ", i), pkitest.Key(issuer.Key), pkitest.SubjectKeyID(fmt.Appendf(nil, "%020d", i))).Certificate.Raw
	}
	return ders
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkLoad(b *testing.B) {
	ders := manyDERs(b, country)
	b.Run("snapshot", func(b *testing.B) {
		for b.Loop() {
			before := heap()
			start := time.Now()
			e := emptySnapshotB(b).Edit()
			for _, der := range ders {
				p, err := trust.PrepareDER(trust.CA{Domain: trust.Auth, Role: trust.Intermediate, AddedAt: pkitest.Now}, der)
				if err == nil {
					err = e.Put(p)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
			s := e.Snapshot()
			b.ReportMetric(float64(time.Since(start).Nanoseconds())/country, "ns/CA")
			b.ReportMetric(float64(heap()-before)/country, "B/CA")
			runtime.KeepAlive(s)
		}
	})
	b.Run("x509.CertPool", func(b *testing.B) {
		for b.Loop() {
			before := heap()
			start := time.Now()
			pool := x509.NewCertPool()
			for _, der := range ders {
				c, err := x509.ParseCertificate(der)
				if err != nil {
					b.Fatal(err)
				}
				pool.AddCert(c)
			}
			b.ReportMetric(float64(time.Since(start).Nanoseconds())/country, "ns/CA")
			b.ReportMetric(float64(heap()-before)/country, "B/CA")
			runtime.KeepAlive(pool)
		}
	})
	b.Run("parse and self-signature", func(b *testing.B) {
		self := pkitest.NewRoot(b, "self").Certificate.Raw
		for b.Loop() {
			start := time.Now()
			for range country / 10 {
				c, err := x509.ParseCertificate(self)
				if err == nil {
					err = c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(time.Since(start).Nanoseconds())/(country/10), "ns/CA")
		}
	})
}

func emptySnapshotB(b *testing.B) *trust.Snapshot {
	s, err := trust.NewSnapshot(trust.Auth)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// One more and one less, among 10 and among 100 000.
func BenchmarkChange(b *testing.B) {
	for _, n := range []int{10, country} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			e := emptySnapshotB(b).Edit()
			for _, der := range manyDERs(b, n) {
				p, err := trust.PrepareDER(trust.CA{Domain: trust.Auth, Role: trust.Intermediate}, der)
				if err == nil {
					err = e.Put(p)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
			s := e.Snapshot()
			one := trust.CA{ID: "one-more", Domain: trust.Auth, Role: trust.Root, Certificate: pkitest.NewRoot(b, "one more").Certificate}
			for b.Loop() {
				more, err := s.With(one)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := more.Without(one.ID); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Finding the issuers of a certificate by name and key identifier, among few
// and many CAs, of different names and of one.
func BenchmarkIssuers(b *testing.B) {
	for _, kind := range []string{"distinct", "one-name"} {
		for _, n := range []int{10, country} {
			b.Run(fmt.Sprintf("%s/N=%d", kind, n), func(b *testing.B) {
				issuer := pkitest.NewRoot(b, "root")
				e := emptySnapshotB(b).Edit()
				var wanted *x509.Certificate
				for i := range n {
					cn := "CA"
					if kind == "distinct" {
						cn = fmt.Sprint("CA ", i)
					}
					c := issuer.IssueCA(b, cn, pkitest.Key(issuer.Key), pkitest.SubjectKeyID(fmt.Appendf(nil, "%020d", i)))
					if err := e.Add(ca(trust.Auth, trust.Intermediate, c)); err != nil {
						b.Fatal(err)
					}
					if i == n/2 {
						wanted = c.Certificate
					}
				}
				s := e.Snapshot()
				for b.Loop() {
					for found := range s.Issuers(wanted.RawSubject, wanted.SubjectKeyId) {
						if !found.Certificate.Equal(wanted) {
							b.Fatal("another one comes first")
						}
						break
					}
				}
			})
		}
	}
}

// What is stored is what the bytes say, whatever the caller wrote into the
// object that holds them.
func TestStoredIsWhatTheBytesSay(t *testing.T) {
	t.Parallel()
	root, other := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "other")
	changed := *root.Certificate
	changed.PublicKey, changed.IsCA = other.Certificate.PublicKey, false
	store := trust.NewMemory()
	require.NoError(t, store.Add(ctx, trust.CA{Domain: trust.Auth, Role: trust.Root, Certificate: &changed}))
	s, err := store.Snapshot(ctx, trust.Auth)
	require.NoError(t, err)
	found, ok := s.Find(root.Certificate)
	require.True(t, ok)
	require.Equal(t, root.Certificate.PublicKey, found.Certificate.PublicKey)
	require.True(t, found.Certificate.IsCA)
	kept, err := store.PutPartner(ctx, trust.PartnerCertificate{Domain: trust.Auth, Organization: "Acme", Certificate: &changed, Signed: &changed}, "")
	require.NoError(t, err)
	for _, c := range []*x509.Certificate{kept.Certificate, kept.Signed} {
		require.Equal(t, root.Certificate.PublicKey, c.PublicKey)
	}
	runtime.KeepAlive(&changed)
}

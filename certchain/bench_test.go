package certchain_test

import (
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"testing"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// benchPKI is a chain with so many certificates, anchor and leaf included, and
// leaves enough that no cache has seen them.
type benchPKI struct {
	root   *pkitest.Cert
	inters []*pkitest.Cert
	leaves []*pkitest.Cert
}

func newBenchPKI(b *testing.B, length int, rsa bool, leaves int) benchPKI {
	b.Helper()
	key := func(n int) pkitest.Mod {
		if rsa {
			return pkitest.Key(pkitest.RSA(2048, n))
		}
		return pkitest.Key(pkitest.EC(p256))
	}
	p := benchPKI{root: pkitest.NewRoot(b, "root", key(0))}
	issuer := p.root
	for i := range length - 2 {
		issuer = issuer.IssueCA(b, fmt.Sprint("inter ", i), key(i+1))
		p.inters = append(p.inters, issuer)
	}
	leafKey := key(9)
	for range leaves {
		p.leaves = append(p.leaves, issuer.Issue(b, "leaf", leafKey))
	}
	return p
}

func (p benchPKI) source() trust.Source {
	return trust.Static(pkitest.Certificates(p.root), pkitest.Certificates(p.inters...))
}

func (p benchPKI) issuer() *x509.Certificate {
	if len(p.inters) == 0 {
		return p.root.Certificate
	}
	return p.inters[len(p.inters)-1].Certificate
}

func forEachPKI(b *testing.B, leaves int, f func(b *testing.B, p benchPKI)) {
	for _, algorithm := range []string{"RSA-2048", "P-256"} {
		for _, length := range []int{3, 4} {
			p := newBenchPKI(b, length, algorithm == "RSA-2048", leaves)
			b.Run(fmt.Sprintf("%s/chain=%d", algorithm, length), func(b *testing.B) { f(b, p) })
		}
	}
}

// A leaf that was never seen, under CAs that are known: the floor is the check
// of its one signature.
func BenchmarkNewLeaf(b *testing.B) {
	const leaves = 2000
	forEachPKI(b, leaves, func(b *testing.B, p benchPKI) {
		b.Run("floor", func(b *testing.B) {
			issuer := p.issuer()
			for i := 0; b.Loop(); i++ {
				c := p.leaves[i%leaves].Certificate
				if issuer.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) != nil {
					b.Fatal("floor")
				}
			}
		})
		b.Run("certchain", func(b *testing.B) {
			v := certchain.New(p.source(), certchain.WithClock(pkitest.Clock), certchain.LeafCache(0))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := v.Verify(ctx, trust.Auth, p.leaves[i%leaves].Certificate); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("crypto-x509", func(b *testing.B) {
			opts := p.standard()
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := p.leaves[i%leaves].Certificate.Verify(opts); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

func (p benchPKI) standard() x509.VerifyOptions {
	opts := x509.VerifyOptions{
		Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: pkitest.Now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	}
	opts.Roots.AddCert(p.root.Certificate)
	for _, c := range p.inters {
		opts.Intermediates.AddCert(c.Certificate)
	}
	return opts
}

// A leaf that was seen before, from its bytes: the floor is their hash and a
// look-up.
func BenchmarkRepeatedLeaf(b *testing.B) {
	forEachPKI(b, 1, func(b *testing.B, p benchPKI) {
		der := p.leaves[0].Certificate.Raw
		b.Run("floor", func(b *testing.B) {
			known := map[[sha256.Size]byte]bool{sha256.Sum256(der): true}
			for b.Loop() {
				if !known[sha256.Sum256(der)] {
					b.Fatal("floor")
				}
			}
		})
		b.Run("certchain", func(b *testing.B) {
			v := certchain.New(p.source(), certchain.WithClock(pkitest.Clock))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.VerifyDER(ctx, trust.Auth, der); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("crypto-x509", func(b *testing.B) {
			opts := p.standard()
			b.ReportAllocs()
			for b.Loop() {
				c, err := x509.ParseCertificate(der)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := c.Verify(opts); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

// A new leaf among ever more CAs: with names of their own, and all with one
// name. What is asked is how the time grows with their number.
func BenchmarkManyCAs(b *testing.B) {
	key := pkitest.EC(p256)
	for _, kind := range []string{"distinct", "one-name"} {
		for _, n := range []int{10, 1_000, 10_000, 100_000} {
			b.Run(fmt.Sprintf("%s/N=%d", kind, n), func(b *testing.B) {
				cas := make([]*x509.Certificate, n)
				var issuer *pkitest.Cert
				for i := range cas {
					cn := "ca"
					if kind == "distinct" {
						cn = fmt.Sprint("ca ", i)
					}
					k := key
					if i == n/2 {
						k = pkitest.EC(p256)
					}
					id := sha256.Sum256(fmt.Appendln(nil, i))
					c := pkitest.NewRoot(b, cn, pkitest.Key(k), pkitest.SubjectKeyID(id[:20]))
					if cas[i] = c.Certificate; i == n/2 {
						issuer = c
					}
				}
				leaf := issuer.Issue(b, "leaf").Certificate
				v := certchain.New(trust.Static(cas, nil), certchain.WithClock(pkitest.Clock))
				if _, err := v.Verify(ctx, trust.Auth, leaf); err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				for b.Loop() {
					if _, err := v.Verify(ctx, trust.Auth, leaf); err != nil {
						b.Fatal(err)
					}
				}
				b.StopTimer()
				b.ReportMetric(float64(besideCertPool(cas, leaf).Nanoseconds()), "ns/crypto-x509")
			})
		}
	}
}

// besideCertPool is what crypto/x509 takes to verify the leaf; -1 ns where it
// gives up, because too many CAs have the name.
func besideCertPool(cas []*x509.Certificate, leaf *x509.Certificate) time.Duration {
	pool := x509.NewCertPool()
	for _, c := range cas {
		pool.AddCert(c)
	}
	options := x509.VerifyOptions{Roots: pool, CurrentTime: pkitest.Now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
	const rounds = 20
	start := time.Now()
	for range rounds {
		if _, err := leaf.Verify(options); err != nil {
			return -1
		}
	}
	return time.Since(start) / rounds
}

// Repeated leaves on all cores while a CA is added or removed every few
// milliseconds: compare -cpu 1,2.
func BenchmarkParallelWithChanges(b *testing.B) {
	store := trust.NewMemory()
	root := pkitest.NewRoot(b, "root")
	inter := root.IssueCA(b, "inter")
	add := func(role trust.Role, c *pkitest.Cert) trust.CA {
		ca := trust.CA{Domain: trust.Auth, Role: role, Certificate: c.Certificate}
		if err := store.Add(ctx, ca); err != nil {
			b.Fatal(err)
		}
		return ca
	}
	add(trust.Root, root)
	add(trust.Intermediate, inter)
	ders := make([][]byte, 256)
	for i := range ders {
		ders[i] = inter.Issue(b, fmt.Sprint(i)).Certificate.Raw
	}
	v := certchain.New(store, certchain.WithClock(pkitest.Clock))
	extra := pkitest.NewRoot(b, "extra")
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		ticker := time.NewTicker(5 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-stop:
				return
			case <-ticker.C:
				ca := add(trust.Root, extra)
				if err := store.Remove(ctx, trust.Auth, ca.DefaultID()); err != nil {
					b.Error(err)
				}
			}
		}
	}()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if _, err := v.VerifyDER(ctx, trust.Auth, ders[i%len(ders)]); err != nil {
				b.Error(err)
			}
		}
	})
}

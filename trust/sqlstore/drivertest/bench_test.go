package drivertest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"database/sql"
	"encoding/pem"
	"fmt"
	"math/big"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/sqlstore"
)

// country is how many CAs the goals speak of.
const country = 100_000

func selfSigned(tb testing.TB, key *ecdsa.PrivateKey, n int) *x509.Certificate {
	tb.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(int64(n + 1)), Subject: pkix.Name{Country: []string{"IN"}, Organization: []string{"Example"}, CommonName: fmt.Sprint("CA ", n)},
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, SubjectKeyId: fmt.Appendf(nil, "%020d", n),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

var countryCAs = sync.OnceValue(func() []trust.CA {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	cas := make([]trust.CA, country+1)
	for i := range cas {
		cas[i] = trust.CA{Domain: trust.Auth, Role: trust.Root, Certificate: selfSigned(quiet{}, key, i)}
	}
	return cas
})

// quiet stands for a testing.TB where there is none.
type quiet struct{ testing.TB }

func (quiet) Helper()           {}
func (quiet) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

type database struct {
	name string
	db   *sql.DB
	open func() (*sqlstore.Store, error)
}

func databases(b testing.TB) []database {
	db := openPostgres(b)
	schema := newSchema(b, db)
	file := openSQLite(b, filepath.Join(b.TempDir(), "trust.db"))
	if err := sqlstore.CreateSQLite(ctx, file); err != nil {
		b.Fatal(err)
	}
	hour := sqlstore.WithInterval(time.Hour)
	return []database{
		{"PostgreSQL", db, func() (*sqlstore.Store, error) {
			return sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema), hour)
		}},
		{"SQLite", file, func() (*sqlstore.Store, error) { return sqlstore.OpenSQLite(ctx, file, hour) }},
	}
}

// Load of 100 000 CAs, its memory, and one change among them. The peer is the
// platform's way: parse each and check its own signature.
func BenchmarkCountry(b *testing.B) {
	cas := countryCAs()
	b.Run("parse and self-signature", func(b *testing.B) {
		text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cas[0].Certificate.Raw})
		for b.Loop() {
			start := time.Now()
			for range country / 20 {
				block, _ := pem.Decode(text)
				c, err := x509.ParseCertificate(block.Bytes)
				if err == nil {
					err = c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(time.Since(start).Nanoseconds())/(country/20), "ns/CA")
		}
	})
	for _, d := range databases(b) {
		s, err := d.open()
		if err != nil {
			b.Fatal(err)
		}
		for at := 0; at < country; at += 5000 {
			if err := s.Add(ctx, cas[at:at+5000]...); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(d.name+"/load", func(b *testing.B) {
			for b.Loop() {
				before, start := heap(), time.Now()
				s, err := d.open()
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(time.Since(start).Nanoseconds())/country, "ns/CA")
				b.ReportMetric(float64(heap()-before)/country, "B/CA")
				runtime.KeepAlive(s)
			}
		})
		b.Run(d.name+"/commit alone", func(b *testing.B) {
			if _, err := d.db.Exec("CREATE TABLE IF NOT EXISTS floor (n int)"); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := d.db.Exec("INSERT INTO floor VALUES (1)"); err != nil {
					b.Fatal(err)
				}
			}
			if _, err := d.db.Exec("DROP TABLE floor"); err != nil {
				b.Fatal(err)
			}
		})
		one := cas[country]
		b.Run(d.name+"/Add and Remove", func(b *testing.B) {
			for b.Loop() {
				if err := s.Add(ctx, one); err != nil {
					b.Fatal(err)
				}
				if err := s.Remove(ctx, trust.Auth, one.DefaultID()); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(d.name+"/look at nothing new", func(b *testing.B) {
			eager, err := d.open()
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := eager.Refresh(ctx); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

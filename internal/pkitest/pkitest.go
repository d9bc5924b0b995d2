// Package pkitest makes certificates at run time with any property or defect.
// It writes the DER itself, because the standard library refuses to create
// most of what must be refused when it is read.
package pkitest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// Now is the time at which all certificates of this package are valid, unless
// asked otherwise. Tests give it to the code under test as its clock.
var Now = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

// Clock is a clock that stands still at Now.
func Clock() time.Time { return Now }

// Cert is a certificate with its key.
type Cert struct {
	Certificate *x509.Certificate
	Key         crypto.Signer
}

// PEM returns the certificate as a PEM block.
func (c *Cert) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate.Raw})
}

// NewRoot makes a self-signed CA with that common name.
func NewRoot(tb testing.TB, cn string, mods ...Mod) *Cert {
	tb.Helper()
	return issue(tb, nil, defaults(cn, true), mods)
}

// IssueCA makes a CA certificate below ca.
func (c *Cert) IssueCA(tb testing.TB, cn string, mods ...Mod) *Cert {
	tb.Helper()
	return issue(tb, c, defaults(cn, true), mods)
}

// Issue makes an end-entity certificate below c.
func (c *Cert) Issue(tb testing.TB, cn string, mods ...Mod) *Cert {
	tb.Helper()
	return issue(tb, c, defaults(cn, false), mods)
}

// RawCertificate returns the bytes of a self-signed certificate that need not
// parse.
func RawCertificate(tb testing.TB, mods ...Mod) []byte {
	tb.Helper()
	s := defaults("raw", true)
	return s.build(tb, nil, mods)
}

func defaults(cn string, ca bool) *spec {
	s := &spec{
		version:   3,
		subject:   Name(O("Acme Bank"), CN(cn)),
		serial:    randomSerial(),
		notBefore: Now.AddDate(-1, 0, 0),
		notAfter:  Now.AddDate(9, 0, 0),
	}
	if ca {
		s.basicConstraints = basic(true, -1)
		s.keyUsage = KeyUsage(x509.KeyUsageCertSign | x509.KeyUsageCRLSign)
	} else {
		s.notAfter = Now.AddDate(2, 0, 0)
		s.keyUsage = KeyUsage(x509.KeyUsageDigitalSignature)
	}
	return s
}

func issue(tb testing.TB, issuer *Cert, s *spec, mods []Mod) *Cert {
	tb.Helper()
	der := s.build(tb, issuer, mods)
	c, err := trust.ParseCertificate(der)
	if err != nil {
		tb.Fatalf("pkitest: %v", err)
	}
	return &Cert{Certificate: c, Key: s.key}
}

func newKey(tb testing.TB) crypto.Signer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

func randomSerial() []byte {
	serial := make([]byte, 16)
	_, _ = rand.Read(serial) // never fails (crypto/rand)
	serial[0] = serial[0]&0x3f | 0x40
	return serial
}

// Certificates returns the certificates alone.
func Certificates(certs ...*Cert) []*x509.Certificate {
	out := make([]*x509.Certificate, len(certs))
	for i, c := range certs {
		out[i] = c.Certificate
	}
	return out
}

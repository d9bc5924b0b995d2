package x5c_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// RS256 over 2 KB with three certificates in the header. The floor is one hash
// and one RSA check.
func BenchmarkVerify(b *testing.B) {
	w := newRSAWorld(b)
	payload := []byte(strings.Repeat("0123456789abcdef", 128))
	chain := []*pkitest.Cert{w.device, w.inter, w.root}
	made := token{chain: chain, payload: payload}.make(b)
	parts := strings.Split(made, ".")
	input, signature := []byte(parts[0]+"."+parts[1]), mustDecode(b, parts[2])
	key := w.device.Certificate.PublicKey.(*rsa.PublicKey)

	b.Run("floor", func(b *testing.B) {
		for b.Loop() {
			digest := sha256.Sum256(input)
			if rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) != nil {
				b.Fatal("floor")
			}
		}
	})
	b.Run("x5c/repeated", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := w.v.Verify(ctx, trust.Device, made); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("x5c/first", func(b *testing.B) {
		// CAs are known, the signer never is: nothing of him is remembered.
		v := x5c.New(certchain.New(w.store, certchain.WithClock(pkitest.Clock), certchain.LeafCache(0)), x5c.WithoutCache())
		b.ReportAllocs()
		for b.Loop() {
			if _, err := v.Verify(ctx, trust.Device, made); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("jwx+crypto-x509", func(b *testing.B) {
		roots, inters := x509.NewCertPool(), x509.NewCertPool()
		roots.AddCert(w.root.Certificate)
		inters.AddCert(w.inter.Certificate)
		opts := x509.VerifyOptions{Roots: roots, Intermediates: inters, CurrentTime: pkitest.Now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
		b.ReportAllocs()
		for b.Loop() {
			message, err := jws.ParseString(made)
			if err != nil {
				b.Fatal(err)
			}
			text, _ := message.Signatures()[0].ProtectedHeaders().X509CertChain().Get(0)
			der, err := base64.StdEncoding.DecodeString(string(text))
			if err != nil {
				b.Fatal(err)
			}
			c, err := x509.ParseCertificate(der)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := c.Verify(opts); err != nil {
				b.Fatal(err)
			}
			if _, err := jws.Verify([]byte(made), jws.WithKey(jwa.RS256, c.PublicKey)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func mustDecode(b *testing.B, s string) []byte {
	b.Helper()
	out, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		b.Fatal(err)
	}
	return out
}

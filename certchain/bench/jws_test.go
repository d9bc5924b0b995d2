// Package bench measures the library beside other JOSE libraries. It is a module
// of its own, so that its dependencies are nobody else's.
package bench

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/trust"
)

// hierarchy is a root, an intermediate and a signer, all RSA-2048.
type hierarchy struct {
	root, inter, leaf *x509.Certificate
	key               *rsa.PrivateKey
}

func newHierarchy(b *testing.B) hierarchy {
	b.Helper()
	issue := func(n int64, cn string, ca bool, parent *x509.Certificate, parentKey *rsa.PrivateKey) (*x509.Certificate, *rsa.PrivateKey) {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			b.Fatal(err)
		}
		template := &x509.Certificate{
			SerialNumber: big.NewInt(n), Subject: pkix.Name{Organization: []string{"Acme"}, CommonName: cn},
			NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(1000 * time.Hour),
			KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true, IsCA: ca,
		}
		if ca {
			template.KeyUsage = x509.KeyUsageCertSign
		}
		if parent == nil {
			parent, parentKey = template, key
		}
		der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
		if err != nil {
			b.Fatal(err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			b.Fatal(err)
		}
		return c, key
	}
	var h hierarchy
	root, rootKey := issue(1, "root", true, nil, nil)
	inter, interKey := issue(2, "inter", true, root, rootKey)
	h.root, h.inter = root, inter
	h.leaf, h.key = issue(3, "leaf", false, inter, interKey)
	return h
}

func (h hierarchy) token(b *testing.B, payload []byte) string {
	b.Helper()
	var texts []string
	for _, c := range []*x509.Certificate{h.leaf, h.inter, h.root} {
		texts = append(texts, base64.StdEncoding.EncodeToString(c.Raw))
	}
	header, err := json.Marshal(map[string]any{"alg": "RS256", "x5c": texts})
	if err != nil {
		b.Fatal(err)
	}
	input := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload)
	digest := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(nil, h.key, crypto.SHA256, digest[:])
	if err != nil {
		b.Fatal(err)
	}
	return input + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// A JWS with RS256 over a JSON object of 2 KB and three certificates in the
// header, from a signer who comes again.
func BenchmarkJWS(b *testing.B) {
	h := newHierarchy(b)
	payload := []byte(`{"data":"` + strings.Repeat("0123456789abcdef", 127) + `"}`)
	token := h.token(b, payload)
	roots, inters := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(h.root)
	inters.AddCert(h.inter)
	opts := x509.VerifyOptions{Roots: roots, Intermediates: inters, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}

	b.Run("floor", func(b *testing.B) {
		parts := strings.Split(token, ".")
		input := []byte(parts[0] + "." + parts[1])
		signature, err := base64.RawURLEncoding.DecodeString(parts[2])
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			digest := sha256.Sum256(input)
			if rsa.VerifyPKCS1v15(&h.key.PublicKey, crypto.SHA256, digest[:], signature) != nil {
				b.Fatal("floor")
			}
		}
	})
	b.Run("x5c", func(b *testing.B) {
		v := x5c.New(certchain.New(trust.Static([]*x509.Certificate{h.root}, []*x509.Certificate{h.inter})))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := v.Verify(context.Background(), trust.Device, token); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("go-jose", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			parsed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
			if err != nil {
				b.Fatal(err)
			}
			chains, err := parsed.Signatures[0].Protected.Certificates(opts)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := parsed.Verify(chains[0][0].PublicKey); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("golang-jwt", func(b *testing.B) {
		parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}))
		key := func(t *jwt.Token) (any, error) {
			first, _ := t.Header["x5c"].([]any)[0].(string)
			der, err := base64.StdEncoding.DecodeString(first)
			if err != nil {
				return nil, err
			}
			c, err := x509.ParseCertificate(der)
			if err != nil {
				return nil, err
			}
			_, err = c.Verify(opts)
			return c.PublicKey, err
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := parser.Parse(token, key); err != nil {
				b.Fatal(err)
			}
		}
	})
}

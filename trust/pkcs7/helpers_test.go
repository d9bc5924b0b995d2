package pkcs7_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
)

// certificates are self-signed and differ in their serial numbers.
func certificates(t testing.TB, n int) []*x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	certs := make([]*x509.Certificate, n)
	for i := range certs {
		template := &x509.Certificate{
			SerialNumber: big.NewInt(int64(i + 1)),
			Subject:      pkix.Name{Organization: []string{"Acme, Inc."}},
			NotBefore:    time.Unix(0, 0),
			NotAfter:     time.Unix(1<<31, 0),
		}
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		require.NoError(t, err)
		certs[i], err = trust.ParseCertificate(der)
		require.NoError(t, err)
	}
	return certs
}

func raw(certs []*x509.Certificate) [][]byte {
	ders := make([][]byte, len(certs))
	for i, c := range certs {
		ders[i] = c.Raw
	}
	return ders
}

func block(label string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der})
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return data
}

// forms are the ways in which a bundle travels.
func forms(der []byte) map[string][]byte {
	wrapped := block("PKCS7", der)
	wrapped = wrapped[len("-----BEGIN PKCS7-----\n") : len(wrapped)-len("-----END PKCS7-----\n")]
	return map[string][]byte{
		"binary":                   der,
		"PEM PKCS7":                block("PKCS7", der),
		"PEM CMS":                  block("CMS", der),
		"PEM PKCS #7 SIGNED DATA":  block("PKCS #7 SIGNED DATA", der),
		"PEM CERTIFICATE":          block("CERTIFICATE", der),
		"PEM after other text":     append([]byte("subject=CN = x\r\n"), block("PKCS7", der)...),
		"base64":                   []byte(base64.StdEncoding.EncodeToString(der)),
		"base64 in lines":          wrapped,
		"base64 with a BOM":        append([]byte("\xef\xbb\xbf"), wrapped...),
		"base64 without padding":   []byte(base64.RawStdEncoding.EncodeToString(der)),
		"base64url":                []byte(base64.RawURLEncoding.EncodeToString(der)),
		"base64url with padding":   []byte(base64.URLEncoding.EncodeToString(der) + "\n"),
		"base64 of PEM":            []byte(base64.StdEncoding.EncodeToString(block("PKCS7", der))),
		"base64 of PEM, long name": []byte(base64.StdEncoding.EncodeToString(block("PKCS #7 SIGNED DATA", der))),
	}
}

package oidc_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/fips140"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

// The keys are made once; RSA-4096 takes its time.
var keys = sync.OnceValue(func() (made map[string]crypto.Signer) {
	fips140.WithoutEnforcement(func() { made = makeKeys() }) // the weak ones too
	return made
})

func makeKeys() map[string]crypto.Signer {
	made := make(map[string]crypto.Signer)
	keep := func(name string, key crypto.Signer, err error) {
		if err != nil {
			panic(err)
		}
		made[name] = key
	}
	for name, bits := range map[string]int{"RSA-1024": 1024, "RSA-2048": 2048, "RSA-3072": 3072} {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		keep(name, key, err)
	}
	for name, curve := range map[string]elliptic.Curve{
		"P-224": elliptic.P224(), "P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521(),
	} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		keep(name, key, err)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	keep("Ed25519", key, err)
	return made
}

var accepted = []string{"RSA-2048", "RSA-3072", "P-256", "P-384", "P-521", "Ed25519"}

func mustKey(t testing.TB, name string) *oidc.Key {
	t.Helper()
	key, err := oidc.KeyFromPublicKey(keys()[name].Public())
	require.NoError(t, err)
	return key
}

func clientID(t testing.TB, key *oidc.Key) string {
	t.Helper()
	id, err := key.ClientID(oidc.CurrentRule)
	require.NoError(t, err)
	return id
}

// certificate is a self-signed certificate of the key, with a serial number
// that crypto/x509 would not read back.
func certificate(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x42),
		Subject:      pkix.Name{Organization: []string{"Relying Party"}},
		NotBefore:    time.Unix(0, 0),
		NotAfter:     time.Unix(1<<31, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	return der
}

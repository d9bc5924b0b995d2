package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"

	"github.com/mosip/partnertrust/oidc"
)

// The partner's side of the desk: a key pair that never leaves it, a request
// signed with it, and what it hands in afterwards.

func newKey(kind string) (crypto.Signer, error) {
	switch kind {
	case "RSA-1024":
		return rsa.GenerateKey(rand.Reader, 1024)
	case "RSA-2048":
		return rsa.GenerateKey(rand.Reader, 2048)
	case "RSA-4096":
		return rsa.GenerateKey(rand.Reader, 4096)
	case "P-256":
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "P-384":
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "P-521":
		return ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case "Ed25519":
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	}
	return nil, fmt.Errorf("no key of kind %q", kind)
}

func subject(organization, name string) pkix.Name {
	return pkix.Name{Country: []string{"SL"}, Organization: []string{organization}, CommonName: name}
}

// newRequest is a certificate signing request in DER.
func newRequest(key crypto.Signer, organization, name string) ([]byte, error) {
	return x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject:        subject(organization, name),
		EmailAddresses: []string{"pki@partner.example"},
	}, key)
}

// newJWK is the public key as a relying party registers it.
func newJWK(key crypto.Signer) ([]byte, error) {
	public, err := oidc.KeyFromPublicKey(key.Public())
	if err != nil {
		return nil, err
	}
	return public.JWK(), nil
}

func pemOf(ders ...[]byte) []byte {
	var text []byte
	for _, der := range ders {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	return text
}

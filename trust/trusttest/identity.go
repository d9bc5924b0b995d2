package trusttest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"

	"github.com/mosip/partnertrust/oidc"
	"github.com/mosip/partnertrust/trust"
)

// Identity is somebody with a certificate and its key: a partner, a device, a
// chip, or a CA. It is not to be changed.
type Identity struct {
	// Domain and Organization are what the test asked for: where the
	// certificate is presented and whose it is registered to be. A defect may let
	// the certificate say something else.
	Domain       trust.Domain
	Organization string

	Certificate *x509.Certificate
	Chain       []*x509.Certificate // the certificate first, its root last
	Key         crypto.Signer       // no secret, and other identities may have the same

	pki    *PKI
	issuer *authority // nil for one that signed itself
}

// PEM returns the certificate as a PEM block.
func (id *Identity) PEM() []byte { return pemOf(id.Certificate) }

// ChainPEM returns the chain as PEM blocks, the certificate first.
func (id *Identity) ChainPEM() []byte { return pemOf(id.Chain...) }

func pemOf(certs ...*x509.Certificate) (out []byte) {
	for _, c := range certs {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out
}

// KeyPEM returns the private key as a PEM block, in PKCS #8.
func (id *Identity) KeyPEM() []byte {
	id.pki.tb.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(id.Key)
	if err != nil {
		id.pki.tb.Fatalf("trusttest: %v", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// JWK returns the public key as a JWK (RFC 7517, RFC 8037), with the members
// that make the key and no others. A weak key gets one too.
func (id *Identity) JWK() []byte {
	id.pki.tb.Helper()
	b64 := base64.RawURLEncoding.EncodeToString
	var members map[string]string
	switch key := id.Key.Public().(type) {
	case *rsa.PublicKey:
		members = map[string]string{"kty": "RSA", "n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes())}
	case *ecdsa.PublicKey:
		point, err := key.Bytes() // SEC 1 §2.3.3: 4, x, y
		if err != nil {
			id.pki.tb.Fatalf("trusttest: %v", err)
		}
		width := len(point) / 2
		members = map[string]string{"kty": "EC", "crv": key.Params().Name, "x": b64(point[1 : 1+width]), "y": b64(point[1+width:])}
	case ed25519.PublicKey:
		members = map[string]string{"kty": "OKP", "crv": "Ed25519", "x": b64(key)}
	default:
		id.pki.tb.Fatalf("trusttest: there is no JWK for a %T", key)
	}
	text, err := json.Marshal(members)
	if err != nil {
		id.pki.tb.Fatalf("trusttest: %v", err)
	}
	return text
}

// ClientID returns the id of the eSignet client with this key: [oidc.ClientID].
// A key that may be no client's fails the test.
func (id *Identity) ClientID() string {
	id.pki.tb.Helper()
	client, err := oidc.ClientID(id.JWK())
	if err != nil {
		id.pki.tb.Fatalf("trusttest: %v", err)
	}
	return client
}

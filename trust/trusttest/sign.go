package trusttest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"testing"
)

// SignJWS signs the payload as a JWS in compact form. Its header brings the chain
// without its root (x5c), and its algorithm is that of the key: RS256 unless the
// identity was given another.
func (id *Identity) SignJWS(payload []byte) string {
	id.pki.tb.Helper()
	header, signature := id.sign(payload)
	return header + "." + b64(payload) + "." + signature
}

// SignDetached signs the payload as [Identity.SignJWS] does and leaves it out
// (RFC 7515 appendix F): what the platform takes as the header "signature" of a
// request with that body.
func (id *Identity) SignDetached(payload []byte) string {
	id.pki.tb.Helper()
	header, signature := id.sign(payload)
	return header + ".." + signature
}

func b64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func (id *Identity) sign(payload []byte) (header, signature string) {
	tb := id.pki.tb
	tb.Helper()
	var members struct {
		Algorithm string   `json:"alg"`
		Type      string   `json:"typ"`
		Chain     [][]byte `json:"x5c"`
	}
	alg, hash := algorithm(tb, id.Key.Public())
	members.Algorithm, members.Type = alg, "JWT"
	for _, c := range id.Chain[:max(1, len(id.Chain)-1)] {
		members.Chain = append(members.Chain, c.Raw)
	}
	text, err := json.Marshal(members)
	if err != nil {
		tb.Fatalf("trusttest: %v", err)
	}
	header = b64(text)
	digest := []byte(header + "." + b64(payload))
	if hash != 0 {
		h := hash.New()
		h.Write(digest)
		digest = h.Sum(nil)
	}
	made, err := id.Key.Sign(rand.Reader, digest, hash)
	if err != nil {
		tb.Fatalf("trusttest: %v", err)
	}
	if key, ok := id.Key.Public().(*ecdsa.PublicKey); ok {
		made = fixedWidth(tb, made, (key.Params().BitSize+7)/8)
	}
	return header, b64(made)
}

// algorithm is what RFC 7518 §3.1 and RFC 8037 §3.1 have for a key.
func algorithm(tb testing.TB, key crypto.PublicKey) (string, crypto.Hash) {
	tb.Helper()
	switch key := key.(type) {
	case *rsa.PublicKey:
		return "RS256", crypto.SHA256
	case ed25519.PublicKey:
		return "EdDSA", 0
	case *ecdsa.PublicKey:
		switch key.Params().BitSize {
		case 256:
			return "ES256", crypto.SHA256
		case 384:
			return "ES384", crypto.SHA384
		case 521:
			return "ES512", crypto.SHA512
		}
	}
	tb.Fatalf("trusttest: no algorithm to sign a token with a %T", key)
	return "", 0
}

// fixedWidth turns the signature of a certificate into that of a token: RFC 7518
// §3.4.
func fixedWidth(tb testing.TB, der []byte, width int) []byte {
	tb.Helper()
	var rs struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &rs); err != nil {
		tb.Fatalf("trusttest: %v", err)
	}
	out := make([]byte, 2*width)
	rs.R.FillBytes(out[:width])
	rs.S.FillBytes(out[width:])
	return out
}

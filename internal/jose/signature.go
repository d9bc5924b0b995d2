package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha256" // for crypto.SHA256
	_ "crypto/sha512" // for crypto.SHA384 and crypto.SHA512
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
)

// ErrAlgorithm: the algorithm is unknown, or not one of the key's.
var ErrAlgorithm = errors.New("algorithm does not fit the key")

// algorithm is a signature algorithm of RFC 7518 or RFC 8037. There is neither
// none nor a symmetric one, so that no header can ask for them.
type algorithm struct {
	hash  crypto.Hash
	pss   bool
	curve elliptic.Curve // of ECDSA
}

func algorithmOf(alg string, key crypto.PublicKey) (algorithm, bool) {
	var a algorithm
	switch alg {
	case "RS256", "PS256":
		a.hash = crypto.SHA256
	case "RS384", "PS384":
		a.hash = crypto.SHA384
	case "RS512", "PS512":
		a.hash = crypto.SHA512
	case "ES256":
		a.hash, a.curve = crypto.SHA256, elliptic.P256()
	case "ES384":
		a.hash, a.curve = crypto.SHA384, elliptic.P384()
	case "ES512":
		a.hash, a.curve = crypto.SHA512, elliptic.P521()
	case "EdDSA", "Ed25519": // RFC 8037, RFC 9864
	default:
		return a, false
	}
	a.pss = alg[0] == 'P'
	switch key := key.(type) {
	case *rsa.PublicKey:
		return a, alg[0] == 'R' || alg[0] == 'P'
	case *ecdsa.PublicKey:
		return a, a.curve != nil && a.curve == key.Curve
	case ed25519.PublicKey:
		return a, a.hash == 0
	default:
		return a, false
	}
}

// Fits reports whether alg is a signature algorithm for this key.
func Fits(alg string, key crypto.PublicKey) bool {
	_, ok := algorithmOf(alg, key)
	return ok
}

// Verify reports whether the signature is the key's by the algorithm that the
// caller expects. The header is not asked.
func (c *Compact) Verify(alg string, key crypto.PublicKey) bool {
	return Verify(alg, key, []byte(c.signed), c.Signature)
}

// Verify reports whether a signature over the text is the key's, by exactly
// that algorithm.
func Verify(alg string, key crypto.PublicKey, signed, signature []byte) bool {
	a, ok := algorithmOf(alg, key)
	return ok && a.verify(key, a.digest(signed), signature)
}

// VerifySHA256 is [Verify] for a text whose SHA-256 is known, and an algorithm
// that signs it: see [SignsSHA256].
func VerifySHA256(alg string, key crypto.PublicKey, digest, signature []byte) bool {
	a, ok := algorithmOf(alg, key)
	return ok && a.hash == crypto.SHA256 && a.verify(key, digest, signature)
}

// SignsSHA256 reports whether an algorithm signs the SHA-256 of a text.
func SignsSHA256(alg string) bool { return alg == "RS256" || alg == "PS256" || alg == "ES256" }

func (a algorithm) verify(key crypto.PublicKey, digest, signature []byte) bool {
	switch key := key.(type) {
	case *rsa.PublicKey:
		if a.pss {
			options := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash} // RFC 7518 section 3.5
			return rsa.VerifyPSS(key, a.hash, digest, signature, options) == nil
		}
		return rsa.VerifyPKCS1v15(key, a.hash, digest, signature) == nil
	case *ecdsa.PublicKey:
		width := (key.Params().BitSize + 7) / 8
		if len(signature) != 2*width { // RFC 7518 section 3.4
			return false
		}
		r, s := new(big.Int).SetBytes(signature[:width]), new(big.Int).SetBytes(signature[width:])
		return ecdsa.Verify(key, digest, r, s)
	case ed25519.PublicKey:
		return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, digest, signature)
	default:
		return false
	}
}

// digest is what the algorithm signs: a hash, or for Ed25519 the text itself.
func (a algorithm) digest(signed []byte) []byte {
	if a.hash == 0 {
		return signed
	}
	h := a.hash.New()
	h.Write(signed)
	return h.Sum(nil)
}

// Sign makes a compact JWS of a payload, with the algorithm and the type in
// its header.
func Sign(signer crypto.Signer, alg, typ string, payload []byte) (string, error) {
	a, ok := algorithmOf(alg, signer.Public())
	if !ok {
		return "", ErrAlgorithm
	}
	header, err := json.Marshal(struct {
		Alg string `json:"alg"`
		Typ string `json:"typ"`
	}{alg, typ})
	if err != nil {
		return "", err
	}
	signed := encode(header, payload)
	var options crypto.SignerOpts = a.hash
	if a.pss {
		options = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: a.hash}
	}
	signature, err := signer.Sign(rand.Reader, a.digest([]byte(signed)), options)
	if err == nil && a.curve != nil {
		signature, err = fixedWidth(signature, (a.curve.Params().BitSize+7)/8)
	}
	if err != nil {
		return "", err
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// fixedWidth turns the ASN.1 of a [crypto.Signer] into RFC 7518's form.
func fixedWidth(der []byte, width int) ([]byte, error) {
	var sig struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(der, &sig); err != nil || len(rest) > 0 ||
		sig.R.Sign() <= 0 || sig.S.Sign() <= 0 || sig.R.BitLen() > 8*width || sig.S.BitLen() > 8*width {
		return nil, errors.New("the signer's signature is not ECDSA's")
	}
	out := make([]byte, 2*width)
	sig.R.FillBytes(out[:width])
	sig.S.FillBytes(out[width:])
	return out, nil
}

package oidc

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"fmt"
	"math/big"
	"math/bits"
	"strings"

	"github.com/mosip/partnertrust/internal/jose"
)

// checkMembers refuses what must not be in a public key at all.
func checkMembers(object jose.Object) error {
	for _, m := range object {
		switch m.Name {
		case "kty", "crv", "n", "e", "x", "y", "x5c", "keys": // whoever needs them looks closer
		case "kid", "use", "alg", "x5u", "x5t", "x5t#S256": // RFC 7517 section 4
			if _, ok := m.Text(); !ok && m.Raw != "null" {
				return &Error{Reason: Malformed, Member: m.Name, Detail: "not a string", Offset: m.Offset}
			}
		case "key_ops":
			if !isStrings(m) {
				return &Error{Reason: Malformed, Member: m.Name, Detail: "not a list of strings", Offset: m.Offset}
			}
		case "d", "p", "q", "dp", "dq", "qi", "oth": // RFC 7518 sections 6.2.2, 6.3.2
			return &Error{Reason: PrivateKey, Member: m.Name, Detail: "remove " + m.Name}
		case "k": // RFC 7518 section 6.4.1
			return &Error{Reason: SymmetricKey, Member: m.Name, Detail: "remove k"}
		default:
			if name, ok := almost(m.Name); ok {
				return &Error{Reason: AmbiguousMember, Member: name, Detail: "written " + quote(m.Name)}
			}
		}
	}
	return nil
}

func isStrings(m jose.Member) bool {
	elements, ok := m.Array()
	for _, element := range elements {
		if _, text := element.Text(); !text {
			return false
		}
	}
	return ok || m.Raw == "null"
}

var registered = [...]string{
	"kty", "crv", "n", "e", "x", "y", "kid", "use", "alg", "key_ops", "x5u", "x5c", "x5t", "x5t#S256",
	"d", "p", "q", "dp", "dq", "qi", "oth", "k", "keys",
}

// almost finds the registered name from which this one differs only in case.
// JWK names are case-sensitive, but JSON libraries often are not.
func almost(name string) (string, bool) {
	for _, r := range registered {
		if name != r && strings.EqualFold(name, r) {
			return r, true
		}
	}
	return "", false
}

// checkType says of which type the key is, if it has all that this type
// requires (RFC 7518 section 6, RFC 8037 section 2).
func checkType(object jose.Object, o options) (kty string, err error) {
	if kty, err = text(object, "kty"); err != nil {
		return "", err
	}
	var required []string
	switch kty {
	case "RSA":
		required = []string{"n", "e"}
	case "EC":
		required = []string{"crv", "x", "y"}
	case "OKP":
		required = []string{"crv", "x"}
	case "oct":
		return "", &Error{Reason: SymmetricKey, Member: "kty"}
	default:
		return "", &Error{Reason: UnsupportedKeyType, Member: "kty", Detail: quote(kty)}
	}
	for _, name := range required {
		value, err := text(object, name)
		if err != nil {
			return "", err
		}
		if name == "crv" {
			if err := checkCurve(kty, value, o); err != nil {
				return "", err
			}
		}
	}
	return kty, nil
}

func checkCurve(kty, crv string, o options) error {
	switch {
	case kty == "OKP" && crv == "Ed25519":
	// X25519 is for key agreement; its x could be an Ed25519 key's too, and the
	// current rule would give both one id.
	case kty == "EC" && (crv == "P-256" || crv == "P-384" || crv == "P-521"):
	case kty == "EC" && crv == "secp256k1" && o.secp256k1:
	default:
		return &Error{Reason: UnsupportedCurve, Member: "crv", Detail: quote(crv)}
	}
	return nil
}

// fill reads the numbers in canonical form, and judges them.
func (k *Key) fill(object jose.Object) error {
	switch k.kty {
	case "RSA":
		n, err := number(object, "n")
		if err != nil {
			return err
		}
		e, err := number(object, "e")
		if err != nil {
			return err
		}
		k.n, k.e = shortest(n), shortest(e)
		return checkRSA(k.n, k.e)
	case "EC":
		x, err := number(object, "x")
		if err != nil {
			return err
		}
		y, err := number(object, "y")
		if err != nil {
			return err
		}
		return k.fillPoint(shortest(x), shortest(y))
	default: // RFC 8037: little-endian, so every byte counts
		x, err := number(object, "x")
		if err != nil {
			return err
		}
		k.x = x
		if len(k.x) != ed25519.PublicKeySize {
			return &Error{Reason: NotOnCurve, Member: "x", Detail: fmt.Sprintf("%d bytes", len(k.x))}
		}
		return nil
	}
}

// number decodes a member that checkType has found to be a string.
func number(object jose.Object, name string) ([]byte, error) {
	m, _ := object.Lookup(name)
	value, ok := m.Bytes()
	if !ok {
		return nil, &Error{Reason: Malformed, Member: name, Detail: "not base64url", Offset: m.Offset}
	}
	return value, nil
}

// shortest strips the leading zeros that RFC 7518 forbids and some libraries
// write.
func shortest(b []byte) []byte { return bytes.TrimLeft(b, "\x00") }

func checkRSA(n, e []byte) error {
	size := 0
	if len(n) > 0 {
		size = 8*(len(n)-1) + bits.Len8(n[0])
	}
	detail := fmt.Sprintf("RSA of %d bits", size)
	switch {
	case size < MinRSABits:
		return &Error{Reason: WeakKey, Member: "n", Detail: detail}
	case size > MaxRSABits:
		return &Error{Reason: TooLarge, Member: "n", Detail: detail}
	case n[len(n)-1]&1 == 0:
		return &Error{Reason: BadModulus, Member: "n", Detail: "even"}
	}
	// crypto/x509 reads exponents up to 2³¹−1, and the platform issues 65537.
	if len(e) == 0 || len(e) > 4 || len(e) == 4 && e[0] > 0x7f || e[len(e)-1]&1 == 0 || len(e) == 1 && e[0] < 3 {
		return &Error{Reason: BadExponent, Member: "e"}
	}
	return nil
}

func (k *Key) fillPoint(x, y []byte) error {
	width := curves[k.crv].width
	if len(x) > width || len(y) > width {
		return &Error{Reason: NotOnCurve, Detail: "coordinate too long for " + k.crv}
	}
	point := make([]byte, 1+2*width)
	point[0] = 4 // SEC 1 section 2.3.3: uncompressed
	copy(point[1+width-len(x):], x)
	copy(point[1+2*width-len(y):], y)
	k.x, k.y = point[1:1+width], point[1+width:]

	var ok bool
	if curve := curves[k.crv].curve; curve != nil {
		_, err := ecdsa.ParseUncompressedPublicKey(curve, point)
		ok = err == nil
	} else {
		ok = onSecp256k1(k.x, k.y)
	}
	if !ok {
		return &Error{Reason: NotOnCurve, Detail: k.crv}
	}
	return nil
}

// curves: nil for the one that the standard library does not know.
var curves = map[string]struct {
	width int // bytes of a coordinate
	curve elliptic.Curve
	spki  string // DER before the point
}{
	"P-256":     {32, elliptic.P256(), spkiP256},
	"P-384":     {48, elliptic.P384(), spkiP384},
	"P-521":     {66, elliptic.P521(), spkiP521},
	"secp256k1": {32, nil, spkiSecp256k1},
}

// SEC 2 section 2.4.1: y² = x³ + 7 over the field of p = 2²⁵⁶ − 2³² − 977.
var secp256k1P = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1<<32+977))

func onSecp256k1(xb, yb []byte) bool {
	x, y := new(big.Int).SetBytes(xb), new(big.Int).SetBytes(yb)
	if x.Cmp(secp256k1P) >= 0 || y.Cmp(secp256k1P) >= 0 {
		return false
	}
	right := new(big.Int).Mul(x, x)
	right.Mul(right, x).Add(right, big.NewInt(7)).Mod(right, secp256k1P)
	left := new(big.Int).Mul(y, y)
	return left.Mod(left, secp256k1P).Cmp(right) == 0
}

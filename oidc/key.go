package oidc

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/mosip/partnertrust/internal/jose"
)

// A Key is a public key that may identify a client: read, judged, and never
// changed. Make one with [ParseKey], [KeyFromPublicKey], [KeyFromCertificate]
// or [KeyFromPEM].
type Key struct {
	kty, crv string
	n, e     []byte // RSA, shortest form
	x, y     []byte // EC, full width; OKP has x alone

	sent jose.Object // the JWK as it came: two of the rules depend on its text
}

// An Option changes what is accepted, of keys and of requests.
type Option func(*options)

type options struct {
	set, secp256k1, requireHTTPS bool

	timely func(time.Time) bool // of the time of a request; nil: any
}

// AllowSet also accepts a JWK Set (RFC 7517 section 5), as long as it holds
// exactly one key.
func AllowSet() Option { return func(o *options) { o.set = true } }

// AllowSecp256k1 also accepts keys on the curve secp256k1. The platform's
// partner management gives them a client id; eSignet's Go port, the FIPS
// standards and this library's default refuse them.
func AllowSecp256k1() Option { return func(o *options) { o.secp256k1 = true } }

// ParseKey reads and judges a public key in JWK form (RFC 7517): RSA from
// 2048 bits, EC on P-256, P-384 or P-521, or Ed25519. Errors are an [*Error].
func ParseKey(jwk []byte, opts ...Option) (*Key, error) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	object, err := jose.ParseObject(jwk)
	if err != nil {
		return nil, fromJSON(err)
	}
	if keys, ok := object.Lookup("keys"); ok {
		if object, err = onlyKey(keys, o); err != nil {
			return nil, err
		}
	}
	if err := checkMembers(object); err != nil {
		return nil, err
	}
	kty, err := checkType(object, o)
	if err != nil {
		return nil, err
	}
	crv, _ := object.Lookup("crv")
	k := &Key{kty: kty, sent: object}
	if kty != "RSA" {
		k.crv, _ = crv.Text()
	}
	if err := k.fill(object); err != nil {
		return nil, err
	}
	if x5c, ok := object.Lookup("x5c"); ok {
		chain, err := certificates(x5c)
		if err != nil {
			return nil, err
		}
		if err := k.checkCertificate(chain[0]); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// Type is the JWK's kty: RSA, EC or OKP.
func (k *Key) Type() string { return k.kty }

// Curve is the JWK's crv, or "" for RSA.
func (k *Key) Curve() string { return k.crv }

// JWK is the key in the canonical form of RFC 7638: the required members
// alone, sorted, in their shortest form. It is a JWK like any other.
func (k *Key) JWK() []byte {
	b := make([]byte, 0, 64+2*(len(k.n)+len(k.x)+len(k.y)))
	member := func(prefix string, value []byte) {
		b = append(b, prefix...)
		b = base64.RawURLEncoding.AppendEncode(b, value)
	}
	if k.kty == "RSA" {
		member(`{"e":"`, k.e)
		member(`","kty":"RSA","n":"`, k.n)
		return append(b, `"}`...)
	}
	b = append(b, `{"crv":"`+k.crv...)
	b = append(b, `","kty":"`+k.kty...)
	member(`","x":"`, k.x)
	if k.kty == "EC" {
		member(`","y":"`, k.y)
	}
	return append(b, `"}`...)
}

// PublicKey is the key for crypto packages: an *rsa.PublicKey,
// *ecdsa.PublicKey or ed25519.PublicKey; nil for secp256k1, which the
// standard library does not know.
func (k *Key) PublicKey() crypto.PublicKey {
	public, err := x509.ParsePKIXPublicKey(k.DER())
	if err != nil {
		return nil
	}
	return public
}

// Equal reports whether both are the same key, however they were written.
func (k *Key) Equal(other *Key) bool {
	return k != nil && other != nil && bytes.Equal(k.DER(), other.DER())
}

// onlyKey takes the key out of a JWK Set.
func onlyKey(keys jose.Member, o options) (jose.Object, error) {
	if !o.set {
		return nil, &Error{Reason: KeySet, Member: "keys"}
	}
	elements, ok := keys.Array()
	if !ok {
		return nil, &Error{Reason: Malformed, Member: "keys", Detail: "not an array"}
	}
	if len(elements) != 1 {
		return nil, &Error{Reason: KeySet, Member: "keys", Detail: "the set does not hold exactly one key"}
	}
	object, ok := elements[0].Object()
	if !ok {
		return nil, &Error{Reason: Malformed, Member: "keys", Detail: "its element is not a key"}
	}
	return object, nil
}

// text is a member that must be a string with something in it.
func text(object jose.Object, name string) (string, error) {
	m, ok := object.Lookup(name)
	if !ok {
		return "", &Error{Reason: MissingMember, Member: name}
	}
	value, ok := m.Text()
	if !ok {
		return "", &Error{Reason: Malformed, Member: name, Detail: "not a string", Offset: m.Offset}
	}
	if value == "" {
		return "", &Error{Reason: MissingMember, Member: name, Detail: "empty"}
	}
	return value, nil
}

func fromJSON(err error) *Error {
	e := &Error{Reason: Malformed, Err: err}
	switch {
	case errors.Is(err, jose.ErrDuplicate):
		e.Reason = DuplicateMember
	case errors.Is(err, jose.ErrLimit):
		e.Reason = TooLarge
	}
	var at *jose.JSONError
	if errors.As(err, &at) {
		e.Offset = at.Offset
	}
	return e
}

// quote keeps what strangers sent from flooding a message.
func quote(s string) string {
	const most = 32
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return `"` + s + `"`
}

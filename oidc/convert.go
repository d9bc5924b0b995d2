package oidc

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
)

// KeyFromCertificate takes the key of a certificate and judges it like
// [ParseKey]. The certificate itself is not judged; that is certchain's part.
func KeyFromCertificate(c *x509.Certificate, opts ...Option) (*Key, error) {
	if c == nil {
		return nil, &Error{Reason: Malformed, Detail: "no certificate"}
	}
	return keyFromSPKI(c.RawSubjectPublicKeyInfo, opts...)
}

// KeyFromPEM takes the key out of exactly one PEM block, a PUBLIC KEY, an RSA
// PUBLIC KEY or a CERTIFICATE, and judges it like [ParseKey].
func KeyFromPEM(data []byte, opts ...Option) (*Key, error) {
	if len(data) > MaxPEMBytes {
		return nil, &Error{Reason: TooLarge, Detail: "PEM"}
	}
	block, rest := pem.Decode(data)
	if block == nil {
		return nil, &Error{Reason: Malformed, Detail: "not PEM"}
	}
	if next, _ := pem.Decode(rest); next != nil {
		return nil, &Error{Reason: KeySet, Detail: "more than one PEM block"}
	}
	switch {
	case strings.HasSuffix(block.Type, "PRIVATE KEY"):
		return nil, &Error{Reason: PrivateKey, Detail: "send its public key instead"}
	case block.Type == "PUBLIC KEY":
		return keyFromSPKI(block.Bytes, opts...)
	case block.Type == "RSA PUBLIC KEY":
		public, err := x509.ParsePKCS1PublicKey(block.Bytes)
		if err != nil {
			return nil, &Error{Reason: Malformed, Err: err}
		}
		return KeyFromPublicKey(public, opts...)
	case block.Type == "CERTIFICATE":
		spki, ok := certificateKey(block.Bytes)
		if !ok {
			return nil, &Error{Reason: Malformed, Detail: "not a certificate"}
		}
		return keyFromSPKI(spki, opts...)
	default:
		return nil, &Error{Reason: Malformed, Detail: "PEM block of type " + quote(block.Type)}
	}
}

// KeyFromPublicKey takes an *rsa.PublicKey, *ecdsa.PublicKey or
// ed25519.PublicKey and judges it like [ParseKey].
func KeyFromPublicKey(public crypto.PublicKey, opts ...Option) (*Key, error) {
	k := new(Key)
	switch public := public.(type) {
	case *rsa.PublicKey:
		if public == nil || public.N == nil || public.E < 0 {
			return nil, &Error{Reason: Malformed, Detail: "empty RSA key"}
		}
		k.kty, k.n, k.e = "RSA", public.N.Bytes(), big.NewInt(int64(public.E)).Bytes()
	case *ecdsa.PublicKey:
		if public == nil || public.Curve == nil {
			return nil, &Error{Reason: Malformed, Detail: "empty ECDSA key"}
		}
		point, err := public.Bytes()
		if err != nil {
			return nil, &Error{Reason: NotOnCurve, Err: err}
		}
		k.kty, k.crv = "EC", public.Curve.Params().Name
		k.x, k.y = point[1:1+len(point)/2], point[1+len(point)/2:]
	case ed25519.PublicKey:
		k.kty, k.crv, k.x = "OKP", "Ed25519", public
	default:
		return nil, &Error{Reason: UnsupportedKeyType}
	}
	// Through the front door, so that there is one set of rules.
	return ParseKey(k.JWK(), opts...)
}

func keyFromSPKI(der []byte, opts ...Option) (*Key, error) {
	// The standard library does not know this curve.
	if point, ok := bytes.CutPrefix(der, []byte(spkiSecp256k1+"\x04")); ok && len(point) == 64 {
		k := &Key{kty: "EC", crv: "secp256k1", x: point[:32], y: point[32:]}
		return ParseKey(k.JWK(), opts...)
	}
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, &Error{Reason: Malformed, Err: errors.Join(errSPKI, err)}
	}
	return KeyFromPublicKey(public, opts...)
}

var errSPKI = errors.New("unreadable public key")

package oidc

import (
	"bytes"
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	encoding "encoding/asn1"
	"encoding/pem"
	"math/big"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
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
	case *ecdh.PublicKey:
		return nil, &Error{Reason: UnsupportedCurve, Detail: "a key for key agreement"}
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
		return nil, &Error{Reason: unreadable(der), Detail: "SubjectPublicKeyInfo", Err: err}
	}
	k, err := KeyFromPublicKey(public, opts...)
	if err == nil && !bytes.Equal(k.DER(), der) {
		// Some decoders take it, others may see another key in it.
		return nil, &Error{Reason: Malformed, Detail: "SubjectPublicKeyInfo not in DER"}
	}
	return k, err
}

// unreadable says why the standard library could not read a public key, for
// which it has only text.
func unreadable(der []byte) Reason {
	input := cryptobyte.String(der)
	var spki, algorithm cryptobyte.String
	var kind, curve encoding.ObjectIdentifier
	if !input.ReadASN1(&spki, asn1.SEQUENCE) || !spki.ReadASN1(&algorithm, asn1.SEQUENCE) ||
		!algorithm.ReadASN1ObjectIdentifier(&kind) {
		return Malformed
	}
	switch {
	case kind.Equal(oidRSA), kind.Equal(oidEd25519):
		return Malformed
	case !kind.Equal(oidEC):
		return UnsupportedKeyType
	case algorithm.ReadASN1ObjectIdentifier(&curve) &&
		slices.ContainsFunc(oidCurves, func(known encoding.ObjectIdentifier) bool { return known.Equal(curve) }):
		return NotOnCurve
	default:
		return UnsupportedCurve
	}
}

// RFC 3279 section 2.3.1, RFC 8410 section 3, RFC 5480 section 2.1.1.
var (
	oidRSA     = encoding.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidEd25519 = encoding.ObjectIdentifier{1, 3, 101, 112}
	oidEC      = encoding.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidCurves  = []encoding.ObjectIdentifier{{1, 2, 840, 10045, 3, 1, 7}, {1, 3, 132, 0, 34}, {1, 3, 132, 0, 35}}
)

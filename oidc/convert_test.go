package oidc_test

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func TestConvert(t *testing.T) {
	t.Parallel()
	for _, name := range accepted {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := mustKey(t, name)
			same := func(key *oidc.Key, err error) {
				t.Helper()
				require.NoError(t, err)
				require.True(t, want.Equal(key))
				require.Equal(t, clientID(t, want), clientID(t, key))
			}
			der := certificate(t, keys()[name])
			parsed, err := x509.ParseCertificate(der)
			require.NoError(t, err)
			same(oidc.KeyFromCertificate(parsed))
			same(oidc.KeyFromPEM(block("CERTIFICATE", der)))
			same(oidc.KeyFromPEM(block("PUBLIC KEY", want.DER())))
			if public, ok := keys()[name].Public().(*rsa.PublicKey); ok {
				same(oidc.KeyFromPEM(block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(public))))
			}

			// The platform issues certificates with negative serial numbers.
			negative := bytes.Replace(der, []byte{2, 1, 0x42}, []byte{2, 1, 0xbe}, 1)
			_, err = x509.ParseCertificate(negative)
			require.Error(t, err)
			same(oidc.KeyFromPEM(block("CERTIFICATE", negative)))
			m := members(t, want)
			m["x5c"] = []string{base64.StdEncoding.EncodeToString(negative)}
			same(oidc.ParseKey(write(t, m)))
		})
	}
}

func TestConvertSecp256k1(t *testing.T) {
	t.Parallel()
	// SubjectPublicKeyInfo of SEC 2's base point.
	der, err := hex.DecodeString("3056301006072a8648ce3d020106052b8104000a03420004" + secp256k1X + secp256k1Y)
	require.NoError(t, err)
	key, err := oidc.KeyFromPEM(block("PUBLIC KEY", der), oidc.AllowSecp256k1())
	require.NoError(t, err)
	require.Equal(t, der, key.DER())
	_, err = oidc.KeyFromPEM(block("PUBLIC KEY", der))
	require.ErrorIs(t, err, oidc.UnsupportedCurve)
}

func TestConvertRefuses(t *testing.T) {
	t.Parallel()
	key := mustKey(t, "P-256")
	public := block("PUBLIC KEY", key.DER())
	private, err := x509.MarshalPKCS8PrivateKey(keys()["P-256"])
	require.NoError(t, err)
	spki := func(name string) []byte {
		der, err := x509.MarshalPKIXPublicKey(keys()[name].Public())
		require.NoError(t, err)
		return der
	}
	agreement, err := ecdh.X25519().GenerateKey(rand.Reader)
	require.NoError(t, err)
	x25519, err := x509.MarshalPKIXPublicKey(agreement.PublicKey())
	require.NoError(t, err)
	// The last octet of the algorithm's, and of the curve's, identifier.
	const rsaOID, p256OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", "\x2a\x86\x48\xce\x3d\x03\x01\x07"
	replaced := func(der []byte, old, last string) []byte {
		require.Contains(t, string(der), old)
		return bytes.Replace(der, []byte(old), []byte(old[:len(old)-1]+last), 1)
	}
	offCurve := bytes.Clone(key.DER())
	offCurve[len(offCurve)-1] ^= 1
	noPoint := bytes.Clone(mustKey(t, "Ed25519").DER())
	noPoint[len(noPoint)-33] = 1 // unused bits

	for _, tc := range []struct {
		name string
		pem  []byte
		want oidc.Reason
	}{
		{"nothing", nil, oidc.Malformed},
		{"too large", append(public, make([]byte, oidc.MaxPEMBytes)...), oidc.TooLarge},
		{"two blocks", append(public, public...), oidc.KeySet},
		{"private", block("PRIVATE KEY", private), oidc.PrivateKey},
		{"private RSA", block("RSA PRIVATE KEY", nil), oidc.PrivateKey},
		{"request", block("CERTIFICATE REQUEST", nil), oidc.Malformed},
		{"unreadable public key", block("PUBLIC KEY", []byte{0x30, 0}), oidc.Malformed},
		{"unreadable RSA public key", block("RSA PUBLIC KEY", []byte{0x30, 0}), oidc.Malformed},
		{"unreadable certificate", block("CERTIFICATE", []byte{0x30, 0}), oidc.Malformed},
		{"weak", block("PUBLIC KEY", spki("RSA-1024")), oidc.WeakKey},
		{"RSASSA-PSS", block("PUBLIC KEY", replaced(mustKey(t, "RSA-2048").DER(), rsaOID, "\x0a")), oidc.UnsupportedKeyType},
		{"a curve of 192 bits", block("PUBLIC KEY", replaced(key.DER(), p256OID, "\x01")), oidc.UnsupportedCurve},
		{"off the curve", block("PUBLIC KEY", offCurve), oidc.NotOnCurve},
		{"a bit string with unused bits", block("PUBLIC KEY", noPoint), oidc.Malformed},
		{"broken RSA", block("PUBLIC KEY", replaced(mustKey(t, "RSA-2048").DER(), rsaOID+"\x05\x00", "\x01")), oidc.Malformed},
		{"X25519", block("PUBLIC KEY", x25519), oidc.UnsupportedCurve},
		{"P-224", block("PUBLIC KEY", spki("P-224")), oidc.UnsupportedCurve},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := oidc.KeyFromPEM(tc.pem)
			require.ErrorIs(t, err, tc.want)
		})
	}
	_, err = oidc.KeyFromPEM(append(public, []byte(strings.Repeat(" ", oidc.MaxPEMBytes-len(public)))...))
	require.NoError(t, err, "at the limit")

	for _, tc := range []struct {
		name   string
		public any
		want   oidc.Reason
	}{
		{"nil", nil, oidc.UnsupportedKeyType},
		{"a private key", keys()["P-256"], oidc.UnsupportedKeyType},
		{"nil RSA", (*rsa.PublicKey)(nil), oidc.Malformed},
		{"empty RSA", &rsa.PublicKey{}, oidc.Malformed},
		{"nil EC", (*ecdsa.PublicKey)(nil), oidc.Malformed},
		{"empty EC", &ecdsa.PublicKey{}, oidc.Malformed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := oidc.KeyFromPublicKey(tc.public)
			require.ErrorIs(t, err, tc.want)
		})
	}
	_, err = oidc.KeyFromCertificate(nil)
	require.ErrorIs(t, err, oidc.Malformed)
	_, err = oidc.KeyFromCertificate(&x509.Certificate{})
	require.ErrorIs(t, err, oidc.Malformed)
}

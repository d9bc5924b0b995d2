package oidc_test

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

func sha256Base64URL(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func escapeSolidus(s string) string { return strings.ReplaceAll(s, "/", `\/`) }

// members of a canonical JWK, to be changed and written again.
func members(t testing.TB, key *oidc.Key) map[string]any {
	t.Helper()
	var m map[string]any
	require.NoError(t, json.Unmarshal(key.JWK(), &m))
	return m
}

func write(t testing.TB, m map[string]any) []byte {
	t.Helper()
	text, err := json.Marshal(m)
	require.NoError(t, err)
	return text
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func TestParseKey(t *testing.T) {
	t.Parallel()
	types := map[string][2]string{
		"RSA-2048": {"RSA", ""}, "RSA-3072": {"RSA", ""}, "P-256": {"EC", "P-256"}, "P-384": {"EC", "P-384"},
		"P-521": {"EC", "P-521"}, "Ed25519": {"OKP", "Ed25519"},
	}
	for _, name := range accepted {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := mustKey(t, name)
			require.Equal(t, types[name], [2]string{key.Type(), key.Curve()})

			// crypto/x509 writes the same SubjectPublicKeyInfo and reads ours.
			public := keys()[name].Public()
			der, err := x509.MarshalPKIXPublicKey(public)
			require.NoError(t, err)
			require.Equal(t, der, key.DER())
			require.Equal(t, public, key.PublicKey())

			again, err := oidc.ParseKey(key.JWK())
			require.NoError(t, err)
			require.True(t, key.Equal(again))
			require.Equal(t, clientID(t, key), clientID(t, again))
			require.Len(t, clientID(t, key), 43)

			set := []byte(fmt.Sprintf(`{"keys":[ %s ]}`, key.JWK()))
			again, err = oidc.ParseKey(set, oidc.AllowSet())
			require.NoError(t, err)
			require.True(t, key.Equal(again))
			_, err = oidc.ParseKey(set)
			require.ErrorIs(t, err, oidc.KeySet, "only where the host says so")
		})
	}
	require.False(t, mustKey(t, "P-256").Equal(mustKey(t, "P-384")))
	require.False(t, mustKey(t, "P-256").Equal(nil))
	require.False(t, (*oidc.Key)(nil).Equal(mustKey(t, "P-256")))
}

// TestSlack writes a key in the ways that libraries are known to, and expects
// one id.
func TestSlack(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"RSA-2048", "P-256", "P-521", "Ed25519"} {
		key := mustKey(t, name)
		want := clientID(t, key)
		numbers := []string{"n", "e", "x", "y"}
		for what, change := range map[string]func(m map[string]any, name string, raw []byte){
			"padding": func(m map[string]any, name string, raw []byte) { m[name] = base64.URLEncoding.EncodeToString(raw) },
			"base64":  func(m map[string]any, name string, raw []byte) { m[name] = base64.StdEncoding.EncodeToString(raw) },
			"leading zeros": func(m map[string]any, name string, raw []byte) {
				if key.Type() != "OKP" {
					m[name] = b64(append([]byte{0, 0}, raw...))
				}
			},
			"kid, use, alg": func(m map[string]any, _ string, _ []byte) {
				m["kid"], m["use"], m["alg"] = "key-1", "sig", "RS256"
			},
			"members of the host's": func(m map[string]any, _ string, _ []byte) { m["ext"] = map[string]any{"d": 1} },
		} {
			m := members(t, key)
			for _, number := range numbers {
				if value, ok := m[number].(string); ok {
					raw, err := base64.RawURLEncoding.DecodeString(value)
					require.NoError(t, err)
					change(m, number, raw)
				}
			}
			got, err := oidc.ClientID(write(t, m))
			require.NoError(t, err, "%s: %s", name, what)
			require.Equal(t, want, got, "%s: %s", name, what)
		}
	}
}

// TestShortCoordinate: about one key in 128 has a coordinate whose leading
// zero some libraries drop.
func TestShortCoordinate(t *testing.T) {
	t.Parallel()
	// The P-256 point whose x is 5: y² = 125 − 15 + b.
	curve := keys()["P-256"].Public().(*ecdsa.PublicKey).Params()
	x := big.NewInt(5)
	y2 := new(big.Int).Add(big.NewInt(125-15), curve.B)
	y := new(big.Int).ModSqrt(y2.Mod(y2, curve.P), curve.P)
	require.NotNil(t, y)

	short := fmt.Sprintf(`{"kty":"EC","crv":"P-256","x":%q,"y":%q}`, b64(x.Bytes()), b64(y.Bytes()))
	full := fmt.Sprintf(`{"kty":"EC","crv":"P-256","x":%q,"y":%q}`, b64(x.FillBytes(make([]byte, 32))), b64(y.FillBytes(make([]byte, 32))))
	for _, rule := range []oidc.Rule{oidc.CurrentRule, oidc.RFC7638Rule} {
		one, err := rule.ClientID([]byte(short))
		require.NoError(t, err)
		other, err := rule.ClientID([]byte(full))
		require.NoError(t, err)
		require.Equal(t, other, one)
	}
}

func TestParseKeyRefuses(t *testing.T) {
	t.Parallel()
	rsa2048, p256, ed := mustKey(t, "RSA-2048"), mustKey(t, "P-256"), mustKey(t, "Ed25519")
	with := func(key *oidc.Key, changes ...any) []byte {
		m := members(t, key)
		for i := 0; i < len(changes); i += 2 {
			if changes[i+1] == nil {
				delete(m, changes[i].(string))
			} else {
				m[changes[i].(string)] = changes[i+1]
			}
		}
		return write(t, m)
	}
	modulus := keys()["RSA-2048"].Public().(*rsa.PublicKey).N
	even := new(big.Int).Sub(modulus, big.NewInt(1))
	ofBits := func(bits int) string {
		n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
		return b64(n.Add(n, big.NewInt(1)).Bytes())
	}
	y := new(big.Int).SetBytes(must(base64.RawURLEncoding.DecodeString(members(t, p256)["y"].(string))))
	offCurve := b64(y.Xor(y, big.NewInt(1)).FillBytes(make([]byte, 32)))
	cert := base64.StdEncoding.EncodeToString(certificate(t, keys()["RSA-2048"]))

	for _, tc := range []struct {
		name   string
		jwk    []byte
		want   oidc.Reason // "": accepted
		member string
	}{
		{"nothing", nil, oidc.Malformed, ""},
		{"not JSON", []byte("ssh-rsa AAAA"), oidc.Malformed, ""},
		{"an array", []byte("[]"), oidc.Malformed, ""},
		{"two objects", append(p256.JWK(), p256.JWK()...), oidc.Malformed, ""},
		{"a member twice", []byte(`{"kty":"EC","kty":"RSA"}`), oidc.DuplicateMember, ""},
		{"too large", []byte(`{"kid":"` + strings.Repeat("x", oidc.MaxJWKBytes) + `"}`), oidc.TooLarge, ""},
		{"too deep", []byte(strings.Repeat(`{"a":`, oidc.MaxJWKDepth+1)), oidc.TooLarge, ""},
		{"KTY", with(p256, "KTY", "RSA"), oidc.AmbiguousMember, "kty"},
		{"K with the Kelvin sign", with(p256, "\u212aty", "RSA"), oidc.AmbiguousMember, "kty"},
		{"D", with(p256, "D", "AQ"), oidc.AmbiguousMember, "d"},

		{"no key type", with(p256, "kty", nil), oidc.MissingMember, "kty"},
		{"key type a number", with(p256, "kty", 1), oidc.Malformed, "kty"},
		{"unknown key type", with(p256, "kty", "ec"), oidc.UnsupportedKeyType, "kty"},
		{"long key type", with(p256, "kty", strings.Repeat("é", 100)), oidc.UnsupportedKeyType, "kty"},
		{"no n", with(rsa2048, "n", nil), oidc.MissingMember, "n"},
		{"no e", with(rsa2048, "e", nil), oidc.MissingMember, "e"},
		{"no crv", with(p256, "crv", nil), oidc.MissingMember, "crv"},
		{"no x", with(p256, "x", nil), oidc.MissingMember, "x"},
		{"no y", with(p256, "y", nil), oidc.MissingMember, "y"},
		{"empty x", with(ed, "x", ""), oidc.MissingMember, "x"},
		{"null x", []byte(`{"kty":"OKP","crv":"Ed25519","x":null}`), oidc.Malformed, "x"},
		{"x an array", with(ed, "x", []int{1}), oidc.Malformed, "x"},
		{"not base64", with(ed, "x", "***"), oidc.Malformed, "x"},
		{"both alphabets", with(rsa2048, "n", "-+"), oidc.Malformed, "n"},
		{"e not base64", with(rsa2048, "e", "="), oidc.Malformed, "e"},
		{"EC x not base64", with(p256, "x", "A"), oidc.Malformed, "x"},
		{"EC y not base64", with(p256, "y", "A"), oidc.Malformed, "y"},
		{"kid a number", with(p256, "kid", 1), oidc.Malformed, "kid"},
		{"key_ops a string", with(p256, "key_ops", "verify"), oidc.Malformed, "key_ops"},
		{"key_ops of numbers", with(p256, "key_ops", []int{1}), oidc.Malformed, "key_ops"},
		{"key_ops", with(p256, "key_ops", []string{"verify"}), "", ""},

		{"private RSA", with(rsa2048, "d", "AQ"), oidc.PrivateKey, "d"},
		{"prime", with(rsa2048, "p", "AQ"), oidc.PrivateKey, "p"},
		{"CRT exponent", with(rsa2048, "dq", "AQ"), oidc.PrivateKey, "dq"},
		{"other primes", with(rsa2048, "oth", []any{}), oidc.PrivateKey, "oth"},
		{"private EC", with(p256, "d", "AQ"), oidc.PrivateKey, "d"},
		{"private and null", []byte(`{"kty":"OKP","crv":"Ed25519","x":"AQ","d":null}`), oidc.PrivateKey, "d"},
		{"symmetric", []byte(`{"kty":"oct","k":"AQ"}`), oidc.SymmetricKey, "k"},
		{"symmetric without a key", []byte(`{"kty":"oct"}`), oidc.SymmetricKey, "kty"},
		{"secret beside a public key", with(p256, "k", "AQ"), oidc.SymmetricKey, "k"},

		{"RSA-1024", with(rsa2048, "n", ofBits(1024)), oidc.WeakKey, "n"},
		{"RSA-2047", with(rsa2048, "n", ofBits(2047)), oidc.WeakKey, "n"},
		{"RSA-2048", with(rsa2048, "n", ofBits(2048)), "", ""},
		{"RSA-16384", with(rsa2048, "n", ofBits(oidc.MaxRSABits)), "", ""},
		{"RSA-16385", with(rsa2048, "n", ofBits(oidc.MaxRSABits+1)), oidc.TooLarge, "n"},
		{"RSA of zeros", with(rsa2048, "n", b64(make([]byte, 256))), oidc.WeakKey, "n"},
		{"even modulus", with(rsa2048, "n", b64(even.Bytes())), oidc.BadModulus, "n"},
		{"exponent 0", with(rsa2048, "e", "AA"), oidc.BadExponent, "e"},
		{"exponent 1", with(rsa2048, "e", "AQ"), oidc.BadExponent, "e"},
		{"exponent 2", with(rsa2048, "e", "Ag"), oidc.BadExponent, "e"},
		{"exponent 3", with(rsa2048, "e", "Aw"), "", ""},
		{"exponent 65536", with(rsa2048, "e", "AQAA"), oidc.BadExponent, "e"},
		{"exponent 2³¹−1", with(rsa2048, "e", b64([]byte{0x7f, 0xff, 0xff, 0xff})), "", ""},
		{"exponent 2³¹+1", with(rsa2048, "e", b64([]byte{0x80, 0, 0, 1})), oidc.BadExponent, "e"},
		{"exponent of 5 bytes", with(rsa2048, "e", b64([]byte{1, 0, 0, 0, 1})), oidc.BadExponent, "e"},

		{"X25519 with the same x", with(ed, "crv", "X25519"), oidc.UnsupportedCurve, "crv"},
		{"Ed448", with(ed, "crv", "Ed448"), oidc.UnsupportedCurve, "crv"},
		{"EC on Ed25519", with(p256, "crv", "Ed25519"), oidc.UnsupportedCurve, "crv"},
		{"OKP on P-256", with(ed, "crv", "P-256"), oidc.UnsupportedCurve, "crv"},
		{"secp256k1 unasked", with(p256, "crv", "secp256k1"), oidc.UnsupportedCurve, "crv"},
		{"crv a number", with(p256, "crv", 256), oidc.Malformed, "crv"},
		{"Ed25519 of 31 bytes", with(ed, "x", b64(make([]byte, 31))), oidc.NotOnCurve, "x"},
		{"Ed25519 of 33 bytes", with(ed, "x", b64(make([]byte, 33))), oidc.NotOnCurve, "x"},
		{"off the curve", with(p256, "y", offCurve), oidc.NotOnCurve, ""},
		{"another curve", with(p256, "crv", "P-384"), oidc.NotOnCurve, ""},
		{"at infinity", with(p256, "x", "AA", "y", "AA"), oidc.NotOnCurve, ""},
		{"coordinate too long", with(p256, "x", b64(append([]byte{1}, make([]byte, 32)...))), oidc.NotOnCurve, ""},

		{"x5c of this key", with(rsa2048, "x5c", []string{cert}), "", ""},
		{"x5c of another key", with(p256, "x5c", []string{cert}), oidc.CertificateMismatch, "x5c"},
		{"x5c a string", with(rsa2048, "x5c", cert), oidc.Malformed, "x5c"},
		{"x5c empty", with(rsa2048, "x5c", []string{}), oidc.Malformed, "x5c"},
		{"x5c of numbers", with(rsa2048, "x5c", []int{1}), oidc.Malformed, "x5c"},
		{"x5c in base64url", with(rsa2048, "x5c", []string{"_-_-"}), oidc.Malformed, "x5c"},
		{"x5c no certificate", with(rsa2048, "x5c", []string{"MAA="}), oidc.Malformed, "x5c"},
		{"x5c with a tail", with(rsa2048, "x5c", []string{cert, "?"}), oidc.Malformed, "x5c"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := oidc.ParseKey(tc.jwk)
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, tc.want)
			var e *oidc.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, tc.want, e.Reason)
			require.Equal(t, tc.member, e.Member)
			require.NotEmpty(t, e.Error())
			require.Equal(t, "PMS_ESI_007", e.Reason.PlatformCode())
			_, err = oidc.ClientID(tc.jwk)
			require.ErrorIs(t, err, tc.want)
			_, err = oidc.PublicKeyHash(tc.jwk)
			require.ErrorIs(t, err, tc.want)
			_, err = oidc.PublicKeyHashGo(tc.jwk)
			require.ErrorIs(t, err, tc.want)
		})
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestKeySetRefuses(t *testing.T) {
	t.Parallel()
	key := string(mustKey(t, "P-256").JWK())
	for _, tc := range []struct {
		name, set string
		want      oidc.Reason
	}{
		{"no key", `{"keys":[]}`, oidc.KeySet},
		{"two keys", `{"keys":[` + key + `,` + key + `]}`, oidc.KeySet},
		{"not an array", `{"keys":` + key + `}`, oidc.Malformed},
		{"not a key", `{"keys":["` + "x" + `"]}`, oidc.Malformed},
		{"private", `{"keys":[{"kty":"EC","d":"AQ"}]}`, oidc.PrivateKey},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := oidc.ParseKey([]byte(tc.set), oidc.AllowSet())
			require.ErrorIs(t, err, tc.want)
		})
	}
}

// SEC 2's base point of secp256k1 is a key like any other (its private half
// is 1).
const (
	secp256k1X = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
	secp256k1Y = "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"
)

func TestSecp256k1(t *testing.T) {
	t.Parallel()
	number := func(hex string) *big.Int {
		n, ok := new(big.Int).SetString(hex, 16)
		require.True(t, ok)
		return n
	}
	p := number("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f")
	x, y := number(secp256k1X), number(secp256k1Y)
	jwk := func(x, y *big.Int) []byte {
		return []byte(fmt.Sprintf(`{"kty":"EC","crv":"secp256k1","x":%q,"y":%q}`, b64(x.Bytes()), b64(y.Bytes())))
	}
	key, err := oidc.ParseKey(jwk(x, y), oidc.AllowSecp256k1())
	require.NoError(t, err)
	require.Nil(t, key.PublicKey(), "the standard library does not know the curve")
	_, err = key.PublicKeyHash()
	require.NoError(t, err)
	_, err = key.PublicKeyHashGo()
	require.ErrorIs(t, err, oidc.RuleNotApplicable)

	_, err = oidc.ParseKey(jwk(x, y))
	require.ErrorIs(t, err, oidc.UnsupportedCurve)
	_, err = oidc.ParseKey(jwk(x, new(big.Int).Xor(y, big.NewInt(1))), oidc.AllowSecp256k1())
	require.ErrorIs(t, err, oidc.NotOnCurve)
	_, err = oidc.ParseKey(jwk(x, p), oidc.AllowSecp256k1())
	require.ErrorIs(t, err, oidc.NotOnCurve, "coordinates are below p")
}

func TestNoCodeForOurOwnReasons(t *testing.T) {
	t.Parallel()
	for _, r := range []oidc.Reason{"", oidc.UnknownRule, oidc.RuleNotApplicable, oidc.UnknownClientID} {
		require.Empty(t, r.PlatformCode())
	}
	err := &oidc.Error{Reason: oidc.WeakKey, Member: "n", Detail: "d", Err: errors.New("cause")}
	require.Contains(t, err.Error(), "cause")
}

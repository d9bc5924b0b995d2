package jose_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"io"
	"math/big"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/jose"
)

func decode(t testing.TB, text string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(text)
	require.NoError(t, err)
	return b
}

// The examples of RFC 7515 appendix A.3 and RFC 8037 appendix A.4.
const (
	rfc7515Token = "eyJhbGciOiJFUzI1NiJ9" +
		".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ" +
		".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
	rfc8037Token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc" +
		".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)

func TestStandards(t *testing.T) {
	t.Parallel()
	point := append([]byte{4}, decode(t, "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")...)
	p256, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(point, decode(t, "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")...))
	require.NoError(t, err)
	token, err := jose.ParseCompact(rfc7515Token)
	require.NoError(t, err)
	require.True(t, token.Verify("ES256", p256))
	require.Contains(t, string(token.Payload), `"iss":"joe"`)
	for _, alg := range []string{"ES384", "ES512", "RS256", "EdDSA", "HS256", "none", ""} {
		require.False(t, token.Verify(alg, p256), alg)
	}
	for i := range token.Signature {
		token.Signature[i] ^= 1
		require.False(t, token.Verify("ES256", p256))
		token.Signature[i] ^= 1
	}
	token.Signature = append(token.Signature, 0)
	require.False(t, token.Verify("ES256", p256))

	ed := ed25519.PublicKey(decode(t, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"))
	token, err = jose.ParseCompact(rfc8037Token)
	require.NoError(t, err)
	require.True(t, token.Verify("EdDSA", ed))
	require.True(t, token.Verify("Ed25519", ed))
	require.False(t, token.Verify("EdDSA", ed[:31]))
	require.False(t, token.Verify("ES256", ed))
	require.False(t, token.Verify("EdDSA", nil))
	require.Equal(t, "Example of Ed25519 signing", string(token.Payload))
}

func TestParseCompactRefuses(t *testing.T) {
	t.Parallel()
	header := "e30" // {}
	for what, token := range map[string]string{
		"nothing": "", "one part": header, "two": header + "." + header, "four": "e30.e30.e30.e30", "many": strings.Repeat(".", 100),
		"padding": "e30=.e30.e30", "line break": "e3\n0.e30.e30", "carriage return": "e30.e30.e3\r0", "space": "e30.e30. e30",
		"stray bits": "e31.e30.e30", "alphabet": "e30.+/+/.e30",
	} {
		_, err := jose.ParseCompact(token)
		require.ErrorIs(t, err, jose.ErrCompact, what)
	}
	for token, want := range map[string]error{
		".e30.e30": jose.ErrSyntax, "W10.e30.e30": jose.ErrSyntax,
		base64.RawURLEncoding.EncodeToString([]byte(`{"alg":1,"alg":2}`)) + "..": jose.ErrDuplicate,
		strings.Repeat("A", jose.MaxCompactBytes+1):                              jose.ErrLimit,
	} {
		_, err := jose.ParseCompact(token)
		require.ErrorIs(t, err, want)
	}
	_, err := jose.ParseCompact("e30." + strings.Repeat("A", jose.MaxCompactBytes-len("e30..")-3) + ".")
	require.NoError(t, err, "near the limit")
}

// What Sign makes, Verify and jwx accept.
func TestSign(t *testing.T) {
	t.Parallel()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	signers := map[string]crypto.Signer{"EdDSA": edKey}
	for _, alg := range []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"} {
		signers[alg] = rsaKey
	}
	for alg, curve := range map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()} {
		signers[alg], err = ecdsa.GenerateKey(curve, rand.Reader)
		require.NoError(t, err)
	}
	for alg, signer := range signers {
		require.True(t, jose.Fits(alg, signer.Public()))
		text, err := jose.Sign(signer, alg, "JWT", []byte("payload"))
		require.NoError(t, err, alg)
		token, err := jose.ParseCompact(text)
		require.NoError(t, err)
		for other, theirs := range signers {
			same := other == alg || alg == "EdDSA" && other == "Ed25519"
			require.Equal(t, same, token.Verify(other, theirs.Public()), "%s as %s", alg, other)
			require.False(t, other != alg && token.Verify(other, signer.Public()), "%s as %s", alg, other)
		}
		payload, err := jws.Verify([]byte(text), jws.WithKey(jwa.SignatureAlgorithm(alg), signer.Public()))
		require.NoError(t, err)
		require.Equal(t, "payload", string(payload))
	}
	_, err = jose.Sign(rsaKey, "none", "JWT", nil)
	require.ErrorIs(t, err, jose.ErrAlgorithm)
	_, err = jose.Sign(rsaKey, "ES256", "JWT", nil)
	require.ErrorIs(t, err, jose.ErrAlgorithm)

	der := func(r, s *big.Int) []byte {
		b, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
		require.NoError(t, err)
		return b
	}
	large := new(big.Int).Lsh(big.NewInt(1), 256)
	for _, signature := range [][]byte{
		nil, []byte("x"), append(der(big.NewInt(1), big.NewInt(1)), 0), der(big.NewInt(0), big.NewInt(1)),
		der(big.NewInt(1), big.NewInt(-1)), der(large, big.NewInt(1)), der(big.NewInt(1), large),
	} {
		_, err = jose.Sign(fixed{signers["ES256"], signature, nil}, "ES256", "JWT", nil)
		require.Error(t, err)
	}
	failed := errors.New("failed")
	_, err = jose.Sign(fixed{signers["ES256"], nil, failed}, "ES256", "JWT", nil)
	require.ErrorIs(t, err, failed)
}

// fixed is a signer with an answer of its own.
type fixed struct {
	crypto.Signer
	signature []byte
	err       error
}

func (f fixed) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return f.signature, f.err }

func TestLimits(t *testing.T) {
	t.Parallel()
	text := []byte(`{"a":{"b":1},"c":2}`)
	object, err := jose.Limits{Bytes: len(text), Members: 2, Depth: 2}.ParseObject(text)
	require.NoError(t, err)
	inner, ok := object[0].Object()
	require.True(t, ok)
	require.Equal(t, strings.Index(string(text), "1"), inner[0].Offset)
	for _, limits := range []jose.Limits{{}, {len(text) - 1, 2, 2}, {len(text), 1, 2}, {len(text), 2, 1}} {
		_, err := limits.ParseObject(text)
		require.ErrorIs(t, err, jose.ErrLimit)
	}
}

// A token that is accepted has one text: its parts encoded again are the same.
func FuzzParseCompact(f *testing.F) {
	f.Add(rfc7515Token)
	f.Add(rfc8037Token)
	f.Add("e30.e31.")
	f.Fuzz(func(t *testing.T, token string) {
		got, err := jose.ParseCompact(token)
		if err != nil {
			require.Nil(t, got)
			return
		}
		parts := strings.Split(token, ".")
		require.Len(t, parts, 3)
		require.Equal(t, parts[1], base64.RawURLEncoding.EncodeToString(got.Payload))
		require.Equal(t, parts[2], base64.RawURLEncoding.EncodeToString(got.Signature))
		require.Equal(t, parts[0], base64.RawURLEncoding.EncodeToString(decode(t, parts[0])))
		_, err = jose.ParseObject(decode(t, parts[0]))
		require.NoError(t, err)
	})
}

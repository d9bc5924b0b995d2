package oidc_test

import (
	"bytes"
	"encoding/pem"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/oidc"
)

// shell runs a pipeline of openssl and coreutils over the input.
func shell(t *testing.T, script string, input []byte) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "bash", "-o", "pipefail", "-ec", script)
	command.Stdin = bytes.NewReader(input)
	var stderr strings.Builder
	command.Stderr = &stderr
	output, err := command.Output()
	require.NoError(t, err, stderr.String())
	return strings.TrimSpace(string(output))
}

const (
	toDER    = `openssl pkey -pubin -outform DER`
	toID     = `base64 -w0 | openssl dgst -sha256 -binary | base64 -w0 | tr '+/' '-_' | tr -d '='`
	toRawKey = `tail -c 32`
)

// TestOpenSSL makes keys with the openssl command line and derives their ids
// there, too.
func TestOpenSSL(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"openssl", "bash", "base64", "sha256sum"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
	for _, tc := range []struct{ name, generate, key string }{
		{"RSA", `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048`, toDER},
		{"RSA with exponent 3", `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3`, toDER},
		{"P-256", `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`, toDER},
		{"P-384", `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384`, toDER},
		{"P-521", `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521`, toDER},
		{"secp256k1", `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1`, toDER},
		{"Ed25519", `openssl genpkey -algorithm ed25519`, toDER + " | " + toRawKey},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			public := []byte(shell(t, tc.generate+` | openssl pkey -pubout`, nil))
			key, err := oidc.KeyFromPEM(public, oidc.AllowSecp256k1())
			require.NoError(t, err)
			require.Equal(t, shell(t, tc.key+" | "+toID, public), clientID(t, key))

			// What we write, openssl reads.
			again := shell(t, `openssl pkey -pubin`, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: key.DER()}))
			require.Equal(t, string(public), again)
		})
	}
	t.Run("eSignet's hash", func(t *testing.T) {
		t.Parallel()
		public := []byte(shell(t, `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 | openssl pkey -pubout`, nil))
		key, err := oidc.KeyFromPEM(public)
		require.NoError(t, err)
		hash, err := key.PublicKeyHash()
		require.NoError(t, err)
		want := shell(t, `openssl rsa -pubin -modulus -noout | cut -d= -f2 | tr -d '\n' | basenc --base16 -d |
			base64 -w0 | tr '+/' '-_' | tr -d '=' | sha256sum | cut -d' ' -f1`, public)
		require.Equal(t, want, hash)
	})
}

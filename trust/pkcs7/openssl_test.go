package pkcs7_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

func openssl(t *testing.T, input []byte, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
	command := exec.CommandContext(t.Context(), "openssl", args...)
	command.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	require.NoError(t, err, stderr.String())
	return output
}

func TestOpenSSL(t *testing.T) {
	t.Parallel()
	certs, err := trust.ParseCertificates(fixture(t, "chain.pem"))
	require.NoError(t, err)

	for _, form := range []string{"PEM", "DER"} {
		t.Run("reads ours in "+form, func(t *testing.T) {
			t.Parallel()
			ours, err := pkcs7.MarshalPEM(certs)
			if form == "DER" {
				ours, err = pkcs7.Marshal(certs)
			}
			require.NoError(t, err)
			printed := openssl(t, ours, "pkcs7", "-inform", form, "-print_certs")
			got, err := trust.ParseCertificates(printed)
			require.NoError(t, err)
			require.Equal(t, raw(certs), raw(got))
			// Its stricter reader agrees.
			openssl(t, ours, "cms", "-cmsout", "-noout", "-inform", form)
		})
		t.Run("we read its "+form, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "chain.pem")
			require.NoError(t, os.WriteFile(file, fixture(t, "chain.pem"), 0o600))
			theirs := openssl(t, nil, "crl2pkcs7", "-nocrl", "-certfile", file, "-outform", form)
			require.True(t, pkcs7.Is(theirs))
			got, err := pkcs7.Parse(theirs)
			require.NoError(t, err)
			require.Equal(t, raw(certs), raw(got))
		})
	}
}

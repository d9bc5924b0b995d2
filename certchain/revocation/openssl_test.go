package revocation_test

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/revocation"
	"github.com/mosip/partnertrust/internal/pkitest"
)

// openssl runs the command line of another implementation, where there is one.
type openssl struct {
	t   *testing.T
	dir string
}

func newOpenSSL(t *testing.T) openssl {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("no openssl here")
	}
	return openssl{t, t.TempDir()}
}

func (o openssl) run(args ...string) {
	o.t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Dir = o.dir
	out, err := cmd.CombinedOutput()
	require.NoError(o.t, err, "%s", out)
}

func (o openssl) write(name string, data []byte) {
	o.t.Helper()
	require.NoError(o.t, os.WriteFile(filepath.Join(o.dir, name), data, 0o600))
}

func (o openssl) read(name string) []byte {
	o.t.Helper()
	data, err := os.ReadFile(filepath.Join(o.dir, name))
	require.NoError(o.t, err)
	return data
}

// authority writes a CA with its key, and an index of one revoked and one good
// certificate.
func (o openssl) authority(root *pkitest.Cert, bad, good *big.Int) {
	o.t.Helper()
	key, err := x509.MarshalPKCS8PrivateKey(root.Key)
	require.NoError(o.t, err)
	o.write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
	o.write("ca.pem", root.PEM())
	until := time.Now().AddDate(5, 0, 0).UTC().Format("060102150405Z")
	o.write("index.txt", fmt.Appendf(nil, "R\t%s\t%s,superseded\t%X\tunknown\t/CN=bad\nV\t%s\t\t%X\tunknown\t/CN=good\n",
		until, time.Now().AddDate(0, 0, -1).UTC().Format("060102150405Z"), bad.Bytes(), until, good.Bytes()))
	o.write("number", []byte("2A\n"))
	o.write("ca.cnf", []byte("[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\ndefault_crl_days=7\n"+
		"certificate=ca.pem\nprivate_key=key.pem\ncrl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid\n"))
}

func TestOpenSSL(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]crypto.Signer{"ECDSA": nil, "RSA": pkitest.RSA(2048, 2), "Ed25519": pkitest.Ed25519()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOpenSSL(t)
			mods := []pkitest.Mod{pkitest.Validity(time.Now().AddDate(-1, 0, 0), time.Now().AddDate(9, 0, 0))}
			if key != nil {
				mods = append(mods, pkitest.Key(key))
			}
			root := pkitest.NewRoot(t, "root", mods...)
			positive := func(b byte) pkitest.Mod { return pkitest.RawSerial([]byte{0x12, 0x34, b}) }
			bad, good, stranger := root.Issue(t, "bad", positive(1)), root.Issue(t, "good", positive(2)), root.Issue(t, "stranger", positive(3))
			o.authority(root, bad.Certificate.SerialNumber, good.Certificate.SerialNumber)
			ask := func(c certchain.Revocation, cert *pkitest.Cert) certchain.RevocationAnswer {
				q := question(chain(cert, root))
				q.At = time.Now()
				return c.Check(ctx, q)
			}

			md := []string{}
			if name == "Ed25519" {
				md = []string{"-md", "null"}
			}
			o.run(append([]string{"ca", "-config", "ca.cnf", "-gencrl", "-out", "list.pem"}, md...)...)
			c, err := revocation.CRLs(o.read("list.pem"))
			require.NoError(t, err)
			a := status(t, certchain.StatusRevoked, ask(c, bad))
			require.Equal(t, 4, a.Code)
			require.Contains(t, a.Source, "42")
			status(t, certchain.StatusGood, ask(c, good))

			if name == "Ed25519" {
				return // its responder of that release signs with a digest only
			}
			responses := make([][]byte, 3)
			for i, cert := range chain(bad, good, stranger) {
				o.write("cert.pem", cert.PEM())
				o.run("ocsp", "-issuer", "ca.pem", "-cert", "cert.pem", "-reqout", "request.der", "-no_nonce")
				sign := []string{"ocsp", "-index", "index.txt", "-rsigner", "ca.pem", "-rkey", "key.pem", "-CA", "ca.pem",
					"-reqin", "request.der", "-respout", "response.der", "-ndays", "3"}
				if name == "RSA" {
					sign = append(sign, "-rsigopt", "rsa_padding_mode:pss", "-rsigopt", "rsa_pss_saltlen:digest")
				}
				o.run(sign...)
				responses[i] = o.read("response.der")
			}
			c, err = revocation.OCSPResponses(responses...)
			require.NoError(t, err)
			a = status(t, certchain.StatusRevoked, ask(c, bad))
			require.Equal(t, 4, a.Code)
			status(t, certchain.StatusGood, ask(c, good))
			status(t, certchain.StatusUnknown, ask(c, stranger))
		})
	}
}

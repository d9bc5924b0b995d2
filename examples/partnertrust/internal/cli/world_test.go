package cli_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"database/sql"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/examples/partnertrust/internal/cli"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
	"github.com/mosip/partnertrust/trust/pkcs7"
	"github.com/mosip/partnertrust/trust/sqlstore"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// world is a folder with all that the examples of the help and of the
// documentation name: a store as a folder and one in SQLite, certificates, lists,
// policies and a capture. Tests run in it, one at a time.
type world struct {
	t    *testing.T
	pki  *trusttest.PKI
	bank *trusttest.Identity // of partner.pem
	host cli.Host
}

func newWorld(t *testing.T) *world {
	t.Helper()
	t.Chdir(t.TempDir())
	w := &world{t: t, pki: trusttest.New(t)}
	w.host = cli.Host{In: strings.NewReader(""), Now: w.pki.Clock, Getenv: func(string) string { return "" }}
	w.bank = w.pki.Partner("Acme Bank")
	w.stores()
	w.files()
	return w
}

// authority issues a CA below a CA of the PKI, for a time from now on.
func (w *world) authority(issuer *trusttest.Identity, name string, from, until time.Time) *x509.Certificate {
	w.t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: name, Organization: []string{"Example CA"}},
		NotBefore:    from, NotAfter: until, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer.Certificate, w.bank.Key.Public(), issuer.Key)
	require.NoError(w.t, err)
	c, err := trust.ParseCertificate(der)
	require.NoError(w.t, err)
	return c
}

// below issues a partner's certificate below a CA made by authority.
func (w *world) below(ca *x509.Certificate, organization string) *x509.Certificate {
	w.t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: organization, Organization: []string{organization}},
		NotBefore:    w.pki.Clock().AddDate(0, -1, 0), NotAfter: w.pki.Clock().AddDate(2, 0, 0), BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca, w.bank.Key.Public(), w.bank.Key)
	require.NoError(w.t, err)
	c, err := trust.ParseCertificate(der)
	require.NoError(w.t, err)
	return c
}

// stores fills a folder and an SQLite file with the same CAs, and the file with
// partners, too.
func (w *world) stores() {
	w.t.Helper()
	ctx, now := context.Background(), w.pki.Clock()
	regional := w.authority(w.pki.Root(trust.Auth), "Example Regional CA", now.AddDate(-3, 0, 0), now.AddDate(0, 0, 40))
	former := w.authority(w.pki.Root(trust.Auth), "Example Former CA", now.AddDate(-3, 0, 0), now.AddDate(0, -2, 0))
	w.pki.Device("Acme Biometrics", trusttest.IssuedBy("Acme Biometrics")) // its CA becomes one of the PKI's
	w.pki.Device("Globex", trusttest.RevokedIntermediate())
	var cas []trust.CA
	for _, d := range []trust.Domain{trust.Auth, trust.Device, trust.FTM, trust.MISP} {
		snapshot, err := w.pki.Snapshot(ctx, d)
		require.NoError(w.t, err)
		for ca := range snapshot.All() {
			cas = append(cas, trust.CA{Domain: d, Role: ca.Role, Certificate: ca.Certificate})
		}
	}
	for _, more := range []trust.CA{
		{Domain: trust.Auth, Certificate: regional}, {Domain: trust.Auth, Certificate: former},
	} {
		more.Role = trust.Intermediate
		cas = append(cas, more)
	}
	require.NoError(w.t, os.Mkdir("trust", 0o755))
	dir, err := dirstore.Open("trust", dirstore.WithClock(w.pki.Clock))
	require.NoError(w.t, err)
	db, err := sql.Open("sqlite", "trust.db")
	require.NoError(w.t, err)
	defer db.Close()
	require.NoError(w.t, sqlstore.CreateSQLite(ctx, db))
	file, err := sqlstore.OpenSQLite(ctx, db, sqlstore.WithClock(w.pki.Clock))
	require.NoError(w.t, err)
	for _, store := range []trust.Store{dir, file} {
		require.NoError(w.t, store.Add(ctx, cas...))
	}
	for _, p := range []trust.PartnerCertificate{
		{Organization: "Globex Bank", Certificate: w.below(regional, "Globex Bank")},
		{Organization: "Initech", Certificate: w.below(regional, "Initech")},
		{Organization: "Umbrella Bank", Certificate: w.pki.Partner("Umbrella Bank", trusttest.ExpiringIn(20*24*time.Hour)).Certificate},
		{Organization: "Old Bank", Certificate: w.pki.Partner("Old Bank", trusttest.Expired()).Certificate},
	} {
		p.Domain = trust.Auth
		_, err := file.PutPartner(ctx, p, "")
		require.NoError(w.t, err)
	}
}

func (w *world) files() {
	w.t.Helper()
	w.write("partner.pem", w.bank.PEM())
	w.write("expired.pem", w.pki.Partner("Old Bank", trusttest.Expired()).PEM())
	w.write("stranger.pem", w.pki.Partner("Acme Bank", trusttest.UnknownIssuer()).PEM())
	w.write("selfsigned.pem", w.pki.Partner("Acme Bank", trusttest.SelfSigned()).PEM())
	w.write("key.pem", w.bank.KeyPEM())
	spki, err := x509.MarshalPKIXPublicKey(w.bank.Key.Public())
	require.NoError(w.t, err)
	w.write("public.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}))
	w.write("chain.pem", []byte(strings.ReplaceAll(string(w.bank.ChainPEM()), string(w.bank.PEM()), "")))
	w.write("client.jwk", w.bank.JWK())
	w.write("ca.crl", w.pki.CRLs(trust.Auth)[1])
	for _, list := range []trust.Domain{trust.Auth, trust.Device} {
		for i, crl := range w.pki.CRLs(list) {
			w.write(fmt.Sprintf("%s-%d.crl", strings.ToLower(string(list)), i), crl)
		}
	}

	biometrics := w.pki.Device("Acme Biometrics", trusttest.IssuedBy("Acme Biometrics Two"))
	w.write("device.pem", biometrics.PEM())
	w.bundle("chain.p7b", biometrics.Chain[1:])
	w.bundle("device-cas.p7b", w.pki.Device("Acme Biometrics").Chain[1:])
	w.bundle("ftm-cas.p7b", w.pki.Chip("Acme Chips").Chain[1:])
	w.capture("capture.json")

	for _, service := range []string{"pms", "ida"} {
		require.NoError(w.t, os.Mkdir(service, 0o755))
		w.write(service+"/acme-bank.pem", w.bank.PEM())
	}
	w.write("pms/umbrella.pem", w.pki.Partner("Umbrella Bank").PEM())
	w.write("ida/umbrella.pem", w.pki.Partner("Umbrella Bank", trusttest.ExpiringIn(20*24*time.Hour)).PEM())
	w.write("pms/initech.pem", w.pki.Partner("Initech").PEM())

	policyText := trusttest.AuthPolicy([]string{"otp", "otp-request", "bio-FINGER", "kyc"}, "fullName", "phone")
	w.write("policy.json", policyText)
	w.write("policy-new.json", trusttest.AuthPolicy([]string{"otp", "otp-request", "kyc"}, "fullName", "phone", "photo"))
	w.write("policy-odd.json", trusttest.AuthPolicy([]string{"opt", "kyc"}, "fullName"))
	w.write("policy-bad.json", []byte(strings.Replace(string(policyText), "allowedAuthTypes", "allowedAuthType", 1)))
	w.write("share.json", trusttest.DataSharePolicy("fullName", "biometrics"))
	w.write("misp.json", trusttest.MISPPolicy("auth", "key-binding"))
}

// capture writes a request with a sound capture, and what changes it.
func (w *world) capture(name string, captures ...trusttest.Capture) {
	w.t.Helper()
	segments, request := w.pki.SignCapture(captures...)
	w.writeCapture(name, segments, request)
}

func (w *world) writeCapture(name string, segments []device.Segment, request device.Request) {
	w.t.Helper()
	var biometrics []map[string]string
	for _, s := range segments {
		b := map[string]string{"data": s.Data, "hash": s.Hash}
		if s.BiometricHash != nil {
			b["biometricHash"] = fmt.Sprintf("%x", s.BiometricHash)
		}
		biometrics = append(biometrics, b)
	}
	text, err := json.Marshal(map[string]any{
		"transactionId": request.TransactionID, "env": request.Env, "domainUri": request.DomainURI, "biometrics": biometrics,
	})
	require.NoError(w.t, err)
	w.write(name, text)
}

func (w *world) bundle(name string, certs []*x509.Certificate) {
	w.t.Helper()
	data, err := pkcs7.Marshal(certs)
	require.NoError(w.t, err)
	w.write(name, data)
}

func (w *world) write(name string, data []byte) {
	w.t.Helper()
	require.NoError(w.t, os.WriteFile(filepath.FromSlash(name), data, 0o644))
}

// idOf is the id of a CA of the folder, by the text in its subject.
func (w *world) idOf(issuedTo string) string {
	w.t.Helper()
	dir, err := dirstore.Open("trust")
	require.NoError(w.t, err)
	page, err := dir.List(context.Background(), trust.Query{IssuedTo: issuedTo})
	require.NoError(w.t, err)
	require.NotEmpty(w.t, page.CAs, issuedTo)
	return page.CAs[0].ID
}

// result is what one command did.
type result struct {
	code     int
	out, err string
}

// run runs a command line.
func (w *world) run(args ...string) result {
	w.t.Helper()
	var out, errs bytes.Buffer
	host := w.host
	host.Out, host.Err = &out, &errs
	code := cli.Run(w.t.Context(), host, args)
	return result{code, out.String(), errs.String()}
}

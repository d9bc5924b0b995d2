package cli_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"database/sql"
	"math/big"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/examples/partnertrust/internal/cli"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
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

// original is the folder that every world is a copy of, and the PKI of all.
var original struct {
	once sync.Once
	dir  string
	pki  *trusttest.PKI
	bank *trusttest.Identity
}

func TestMain(m *testing.M) {
	code := m.Run()
	_ = os.RemoveAll(original.dir) // nobody needs it any more
	os.Exit(code)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t}
	original.once.Do(func() {
		var err error
		original.dir, err = os.MkdirTemp("", "partnertrust")
		require.NoError(t, err)
		original.pki = trusttest.New(trusttest.ForExample()) // it outlives this test
		original.bank = original.pki.Partner("Acme Bank")
		w.pki, w.bank = original.pki, original.bank
		t.Chdir(original.dir)
		w.stores()
		w.files()
	})
	w.pki, w.bank = original.pki, original.bank
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(original.dir)))
	t.Chdir(dir)
	w.host = cli.Host{In: strings.NewReader(""), Now: w.pki.Clock, Getenv: func(string) string { return "" }}
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
	for i, p := range []trust.PartnerCertificate{
		{Organization: "Globex Bank", Certificate: w.below(regional, "Globex Bank")},
		{Organization: "Initech", Certificate: w.below(regional, "Initech")},
		{Organization: "Umbrella Bank", Certificate: w.pki.Partner("Umbrella Bank", trusttest.ExpiringIn(20*24*time.Hour)).Certificate},
		{Organization: "Old Bank", Certificate: w.pki.Partner("Old Bank", trusttest.Expired()).Certificate},
	} {
		p.Domain, p.AddedAt = trust.Auth, now.AddDate(0, 0, i-10)
		_, err := file.PutPartner(ctx, p, "")
		require.NoError(w.t, err)
	}
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

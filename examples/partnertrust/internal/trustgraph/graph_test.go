package trustgraph_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/examples/partnertrust/internal/trustgraph"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/trusttest"
)

func build(t *testing.T, pki *trusttest.PKI, store trust.Store, opts ...certchain.Option) map[string]*trustgraph.Node {
	t.Helper()
	g, err := trustgraph.Build(t.Context(), store, trustgraph.Question{
		Domains: []trust.Domain{trust.Auth}, Partners: true, At: pki.Clock(), Soon: pki.Clock().AddDate(0, 0, 90), Options: opts,
	})
	require.NoError(t, err)
	nodes := map[string]*trustgraph.Node{}
	for _, n := range g.Nodes {
		nodes[n.Subject] = n
	}
	return nodes
}

func TestStates(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	store := pki.Store()
	want := map[string]trustgraph.State{
		"CN=Example AUTH Root,O=Example CA": trustgraph.Valid,
		"CN=Example AUTH CA,O=Example CA":   trustgraph.Valid,
	}
	for _, c := range []struct {
		property trusttest.Property
		state    trustgraph.State
	}{
		{trusttest.ExpiredIntermediate(), trustgraph.Expired},
		{trusttest.RevokedIntermediate(), trustgraph.Revoked},
		{trusttest.NotCAIntermediate(), trustgraph.Broken},
	} {
		ca := pki.Partner("Acme", c.property).Chain[1]
		want[certchain.SubjectText(ca)] = c.state
	}
	for organization, c := range map[string]struct {
		property trusttest.Property
		state    trustgraph.State
	}{
		"Soon":     {trusttest.ExpiringIn(20 * 24 * time.Hour), trustgraph.Soon},
		"Expired":  {trusttest.Expired(), trustgraph.Expired},
		"Early":    {trusttest.NotYetValid(), trustgraph.NotYetValid},
		"Stranger": {trusttest.UnknownIssuer(), trustgraph.Broken},
		"Revoked":  {trusttest.Revoked(), trustgraph.Revoked},
		"Valid":    {trusttest.P256(), trustgraph.Valid},
	} {
		p := pki.Partner(organization, c.property)
		_, err := store.PutPartner(t.Context(), trust.PartnerCertificate{Domain: trust.Auth, Organization: organization, Certificate: p.Certificate}, "")
		require.NoError(t, err)
		want[certchain.SubjectText(p.Certificate)] = c.state
	}
	nodes := build(t, pki, store, certchain.WithRevocation(pki.Revocation()), certchain.OnUnknownRevocation(certchain.BestEffort))
	require.Len(t, nodes, len(want))
	for subject, state := range want {
		require.Contains(t, nodes, subject)
		require.Equal(t, state, nodes[subject].State, subject)
		require.Equal(t, state == trustgraph.Broken, nodes[subject].Why != "", subject)
	}
}

// sign issues a CA's certificate over a key, as often as a test wants.
func sign(t *testing.T, name string, issuer *x509.Certificate, key, issuerKey *ecdsa.PrivateKey, now time.Time) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(5, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	if issuer == nil {
		issuer = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, key.Public(), issuerKey)
	require.NoError(t, err)
	c, err := trust.ParseCertificate(der)
	require.NoError(t, err)
	return c
}

// A CA that two roots certified hangs once in the forest, and knows both; a
// namesake of its issuer with another key is none.
func TestForest(t *testing.T) {
	t.Parallel()
	now := trusttest.Now()
	var keys [4]*ecdsa.PrivateKey
	for i := range keys {
		var err error
		keys[i], err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		require.NoError(t, err)
	}
	one := sign(t, "Root", nil, keys[0], keys[0], now)
	renewed := sign(t, "Root", one, keys[0], keys[0], now) // the same key again
	namesake := sign(t, "Root", nil, keys[1], keys[1], now)
	ca := sign(t, "CA", one, keys[2], keys[0], now)
	orphan := sign(t, "Orphan", sign(t, "Gone", nil, keys[3], keys[3], now), keys[2], keys[3], now)
	store := trust.NewMemory()
	require.NoError(t, store.Add(t.Context(),
		trust.CA{ID: "one", Domain: trust.Auth, Role: trust.Root, Certificate: one},
		trust.CA{ID: "renewed", Domain: trust.Auth, Role: trust.Root, Certificate: renewed},
		trust.CA{ID: "namesake", Domain: trust.Auth, Role: trust.Root, Certificate: namesake},
		trust.CA{ID: "ca", Domain: trust.Auth, Role: trust.Intermediate, Certificate: ca},
		trust.CA{ID: "orphan", Domain: trust.Auth, Role: trust.Intermediate, Certificate: orphan},
	))
	g, err := trustgraph.Build(t.Context(), store, trustgraph.Question{Domains: []trust.Domain{trust.Auth}, At: now, Soon: now})
	require.NoError(t, err)
	issuers := map[string][]string{}
	for _, n := range g.Nodes {
		issuers[n.ID] = n.Issuers
	}
	require.Equal(t, []string{"one", "renewed"}, issuers["ca"])
	require.Empty(t, issuers["namesake"])
	require.Empty(t, issuers["orphan"])

	forest := trustgraph.Forest(g.Nodes)
	count := map[string]int{}
	var walk func([]*trustgraph.Tree)
	walk = func(trees []*trustgraph.Tree) {
		for _, tree := range trees {
			count[tree.ID]++
			walk(tree.Children)
		}
	}
	walk(forest)
	require.Equal(t, map[string]int{"one": 1, "renewed": 1, "namesake": 1, "ca": 1, "orphan": 1}, count)
	require.Equal(t, "orphan", forest[len(forest)-1].ID)
}

// Too many are told before any is judged.
func TestTooMany(t *testing.T) {
	t.Parallel()
	pki := trusttest.New(t)
	question := trustgraph.Question{Domains: []trust.Domain{trust.Auth, trust.FTM}, At: pki.Clock(), Max: 3}
	judged := 0
	question.Progress = func(done, total int) {
		judged++
		require.Equal(t, judged, done)
		require.Equal(t, 4, total)
	}
	_, err := trustgraph.Build(t.Context(), pki.Store(), question)
	require.ErrorIs(t, err, trustgraph.ErrTooMany)
	require.Zero(t, judged)
	question.Max = 4
	_, err = trustgraph.Build(t.Context(), pki.Store(), question)
	require.NoError(t, err)
	require.Equal(t, 4, judged)
}

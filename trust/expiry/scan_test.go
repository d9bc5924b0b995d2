package expiry_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/expiry"
)

var ctx = context.Background()

func in(days int) time.Time { return pkitest.Now.AddDate(0, 0, days) }

func until(days int) pkitest.Mod { return pkitest.Validity(in(-400), in(days)) }

func add(t *testing.T, s *trust.Memory, d trust.Domain, id string, role trust.Role, c *pkitest.Cert) {
	t.Helper()
	require.NoError(t, s.Add(ctx, trust.CA{ID: id, Domain: d, Role: role, Certificate: c.Certificate, AddedAt: pkitest.Now}))
}

func put(t *testing.T, s *trust.Memory, d trust.Domain, id string, c *pkitest.Cert) {
	t.Helper()
	_, err := s.PutPartner(ctx, trust.PartnerCertificate{ID: id, Domain: d, Organization: "Acme Bank", Certificate: c.Certificate}, "")
	require.NoError(t, err)
}

// outline is what a report says: ids in order, each with those whom it cuts off.
func outline(r *expiry.Report) (out [][]string) {
	for _, e := range r.Expiring {
		line := []string{e.ID}
		for _, p := range e.CutsOff {
			line = append(line, p.ID)
		}
		out = append(out, line)
	}
	return out
}

func TestScan(t *testing.T) {
	t.Parallel()
	store := trust.NewMemory()
	oldRoot, newRoot := pkitest.NewRoot(t, "old root", until(40)), pkitest.NewRoot(t, "new root")
	inter := oldRoot.IssueCA(t, "inter", until(2000))
	cross := newRoot.IssueCA(t, "inter", until(2000), pkitest.Key(inter.Key)) // the same CA below both roots
	lone := oldRoot.IssueCA(t, "lone", until(2000))
	short := newRoot.IssueCA(t, "short", until(20))
	add(t, store, trust.Auth, "old-root", trust.Root, oldRoot)
	add(t, store, trust.Auth, "new-root", trust.Root, newRoot)
	for id, c := range map[string]*pkitest.Cert{"inter": inter, "cross": cross, "lone": lone, "short": short} {
		add(t, store, trust.Auth, id, trust.Intermediate, c)
	}
	add(t, store, trust.FTM, "elsewhere", trust.Root, pkitest.NewRoot(t, "elsewhere", until(30)))
	put(t, store, trust.Auth, "has-another-path", inter.Issue(t, "a", until(700)))
	put(t, store, trust.Auth, "cut-off-at-40", lone.Issue(t, "b", until(700)))
	put(t, store, trust.Auth, "cut-off-at-20", short.Issue(t, "c", until(700)))
	put(t, store, trust.Auth, "ends-before", lone.Issue(t, "d", until(10)))
	put(t, store, trust.Auth, "never-had-one", pkitest.NewRoot(t, "stranger").Issue(t, "e", until(50)))

	report, err := expiry.Scan(ctx, store, pkitest.Now, in(90))
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"ends-before"}, {"short", "cut-off-at-20"}, {"elsewhere"}, {"old-root", "cut-off-at-40"}, {"never-had-one"},
	}, outline(report))
	items := report.Items()
	require.Equal(t, expiry.Item{
		Kind: expiry.Root, Domain: trust.Auth, ID: "old-root", Name: "CN=old root,O=Acme Bank",
		SHA256: trust.SHA256(oldRoot.Certificate), NotAfter: in(40),
	}, items[3])
	require.Equal(t, expiry.Intermediate, items[1].Kind)
	require.Equal(t, expiry.Partner, items[0].Kind)
	require.Equal(t, "Acme Bank", items[0].Organization)

	// Half-open at its ends.
	report, err = expiry.Scan(ctx, store, in(20), in(40))
	require.NoError(t, err)
	require.Equal(t, [][]string{{"short", "cut-off-at-20"}, {"elsewhere"}}, outline(report))
	report, err = expiry.Scan(ctx, store, in(20).Add(time.Second), in(40).Add(time.Second))
	require.NoError(t, err)
	require.Equal(t, [][]string{{"elsewhere"}, {"old-root", "cut-off-at-40"}}, outline(report))
	// What has run out already.
	report, err = expiry.Scan(ctx, store, time.Time{}, in(15))
	require.NoError(t, err)
	require.Equal(t, [][]string{{"ends-before"}}, outline(report))

	text, err := json.Marshal(report)
	require.NoError(t, err)
	require.Contains(t, string(text), `"kind":"PARTNER_CERT_EXPIRY"`)
}

// Two CAs of one path that end together both cut the partner off; one that no
// partner needs cuts nobody off.
func TestScanSeveralAtOnce(t *testing.T) {
	t.Parallel()
	store := trust.NewMemory()
	root := pkitest.NewRoot(t, "root", until(30))
	inter := root.IssueCA(t, "inter", until(30))
	add(t, store, trust.Device, "root", trust.Root, root)
	add(t, store, trust.Device, "inter", trust.Intermediate, inter)
	add(t, store, trust.Device, "unused", trust.Intermediate, root.IssueCA(t, "unused", until(29)))
	put(t, store, trust.Device, "partner", inter.Issue(t, "a", until(700)))
	report, err := expiry.Scan(ctx, store, pkitest.Now, in(31))
	require.NoError(t, err)
	require.Equal(t, [][]string{{"unused"}, {"inter", "partner"}, {"root", "partner"}}, outline(report))
}

// The rules are the host's: under a profile that refuses the partner nobody is
// cut off, because nobody was let in.
func TestScanOptions(t *testing.T) {
	t.Parallel()
	store := trust.NewMemory()
	root := pkitest.NewRoot(t, "root", until(30))
	add(t, store, trust.Auth, "root", trust.Root, root)
	put(t, store, trust.Auth, "partner", root.Issue(t, "a", until(700)))
	report, err := expiry.Scan(ctx, store, pkitest.Now, in(31), certchain.Organization("Somebody Else"))
	require.NoError(t, err)
	require.Equal(t, [][]string{{"root"}}, outline(report))
	_, err = expiry.Scan(ctx, store, pkitest.Now, in(31), certchain.WithProfile(certchain.Profile{}))
	require.ErrorIs(t, err, certchain.Misconfigured)
	_, err = expiry.Scan(ctx, store, in(1), in(0))
	require.ErrorIs(t, err, expiry.ErrSpan)
}

// away is a source that fails after some calls.
type away struct {
	*trust.Memory
	snapshots, lists, domains bool
}

var errAway = errors.New("away")

func (a away) Snapshot(ctx context.Context, d trust.Domain) (*trust.Snapshot, error) {
	if a.snapshots {
		return nil, errAway
	}
	return a.Memory.Snapshot(ctx, d)
}

func (a away) Domains(ctx context.Context) ([]trust.Domain, error) {
	if a.domains {
		return nil, errAway
	}
	return a.Memory.Domains(ctx)
}

func (a away) ListPartners(ctx context.Context, q trust.PartnerQuery) (trust.PartnerPage, error) {
	if a.lists {
		return trust.PartnerPage{}, errAway
	}
	return a.Memory.ListPartners(ctx, q)
}

func TestScanOfSources(t *testing.T) {
	t.Parallel()
	store := trust.NewMemory()
	add(t, store, trust.Auth, "root", trust.Root, pkitest.NewRoot(t, "root"))
	report, err := expiry.Scan(ctx, away{Memory: store, domains: true}, pkitest.Now, in(1))
	require.ErrorIs(t, err, errAway)
	require.Nil(t, report, "nobody knows where to look")
	// A source that is no more than that is asked for the platform's domains.
	report, err = expiry.Scan(ctx, struct{ trust.Source }{store}, pkitest.Now, in(5000))
	require.NoError(t, err)
	require.Equal(t, [][]string{{"root"}}, outline(report))
}

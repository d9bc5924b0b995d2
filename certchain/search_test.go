package certchain_test

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// A valid path is found wherever it hides, in any order of what comes along.
func TestFindsThePath(t *testing.T) {
	t.Parallel()
	old := pkitest.Validity(pkitest.Now.AddDate(-9, 0, 0), pkitest.Now.AddDate(-8, 0, 0))
	for name, build := range map[string]func(t *testing.T) (anchor, leaf *pkitest.Cert, along []*pkitest.Cert){
		"cross-signed both ways": func(t *testing.T) (_, _ *pkitest.Cert, _ []*pkitest.Cert) {
			trusted, other := pkitest.NewRoot(t, "trusted"), pkitest.NewRoot(t, "other")
			cross := trusted.IssueCA(t, "other", pkitest.Subject(other.Certificate.RawSubject), pkitest.Key(other.Key))
			back := other.IssueCA(t, "trusted", pkitest.Subject(trusted.Certificate.RawSubject), pkitest.Key(trusted.Key))
			inter := other.IssueCA(t, "inter")
			return trusted, inter.Issue(t, "leaf"), []*pkitest.Cert{other, back, cross, inter}
		},
		"key rollover": func(t *testing.T) (_, _ *pkitest.Cert, _ []*pkitest.Cert) {
			root := pkitest.NewRoot(t, "root", pkitest.CA(0))
			newKey := pkitest.NewRoot(t, "root")
			newWithOld := root.IssueCA(t, "root", pkitest.Subject(root.Certificate.RawSubject), pkitest.Key(newKey.Key))
			return root, newWithOld.Issue(t, "leaf"), []*pkitest.Cert{newKey, newWithOld}
		},
		"one name, eighty keys, no key identifiers": func(t *testing.T) (_, _ *pkitest.Cert, _ []*pkitest.Cert) {
			root := pkitest.NewRoot(t, "root")
			var along []*pkitest.Cert
			for range 80 {
				along = append(along, root.IssueCA(t, "inter", pkitest.SubjectKeyID(nil)))
			}
			return root, along[41].Issue(t, "leaf", pkitest.AuthorityKeyID(nil)), along
		},
		"one key, many validities": func(t *testing.T) (_, _ *pkitest.Cert, _ []*pkitest.Cert) {
			root := pkitest.NewRoot(t, "root")
			inter := root.IssueCA(t, "inter")
			along := []*pkitest.Cert{inter}
			for range 10 {
				along = append(along, root.IssueCA(t, "inter", pkitest.Key(inter.Key), old))
			}
			return root, inter.Issue(t, "leaf"), along
		},
		"misleading authorityKeyIdentifier": func(t *testing.T) (_, _ *pkitest.Cert, _ []*pkitest.Cert) {
			root := pkitest.NewRoot(t, "root")
			right, wrong := root.IssueCA(t, "inter"), root.IssueCA(t, "inter")
			return root, right.Issue(t, "leaf", pkitest.AuthorityKeyID(wrong.Certificate.SubjectKeyId)), []*pkitest.Cert{wrong, right}
		},
		"a loop beside the path": func(t *testing.T) (_, _ *pkitest.Cert, _ []*pkitest.Cert) {
			root, a, b := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "a"), pkitest.NewRoot(t, "b")
			ab := a.IssueCA(t, "b", pkitest.Key(b.Key))
			ba := b.IssueCA(t, "a", pkitest.Key(a.Key))
			bridge := root.IssueCA(t, "a", pkitest.Key(a.Key))
			return root, b.Issue(t, "leaf"), []*pkitest.Cert{ab, ba, a, b, bridge}
		},
		"the promising path fails higher up": func(t *testing.T) (_, _ *pkitest.Cert, _ []*pkitest.Cert) {
			root := pkitest.NewRoot(t, "root")
			dead := root.IssueCA(t, "upper", old)
			alive := root.IssueCA(t, "upper", pkitest.Key(dead.Key), pkitest.SubjectKeyID([]byte{9}))
			inter := dead.IssueCA(t, "inter")
			return root, inter.Issue(t, "leaf"), []*pkitest.Cert{inter, dead, alive}
		},
		"an anchor that is not self-signed": func(t *testing.T) (_, _ *pkitest.Cert, _ []*pkitest.Cert) {
			above := pkitest.NewRoot(t, "above")
			anchor := above.IssueCA(t, "anchor")
			inter := anchor.IssueCA(t, "inter")
			return anchor, inter.Issue(t, "leaf"), []*pkitest.Cert{inter, above}
		},
		"names that differ in case and string type": func(t *testing.T) (_, _ *pkitest.Cert, _ []*pkitest.Cert) {
			root := pkitest.NewRoot(t, "", pkitest.Subject(pkitest.Name(pkitest.Printable("ACME  Root"))))
			return root, root.Issue(t, "leaf", pkitest.Issuer(pkitest.Name(pkitest.O("acme root")))), nil
		},
		"negative serial numbers": func(t *testing.T) (_, _ *pkitest.Cert, _ []*pkitest.Cert) {
			negative := pkitest.RawSerial([]byte{0x80, 1, 2, 3, 4, 5, 6, 7})
			root := pkitest.NewRoot(t, "root", negative)
			inter := root.IssueCA(t, "inter", negative)
			return root, inter.Issue(t, "leaf", negative), []*pkitest.Cert{inter}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			anchor, leaf, along := build(t)
			for seed := range uint64(5) {
				rand.New(rand.NewPCG(seed, 0)).Shuffle(len(along), func(i, j int) { along[i], along[j] = along[j], along[i] })
				chain, err := verifier(anchors(anchor)).Verify(ctx, "AUTH", leaf.Certificate, bring(along...), bring(along...))
				require.NoError(t, err, explain(err))
				require.Equal(t, anchor.Certificate.Raw, chain.Anchor().Raw)
				checkChain(t, chain)
			}
		})
	}
}

// checkChain holds a chain against what needs no rule: every signature.
func checkChain(t *testing.T, c *certchain.Chain) {
	t.Helper()
	for i, cert := range c.Certificates[:len(c.Certificates)-1] {
		parent := c.Certificates[i+1]
		require.NoError(t, parent.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature))
		require.False(t, cert.NotAfter.Before(c.NotAfter))
		require.False(t, cert.NotBefore.After(c.NotBefore))
	}
}

func TestUnknownIssuer(t *testing.T) {
	t.Parallel()
	root, other := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "other")
	inter := root.IssueCA(t, "inter")
	leaf := inter.Issue(t, "leaf")

	_, err := verifier(anchors(other)).Verify(ctx, "AUTH", leaf.Certificate)
	first(t, err, certchain.UnknownIssuer, leaf.Certificate, 0)

	_, err = verifier(anchors(other)).Verify(ctx, "AUTH", leaf.Certificate, bring(inter))
	first(t, err, certchain.UnknownIssuer, inter.Certificate, 1)
	require.False(t, refusal(t, err).Complete)

	_, err = verifier(anchors(other)).Verify(ctx, "AUTH", leaf.Certificate, bring(inter, root))
	f := first(t, err, certchain.UnknownIssuer, root.Certificate, 2)
	require.Contains(t, f.Detail, "not trusted in AUTH", "a root that comes along is no anchor")

	// The name is known, the key is another's.
	namesake := pkitest.NewRoot(t, "root")
	_, err = verifier(anchors(namesake)).Verify(ctx, "AUTH", root.Issue(t, "leaf").Certificate)
	require.ErrorIs(t, err, certchain.UnknownIssuer)
	require.Equal(t, certchain.UnknownIssuer, refusal(t, err).Findings[0].Reason)
	require.Contains(t, refusal(t, err).Findings[0].Detail, "another key")

	// Without key identifiers it cannot be told from a forgery.
	_, err = verifier(anchors(namesake)).Verify(ctx, "AUTH", root.Issue(t, "leaf", pkitest.AuthorityKeyID(nil)).Certificate)
	require.Equal(t, certchain.BadSignature, refusal(t, err).Findings[0].Reason)
}

func TestIssuerInOtherDomain(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	namesake := pkitest.NewRoot(t, "root")
	store := trust.NewMemory()
	require.NoError(t, store.Add(ctx, trust.CA{Domain: trust.FTM, Role: trust.Root, Certificate: root.Certificate}))
	require.NoError(t, store.Add(ctx, trust.CA{Domain: trust.Auth, Role: trust.Root, Certificate: namesake.Certificate}))
	v := certchain.New(store, certchain.WithClock(pkitest.Clock))
	leaf := root.Issue(t, "leaf").Certificate

	_, err := v.Verify(ctx, trust.Device, leaf)
	f := first(t, err, certchain.IssuerInOtherDomain, leaf, 0)
	require.Equal(t, trust.FTM, f.Domain)
	require.Contains(t, f.Detail, "trusted in FTM, not in DEVICE")

	_, err = v.Verify(ctx, trust.Auth, root.Issue(t, "leaf", pkitest.AuthorityKeyID(nil)).Certificate)
	require.Equal(t, certchain.IssuerInOtherDomain, refusal(t, err).Findings[0].Reason, "a namesake here does not hide the issuer there")

	_, err = v.Verify(ctx, trust.Device, namesake.Issue(t, "leaf", pkitest.Tampered()).Certificate)
	require.NotErrorIs(t, err, certchain.IssuerInOtherDomain, "a name alone proves nothing")

	_, err = v.Verify(ctx, trust.FTM, leaf)
	require.NoError(t, err)

	// A source that knows nothing of domains is asked for the platform's.
	_, err = certchain.New(sourceFunc(store.Snapshot), certchain.WithClock(pkitest.Clock)).Verify(ctx, trust.Device, leaf)
	require.ErrorIs(t, err, certchain.IssuerInOtherDomain)
}

type sourceFunc func(context.Context, trust.Domain) (*trust.Snapshot, error)

func (f sourceFunc) Snapshot(ctx context.Context, d trust.Domain) (*trust.Snapshot, error) {
	return f(ctx, d)
}

func TestMaxDepth(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	one := root.IssueCA(t, "one")
	oneAgain := one.IssueCA(t, "one")
	two := oneAgain.IssueCA(t, "two")
	for depth, want := range map[int]error{0: certchain.PathTooLong, 1: certchain.PathTooLong, 2: nil} {
		_, err := verifier(anchors(root)).Verify(ctx, "AUTH", two.Issue(t, "leaf").Certificate, bring(one, oneAgain, two), certchain.MaxDepth(depth))
		require.ErrorIs(t, err, want, "%d intermediates: %s", depth, explain(err))
	}
	_, err := verifier(anchors(root), certchain.MaxDepth(0)).Verify(ctx, "AUTH", root.Issue(t, "leaf").Certificate)
	require.NoError(t, err)
}

func TestBudgets(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	var along []*pkitest.Cert
	for range 40 {
		along = append(along, root.IssueCA(t, "inter", pkitest.SubjectKeyID(nil)))
	}
	leaf := along[0].Issue(t, "leaf", pkitest.AuthorityKeyID(nil))
	constrained := pkitest.NewRoot(t, "constrained", pkitest.Extension(oidNC, true,
		[]byte{0x30, 0x0b, 0xa1, 0x09, 0x30, 0x07, 0x82, 5, 'x', '.', 'y', '.', 'z'}))
	for name, tc := range map[string]struct {
		anchor, leaf *pkitest.Cert
		budget       certchain.Budget
	}{
		"candidates":  {root, leaf, certchain.Budget{Candidates: 1}},
		"signatures":  {root, leaf, certchain.Budget{Signatures: 1}},
		"policies":    {root, root.Issue(t, "leaf", policies(policyA, policyB)), certchain.Budget{Comparisons: 1}},
		"comparisons": {constrained, constrained.Issue(t, "leaf", pkitest.Extension(oidSAN, false, manyNames(50))), certchain.Budget{Comparisons: 10}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := verifier(anchors(tc.anchor)).Verify(ctx, "AUTH", tc.leaf.Certificate, bring(along...), certchain.WithBudget(tc.budget))
			require.Equal(t, certchain.BudgetExceeded, refusal(t, err).Findings[0].Reason, explain(err))
			_, err = verifier(anchors(tc.anchor)).Verify(ctx, "AUTH", tc.leaf.Certificate, bring(along...))
			require.NoError(t, err, explain(err))
		})
	}
	_, err := verifier(anchors(root)).Verify(ctx, "AUTH", along[0].Issue(t, "leaf").Certificate, bring(along[0]), certchain.WithBudget(certchain.Budget{PathLength: 2}))
	require.Error(t, err)
	many := make([]*x509.Certificate, 1025)
	_, err = verifier(anchors(root)).Verify(ctx, "AUTH", leaf.Certificate, certchain.Intermediates(many...))
	require.ErrorIs(t, err, certchain.BudgetExceeded)
	_, err = verifier(anchors(root)).Verify(ctx, "AUTH", root.Issue(t, "leaf").Certificate, certchain.Intermediates(many[1:]...))
	require.NoError(t, err, "what is no certificate helps nobody and harms nobody")
}

func manyNames(n int) []byte {
	var names []byte
	for i := range n {
		name := fmt.Sprintf("h%04d.example", i)
		names = append(append(names, 0x82, byte(len(name))), name...)
	}
	return append([]byte{0x30, 0x82, byte(len(names) >> 8), byte(len(names))}, names...)
}

// Mazes with far more paths than can be walked: the answer comes within the
// budget, and it is never a yes. A valid path beside the maze is found.
func TestMazes(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	// Twelve floors of eight CAs that all have the floor's name and sign every
	// CA of the floor below: 8^12 paths, none to an anchor.
	var maze []*pkitest.Cert
	floor := []*pkitest.Cert{pkitest.NewRoot(t, "floor 0")}
	for n := 1; n <= 12; n++ {
		var next []*pkitest.Cert
		for range 8 {
			key := pkitest.NewRoot(t, "key").Key
			for _, above := range floor {
				c := above.IssueCA(t, fmt.Sprintf("floor %d", n), pkitest.Key(key), pkitest.SubjectKeyID(nil), pkitest.AuthorityKeyID(nil))
				maze = append(maze, c)
			}
			next = append(next, maze[len(maze)-1])
		}
		floor = next
	}
	leaf := floor[0].Issue(t, "leaf", pkitest.AuthorityKeyID(nil))
	start := time.Now()
	_, err := verifier(anchors(root)).Verify(ctx, "AUTH", leaf.Certificate, bring(maze...), certchain.MaxDepth(20))
	t.Logf("refused after %v", time.Since(start))
	require.Equal(t, certchain.BudgetExceeded, refusal(t, err).Findings[0].Reason, explain(err))
	require.LessOrEqual(t, len(refusal(t, err).Findings), 32)
}

func TestConfigurationRefuses(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf").Certificate
	v := verifier(anchors(root))
	for name, tc := range map[string]struct {
		v    *certchain.Verifier
		opts []certchain.Option
		leaf *x509.Certificate
		d    trust.Domain
		want error
	}{
		"nil verifier":      {nil, nil, leaf, "AUTH", certchain.Misconfigured},
		"zero verifier":     {new(certchain.Verifier), nil, leaf, "AUTH", certchain.Misconfigured},
		"no source":         {certchain.New(nil), nil, leaf, "AUTH", certchain.Misconfigured},
		"zero profile":      {v, []certchain.Option{certchain.WithProfile(certchain.Profile{})}, leaf, "AUTH", certchain.Misconfigured},
		"no clock":          {v, []certchain.Option{certchain.WithClock(nil)}, leaf, "AUTH", certchain.Misconfigured},
		"negative depth":    {v, []certchain.Option{certchain.MaxDepth(-1)}, leaf, "AUTH", certchain.Misconfigured},
		"unknown match":     {v, []certchain.Option{certchain.MatchOrganization(7)}, leaf, "AUTH", certchain.Misconfigured},
		"no leaf":           {v, nil, nil, "AUTH", certchain.Malformed},
		"leaf never parsed": {v, nil, &x509.Certificate{}, "AUTH", certchain.Malformed},
		"no domain":         {v, nil, leaf, "", trust.ErrDomain},
		"nil snapshot": {certchain.New(sourceFunc(func(context.Context, trust.Domain) (*trust.Snapshot, error) { return nil, nil })),
			nil, leaf, "AUTH", certchain.SourceFailed},
		"snapshot of another domain": {certchain.New(sourceFunc(func(context.Context, trust.Domain) (*trust.Snapshot, error) {
			return trust.NewSnapshot("FTM")
		})), nil, leaf, "AUTH", certchain.SourceFailed},
		"source away": {certchain.New(sourceFunc(func(context.Context, trust.Domain) (*trust.Snapshot, error) { return nil, errAway })),
			nil, leaf, "AUTH", errAway},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chain, err := tc.v.Verify(ctx, tc.d, tc.leaf, tc.opts...)
			require.Nil(t, chain)
			require.ErrorIs(t, err, tc.want)
			refusal(t, err)
		})
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	_, err := v.Verify(canceled, "AUTH", leaf)
	require.ErrorIs(t, err, certchain.Canceled)
	require.ErrorIs(t, err, context.Canceled)
	late := certchain.New(sourceFunc(func(ctx context.Context, d trust.Domain) (*trust.Snapshot, error) {
		return trust.Static(pkitest.Certificates(root), nil).Snapshot(context.Background(), d)
	}), certchain.WithClock(pkitest.Clock))
	_, err = late.Verify(canceled, "AUTH", leaf)
	require.ErrorIs(t, err, certchain.Canceled, "a call that ends during the search refuses")
}

var errAway = errors.New("database is away")

func TestVerifyDER(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf")
	chain, err := verifier(anchors(root)).VerifyDER(ctx, "AUTH", leaf.Certificate.Raw)
	require.NoError(t, err)
	require.Equal(t, leaf.Certificate.Raw, chain.Leaf().Raw)
	_, err = verifier(anchors(root)).VerifyDER(ctx, "AUTH", leaf.Certificate.Raw[1:])
	require.ErrorIs(t, err, certchain.Malformed)
	require.ErrorIs(t, err, trust.ErrMalformed)
	refusal(t, err)
}

func TestErrorForPeopleAndPrograms(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf", pkitest.Validity(pkitest.Now.AddDate(-2, 0, 0), pkitest.Now.AddDate(-1, 0, 0)))
	_, err := verifier(anchors(root)).Verify(ctx, "DEVICE", leaf.Certificate, certchain.Organization("Other"))
	require.Equal(t, `certchain: refused in DEVICE: CN=leaf,O=Acme Bank: the certificate has expired: valid until 2025-06-15 12:00:00 UTC`, err.Error())
	require.Equal(t, `Refused in DEVICE, as of 2026-06-15 12:00:00 UTC.
CN=leaf,O=Acme Bank
   ✗ the certificate has expired: valid until 2025-06-15 12:00:00 UTC [Expired, KER-PCM-004]
   ✗ the organisation is not the registered one: O is "Acme Bank", registered is "Other": they are different names [OrganizationMismatch, KER-PCM-008]
└─ CN=root,O=Acme Bank  (trusted in DEVICE)
`, refusal(t, err).Explain())

	text, err := json.Marshal(refusal(t, err))
	require.NoError(t, err)
	var out struct {
		Domain   string
		At       time.Time
		Complete bool
		Findings []map[string]any
		Path     []map[string]any
	}
	require.NoError(t, json.Unmarshal(text, &out))
	require.Equal(t, "DEVICE", out.Domain)
	require.True(t, out.Complete)
	require.Equal(t, pkitest.Now, out.At)
	require.Len(t, out.Path, 2)
	require.Equal(t, "Expired", out.Findings[0]["reason"])
	require.Equal(t, "KER-PCM-004", out.Findings[0]["platformCode"])
	require.Equal(t, trust.SHA256(leaf.Certificate), out.Findings[0]["sha256"])
	require.Equal(t, "name", out.Findings[1]["difference"])

	chain, err := verifier(anchors(root)).Verify(ctx, "AUTH", root.Issue(t, "good").Certificate)
	require.NoError(t, err)
	require.Equal(t, "Accepted in AUTH until 2028-06-15 12:00:00 UTC.\nCN=good,O=Acme Bank\n└─ CN=root,O=Acme Bank  (trusted in AUTH)\n", chain.Explain())

	// Two candidates are refused, for reasons of their own.
	one := root.IssueCA(t, "inter", pkitest.NotCA())
	two := root.IssueCA(t, "inter", pkitest.Key(one.Key), pkitest.CA(-1), pkitest.Usage(x509.KeyUsageCRLSign), pkitest.Validity(pkitest.Now.AddDate(-2, 0, 0), pkitest.Now.AddDate(-1, 0, 0)))
	_, err = verifier(anchors(root)).Verify(ctx, "AUTH", one.Issue(t, "leaf").Certificate, bring(one, two))
	require.ErrorIs(t, err, certchain.NotCA)
	require.ErrorIs(t, err, certchain.KeyUsage)
	require.ErrorIs(t, err, certchain.Expired)
	require.Equal(t, 1, strings.Count(refusal(t, err).Explain(), "Also tried:"))
}

func TestReasonsAreDocumented(t *testing.T) {
	t.Parallel()
	seen := map[certchain.Reason]bool{}
	for _, r := range certchain.Reasons() {
		require.False(t, seen[r], r)
		seen[r] = true
		require.NotEmpty(t, r.Sentence())
		require.NotEmpty(t, r.Source())
		require.ErrorIs(t, error(r), r)
		require.Contains(t, r.Error(), r.Sentence())
	}
	require.Len(t, seen, 29)
	unknown := certchain.Reason("Nonsense")
	require.Contains(t, unknown.Sentence(), "Nonsense")
	require.Empty(t, unknown.Source())
	require.Empty(t, unknown.PlatformCode())
	require.Contains(t, (&certchain.Error{Domain: "AUTH"}).Error(), "refused in AUTH", "the zero value refuses")
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	inter := root.IssueCA(t, "inter")
	v := verifier(anchors(root), bring(inter))
	good, bad := inter.Issue(t, "good").Certificate, inter.Issue(t, "bad", pkitest.Tampered()).Certificate
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 50 {
				if _, err := v.Verify(ctx, "AUTH", good); err != nil {
					t.Error(err)
				}
				if _, err := v.Verify(ctx, "AUTH", bad); !errors.Is(err, certchain.BadSignature) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// A self-signed certificate with the name of an anchor is no forgery of the
// anchor's work: it signed itself, and is told as that.
func TestNamesakeOfAnAnchor(t *testing.T) {
	t.Parallel()
	anchor := pkitest.NewRoot(t, "root")
	namesake := pkitest.NewRoot(t, "root", pkitest.AuthorityKeyID(nil))
	_, err := verifier(anchors(anchor)).Verify(ctx, "AUTH", namesake.Certificate)
	first(t, err, certchain.SelfSigned, namesake.Certificate, 0)
	require.NotErrorIs(t, err, certchain.NotCA)
	require.ErrorIs(t, err, certchain.UnknownIssuer)
}

// Without key identifiers a namesake of the true issuer does not hide what is
// wrong with the true one.
func TestNamesakeHidesNothing(t *testing.T) {
	t.Parallel()
	noIDs := []pkitest.Mod{pkitest.SubjectKeyID(nil), pkitest.AuthorityKeyID(nil)}
	root := pkitest.NewRoot(t, "root", noIDs...)
	expired := root.IssueCA(t, "inter", append(noIDs, pkitest.Validity(pkitest.Now.AddDate(-5, 0, 0), pkitest.Now.AddDate(-1, 0, 0)))...)
	namesake := root.IssueCA(t, "inter", noIDs...)
	leaf := expired.Issue(t, "leaf", noIDs...).Certificate
	_, err := verifier(anchors(root)).Verify(ctx, "AUTH", leaf, bring(namesake, expired))
	first(t, err, certchain.Expired, expired.Certificate, 1)
	require.NotErrorIs(t, err, certchain.BadSignature)
}

// A path with nothing but defects is not followed to its end, and is refused.
func TestManyDefects(t *testing.T) {
	t.Parallel()
	past := pkitest.Validity(pkitest.Now.AddDate(-5, 0, 0), pkitest.Now.AddDate(-1, 0, 0))
	root := pkitest.NewRoot(t, "root")
	issuer, along := root, []*pkitest.Cert{}
	for i := range 8 {
		issuer = issuer.IssueCA(t, fmt.Sprint("ca ", i), past, pkitest.NotCA(), pkitest.Usage(x509.KeyUsageCRLSign))
		along = append(along, issuer)
	}
	_, err := verifier(anchors(root)).Verify(ctx, "AUTH", issuer.Issue(t, "leaf").Certificate, bring(along...))
	require.ErrorIs(t, err, certchain.NotCA)
	require.False(t, refusal(t, err).Complete)
}

// A key that nobody can check in time is not checked: not for a self-signed
// leaf, not for an anchor.
func TestHugeKeys(t *testing.T) {
	t.Parallel()
	huge := *pkitest.NewRoot(t, "huge", pkitest.Key(pkitest.RSA(2048, 1))).Certificate
	huge.PublicKey = &rsa.PublicKey{N: new(big.Int).SetBit(new(big.Int).Lsh(big.NewInt(1), 300_000), 0, 1), E: 1<<31 - 1}
	_, err := verifier(nil).Verify(ctx, "AUTH", &huge)
	require.ErrorIs(t, err, certchain.WeakKey)
	require.True(t, certchain.IsSelfSigned(&huge), "taken at its word")
	err = certchain.JudgeAnchor("AUTH", &huge, certchain.WithClock(pkitest.Clock))
	first(t, err, certchain.WeakKey, &huge, 0)
}

// However many paths there are, revocation is asked about each certificate once
// and about few of them.
func TestRevocationIsAskedSparingly(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leafKey := pkitest.NewRoot(t, "key").Key
	var along []*pkitest.Cert
	for range 200 {
		along = append(along, root.IssueCA(t, "inter", pkitest.Key(leafKey)))
	}
	leaf := along[0].Issue(t, "leaf").Certificate
	calls := 0
	unknown := checkerFunc(func(context.Context, certchain.RevocationQuery) certchain.RevocationAnswer {
		calls++
		return certchain.RevocationAnswer{}
	})
	_, err := verifier(anchors(root), bring(along...)).Verify(ctx, "AUTH", leaf, certchain.WithRevocation(unknown))
	require.ErrorIs(t, err, certchain.BudgetExceeded)
	require.LessOrEqual(t, calls, 64)
}

// What is left out for want of budget is called that.
func TestCutCandidates(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	var all []*pkitest.Cert
	for range 40 {
		all = append(all, pkitest.NewRoot(t, "inter", pkitest.SubjectKeyID(nil)))
	}
	leaf := root.IssueCA(t, "inter").Issue(t, "leaf", pkitest.AuthorityKeyID(nil)).Certificate
	_, err := verifier(all).Verify(ctx, "AUTH", leaf, certchain.WithBudget(certchain.Budget{Candidates: 20}))
	require.ErrorIs(t, err, certchain.BudgetExceeded)
}

// The context ends while the path is searched, not before.
func TestCanceledDuringTheSearch(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	ending, cancel := context.WithCancel(ctx)
	revoking := checkerFunc(func(context.Context, certchain.RevocationQuery) certchain.RevocationAnswer {
		cancel()
		return certchain.RevocationAnswer{}
	})
	_, err := verifier(anchors(root)).Verify(ending, "AUTH", root.Issue(t, "leaf").Certificate, certchain.WithRevocation(revoking))
	first(t, err, certchain.Canceled, nil, 0)
	require.ErrorIs(t, err, context.Canceled)
}

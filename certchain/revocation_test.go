package certchain_test

import (
	"context"
	"crypto/elliptic"
	"crypto/x509"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// checkerFunc is a Revocation for tests.
type checkerFunc func(ctx context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer

func (f checkerFunc) Check(ctx context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer {
	return f(ctx, q)
}

func always(s certchain.RevocationStatus) certchain.Revocation {
	return checkerFunc(func(context.Context, certchain.RevocationQuery) certchain.RevocationAnswer {
		return certchain.RevocationAnswer{Status: s, Source: "the test", RevokedAt: pkitest.Now, Code: 1, Detail: "nobody said"}
	})
}

func TestRevocationVerdicts(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	inter := root.IssueCA(t, "inter")
	leaf := inter.Issue(t, "leaf").Certificate
	verify := func(opts ...certchain.Option) (*certchain.Chain, error) {
		return verifier(anchors(root), bring(inter)).Verify(ctx, "AUTH", leaf, opts...)
	}

	chain, err := verify()
	require.NoError(t, err)
	require.Nil(t, chain.Revocation, "nobody was asked")

	chain, err = verify(certchain.WithRevocation(always(certchain.StatusGood)))
	require.NoError(t, err)
	require.Len(t, chain.Revocation, 2, "every certificate but the anchor")

	_, err = verify(certchain.WithRevocation(always(certchain.StatusRevoked)))
	f := first(t, err, certchain.Revoked, leaf, 0)
	require.Contains(t, f.Detail, "keyCompromise")
	require.Contains(t, f.Detail, "the test")
	_, err = verify(certchain.WithRevocation(always(certchain.StatusRevoked)), certchain.OnUnknownRevocation(certchain.BestEffort))
	require.ErrorIs(t, err, certchain.Revoked, "best effort is not blindness")

	_, err = verify(certchain.WithRevocation(always(certchain.StatusUnknown)))
	f = first(t, err, certchain.RevocationUnknown, leaf, 0)
	require.Equal(t, "nobody said", f.Detail)
	_, err = verify(certchain.WithRevocation(always(certchain.RevocationStatus(7))))
	require.ErrorIs(t, err, certchain.RevocationUnknown, "what is no status is unknown")
	chain, err = verify(certchain.WithRevocation(always(certchain.StatusUnknown)), certchain.OnUnknownRevocation(certchain.BestEffort))
	require.NoError(t, err)
	require.Equal(t, certchain.StatusUnknown, chain.Revocation[0].Status, "accepted, and it says so")

	_, err = verify(certchain.WithRevocation(nil))
	require.ErrorIs(t, err, certchain.Misconfigured)
	_, err = verify(certchain.OnUnknownRevocation(9))
	require.ErrorIs(t, err, certchain.Misconfigured)
	_, err = verifier(anchors(root), bring(inter), certchain.WithRevocation(always(certchain.StatusRevoked))).
		Verify(ctx, "AUTH", leaf, certchain.WithoutRevocation())
	require.NoError(t, err)

	for status, name := range map[certchain.RevocationStatus]string{0: "unknown", 1: "good", 2: "revoked"} {
		require.Equal(t, name, status.String())
	}
}

// A revoked intermediate is told as such, and another path around it is found.
func TestRevokedIntermediate(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	revoked := root.IssueCA(t, "inter")
	other := root.IssueCA(t, "inter", pkitest.Key(revoked.Key))
	leaf := revoked.Issue(t, "leaf").Certificate
	var asked []string
	checker := checkerFunc(func(_ context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer {
		asked = append(asked, trust.SHA256(q.Certificate()))
		require.NoError(t, q.Issuer().CheckSignature(q.Certificate().SignatureAlgorithm, q.Certificate().RawTBSCertificate, q.Certificate().Signature))
		require.Equal(t, pkitest.Now, q.At)
		if q.Certificate().Equal(revoked.Certificate) {
			return certchain.RevocationAnswer{Status: certchain.StatusRevoked, RevokedAt: pkitest.Now.Add(-time.Hour)}
		}
		return certchain.RevocationAnswer{Status: certchain.StatusGood}
	})
	_, err := verifier(anchors(root)).Verify(ctx, "AUTH", leaf, bring(revoked), certchain.WithRevocation(checker))
	first(t, err, certchain.Revoked, revoked.Certificate, 1)
	chain, err := verifier(anchors(root)).Verify(ctx, "AUTH", leaf, bring(revoked, other), certchain.WithRevocation(checker))
	require.NoError(t, err, explain(err))
	require.Equal(t, other.Certificate.Raw, chain.Certificates[1].Raw)

	// Nobody is called because of a certificate that proves nothing.
	asked = nil
	_, err = verifier(anchors(root)).Verify(ctx, "AUTH", revoked.Issue(t, "forged", pkitest.Tampered()).Certificate, bring(revoked), certchain.WithRevocation(checker))
	require.ErrorIs(t, err, certchain.BadSignature)
	require.Empty(t, asked)
}

// Who may sign revocation information: a CA of the path, or somebody with a
// valid path to the same anchor.
func TestTrustSigner(t *testing.T) {
	t.Parallel()
	root, otherRoot := pkitest.NewRoot(t, "root"), pkitest.NewRoot(t, "other root")
	inter := root.IssueCA(t, "inter")
	leaf := inter.Issue(t, "leaf").Certificate
	crlSigner := pkitest.Usage(x509.KeyUsageCRLSign)
	past := pkitest.Validity(pkitest.Now.AddDate(-2, 0, 0), pkitest.Now.AddDate(-1, 0, 0))
	for name, tc := range map[string]struct {
		signer *pkitest.Cert
		want   bool
	}{
		"the issuer":              {inter, true},
		"the anchor":              {root, true},
		"issued by the anchor":    {root.Issue(t, "crl", crlSigner), true},
		"issued by the issuer":    {inter.Issue(t, "crl", crlSigner), true},
		"of another anchor":       {otherRoot.Issue(t, "crl", crlSigner), false},
		"another anchor":          {otherRoot, false},
		"forged":                  {root.Issue(t, "crl", crlSigner, pkitest.Tampered()), false},
		"expired":                 {root.Issue(t, "crl", crlSigner, past), false},
		"self-signed":             {pkitest.NewRoot(t, "nobody"), false},
		"with a critical unknown": {root.Issue(t, "crl", pkitest.Extension(oidUnknown, true, []byte{5, 0})), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checker := checkerFunc(func(_ context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer {
				if q.Certificate().Equal(leaf) {
					require.Equal(t, tc.want, q.TrustSigner(tc.signer.Certificate))
				}
				return certchain.RevocationAnswer{Status: certchain.StatusGood}
			})
			_, err := verifier(anchors(root, otherRoot), bring(inter), certchain.Organization("Acme Bank"),
				certchain.WithProfile(certchain.Partner.WithMinRemaining(1))).Verify(ctx, "AUTH", leaf, certchain.WithRevocation(checker))
			require.NoError(t, err, explain(err))
		})
	}
	broken := *inter.Certificate
	broken.RawSubject, broken.Raw = []byte{1}, []byte("broken")
	checker := checkerFunc(func(_ context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer {
		require.False(t, q.TrustSigner(&broken))
		return certchain.RevocationAnswer{Status: certchain.StatusGood}
	})
	_, err := verifier(anchors(root), bring(inter)).Verify(ctx, "AUTH", leaf, certchain.WithRevocation(checker))
	require.NoError(t, err)
}

// Who vouches for him who vouches …: a circle of one ends in trust, a long
// chain of ever new signers in doubt.
func TestSignerNesting(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf").Certificate
	var signers []*pkitest.Cert
	for range 6 {
		signers = append(signers, root.Issue(t, "signer"))
	}
	// The list about each is signed by the next.
	next := map[string]*pkitest.Cert{trust.SHA256(leaf): signers[0]}
	for i, c := range signers[:len(signers)-1] {
		next[trust.SHA256(c.Certificate)] = signers[i+1]
	}
	calls := 0
	checker := checkerFunc(func(_ context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer {
		calls++
		answer := certchain.RevocationAnswer{Status: certchain.StatusGood}
		if signer, ok := next[trust.SHA256(q.Certificate())]; ok && !q.TrustSigner(signer.Certificate) {
			answer.Status = certchain.StatusUnknown
		}
		return answer
	})
	_, err := verifier(anchors(root)).Verify(ctx, "AUTH", leaf, certchain.WithRevocation(checker))
	first(t, err, certchain.RevocationUnknown, leaf, 0)
	require.Less(t, calls, 12)
	_, err = verifier(anchors(root)).Verify(ctx, "AUTH", signers[3].Certificate, certchain.WithRevocation(checker))
	require.NoError(t, err, "two signers above it are few enough: %s", explain(err))

	circle := checkerFunc(func(_ context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer {
		answer := certchain.RevocationAnswer{Status: certchain.StatusUnknown}
		if q.TrustSigner(signers[0].Certificate) {
			answer.Status = certchain.StatusGood
		}
		return answer
	})
	_, err = verifier(anchors(root)).Verify(ctx, "AUTH", leaf, certchain.WithRevocation(circle))
	require.NoError(t, err, explain(err))
}

func TestSigners(t *testing.T) {
	t.Parallel()
	same := pkitest.Subject(pkitest.Name(pkitest.O("Same")))
	root := pkitest.NewRoot(t, "", same)
	inter := root.IssueCA(t, "", same)
	leaf := inter.Issue(t, "leaf").Certificate
	asked := false
	checker := checkerFunc(func(_ context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer {
		if q.Certificate().Equal(leaf) {
			asked = true
			found := slices.Collect(q.Signers(root.Certificate.RawSubject))
			require.True(t, found[0].Equal(inter.Certificate), "the issuer is the likeliest")
			require.True(t, slices.ContainsFunc(found, root.Certificate.Equal))
			require.Empty(t, slices.Collect(q.Signers([]byte("no name"))))
			for stop := range 5 { // an early end at any place is no accident
				n := 0
				for range q.Signers(root.Certificate.RawSubject) {
					if n++; n > stop {
						break
					}
				}
			}
		}
		return certchain.RevocationAnswer{Status: certchain.StatusGood}
	})
	_, err := verifier(anchors(root), bring(inter)).Verify(ctx, "AUTH", leaf, certchain.WithRevocation(checker))
	require.NoError(t, err, explain(err))
	require.True(t, asked)
}

// Large keys cost what they cost: a budget for one P-256 check pays none under
// them.
func TestSignatureCosts(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]pkitest.Mod{
		"P-384":    pkitest.Key(pkitest.EC(elliptic.P384())),
		"P-521":    pkitest.Key(pkitest.EC(elliptic.P521())),
		"RSA 4096": pkitest.Key(pkitest.RSA(4096, 0)),
	} {
		root := pkitest.NewRoot(t, "root", key)
		leaf := root.Issue(t, "leaf").Certificate
		_, err := verifier(anchors(root)).Verify(ctx, "AUTH", leaf)
		require.NoError(t, err, name)
		_, err = verifier(anchors(root)).Verify(ctx, "AUTH", leaf, certchain.WithBudget(certchain.Budget{Signatures: 1}))
		require.ErrorIs(t, err, certchain.BudgetExceeded, name)
	}
}

// Other domains that cannot answer, or are many, keep nobody from a refusal.
func TestOtherDomainsThatFail(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	leaf := root.Issue(t, "leaf").Certificate
	empty, err := trust.NewSnapshot("AUTH")
	require.NoError(t, err)
	namesakes := make([]trust.CA, 20)
	for i := range namesakes {
		namesakes[i] = trust.CA{Domain: "FTM", Role: trust.Root, Certificate: pkitest.NewRoot(t, "root").Certificate}
	}
	crowded, err := trust.NewSnapshot("FTM", namesakes...)
	require.NoError(t, err)
	source := listing{sourceFunc(func(_ context.Context, d trust.Domain) (*trust.Snapshot, error) {
		switch d {
		case "AUTH":
			return empty, nil
		case "FTM":
			return crowded, nil
		}
		return nil, errAway
	}), []trust.Domain{"AUTH", "DEVICE", "FTM"}, nil}
	_, err = certchain.New(source, certchain.WithClock(pkitest.Clock)).Verify(ctx, "AUTH", leaf)
	first(t, err, certchain.UnknownIssuer, leaf, 0)
	// Asking them costs signatures, and ends where those end.
	_, err = certchain.New(source, certchain.WithClock(pkitest.Clock), certchain.WithBudget(certchain.Budget{Signatures: 4})).Verify(ctx, "AUTH", leaf)
	first(t, err, certchain.UnknownIssuer, leaf, 0)
	source.err = errAway
	_, err = certchain.New(source, certchain.WithClock(pkitest.Clock)).Verify(ctx, "AUTH", leaf)
	first(t, err, certchain.UnknownIssuer, leaf, 0)
}

type listing struct {
	trust.Source
	domains []trust.Domain
	err     error
}

func (l listing) Domains(context.Context) ([]trust.Domain, error) { return l.domains, l.err }

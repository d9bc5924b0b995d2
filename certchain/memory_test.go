package certchain_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// What a verifier remembers must never show. Each test makes a verdict that is
// remembered, changes one thing, and asks again.

type world struct {
	store       *trust.Memory
	v           *certchain.Verifier
	root, inter *pkitest.Cert
	leaf        *pkitest.Cert
	now         time.Time
}

func newWorld(t *testing.T, opts ...certchain.Option) *world {
	t.Helper()
	w := &world{store: trust.NewMemory(), root: pkitest.NewRoot(t, "root"), now: pkitest.Now}
	w.inter = w.root.IssueCA(t, "inter")
	w.leaf = w.inter.Issue(t, "leaf")
	w.add(t, trust.Device, trust.Root, w.root)
	w.add(t, trust.Device, trust.Intermediate, w.inter)
	w.v = certchain.New(w.store, append([]certchain.Option{certchain.WithClock(func() time.Time { return w.now })}, opts...)...)
	return w
}

func (w *world) add(t *testing.T, d trust.Domain, role trust.Role, c *pkitest.Cert) {
	t.Helper()
	require.NoError(t, w.store.Add(ctx, trust.CA{Domain: d, Role: role, Certificate: c.Certificate}))
}

func (w *world) remove(t *testing.T, c *pkitest.Cert) {
	t.Helper()
	ca := trust.CA{Domain: trust.Device, Certificate: c.Certificate}
	require.NoError(t, w.store.Remove(ctx, trust.Device, ca.DefaultID()))
}

func (w *world) verify(opts ...certchain.Option) (*certchain.Chain, error) {
	return w.v.VerifyDER(ctx, trust.Device, w.leaf.Certificate.Raw, opts...)
}

func (w *world) accepted(t *testing.T, opts ...certchain.Option) *certchain.Chain {
	t.Helper()
	chain, err := w.verify(opts...)
	require.NoError(t, err, explain(err))
	return chain
}

func TestRememberedIsTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.accepted(t)
	second := w.accepted(t)
	require.Same(t, first.Leaf(), second.Leaf(), "the second answer is remembered")
	fresh, err := certchain.New(w.store, certchain.WithClock(pkitest.Clock), certchain.WithoutCache()).VerifyDER(ctx, trust.Device, w.leaf.Certificate.Raw)
	require.NoError(t, err)
	require.Equal(t, fresh, second)
	require.NotSame(t, first.Leaf(), fresh.Leaf())
	for _, size := range []int{0, 1} {
		small := certchain.New(w.store, certchain.WithClock(pkitest.Clock), certchain.LeafCache(size))
		for range 2 {
			_, err = small.VerifyDER(ctx, trust.Device, w.leaf.Certificate.Raw)
			require.NoError(t, err)
		}
	}
}

func TestRememberedAndTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accepted(t)
	w.now = w.leaf.Certificate.NotAfter
	w.accepted(t)
	w.now = w.now.Add(time.Second)
	_, err := w.verify()
	require.ErrorIs(t, err, certchain.Expired, "it expired between two calls")
	w.now = w.inter.Certificate.NotBefore.Add(-time.Second)
	_, err = w.verify()
	require.ErrorIs(t, err, certchain.NotYetValid)
	w.now = pkitest.Now
	w.accepted(t)
	_, err = w.verify(certchain.At(pkitest.Now.AddDate(50, 0, 0)))
	require.ErrorIs(t, err, certchain.Expired)

	short := certchain.WithProfile(certchain.Partner.WithMinRemaining(12))
	w.accepted(t, short)
	w.accepted(t, short)
	w.now = w.leaf.Certificate.NotAfter.AddDate(0, -11, 0)
	_, err = w.verify(short)
	require.ErrorIs(t, err, certchain.ShortValidity)
}

func TestRememberedAndRemoval(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.accepted(t)
	unrelated := pkitest.NewRoot(t, "unrelated")
	w.add(t, trust.Device, trust.Root, unrelated)
	after := w.accepted(t)
	require.Greater(t, after.SnapshotVersion, before.SnapshotVersion)
	require.Same(t, before.Leaf(), after.Leaf(), "another CA changes nothing about this chain")

	w.remove(t, w.inter)
	_, err := w.verify()
	require.ErrorIs(t, err, certchain.UnknownIssuer)
	w.add(t, trust.Device, trust.Intermediate, w.inter)
	w.accepted(t)
	w.remove(t, w.root)
	_, err = w.verify()
	require.ErrorIs(t, err, certchain.UnknownIssuer)

	// It comes back with less trust.
	w.add(t, trust.Device, trust.Intermediate, w.root)
	_, err = w.verify()
	require.ErrorIs(t, err, certchain.UnknownIssuer, "a root that is an intermediate now is no anchor")
	w.remove(t, w.root)
	w.add(t, trust.Device, trust.Root, w.root)
	w.accepted(t)

	// The leaf itself becomes an anchor.
	w.add(t, trust.Device, trust.Root, w.leaf)
	_, err = w.verify()
	require.ErrorIs(t, err, certchain.TrustAnchor)
}

func TestRememberedAndDomains(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accepted(t)
	_, err := w.v.VerifyDER(ctx, trust.FTM, w.leaf.Certificate.Raw)
	require.ErrorIs(t, err, certchain.IssuerInOtherDomain)
	w.add(t, trust.FTM, trust.Root, w.root)
	w.add(t, trust.FTM, trust.Intermediate, w.inter)
	for range 2 {
		for _, d := range []trust.Domain{trust.FTM, trust.Device} {
			chain, err := w.v.VerifyDER(ctx, d, w.leaf.Certificate.Raw)
			require.NoError(t, err)
			require.Equal(t, d, chain.Domain)
		}
	}
	_, err = w.v.VerifyDER(ctx, trust.Auth, w.leaf.Certificate.Raw)
	require.Error(t, err)
}

func TestRememberedAndOptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	oidA, err := x509.ParseOID("1.2.3")
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		opts []certchain.Option
		want error
	}{
		"right organisation": {[]certchain.Option{certchain.Organization("Acme Bank")}, nil},
		"wrong organisation": {[]certchain.Option{certchain.Organization("Other")}, certchain.OrganizationMismatch},
		"folded":             {[]certchain.Option{certchain.Organization("ACME bank"), certchain.MatchOrganization(certchain.OrganizationFold)}, nil},
		"not folded":         {[]certchain.Option{certchain.Organization("ACME bank")}, certchain.OrganizationMismatch},
		"depth":              {[]certchain.Option{certchain.MaxDepth(0)}, certchain.PathTooLong},
		"policy":             {[]certchain.Option{certchain.RequireExplicitPolicy()}, certchain.PolicyRejected},
		"policies":           {[]certchain.Option{certchain.RequireExplicitPolicy(), certchain.Policies(oidA)}, certchain.PolicyRejected},
		"usage":              {[]certchain.Option{certchain.WithProfile(certchain.Partner.WithExtKeyUsage(x509.ExtKeyUsageClientAuth))}, nil},
		"remaining":          {[]certchain.Option{certchain.WithProfile(certchain.Partner.WithMinRemaining(100))}, certchain.ShortValidity},
		"authority":          {[]certchain.Option{certchain.WithProfile(certchain.Authority)}, certchain.NotCA},
		"no profile":         {[]certchain.Option{certchain.WithProfile(certchain.Profile{})}, certchain.Misconfigured},
		"revocation":         {[]certchain.Option{certchain.WithRevocation(always(certchain.StatusRevoked))}, certchain.Revoked},
	} {
		w.accepted(t)
		for range 2 {
			_, err := w.verify(tc.opts...)
			require.ErrorIs(t, err, tc.want, name)
		}
	}
	w.accepted(t)
}

// Revocation is asked on every call, of what is remembered too.
func TestRememberedAndRevocation(t *testing.T) {
	t.Parallel()
	status, calls := certchain.StatusGood, 0
	w := newWorld(t, certchain.WithRevocation(checkerFunc(func(context.Context, certchain.RevocationQuery) certchain.RevocationAnswer {
		calls++
		return certchain.RevocationAnswer{Status: status}
	})))
	for i := range 3 {
		chain := w.accepted(t)
		require.Len(t, chain.Revocation, 2)
		require.Equal(t, 2*(i+1), calls)
	}
	status = certchain.StatusRevoked
	_, err := w.verify()
	require.ErrorIs(t, err, certchain.Revoked)
	chain := w.accepted(t, certchain.WithoutRevocation())
	require.Nil(t, chain.Revocation, "what was said in another call is not repeated")
}

// A chain through a certificate that came along holds only while it comes along.
func TestRememberedAndHelpers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.remove(t, w.inter)
	_, err := w.verify()
	require.ErrorIs(t, err, certchain.UnknownIssuer)
	helper := certchain.IntermediatesDER(w.inter.Certificate.Raw)
	first := w.accepted(t, helper)
	require.Same(t, first.Leaf(), w.accepted(t, helper).Leaf())
	require.Same(t, first.Leaf(), w.accepted(t, bring(w.inter)).Leaf(), "parsed or not, it is the same certificate")
	_, err = w.verify()
	require.ErrorIs(t, err, certchain.UnknownIssuer)
	_, err = w.verify(certchain.IntermediatesDER(w.root.Certificate.Raw), certchain.IntermediatesDER([]byte("junk")))
	require.ErrorIs(t, err, certchain.UnknownIssuer)
	w.accepted(t, helper)
	w.add(t, trust.Device, trust.Intermediate, w.inter)
	w.accepted(t)
	// A hostile helper cannot change what is remembered of the store.
	evil := *w.inter.Certificate
	evil.PublicKey = pkitest.NewRoot(t, "evil").Certificate.PublicKey
	w.accepted(t, certchain.Intermediates(&evil))
	w.remove(t, w.inter)
	// Nor can an object that lies about its bytes outlive its call.
	lying := newWorld(t)
	lying.remove(t, lying.inter)
	mallory := pkitest.NewRoot(t, "mallory")
	forged := mallory.Issue(t, "forged", pkitest.Issuer(lying.inter.Certificate.RawSubject), pkitest.AuthorityKeyID(nil))
	liar := *lying.inter.Certificate
	liar.PublicKey = mallory.Certificate.PublicKey
	_, err = lying.v.VerifyDER(ctx, trust.Device, forged.Certificate.Raw, certchain.Intermediates(&liar))
	require.NoError(t, err, "objects are taken at their word")
	_, err = lying.v.VerifyDER(ctx, trust.Device, forged.Certificate.Raw, certchain.IntermediatesDER(lying.inter.Certificate.Raw))
	require.ErrorIs(t, err, certchain.BadSignature)
	_, err = w.verify(certchain.IntermediatesDER(make([][]byte, 1025)...))
	require.ErrorIs(t, err, certchain.BudgetExceeded)
}

// A changed object with the bytes of a stored CA is what its bytes say, in a
// store as in what a verifier remembers.
func TestMemoryIsOfTheStoresOwnObjects(t *testing.T) {
	t.Parallel()
	root := pkitest.NewRoot(t, "root")
	fake := *root.Certificate
	other := pkitest.NewRoot(t, "other")
	fake.PublicKey = other.Certificate.PublicKey
	turn := trust.Static([]*x509.Certificate{root.Certificate}, nil)
	v := certchain.New(sourceFunc(func(ctx context.Context, d trust.Domain) (*trust.Snapshot, error) {
		return turn.Snapshot(ctx, d)
	}), certchain.WithClock(pkitest.Clock))
	leaf := root.Issue(t, "leaf").Certificate
	_, err := v.Verify(ctx, "AUTH", leaf)
	require.NoError(t, err)
	turn = trust.Static([]*x509.Certificate{&fake}, nil)
	_, err = v.Verify(ctx, "AUTH", leaf)
	require.NoError(t, err)
	forged := other.Issue(t, "forged", pkitest.Issuer(root.Certificate.RawSubject), pkitest.AuthorityKeyID(root.Certificate.SubjectKeyId)).Certificate
	_, err = v.Verify(ctx, "AUTH", forged)
	require.ErrorIs(t, err, certchain.BadSignature)
	runtime.KeepAlive(&fake)
}

// Readers verify while CAs come and go: a CA whose removal has returned is used
// by no call that begins after.
func TestRemovalUnderLoad(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var (
		mu      sync.Mutex
		removed bool
	)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 16 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				mu.Lock()
				gone := removed
				mu.Unlock()
				_, err := w.verify()
				if gone && err == nil {
					mu.Lock()
					still := removed
					mu.Unlock()
					if still {
						t.Error("a removed CA was used")
						return
					}
				}
			}
		})
	}
	for range 200 {
		w.remove(t, w.inter)
		mu.Lock()
		removed = true
		mu.Unlock()
		_, err := w.verify()
		require.Error(t, err)
		mu.Lock()
		removed = false
		mu.Unlock()
		w.add(t, trust.Device, trust.Intermediate, w.inter)
		w.accepted(t)
	}
	close(done)
	readers.Wait()
}

func TestRepeatedLeafAllocatesNothing(t *testing.T) {
	w := newWorld(t)
	der := w.leaf.Certificate.Raw
	w.accepted(t)
	for name, source := range map[string]trust.Source{
		"memory": w.store,
		"static": trust.Static(pkitest.Certificates(w.root), pkitest.Certificates(w.inter)),
	} {
		v := certchain.New(source, certchain.WithClock(pkitest.Clock))
		require.Zero(t, testing.AllocsPerRun(100, func() {
			if _, err := v.VerifyDER(ctx, trust.Device, der); err != nil {
				t.Fatal(err)
			}
		}), name)
	}
}

// More leaves than are remembered: all are judged right, and memory is bounded.
func TestManyLeaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t, certchain.LeafCache(16))
	var leaves []*pkitest.Cert
	for i := range 100 {
		leaves = append(leaves, w.inter.Issue(t, fmt.Sprint("leaf ", i)))
	}
	for range 3 {
		for _, leaf := range leaves {
			chain, err := w.v.VerifyDER(ctx, trust.Device, leaf.Certificate.Raw)
			require.NoError(t, err)
			require.Equal(t, leaf.Certificate.Raw, chain.Leaf().Raw)
		}
	}
}

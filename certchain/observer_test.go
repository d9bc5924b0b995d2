package certchain_test

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// witness writes down what it is told.
type witness struct {
	mu   sync.Mutex
	told []certchain.Observation
	in   []context.Context
}

func (w *witness) ObserveChain(ctx context.Context, o certchain.Observation) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told, w.in = append(w.told, o), append(w.in, ctx)
}

// ticking is a stopwatch on which every verification takes 7 ms.
func ticking() func() time.Time {
	var readings atomic.Int64
	return func() time.Time { return pkitest.Now.Add(time.Duration(readings.Add(1)) * 7 * time.Millisecond) }
}

// source is a trust source that is a function.
type source func(ctx context.Context, d trust.Domain) (*trust.Snapshot, error)

func (s source) Snapshot(ctx context.Context, d trust.Domain) (*trust.Snapshot, error) {
	return s(ctx, d)
}

// Whatever comes of a call is reported, once, with the reason that stands first
// in the error.
func TestEveryVerdictIsReportedOnce(t *testing.T) {
	t.Parallel()
	const version = 2 // of a world: two CAs were added
	ended, end := context.WithCancel(ctx)
	end()
	expired := func(w *world) *pkitest.Cert {
		return w.inter.Issue(t, "leaf", pkitest.Validity(pkitest.Now.AddDate(-2, 0, 0), pkitest.Now.AddDate(-1, 0, 0)))
	}
	raw := func(c *pkitest.Cert) []byte { return c.Certificate.Raw }
	for name, tt := range map[string]struct {
		made   []certchain.Option // with which the verifier is made
		opts   []certchain.Option // of the call
		ctx    context.Context
		before func(t *testing.T, w *world) // asked before anybody watches
		leaf   func(w *world) []byte        // nil: the world's
		domain trust.Domain
		want   certchain.Observation
		parsed bool // also by Verify, with the same answer
	}{
		"accepted": {want: certchain.Observation{Accepted: true, SnapshotVersion: version}, parsed: true},
		"accepted, remembered": {
			before: func(t *testing.T, w *world) { w.accepted(t) },
			want:   certchain.Observation{Accepted: true, Remembered: true, SnapshotVersion: version},
		},
		"remembered under other rules": {
			before: func(t *testing.T, w *world) { w.accepted(t) },
			opts:   []certchain.Option{certchain.MaxDepth(1)},
			want:   certchain.Observation{Accepted: true, SnapshotVersion: version}, parsed: true,
		},
		"nothing is remembered": {
			made: []certchain.Option{certchain.WithoutCache()}, before: func(t *testing.T, w *world) { w.accepted(t) },
			want: certchain.Observation{Accepted: true, SnapshotVersion: version}, parsed: true,
		},
		"under a newer snapshot": {
			before: func(t *testing.T, w *world) {
				w.accepted(t)
				w.add(t, trust.Device, trust.Root, pkitest.NewRoot(t, "another"))
			},
			want: certchain.Observation{Accepted: true, Remembered: true, SnapshotVersion: version + 1},
		},
		"remembered, and its CA removed": {
			before: func(t *testing.T, w *world) { w.accepted(t); w.remove(t, w.inter) },
			want:   certchain.Observation{Reason: certchain.UnknownIssuer, SnapshotVersion: version + 1}, parsed: true,
		},
		"refused": {
			leaf: func(w *world) []byte { return raw(expired(w)) },
			want: certchain.Observation{Reason: certchain.Expired, SnapshotVersion: version}, parsed: true,
		},
		"refused for several reasons": {
			opts: []certchain.Option{certchain.Organization("another")}, leaf: func(w *world) []byte { return raw(expired(w)) },
			want: certchain.Observation{Reason: certchain.Expired, SnapshotVersion: version}, parsed: true,
		},
		"refused in another domain": {
			domain: trust.FTM, want: certchain.Observation{Reason: certchain.IssuerInOtherDomain}, parsed: true,
		},
		"no certificate": {
			leaf: func(*world) []byte { return nil },
			want: certchain.Observation{Reason: certchain.Malformed, SnapshotVersion: version}, parsed: true,
		},
		"no DER": {
			leaf: func(*world) []byte { return []byte("not a certificate") },
			want: certchain.Observation{Reason: certchain.Malformed, SnapshotVersion: version},
		},
		"misconfigured": {
			opts: []certchain.Option{certchain.MaxDepth(-1)},
			want: certchain.Observation{Reason: certchain.Misconfigured}, parsed: true,
		},
		"too many intermediates": {
			opts: []certchain.Option{certchain.Intermediates(make([]*x509.Certificate, 1025)...)},
			want: certchain.Observation{Reason: certchain.BudgetExceeded}, parsed: true,
		},
		"the call has ended": {
			ctx: ended, want: certchain.Observation{Reason: certchain.Canceled}, parsed: true,
		},
		"no such domain": {
			domain: "no such domain", want: certchain.Observation{Reason: certchain.SourceFailed}, parsed: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tt.made...)
			if tt.before != nil {
				tt.before(t, w)
			}
			der, domain, in := raw(w.leaf), trust.Device, ctx
			if tt.leaf != nil {
				der = tt.leaf(w)
			}
			if tt.domain != "" {
				domain = tt.domain
			}
			if tt.ctx != nil {
				in = tt.ctx
			}
			want := tt.want
			want.Domain, want.Leaf, want.Duration = domain, sha256.Sum256(der), 7*time.Millisecond

			seen := &witness{}
			watched := append([]certchain.Option{certchain.WithObserver(seen), certchain.WithStopwatch(ticking())}, tt.opts...)
			_, err := w.v.VerifyDER(in, domain, der, watched...)
			require.Equal(t, want.Accepted, err == nil, explain(err))
			require.Equal(t, []certchain.Observation{want}, seen.told)
			require.Equal(t, in, seen.in[0], "it is told in the call's context")
			if err != nil {
				require.Equal(t, refusal(t, err).Findings[0].Reason, seen.told[0].Reason)
			}

			if !tt.parsed {
				return
			}
			var leaf *x509.Certificate
			if len(der) > 0 {
				leaf, err = trust.ParseCertificate(der)
				require.NoError(t, err)
			}
			seen = &witness{}
			_, err = w.v.Verify(in, domain, leaf, append(watched, certchain.WithObserver(seen), certchain.WithStopwatch(ticking()))...)
			require.Equal(t, want.Accepted, err == nil, explain(err))
			require.Equal(t, []certchain.Observation{want}, seen.told)
		})
	}
}

// A source that fails, and verifiers that nobody configured.
func TestObservedWithoutATrustSource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	failing := source(func(context.Context, trust.Domain) (*trust.Snapshot, error) {
		return nil, errors.New("the database is away")
	})
	for name, tt := range map[string]struct {
		v    *certchain.Verifier
		want certchain.Reason
	}{
		"the source fails": {certchain.New(failing), certchain.SourceFailed},
		"no source":        {certchain.New(nil), certchain.Misconfigured},
		"zero":             {&certchain.Verifier{}, certchain.Misconfigured},
		"nil":              {nil, certchain.Misconfigured},
	} {
		seen := &witness{}
		_, err := tt.v.VerifyDER(ctx, trust.Device, w.leaf.Certificate.Raw, certchain.WithObserver(seen))
		require.ErrorIs(t, err, tt.want, name)
		_, err = tt.v.Verify(ctx, trust.Device, w.leaf.Certificate, certchain.WithObserver(seen))
		require.ErrorIs(t, err, tt.want, name)
		require.Len(t, seen.told, 2, name)
		for _, o := range seen.told {
			require.Equal(t, tt.want, o.Reason, name)
			require.Equal(t, sha256.Sum256(w.leaf.Certificate.Raw), o.Leaf, name)
			require.GreaterOrEqual(t, o.Duration, time.Duration(0), name)
		}
	}
}

// inTurn writes its name down when it is told.
type inTurn struct {
	name string
	told *[]string
}

func (i inTurn) ObserveChain(context.Context, certchain.Observation) {
	*i.told = append(*i.told, i.name)
}

func TestAllObserversAreTold(t *testing.T) {
	t.Parallel()
	var told []string
	observer := func(name string) certchain.Option { return certchain.WithObserver(inTurn{name, &told}) }
	w := newWorld(t, observer("first"), certchain.WithObserver(nil), observer("second"))
	w.accepted(t, observer("of the call"))
	require.Equal(t, []string{"first", "second", "of the call"}, told)
	told = nil
	// The leaf was learned in a call with an observer of its own.
	w.accepted(t)
	require.Equal(t, []string{"first", "second"}, told)
}

func TestStopwatch(t *testing.T) {
	t.Parallel()
	var readings int
	count := certchain.WithStopwatch(func() time.Time { readings++; return pkitest.Now })
	w := newWorld(t, count)
	w.accepted(t)
	require.Zero(t, readings, "nobody wants to know")

	seen := &witness{}
	w.accepted(t, certchain.WithObserver(seen), certchain.WithObserver(seen))
	require.Equal(t, 2, readings)
	require.Zero(t, seen.told[0].Duration)

	_, err := w.verify(certchain.WithObserver(seen), certchain.WithStopwatch(nil))
	require.NoError(t, err)
	require.Zero(t, seen.told[2].Duration)

	w = newWorld(t, certchain.WithObserver(seen))
	w.accepted(t)
	require.Positive(t, seen.told[3].Duration, "by default the system's, and not the clock's, which stands still")
}

// A search for who may vouch for revocation information is no verdict.
func TestOnlyVerdictsAreReported(t *testing.T) {
	t.Parallel()
	seen := &witness{}
	w := newWorld(t, certchain.WithObserver(seen))
	signer := w.inter.Issue(t, "signer of lists").Certificate
	asked := 0
	vouched := checkerFunc(func(_ context.Context, q certchain.RevocationQuery) certchain.RevocationAnswer {
		asked++
		require.True(t, q.TrustSigner(signer))
		return certchain.RevocationAnswer{Status: certchain.StatusGood}
	})
	w.accepted(t, certchain.WithRevocation(vouched))
	w.accepted(t, certchain.WithRevocation(vouched))
	require.Greater(t, asked, 4, "the signer's own path was asked about, too")
	require.Len(t, seen.told, 2)
	require.True(t, seen.told[1].Remembered, "revocation is asked about anew, the rest is remembered")
}

type panicking struct{}

func (panicking) ObserveChain(context.Context, certchain.Observation) { panic("the host's affair") }

func TestObserverPanics(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.PanicsWithValue(t, "the host's affair", func() { _, _ = w.verify(certchain.WithObserver(panicking{})) })
	w.accepted(t)
}

// counter counts without keeping.
type counter struct{ accepted, refused, remembered atomic.Int64 }

func (c *counter) ObserveChain(_ context.Context, o certchain.Observation) {
	switch {
	case !o.Accepted:
		c.refused.Add(1)
	case o.Remembered:
		c.remembered.Add(1)
		fallthrough
	default:
		c.accepted.Add(1)
	}
}

func TestObservedConcurrently(t *testing.T) {
	t.Parallel()
	const callers, calls = 8, 200
	var all counter
	observe := certchain.WithObserver(&all)
	w := newWorld(t, observe, observe, observe)
	expired := w.inter.Issue(t, "leaf", pkitest.Validity(pkitest.Now.AddDate(-2, 0, 0), pkitest.Now.AddDate(-1, 0, 0))).Certificate.Raw
	own := make([]counter, callers) // each is told of its own calls only
	var group sync.WaitGroup
	for i := range own {
		group.Go(func() {
			for n := range calls {
				if n%4 == 0 {
					_, _ = w.v.VerifyDER(ctx, trust.Device, expired, certchain.WithObserver(&own[i]))
				} else {
					_, _ = w.verify()
				}
			}
		})
	}
	group.Wait()
	require.EqualValues(t, 3*callers*calls/4, all.refused.Load())
	require.EqualValues(t, 3*callers*calls/4*3, all.accepted.Load())
	require.Positive(t, all.remembered.Load())
	for i := range own {
		require.EqualValues(t, calls/4, own[i].refused.Load())
		require.Zero(t, own[i].accepted.Load())
	}
}

// Telling costs no allocation. It is not parallel: allocations are counted for
// the whole process.
func TestObservingAllocatesNothing(t *testing.T) {
	w := newWorld(t, certchain.WithObserver(&counter{}), certchain.WithObserver(&counter{}))
	der := w.leaf.Certificate.Raw
	w.accepted(t)
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = w.v.VerifyDER(ctx, trust.Device, der) }))
}

// A leaf that was seen before, with somebody who watches: beside
// BenchmarkRepeatedLeaf it is two readings of the stopwatch and the call.
func BenchmarkObservedLeaf(b *testing.B) {
	p := newBenchPKI(b, 3, false, 1)
	der := p.leaves[0].Certificate.Raw
	for name, opts := range map[string][]certchain.Option{
		"nobody":            nil,
		"observer":          {certchain.WithObserver(&counter{})},
		"without-stopwatch": {certchain.WithObserver(&counter{}), certchain.WithStopwatch(nil)},
	} {
		v := certchain.New(p.source(), append(opts, certchain.WithClock(pkitest.Clock))...)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.VerifyDER(ctx, trust.Auth, der); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

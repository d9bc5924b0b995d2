package x5c_test

import (
	"context"
	"crypto/sha256"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// witness writes down what it is told of tokens and of their signers.
type witness struct {
	mu     sync.Mutex
	tokens []x5c.Observation
	chains []certchain.Observation
}

func (w *witness) ObserveToken(_ context.Context, o x5c.Observation) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokens = append(w.tokens, o)
}

func (w *witness) ObserveChain(_ context.Context, o certchain.Observation) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.chains = append(w.chains, o)
}

// watch are options under which every verdict takes 7 ms.
func (w *witness) watch() []x5c.Option {
	var readings atomic.Int64
	return []x5c.Option{
		x5c.WithObserver(w), x5c.WithObserver(nil), x5c.Chain(certchain.WithObserver(w)),
		x5c.WithStopwatch(func() time.Time { return pkitest.Now.Add(time.Duration(readings.Add(1)) * 7 * time.Millisecond) }),
	}
}

func TestEveryTokenIsReportedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := []*pkitest.Cert{w.device}
	chip := w.ftmInter.Issue(t, "chip", pkitest.Key(pkitest.RSA(2048, 1)))
	good := token{chain: chain}.make(t)
	for name, tt := range map[string]struct {
		token  string
		opts   []x5c.Option
		signer *pkitest.Cert // nil: none could be read
		want   x5c.Observation
		chains int
	}{
		"accepted":      {token: good, signer: w.device, want: x5c.Observation{Accepted: true}, chains: 1},
		"no token":      {token: "x", want: x5c.Observation{Reason: x5c.Malformed}},
		"too large":     {token: strings.Repeat("x", x5c.MaxHeaderBytes+1) + ".x.x", want: x5c.Observation{Reason: x5c.TooLarge}},
		"no header":     {token: "!.x.AAAA", want: x5c.Observation{Reason: x5c.Malformed}},
		"bad payload":   {token: strings.Replace(good, ".", ".!", 1), signer: w.device, want: x5c.Observation{Reason: x5c.Malformed}},
		"bad signature": {token: token{chain: chain, key: chip.Key}.make(t), signer: w.device, want: x5c.Observation{Reason: x5c.BadSignature}, chains: 1},
		"not bound": {
			token: good, opts: []x5c.Option{x5c.BoundTo(trust.SHA256(chip.Certificate))}, signer: w.device,
			want: x5c.Observation{Reason: x5c.NotBound}, chains: 1,
		},
		"not trusted": {
			token: token{chain: []*pkitest.Cert{chip}}.make(t), signer: chip,
			want: x5c.Observation{Reason: x5c.CertificateNotTrusted, Cause: certchain.IssuerInOtherDomain}, chains: 1,
		},
		"not trusted, and worse": {
			token: token{chain: []*pkitest.Cert{chip}, key: w.device.Key}.make(t), signer: chip,
			want: x5c.Observation{Reason: x5c.BadSignature, Cause: certchain.IssuerInOtherDomain}, chains: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen := &witness{}
			_, err := w.v.Verify(ctx, trust.Device, tt.token, append(seen.watch(), tt.opts...)...)
			require.Equal(t, tt.want.Accepted, err == nil)
			want := tt.want
			want.Domain, want.Duration = trust.Device, 7*time.Millisecond
			if tt.signer != nil {
				want.Signer = sha256.Sum256(tt.signer.Certificate.Raw)
			}
			require.Len(t, seen.tokens, 1)
			// Which of the parallel tests is the first to see the header is open.
			seen.tokens[0].Remembered = false
			require.Equal(t, want, seen.tokens[0])
			require.Len(t, seen.chains, tt.chains)
			for _, c := range seen.chains {
				require.Equal(t, want.Cause, c.Reason)
				require.Equal(t, want.Signer, c.Leaf)
			}
		})
	}
}

func TestObserversOfTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := token{chain: []*pkitest.Cert{w.device}}.make(t)

	all, own := &witness{}, &witness{}
	v := x5c.New(w.chain, x5c.WithObserver(all))
	for range 2 {
		_, err := v.Verify(ctx, trust.Device, good, x5c.WithObserver(own))
		require.NoError(t, err)
	}
	require.Len(t, own.tokens, 2)
	require.Equal(t, all.tokens, own.tokens)
	require.False(t, all.tokens[0].Remembered)
	require.True(t, all.tokens[1].Remembered)
	require.Positive(t, all.tokens[0].Duration, "by default the system's")
	_, err := v.Verify(ctx, trust.Device, good)
	require.NoError(t, err)
	require.Len(t, all.tokens, 3)
	require.Len(t, own.tokens, 2, "of the calls that it was given to")

	for _, v := range []*x5c.Verifier{nil, {}, x5c.New(nil)} {
		seen := &witness{}
		_, err := v.Verify(ctx, trust.Device, good, x5c.WithObserver(seen), x5c.WithStopwatch(nil))
		require.ErrorIs(t, err, x5c.Misconfigured)
		require.Equal(t, []x5c.Observation{{Domain: trust.Device, Reason: x5c.Misconfigured}}, seen.tokens)
	}
}

func TestTokensObservedConcurrently(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seen := &witness{}
	opts := []certchain.Option{certchain.WithClock(pkitest.Clock), certchain.WithObserver(seen)}
	if os.Getenv("PARTNERTRUST_TEST_WITHOUT_CACHE") != "" {
		opts = append(opts, certchain.WithoutCache())
	}
	v := x5c.New(certchain.New(w.store, opts...), x5c.WithObserver(seen))
	good := token{chain: []*pkitest.Cert{w.device}}.make(t)
	const callers, calls = 8, 25
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for range calls {
				_, _ = v.Verify(ctx, trust.Device, good)
			}
		})
	}
	group.Wait()
	require.Len(t, seen.tokens, callers*calls)
	require.Len(t, seen.chains, callers*calls)
}

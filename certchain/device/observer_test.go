package device_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/internal/pkitest"
	"github.com/mosip/partnertrust/trust"
)

// witness writes down what it is told at each of the three levels.
type witness struct {
	captures []device.Observation
	tokens   []x5c.Observation
	chains   []certchain.Observation
}

func (w *witness) ObserveCapture(_ context.Context, o device.Observation) {
	w.captures = append(w.captures, o)
}

func (w *witness) ObserveToken(_ context.Context, o x5c.Observation) { w.tokens = append(w.tokens, o) }

func (w *witness) ObserveChain(_ context.Context, o certchain.Observation) {
	w.chains = append(w.chains, o)
}

func TestEveryCaptureIsReportedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := pkitest.Now
	ticking := func() device.Option {
		at := now
		return device.WithStopwatch(func() time.Time { at = at.Add(7 * time.Millisecond); return at })
	}
	good := w.segment(t, now, nil, nil)
	for name, tt := range map[string]struct {
		segments []device.Segment
		opts     []device.Option
		want     device.Observation
	}{
		"accepted":      {link(good), nil, device.Observation{Accepted: true, Segments: 1}},
		"no segments":   {nil, nil, device.Observation{Reason: device.SegmentCount}},
		"misconfigured": {link(good), []device.Option{device.Environments()}, device.Observation{Reason: device.Misconfigured, Segments: 1}},
		"one of two": {
			link(good, device.Segment{Data: "x"}), nil, device.Observation{Reason: device.DataNotTrusted, Segments: 2},
		},
		"stale, and for another purpose": {
			link(w.segment(t, now.Add(-time.Hour), fields{"purpose": "Registration"}, nil)), nil,
			device.Observation{Reason: device.PurposeMismatch, Segments: 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen := &witness{}
			opts := append([]device.Option{device.WithObserver(seen), device.WithObserver(nil), ticking()}, tt.opts...)
			_, err := w.verifier(opts...).VerifyCapture(ctx, tt.segments, request)
			require.Equal(t, tt.want.Accepted, err == nil)
			want := tt.want
			want.Duration = 7 * time.Millisecond
			require.Equal(t, []device.Observation{want}, seen.captures)
		})
	}

	seen := &witness{}
	_, err := w.verifier(device.WithObserver(seen)).VerifyCapture(ctx, link(good), request)
	require.NoError(t, err)
	require.Positive(t, seen.captures[0].Duration, "by default the system's")
	_, err = w.verifier(device.WithObserver(seen), device.WithStopwatch(nil)).VerifyCapture(ctx, link(good), request)
	require.NoError(t, err)
	require.Zero(t, seen.captures[1].Duration)
}

// A capture is reported as a whole, and by the verifiers below each of its
// tokens and signers.
func TestCaptureIsReportedAtEveryLevel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := trust.NewMemory()
	require.NoError(t, store.Add(ctx, trust.CA{Domain: trust.Device, Role: trust.Root, Certificate: w.provider.Certificate}))
	seen := &witness{}
	chains := certchain.New(store, certchain.WithClock(pkitest.Clock), certchain.WithObserver(seen))
	v := device.New(x5c.New(chains, x5c.WithObserver(seen)),
		device.WithClock(pkitest.Clock), device.Environments("Staging"), device.WithObserver(seen))

	_, err := v.VerifyCapture(ctx, link(w.segment(t, pkitest.Now, nil, nil)), request)
	require.ErrorIs(t, err, device.DigitalIDNotTrusted)
	require.Len(t, seen.captures, 1)
	require.Equal(t, device.DigitalIDNotTrusted, seen.captures[0].Reason)
	require.Len(t, seen.tokens, 2)
	require.Len(t, seen.chains, 2)
	require.Equal(t, trust.Device, seen.tokens[0].Domain)
	require.True(t, seen.tokens[0].Accepted && seen.chains[0].Accepted)
	require.Equal(t, trust.FTM, seen.tokens[1].Domain)
	require.Equal(t, x5c.CertificateNotTrusted, seen.tokens[1].Reason)
	require.Equal(t, certchain.UnknownIssuer, seen.tokens[1].Cause)
	require.Equal(t, certchain.UnknownIssuer, seen.chains[1].Reason)
}

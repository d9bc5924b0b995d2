// Package observe shows how verdicts reach what a service has already: its log,
// Prometheus, OpenTelemetry. Copy the file that you need.
//
//	metrics, err := observe.Prometheus(registry)
//	chains := certchain.New(source, certchain.WithObserver(metrics))
//	tokens := x5c.New(chains, x5c.WithObserver(metrics))
//	captures := device.New(tokens, device.WithObserver(metrics))
package observe

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/certchain/x5c"
	"github.com/mosip/partnertrust/trust"
)

// Observer watches chains, tokens and captures alike.
type Observer struct {
	record func(context.Context, verdict)
}

var (
	_ certchain.Observer = Observer{}
	_ x5c.Observer       = Observer{}
	_ device.Observer    = Observer{}
)

// verdict is what the three kinds have in common, and the most that any has.
type verdict struct {
	of         string       // chain, token or capture
	domain     trust.Domain // "" of a capture, which has two
	accepted   bool
	reason     string // "" if accepted
	cause      string // of a token: the reason against its signer
	remembered bool
	duration   time.Duration
	snapshot   uint64
	signer     [sha256.Size]byte // of a chain its leaf
}

// outcome is the verdict in a word: of metrics with two series, not of a reason.
func (v verdict) outcome() string {
	if v.accepted {
		return "accepted"
	}
	return "refused"
}

// ObserveChain implements [certchain.Observer].
func (o Observer) ObserveChain(ctx context.Context, c certchain.Observation) {
	o.record(ctx, verdict{
		of: "chain", domain: c.Domain, accepted: c.Accepted, reason: string(c.Reason), remembered: c.Remembered,
		duration: c.Duration, snapshot: c.SnapshotVersion, signer: c.Leaf,
	})
}

// ObserveToken implements [x5c.Observer].
func (o Observer) ObserveToken(ctx context.Context, t x5c.Observation) {
	o.record(ctx, verdict{
		of: "token", domain: t.Domain, accepted: t.Accepted, reason: string(t.Reason), cause: string(t.Cause),
		remembered: t.Remembered, duration: t.Duration, signer: t.Signer,
	})
}

// ObserveCapture implements [device.Observer].
func (o Observer) ObserveCapture(ctx context.Context, c device.Observation) {
	o.record(ctx, verdict{of: "capture", accepted: c.Accepted, reason: string(c.Reason), duration: c.Duration})
}

// buckets of durations in seconds: a remembered leaf takes half a microsecond, a
// signature some tens, a list that must be fetched first a good part of a second.
var buckets = []float64{1e-6, 1e-5, 5e-5, 1e-4, 5e-4, 1e-3, 5e-3, 2.5e-2, 0.1, 0.5, 2.5}

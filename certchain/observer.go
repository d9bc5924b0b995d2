package certchain

import (
	"context"
	"crypto/sha256"
	"slices"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// Observer is told of every verdict: for metrics, logs and traces.
//
// ObserveChain is called once for each call of [Verifier.Verify] and
// [Verifier.VerifyDER], whatever came of it, in the goroutine of the caller,
// who waits for it: it must be quick and safe for concurrent use. It cannot
// change the verdict, and a panic in it is the caller's.
type Observer interface {
	ObserveChain(ctx context.Context, o Observation)
}

// Observation is what an [Observer] is told of one verdict. All of it may be
// logged and counted: there is no name and no text in it, and what comes from
// strangers is the hash alone.
type Observation struct {
	Domain   trust.Domain // as the host asked
	Accepted bool
	Reason   Reason // the most telling one; "" if accepted
	// Remembered: the leaf was accepted before under the same rules, and neither
	// parsed nor was any signature checked again.
	Remembered bool
	// Duration is what the verdict took: see [WithStopwatch].
	Duration time.Duration
	// SnapshotVersion is the version of the trust snapshot that decided; 0 where
	// the call did not get as far as one.
	SnapshotVersion uint64
	// Leaf is the SHA-256 of the certificate's DER, as it was given.
	Leaf [sha256.Size]byte
}

// WithObserver tells o of every verdict. All observers are told, in the order
// of the options, those of [New] before those of the call; nil is none.
func WithObserver(o Observer) Option {
	return func(s *settings) {
		if o != nil {
			s.observers = append(slices.Clip(s.observers), o)
		}
	}
}

// WithStopwatch takes the times whose difference is [Observation.Duration] from
// now, which is called twice per verification if there is an observer and not
// at all otherwise. Without it they are the system's, which no change of the
// clock touches; nil measures nothing. It is not [WithClock], which may well
// stand still.
func WithStopwatch(now func() time.Time) Option {
	return func(s *settings) { s.stopwatch = now }
}

// begin reads the stopwatch if anybody wants to know.
func (q *question) begin() (began time.Time) {
	if len(q.observers) > 0 && q.stopwatch != nil {
		began = q.stopwatch()
	}
	return began
}

// report tells the observers what came of the question about that leaf.
func (q *question) report(began time.Time, der []byte, err error) {
	if len(q.observers) == 0 {
		return
	}
	o := Observation{Domain: q.domain, Accepted: err == nil, Remembered: q.remembered, Leaf: q.leaf}
	if q.stopwatch != nil {
		o.Duration = q.stopwatch().Sub(began)
	}
	if refusal, ok := err.(*Error); ok && len(refusal.Findings) > 0 {
		o.Reason = refusal.Findings[0].Reason
	}
	if q.snapshot != nil {
		o.SnapshotVersion = q.snapshot.Version()
	}
	if q.leaf == [sha256.Size]byte{} {
		o.Leaf = sha256.Sum256(der)
	}
	for _, observer := range q.observers {
		observer.ObserveChain(q.ctx, o)
	}
}

package device

import (
	"context"
	"time"
)

// Observer is told of every verdict about a capture, as certchain.Observer is of
// every verdict about a certificate, and under the same terms. The tokens in the
// capture are reported by the verifier of tokens.
type Observer interface {
	ObserveCapture(ctx context.Context, o Observation)
}

// Observation is what an [Observer] is told of one verdict. All of it may be
// logged and counted: nothing of the person, the transaction or the device is
// in it.
type Observation struct {
	Accepted bool
	Reason   Reason        // the most telling one; "" if accepted
	Segments int           // how many the request has
	Duration time.Duration // what the verdict took: see [WithStopwatch]
}

// WithObserver tells o of every verdict of [Verifier.VerifyCapture]. All
// observers are told, in the order of the options; nil is none.
func WithObserver(o Observer) Option {
	return func(v *Verifier) {
		if o != nil {
			v.observers = append(v.observers, o)
		}
	}
}

// WithStopwatch takes the times whose difference is [Observation.Duration] from
// now, as certchain.WithStopwatch does.
func WithStopwatch(now func() time.Time) Option { return func(v *Verifier) { v.stopwatch = now } }

// begin reads the stopwatch if anybody wants to know.
func (v *Verifier) begin() (began time.Time) {
	if len(v.observers) > 0 && v.stopwatch != nil {
		began = v.stopwatch()
	}
	return began
}

// report tells the observers what came of the segments.
func (v *Verifier) report(ctx context.Context, began time.Time, segments int, err error) {
	if len(v.observers) == 0 {
		return
	}
	o := Observation{Accepted: err == nil, Segments: segments}
	if v.stopwatch != nil {
		o.Duration = v.stopwatch().Sub(began)
	}
	if refusal, ok := err.(*Error); ok && len(refusal.Findings) > 0 {
		o.Reason = refusal.Findings[0].Reason
	}
	for _, observer := range v.observers {
		observer.ObserveCapture(ctx, o)
	}
}

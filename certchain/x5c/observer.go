package x5c

import (
	"context"
	"crypto/sha256"
	"slices"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
)

// Observer is told of every verdict about a token, as [certchain.Observer] is of
// every verdict about a certificate, and under the same terms. A verifier of
// tokens reports the token; its chain verifier reports the signer.
type Observer interface {
	ObserveToken(ctx context.Context, o Observation)
}

// Observation is what an [Observer] is told of one verdict. All of it may be
// logged and counted.
type Observation struct {
	Domain   trust.Domain // as the host asked
	Accepted bool
	Reason   Reason // the most telling one; "" if accepted
	// Cause is the most telling reason against the signer's certificate, whether
	// or not something else tells more of the token; "" if it is trusted or
	// nobody asked.
	Cause certchain.Reason
	// Remembered: the header was accepted before and not read again.
	Remembered bool
	// Duration is what the verdict took: see [WithStopwatch].
	Duration time.Duration
	// Signer is the SHA-256 of the first certificate in the header; zero where
	// none could be read.
	Signer [sha256.Size]byte
}

// WithObserver tells o of every verdict, as [certchain.WithObserver] does.
func WithObserver(o Observer) Option {
	return func(s *settings) {
		if o != nil {
			s.observers = append(slices.Clip(s.observers), o)
		}
	}
}

// WithStopwatch takes the times whose difference is [Observation.Duration] from
// now, as [certchain.WithStopwatch] does.
func WithStopwatch(now func() time.Time) Option {
	return func(s *settings) { s.stopwatch = now }
}

// begin reads the stopwatch if anybody wants to know.
func (s *settings) begin() (began time.Time) {
	if len(s.observers) > 0 && s.stopwatch != nil {
		began = s.stopwatch()
	}
	return began
}

// report tells the observers what came of the token.
func (s *settings) report(ctx context.Context, d trust.Domain, began time.Time, read reading, err error) {
	if len(s.observers) == 0 {
		return
	}
	o := Observation{Domain: d, Accepted: err == nil, Remembered: read.remembered}
	if s.stopwatch != nil {
		o.Duration = s.stopwatch().Sub(began)
	}
	if read.header != nil {
		o.Signer = read.header.sha256
	}
	if refusal, ok := err.(*Error); ok && len(refusal.Findings) > 0 {
		o.Reason = refusal.Findings[0].Reason
		for _, f := range refusal.Findings {
			if chain, ok := f.Err.(*certchain.Error); ok && len(chain.Findings) > 0 {
				o.Cause = chain.Findings[0].Reason
			}
		}
	}
	for _, observer := range s.observers {
		observer.ObserveToken(ctx, o)
	}
}

package admit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

// DefaultMinRemaining is for how many calendar months a CA certificate must
// still be valid, as the platform asks.
const DefaultMinRemaining = 12

// Option configures a [Gate].
type Option func(*Gate)

// WithClock takes the time from now. Without it the time is the system's.
func WithClock(now func() time.Time) Option { return func(g *Gate) { g.now = now } }

// MinRemaining asks that a CA certificate stays valid for that many calendar
// months more, 0 for no such rule. The default is [DefaultMinRemaining].
func MinRemaining(months int) Option { return func(g *Gate) { g.months = months } }

// AllOrNothing admits an upload as a whole: one certificate that is refused
// keeps all others out.
func AllOrNothing() Option { return func(g *Gate) { g.whole = true } }

// WithProfile chooses what a CA certificate must be; the default is
// [certchain.Authority].
func WithProfile(p certchain.Profile) Option { return func(g *Gate) { g.profile = p } }

// Gate admits CA certificates to a store. It is safe for concurrent use as far
// as the store is.
type Gate struct {
	store   trust.Store
	now     func() time.Time
	months  int
	whole   bool
	profile certchain.Profile
}

// New returns the gate of a store.
func New(store trust.Store, opts ...Option) *Gate {
	g := &Gate{store: store, now: time.Now, months: DefaultMinRemaining, profile: certchain.Authority}
	for _, o := range opts {
		o(g)
	}
	return g
}

// ErrNoStore is returned by a gate that was made without a store or clock.
var ErrNoStore = errors.New("admit: the gate has no store or no clock")

// attempts is how often an upload is judged again when somebody else changed
// the store between judging and adding.
const attempts = 3

// Admit judges every certificate of an upload (PEM, DER, PKCS#7, or base64 of
// these) and adds those that may be trusted to the domain, all in one step.
//
// The error says that nothing could be done: the upload holds no certificate
// at all, the domain is none, the store failed. Whatever concerns single
// certificates is in the report.
func (g *Gate) Admit(ctx context.Context, d trust.Domain, data []byte) (*Report, error) {
	if g == nil || g.store == nil || g.now == nil {
		return nil, ErrNoStore
	}
	entries, err := pkcs7.ReadEntries(data)
	if err != nil {
		return nil, fmt.Errorf("admit: %w", err)
	}
	for attempt := 1; ; attempt++ {
		report, cas, err := g.judge(ctx, d, entries)
		if err != nil {
			return nil, fmt.Errorf("admit: %w", err)
		}
		if len(cas) == 0 {
			return report, nil
		}
		err = g.store.Add(ctx, cas...)
		switch {
		case err == nil:
			return report, nil
		case !errors.Is(err, trust.ErrExists) || attempt == attempts:
			return nil, fmt.Errorf("admit: %w", err)
		}
	}
}

package device

import (
	"context"
	"slices"
	"time"
)

// Option configures a [Verifier].
type Option func(*Verifier)

// WithClock takes the time from now, which is called once per capture. It must
// be the clock that the chains are verified by. Without it the time is the
// system's.
func WithClock(now func() time.Time) Option { return func(v *Verifier) { v.now = now } }

// Freshness bounds the age of captures: how old the last segment may be, how far
// clocks may disagree, and how long after one segment the next may follow.
func Freshness(window, adjustment, gap time.Duration) Option {
	return func(v *Verifier) { v.window, v.adjustment, v.gap = window, adjustment, gap }
}

// Environments are those whose captures the host accepts. Without it there are
// none.
func Environments(names ...string) Option {
	return func(v *Verifier) { v.environments = slices.Clone(names) }
}

// DomainURIs are those of the host. Without it the request must name one, and
// only that is accepted.
func DomainURIs(uris ...string) Option {
	return func(v *Verifier) { v.domainURIs = slices.Clone(uris) }
}

// Purposes are those for which captures are accepted; the default is "Auth".
func Purposes(names ...string) Option {
	return func(v *Verifier) { v.purposes = slices.Clone(names) }
}

// HashesLater leaves the hashes that link the segments to [VerifyHashes], for a
// host that decrypts only what is trusted. Until it has called that, segments may
// have been left out or reordered.
func HashesLater() Option { return func(v *Verifier) { v.hashesLater = true } }

// ProviderIsIssuer asks that the provider in a digital id is the organisation of
// the certificate that issued the device's.
func ProviderIsIssuer() Option { return func(v *Verifier) { v.providerIsIssuer = true } }

// DangerouslyAcceptL0 accepts a digital id that the device key signed, as devices
// without a chip do. Whoever has the software of such a device has its identity.
func DangerouslyAcceptL0() Option { return func(v *Verifier) { v.acceptL0 = true } }

// Registry says whether a device is registered and approved.
type Registry interface {
	Registered(ctx context.Context, id DigitalID) (bool, error)
}

// WithRegistry asks the registry about every device. An error refuses.
func WithRegistry(r Registry) Option {
	return func(v *Verifier) { v.registry, v.hasRegistry = r, true }
}

// Hotlist says whether something is blocked, by the platform's hash of it: see
// [DeviceHash] and [ProviderHash].
type Hotlist interface {
	Blocked(ctx context.Context, hash string) (bool, error)
}

// WithHotlist asks the list about every device and every provider. An error
// refuses.
func WithHotlist(h Hotlist) Option {
	return func(v *Verifier) { v.hotlist, v.hasHotlist = h, true }
}

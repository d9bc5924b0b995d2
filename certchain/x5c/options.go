package x5c

import (
	"crypto"
	"slices"
	"strings"
	"time"

	"github.com/mosip/partnertrust/certchain"
)

// Option configures a [Verifier] in [New], or one call in [Verifier.Verify].
type Option func(*settings)

type settings struct {
	chain        []certchain.Option
	detached     bool
	payload      []byte
	bound        []string
	algorithms   []string
	own          []algorithm
	allowCA      bool
	anyUsage     bool
	allowString  bool
	allowNoB64   bool
	refuseHelper bool
	forget       bool
	observers    []Observer
	stopwatch    func() time.Time
}

// algorithm is one that the host added.
type algorithm struct {
	name   string
	verify func(key crypto.PublicKey, signed, signature []byte) bool
}

// Detached takes the payload from the caller; the token's own part must be
// empty (RFC 7515 appendix F).
func Detached(payload []byte) Option {
	return func(s *settings) { s.detached, s.payload = true, payload }
}

// BoundTo asks that the signer is this certificate, by the SHA-256 of its DER in
// hex. Given several times, any of them may have signed, for example the
// partner or its infrastructure provider.
func BoundTo(sha256hex string) Option {
	return func(s *settings) { s.bound = append(slices.Clip(s.bound), strings.ToLower(sha256hex)) }
}

// Chain passes options to the verification of the signer's certificate.
func Chain(opts ...certchain.Option) Option {
	return func(s *settings) { s.chain = append(slices.Clip(s.chain), opts...) }
}

// Algorithms accepts only these of the algorithms of [DefaultAlgorithms].
func Algorithms(names ...string) Option {
	return func(s *settings) { s.algorithms = append([]string{}, names...) }
}

// WithAlgorithm adds an algorithm. verify must accept a key only if it is one
// of the algorithm's.
func WithAlgorithm(name string, verify func(key crypto.PublicKey, signed, signature []byte) bool) Option {
	return func(s *settings) { s.own = append(slices.Clip(s.own), algorithm{name, verify}) }
}

// AllowCASigner accepts a signer whose certificate is that of a CA, as the
// partner certificates are that the platform signs.
func AllowCASigner() Option { return func(s *settings) { s.allowCA = true } }

// AllowAnyKeyUsage accepts a signer whose certificate has a key usage without
// digitalSignature and nonRepudiation.
func AllowAnyKeyUsage() Option { return func(s *settings) { s.anyUsage = true } }

// AllowSingleString accepts an x5c header that is one string where RFC 7515 has
// an array.
func AllowSingleString() Option { return func(s *settings) { s.allowString = true } }

// AllowUnencodedPayload accepts b64=false (RFC 7797) for detached payloads.
func AllowUnencodedPayload() Option { return func(s *settings) { s.allowNoB64 = true } }

// IgnoreHelpers looks at the first certificate alone. Without it the others
// help to build a path; they are trusted for nothing either way.
func IgnoreHelpers() Option { return func(s *settings) { s.refuseHelper = true } }

// WithoutCache makes, in [New], a verifier that remembers no headers. Verdicts
// are the same. What the chain verifier remembers is its own affair.
func WithoutCache() Option { return func(s *settings) { s.forget = true } }

// DefaultAlgorithms returns the names of the algorithms that are accepted:
// RSA with keys of 2048 bits or more, ECDSA on the curve of its name, Ed25519.
func DefaultAlgorithms() []string { return slices.Clone(defaultAlgorithms) }

var defaultAlgorithms = []string{"RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA"}

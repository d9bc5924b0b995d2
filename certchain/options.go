package certchain

import (
	"crypto/x509"
	"slices"
	"time"
)

// Option configures a [Verifier] in [New], or one call in [Verifier.Verify].
type Option func(*settings)

// settings is what options write to. It is copied for every call.
type settings struct {
	profile           Profile
	clock             func() time.Time
	at                time.Time
	intermediates     []*x509.Certificate
	organization      *string
	organizationMatch OrganizationMatch
	maxDepth          int
	budget            Budget
	policies          []x509.OID
	explicitPolicy    bool
	inhibitMapping    bool
	inhibitAnyPolicy  bool
	checkRevocation   bool
	revocation        Revocation
	revocationMode    RevocationMode
	platformCode      func(Reason) string
}

// At judges the certificates as of that time in place of the clock's.
func At(t time.Time) Option { return func(s *settings) { s.at = t } }

// WithClock takes the time from now, which is called once per verification.
// Without it the time is the system's.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }

// Intermediates adds certificates that may help to build a path, for example
// those that a message brought along. They are trusted for nothing: a root
// among them is no anchor.
func Intermediates(certs ...*x509.Certificate) Option {
	return func(s *settings) { s.intermediates = append(slices.Clip(s.intermediates), certs...) }
}

// Organization asks that the certificate names this organisation, the one that
// the partner registered. An empty name matches nothing.
func Organization(name string) Option { return func(s *settings) { s.organization = &name } }

// MatchOrganization chooses how [Organization] compares; the default is
// [OrganizationExact].
func MatchOrganization(how OrganizationMatch) Option {
	return func(s *settings) { s.organizationMatch = how }
}

// WithProfile chooses what certificates must be; the default is [Partner].
func WithProfile(p Profile) Option { return func(s *settings) { s.profile = p } }

// WithPlatformCodes chooses what findings carry as [Finding.PlatformCode]. The
// default is [Reason.PlatformCode], the codes of a partner's upload.
func WithPlatformCodes(code func(Reason) string) Option {
	return func(s *settings) { s.platformCode = code }
}

// MaxDepth limits how many intermediates that are not self-issued may stand
// between the leaf and the anchor; the default is [DefaultMaxDepth]. Zero means
// that an anchor itself must have issued the leaf.
func MaxDepth(intermediates int) Option { return func(s *settings) { s.maxDepth = intermediates } }

// WithBudget bounds the work of one verification.
func WithBudget(b Budget) Option { return func(s *settings) { s.budget = b.orDefault() } }

// Policies is the user-initial-policy-set of RFC 5280 §6.1.1 (c): the
// certificate policies that the host accepts. Without it any policy will do.
// They decide only where a policy is required, by [RequireExplicitPolicy] or by
// a certificate of the path; what holds is in [Chain.Policies].
func Policies(oids ...x509.OID) Option {
	return func(s *settings) { s.policies = slices.Clone(oids) }
}

// RequireExplicitPolicy asks that the path is valid for at least one of the
// accepted policies (initial-explicit-policy, RFC 5280 §6.1.1 (f)).
func RequireExplicitPolicy() Option { return func(s *settings) { s.explicitPolicy = true } }

// InhibitPolicyMapping lets no CA of the path declare its policies equivalent
// to others (initial-policy-mapping-inhibit, RFC 5280 §6.1.1 (e)).
func InhibitPolicyMapping() Option { return func(s *settings) { s.inhibitMapping = true } }

// InhibitAnyPolicy lets anyPolicy in a certificate stand for no policy
// (initial-any-policy-inhibit, RFC 5280 §6.1.1 (g)).
func InhibitAnyPolicy() Option { return func(s *settings) { s.inhibitAnyPolicy = true } }

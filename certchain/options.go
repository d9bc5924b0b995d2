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
	intermediatesDER  [][]byte
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
	leafCache         int
	observers         []Observer
	stopwatch         func() time.Time
}

// sameRules reports whether two calls ask the same, but for the time and for
// what helps along.
func (s *settings) sameRules(o *settings) bool {
	return s.profile.equal(&o.profile) &&
		sameName(s.organization, o.organization) && s.organizationMatch == o.organizationMatch &&
		s.maxDepth == o.maxDepth && s.budget == o.budget &&
		slices.EqualFunc(s.policies, o.policies, x509.OID.Equal) && s.explicitPolicy == o.explicitPolicy &&
		s.inhibitMapping == o.inhibitMapping && s.inhibitAnyPolicy == o.inhibitAnyPolicy
}

func sameName(a, b *string) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// At judges the certificates as of that time in place of the clock's. The zero
// time is the clock's.
func At(t time.Time) Option { return func(s *settings) { s.at = t } }

// WithClock takes the time from now, which is called once per verification.
// Without it the time is the system's.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }

// Intermediates adds certificates, as parsed from their bytes, that may help to build a path, for example
// those that a message brought along. They are trusted for nothing: a root
// among them is no anchor.
func Intermediates(certs ...*x509.Certificate) Option {
	return func(s *settings) { s.intermediates = append(slices.Clip(s.intermediates), certs...) }
}

// IntermediatesDER is [Intermediates] for certificates that are not parsed yet.
// They are parsed only if the answer is not known without them; one that does
// not parse helps nobody.
func IntermediatesDER(ders ...[]byte) Option {
	return func(s *settings) { s.intermediatesDER = append(slices.Clip(s.intermediatesDER), ders...) }
}

// LeafCache sets how many accepted leaves [New]'s verifier remembers for
// [Verifier.VerifyDER]; the default is [DefaultLeafCache], 0 is none.
func LeafCache(leaves int) Option { return func(s *settings) { s.leafCache = leaves } }

// WithoutCache makes a verifier that remembers nothing. Verdicts are the same.
func WithoutCache() Option { return func(s *settings) { s.leafCache = -1 } }

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

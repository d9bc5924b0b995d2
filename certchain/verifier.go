package certchain

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// Verifier decides whether certificates chain to what a [trust.Source] trusts.
// It is safe for concurrent use. The zero value refuses everything.
type Verifier struct {
	source   trust.Source
	defaults settings
}

// New returns a verifier over the source. Options given here hold for every
// call that does not override them.
func New(src trust.Source, opts ...Option) *Verifier {
	v := &Verifier{source: src, defaults: settings{
		profile:  Partner,
		clock:    time.Now,
		maxDepth: DefaultMaxDepth,
		budget:   Budget{}.orDefault(),
	}}
	for _, o := range opts {
		o(&v.defaults)
	}
	return v
}

// Verify finds a path from the leaf to a CA that the domain trusts and judges
// it. It returns the chain, or an [*Error] that says everything that stands
// against the certificate. All of one call is decided under one snapshot and at
// one moment.
func (v *Verifier) Verify(ctx context.Context, d trust.Domain, leaf *x509.Certificate, opts ...Option) (*Chain, error) {
	s := search{ctx: ctx, settings: v.defaults}
	for _, o := range opts {
		o(&s.settings)
	}
	if err := v.prepare(&s, d); err != nil {
		return nil, err
	}
	if leaf == nil || len(leaf.Raw) == 0 {
		return nil, s.refuse(&Finding{Reason: Malformed, Detail: "no certificate was given"})
	}
	return s.run(analyse(leaf))
}

// VerifyDER is [Verifier.Verify] for a certificate in DER.
func (v *Verifier) VerifyDER(ctx context.Context, d trust.Domain, der []byte, opts ...Option) (*Chain, error) {
	leaf, err := trust.ParseCertificate(der)
	if err != nil {
		s := search{settings: v.defaults, domain: d}
		return nil, s.refuse(&Finding{Reason: Malformed, Detail: err.Error(), Err: err})
	}
	return v.Verify(ctx, d, leaf, opts...)
}

// prepare checks the configuration and fetches what the search needs.
func (v *Verifier) prepare(s *search, d trust.Domain) error {
	s.domain = d
	problem := s.misconfigured()
	if v.source == nil {
		problem = "no trust source"
	}
	if problem != "" {
		return s.refuse(&Finding{Reason: Misconfigured, Detail: problem})
	}
	if len(s.intermediates) > maxIntermediates {
		return s.refuse(&Finding{Reason: BudgetExceeded,
			Detail: fmt.Sprintf("%d intermediates; the limit is %d", len(s.intermediates), maxIntermediates)})
	}
	s.setTime()
	s.source = v.source

	snapshot, err := v.source.Snapshot(s.ctx, d)
	switch {
	case err == nil && snapshot == nil:
		return s.refuse(&Finding{Reason: SourceFailed, Detail: "it gave no snapshot"})
	case err == nil && snapshot.Domain() != d:
		return s.refuse(&Finding{Reason: SourceFailed, Detail: fmt.Sprintf("it gave a snapshot of %q", snapshot.Domain())})
	case err != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)):
		return s.refuse(&Finding{Reason: Canceled, Detail: err.Error(), Err: err})
	case err != nil:
		return s.refuse(&Finding{Reason: SourceFailed, Detail: err.Error(), Err: err})
	}
	s.snapshot = snapshot
	return nil
}

// refuse makes the error; every refusal passes through here.
func (s *search) refuse(found ...*Finding) *Error {
	code := s.platformCode
	if code == nil {
		code = Reason.PlatformCode
	}
	for _, f := range found {
		f.PlatformCode = code(f.Reason)
	}
	return &Error{Findings: found, Domain: s.domain, At: s.now}
}

// misconfigured says what makes the settings unusable, or "".
func (s *settings) misconfigured() string {
	switch {
	case s.profile.name == "":
		return "the zero Profile"
	case s.clock == nil:
		return "no clock"
	case s.maxDepth < 0:
		return "a negative MaxDepth"
	case s.organizationMatch != OrganizationExact && s.organizationMatch != OrganizationFold:
		return "an unknown OrganizationMatch"
	}
	return s.misconfiguredRevocation()
}

package certchain

import (
	"context"
	"crypto/sha256"
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
	memory   *memory // nil: nothing is remembered
}

// New returns a verifier over the source. Options given here hold for every
// call that does not override them.
func New(src trust.Source, opts ...Option) *Verifier {
	v := &Verifier{source: src, defaults: settings{
		profile:   Partner,
		clock:     time.Now,
		maxDepth:  DefaultMaxDepth,
		budget:    Budget{}.orDefault(),
		leafCache: DefaultLeafCache,
		stopwatch: time.Now,
	}}
	for _, o := range opts {
		o(&v.defaults)
	}
	if v.defaults.leafCache >= 0 {
		v.memory = newMemory(v.defaults.leafCache)
	}
	return v
}

// Verify finds a path from the leaf to a CA that the domain trusts and judges
// it. It returns the chain, or an [*Error] that says everything that stands
// against the certificate. All of one call is decided under one snapshot and at
// one moment.
func (v *Verifier) Verify(ctx context.Context, d trust.Domain, leaf *x509.Certificate, opts ...Option) (*Chain, error) {
	q := v.question(ctx, d, opts)
	began := q.begin()
	var der []byte
	if leaf != nil {
		der = leaf.Raw
	}
	chain, err := v.decide(&q, leaf)
	q.report(began, der, err)
	return chain, err
}

func (v *Verifier) decide(q *question, leaf *x509.Certificate) (*Chain, error) {
	if err := q.prepare(); err != nil {
		return nil, err
	}
	if leaf == nil || len(leaf.Raw) == 0 {
		return nil, q.refuse(&Finding{Reason: Malformed, Detail: "no certificate was given"})
	}
	_, chain, err := v.search(*q).run(analyse(leaf))
	return chain, err
}

// VerifyDER is [Verifier.Verify] for a certificate in DER, and the way for
// certificates that come again and again: one that was accepted before under
// the same rules is not parsed, nor is any signature checked again; time,
// revocation and the presence of every CA of its path are judged all the same,
// so that none that was removed is used. The chain
// may be one that other calls got too; it must not be changed.
func (v *Verifier) VerifyDER(ctx context.Context, d trust.Domain, der []byte, opts ...Option) (*Chain, error) {
	q := v.question(ctx, d, opts)
	began := q.begin()
	chain, err := v.decideDER(&q, der)
	q.report(began, der, err)
	return chain, err
}

func (v *Verifier) decideDER(q *question, der []byte) (*Chain, error) {
	if err := q.prepare(); err != nil {
		return nil, err
	}
	remembers := v.memory != nil && v.defaults.leafCache > 0
	if remembers {
		q.leaf = sha256.Sum256(der)
		if chain := v.recall(q, q.leaf); chain != nil {
			q.remembered = true
			return chain, nil
		}
	}
	leaf, err := trust.ParseCertificate(der)
	if err != nil {
		return nil, q.refuse(&Finding{Reason: Malformed, Detail: err.Error(), Err: err})
	}
	path, chain, err := v.search(*q).run(analyse(leaf))
	if err == nil && remembers {
		v.memory.learn(q, path, chain)
	}
	return chain, err
}

// question is one call: who is asked what, when, under which rules.
type question struct {
	*settings
	ctx      context.Context
	source   trust.Source
	domain   trust.Domain
	snapshot *trust.Snapshot
	now      time.Time

	// For the observers.
	leaf       [sha256.Size]byte // of the leaf's bytes, once it is known
	remembered bool
}

// question puts the call's options over the verifier's. Without options of its
// own it costs no allocation.
func (v *Verifier) question(ctx context.Context, d trust.Domain, opts []Option) question {
	if v == nil {
		v = new(Verifier)
	}
	q := question{settings: &v.defaults, ctx: ctx, source: v.source, domain: d}
	if len(opts) > 0 {
		own := v.defaults
		for _, o := range opts {
			o(&own)
		}
		q.settings = &own
	}
	return q
}

// prepare checks the configuration and fetches what the call needs.
func (q *question) prepare() error {
	problem := q.misconfigured()
	if q.source == nil {
		problem = "no trust source"
	}
	if problem != "" {
		return q.refuse(&Finding{Reason: Misconfigured, Detail: problem})
	}
	if n := len(q.intermediates) + len(q.intermediatesDER); n > maxIntermediates {
		return q.refuse(&Finding{Reason: BudgetExceeded,
			Detail: fmt.Sprintf("%d intermediates; the limit is %d", n, maxIntermediates)})
	}
	q.setTime()
	snapshot, err := q.source.Snapshot(q.ctx, q.domain)
	if err == nil {
		err = q.ctx.Err()
	}
	switch {
	case err != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)):
		return q.refuse(&Finding{Reason: Canceled, Detail: err.Error(), Err: err})
	case err != nil:
		return q.refuse(&Finding{Reason: SourceFailed, Detail: err.Error(), Err: err})
	case snapshot == nil:
		return q.refuse(&Finding{Reason: SourceFailed, Detail: "it gave no snapshot"})
	case snapshot.Domain() != q.domain:
		return q.refuse(&Finding{Reason: SourceFailed, Detail: fmt.Sprintf("it gave a snapshot of %q", snapshot.Domain())})
	}
	q.snapshot = snapshot
	return nil
}

func (q *question) setTime() {
	if q.now = q.at; q.now.IsZero() {
		q.now = q.clock()
	}
	// RFC 5280 knows no fractions of a second.
	q.now = q.now.Truncate(time.Second)
}

func (v *Verifier) search(q question) *search { return &search{question: q, memory: v.memory} }

// refuse makes the error; every refusal passes through here.
func (q *question) refuse(found ...*Finding) *Error {
	code := q.platformCode
	if code == nil {
		code = Reason.PlatformCode
	}
	for _, f := range found {
		f.PlatformCode = code(f.Reason)
	}
	return &Error{Findings: found, Domain: q.domain, At: q.now}
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

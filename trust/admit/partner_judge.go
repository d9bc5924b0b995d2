package admit

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
)

// judge looks for a path through what the store holds. Where there is none it looks again with the others of the upload at hand,
// so that "its issuer has expired" is not told as "its issuer is unknown"; what
// is found then mends nothing.
func (u *partnerUpload) judge(ctx context.Context, world *hypothesis, r *PartnerReport, others []*x509.Certificate, now time.Time) (*certchain.Chain, error) {
	verifier := certchain.New(world, certchain.WithoutCache())
	opts := append(slices.Clip(u.verification), certchain.At(now), certchain.Organization(r.Organization))
	chain, err := verifier.Verify(ctx, r.Domain, r.Certificate, opts...)
	if err == nil {
		if depth := stranger(world.snapshot, chain.Certificates); depth > 0 {
			err = throughStranger(r.Domain, chain, depth, now)
		}
	}
	var refusal *certchain.Error
	if errors.As(err, &refusal) && faultOfPath(refusal) >= 0 && len(others) > 0 {
		opts = append(opts, certchain.Intermediates(others[:min(len(others), maxBlamed)]...))
		again, second := verifier.Verify(ctx, r.Domain, r.Certificate, opts...)
		err = explained(world.snapshot, refusal, again, second)
	}
	return chain, err
}

// explained is the refusal, or what explains it better: what stands against the
// path that the upload would have. Where nothing does, the refusal says what
// came along.
func explained(snapshot *trust.Snapshot, refusal *certchain.Error, chain *certchain.Chain, second error) error {
	var path []*x509.Certificate
	var better *certchain.Error
	switch {
	case second == nil:
		path = chain.Certificates
	case !errors.As(second, &better) || errors.Is(second, certchain.Canceled) || errors.Is(second, certchain.SourceFailed) ||
		errors.Is(second, certchain.BudgetExceeded):
		return refusal
	case faultOfPath(better) >= 0:
		return better
	default:
		path = better.Path
	}
	depth := stranger(snapshot, path)
	if depth < 0 {
		return refusal
	}
	told := *refusal
	told.Findings = slices.Clone(refusal.Findings)
	i := faultOfPath(refusal)
	finding := *told.Findings[i]
	finding.Detail += fmt.Sprintf("; the upload brought %s along, which is not trusted in %s: it must be admitted first",
		certchain.SubjectText(path[depth]), refusal.Domain)
	told.Findings[i] = &finding
	return &told
}

// faultOfPath returns the first finding that is none of the rules for the
// certificate itself, or -1.
func faultOfPath(e *certchain.Error) int {
	return slices.IndexFunc(e.Findings, func(f *certchain.Finding) bool { return turn(f) == pathsTurn })
}

// stranger returns the depth of the first certificate above the leaf that the
// store does not hold, or -1.
func stranger(snapshot *trust.Snapshot, path []*x509.Certificate) int {
	for depth, c := range path {
		if _, held := snapshot.Find(c); depth > 0 && !held {
			return depth
		}
	}
	return -1
}

// throughStranger refuses a path that only the host's own options made.
func throughStranger(d trust.Domain, chain *certchain.Chain, depth int, now time.Time) *certchain.Error {
	return &certchain.Error{
		Domain: d, At: now, Path: chain.Certificates, Complete: true,
		Findings: []*certchain.Finding{{
			Reason: certchain.UnknownIssuer, Certificate: chain.Certificates[depth-1], Depth: depth - 1,
			Detail:       fmt.Sprintf("%s is not trusted in %s", certchain.SubjectText(chain.Certificates[depth]), d),
			PlatformCode: certchain.UnknownIssuer.PlatformCode(),
		}},
	}
}

// tooShort is the platform's rule for how long a partner's certificate must be
// valid (PartnerCertificateManagerServiceImpl, KER-KMS-021). RFC 5280 knows no
// fractions of a second.
func (u *partnerUpload) tooShort(leaf *x509.Certificate, now time.Time) *certchain.Finding {
	until := now.UTC().Truncate(time.Second).AddDate(0, 0, u.days)
	if u.days <= 0 || !leaf.NotAfter.Before(until) {
		return nil
	}
	return &certchain.Finding{
		Reason: certchain.ShortValidity, Certificate: leaf, PlatformCode: certchain.ShortValidity.PlatformCode(),
		Detail: fmt.Sprintf("it is valid until %s; at least %d days more are asked for", leaf.NotAfter.UTC().Format(time.DateOnly), u.days),
	}
}

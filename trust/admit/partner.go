package admit

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

// DefaultPartnerDays is for how many days more a partner's certificate must be
// valid, as the platform asks: a year less thirty days of grace.
const DefaultPartnerDays = 335

// PartnerOption configures one [Gate.AdmitPartner].
type PartnerOption func(*partnerUpload)

// Replaces makes the upload a renewal: the certificate of that id is taken out
// in the same step.
func Replaces(id string) PartnerOption { return func(u *partnerUpload) { u.replaces = id } }

// MinRemainingDays asks that the certificate stays valid for that many days
// more, 0 for no such rule. The default is [DefaultPartnerDays].
func MinRemainingDays(days int) PartnerOption { return func(u *partnerUpload) { u.days = days } }

// Verification passes options to the verifier of the partner's certificate, for
// example [certchain.WithRevocation] or [certchain.MatchOrganization].
func Verification(opts ...certchain.Option) PartnerOption {
	return func(u *partnerUpload) { u.verification = append(slices.Clip(u.verification), opts...) }
}

// SignedBy has the platform's own certificate over the partner's key issued
// before anything is stored, and kept beside the partner's. It is called once,
// for a certificate that was accepted, outside of any lock.
func SignedBy(issue func(ctx context.Context, chain *certchain.Chain) (*x509.Certificate, error)) PartnerOption {
	return func(u *partnerUpload) { u.issue = issue }
}

type partnerUpload struct {
	replaces     string
	days         int
	verification []certchain.Option
	issue        func(context.Context, *certchain.Chain) (*x509.Certificate, error)
}

// ErrPartnerStore is returned by [Gate.AdmitPartner] where the gate's store
// keeps no partners' certificates.
var ErrPartnerStore = errors.New("admit: the store keeps no partners' certificates")

// AdmitPartner judges a partner's certificate (PEM, DER, PKCS#7, or base64 of
// these) by what the platform asks of one: in the gate's domain, of the
// organisation that the partner registered, valid for long enough; and keeps it
// if it passes. What the upload brings beside the certificate helps to build
// its path and is not kept. The certificate is the first one, or the only one
// that issued no other of the upload.
//
// The error says that nothing could be done, as that of [Gate.Admit]; what
// stands against the certificate is in the report.
func (g *Gate) AdmitPartner(ctx context.Context, d trust.Domain, organization string, data []byte, opts ...PartnerOption) (*PartnerReport, error) {
	if g == nil || g.store == nil || g.now == nil {
		return nil, ErrNoStore
	}
	store, ok := g.store.(trust.PartnerStore)
	if !ok {
		return nil, ErrPartnerStore
	}
	u := partnerUpload{days: DefaultPartnerDays}
	for _, o := range opts {
		o(&u)
	}
	now := g.now()
	report := &PartnerReport{Domain: d, Organization: organization}
	entries, err := pkcs7.ReadEntries(data)
	if err != nil {
		return nil, fmt.Errorf("admit: %w", err)
	}
	leaf, helpers, err := partnerOf(entries)
	if err != nil {
		report.Err = err
		report.Findings = []*certchain.Finding{{Reason: certchain.Malformed, Detail: err.Error(), Err: err}}
		return report, nil
	}
	report.Certificate = leaf
	verifier := certchain.New(g.store, certchain.At(now), certchain.WithoutCache(), certchain.Intermediates(helpers...), certchain.Organization(organization))
	chain, err := verifier.Verify(ctx, d, leaf, u.verification...)
	for _, fatal := range []certchain.Reason{certchain.SourceFailed, certchain.Canceled, certchain.Misconfigured} {
		if errors.Is(err, fatal) {
			return nil, fmt.Errorf("admit: %w", err)
		}
	}
	report.refuse(err, u.tooShort(leaf, now))
	if report.Err != nil {
		return report, nil
	}
	report.Chain = chain
	return report, u.keep(ctx, store, report, now)
}

// partnerOf tells the partner's certificate from the others of the upload.
func partnerOf(entries []trust.Entry) (leaf *x509.Certificate, others []*x509.Certificate, err error) {
	var certs []*x509.Certificate
	for _, e := range entries {
		if e.Err != nil {
			return nil, nil, e.Err
		}
		certs = append(certs, e.Certificate)
	}
	leaf = certs[0]
	var leaves []*x509.Certificate
	for _, c := range certs {
		issues := func(o *x509.Certificate) bool {
			return o != c && bytes.Equal(o.RawIssuer, c.RawSubject) && !bytes.Equal(o.Raw, c.Raw)
		}
		if !slices.ContainsFunc(certs, issues) {
			leaves = append(leaves, c)
		}
	}
	if len(leaves) == 1 {
		leaf = leaves[0]
	}
	return leaf, slices.DeleteFunc(certs, func(c *x509.Certificate) bool { return c == leaf }), nil
}

// tooShort is the platform's rule for how long a partner's certificate must be
// valid (PartnerCertificateManagerServiceImpl, KER-KMS-021).
func (u *partnerUpload) tooShort(leaf *x509.Certificate, now time.Time) *certchain.Finding {
	until := now.AddDate(0, 0, u.days)
	if u.days <= 0 || now.After(leaf.NotAfter) || !leaf.NotAfter.Before(until) {
		return nil
	}
	return &certchain.Finding{
		Reason: certchain.ShortValidity, Certificate: leaf, PlatformCode: certchain.ShortValidity.PlatformCode(),
		Detail: fmt.Sprintf("it is valid until %s; at least %d days more are asked for", leaf.NotAfter.UTC().Format(time.DateOnly), u.days),
	}
}

// keep stores an accepted certificate.
func (u *partnerUpload) keep(ctx context.Context, store trust.PartnerStore, r *PartnerReport, now time.Time) error {
	p := trust.PartnerCertificate{Domain: r.Domain, Organization: r.Organization, Certificate: r.Certificate, AddedAt: now}
	present, err := store.ListPartners(ctx, trust.PartnerQuery{Domain: r.Domain, SHA256: trust.SHA256(r.Certificate)})
	if err != nil {
		return fmt.Errorf("admit: %w", err)
	}
	for _, other := range present.Partners {
		if bytes.Equal(other.Certificate.Raw, r.Certificate.Raw) && (u.replaces == "" || u.replaces == other.ID) {
			r.Verdict, r.Stored = AlreadyPresent, other
			return nil
		}
	}
	if u.issue != nil {
		if p.Signed, err = u.issue(ctx, r.Chain); err != nil {
			return fmt.Errorf("admit: the platform's own certificate: %w", err)
		}
	}
	stored, err := store.PutPartner(ctx, p, u.replaces)
	if err != nil {
		return fmt.Errorf("admit: %w", err)
	}
	r.Verdict, r.Stored, r.Replaced = Admitted, stored, u.replaces
	return nil
}

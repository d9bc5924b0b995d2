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
// in the same step. It must be one of the same domain ([trust.ErrNotFound]) and
// of exactly the organisation that uploads ([ErrReplacesOther]).
func Replaces(id string) PartnerOption { return func(u *partnerUpload) { u.replaces = id } }

// MinRemainingDays asks that the certificate stays valid for that many days
// more, 0 for no such rule. The default is [DefaultPartnerDays].
func MinRemainingDays(days int) PartnerOption { return func(u *partnerUpload) { u.days = days } }

// Verification passes options to the verifier of the partner's certificate, for
// example [certchain.WithRevocation] or [certchain.MatchOrganization]. The time
// is the gate's and the organisation the registered one, whatever
// [certchain.At], [certchain.WithClock] or [certchain.Organization] say; a path
// through [certchain.Intermediates] is refused, as one through what the upload
// brings. A [certchain.Observer] may be told of two verifications, the second
// one made to explain the refusal by the first.
func Verification(opts ...certchain.Option) PartnerOption {
	return func(u *partnerUpload) { u.verification = append(slices.Clip(u.verification), opts...) }
}

// SignedBy has the platform's own certificate over the partner's key issued
// before anything is stored, and kept beside the partner's; none without an
// error is [ErrNotSigned]. It is called once, for a certificate that was
// accepted, outside of any lock. What it returns is lost where the store then
// keeps nothing: it failed, or has the partner's certificate under an id that
// is not its default one.
func SignedBy(issue func(ctx context.Context, chain *certchain.Chain) (*x509.Certificate, error)) PartnerOption {
	return func(u *partnerUpload) { u.issue = issue }
}

type partnerUpload struct {
	replaces     string
	days         int
	verification []certchain.Option
	issue        func(context.Context, *certchain.Chain) (*x509.Certificate, error)
}

var (
	// ErrPartnerStore is returned by [Gate.AdmitPartner] where the gate's store
	// keeps no partners' certificates.
	ErrPartnerStore = errors.New("admit: the store keeps no partners' certificates")
	// ErrReplacesOther is returned for a renewal that would take out the
	// certificate of another organisation.
	ErrReplacesOther = errors.New("admit: the certificate to be replaced is another organisation's")
	// ErrNotSigned is returned where [SignedBy] was to have a certificate issued
	// and got none.
	ErrNotSigned = errors.New("admit: no certificate was issued over the partner's key")
)

// AdmitPartner judges a partner's certificate (PEM, DER, PKCS#7, or base64 of
// these) by what the platform asks of one: in the gate's domain, of the
// organisation that the partner registered, valid for long enough; and keeps it
// if it passes. Its path must be one of the store alone, as every later
// verification will see it: what the upload brings beside the certificate is
// neither kept nor part of the path, and only explains a refusal better. The
// certificate is the first one, or the only one that issued no other of the
// upload. It may be that of a CA, because the platform issues such to partners;
// in the store it vouches for nobody.
//
// The error says that nothing could be done, as that of [Gate.Admit], or that a
// renewal may not replace what it names; what stands against the certificate is
// in the report.
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
	entries, err := pkcs7.ReadEntries(data)
	if err != nil {
		return nil, fmt.Errorf("admit: %w", err)
	}
	old, err := u.replaced(ctx, store, d, organization)
	if err != nil {
		return nil, err
	}
	report := &PartnerReport{Domain: d, Organization: organization}
	leaf, others, err := partnerOf(entries)
	if err != nil {
		report.Err = err
		report.Findings = []*certchain.Finding{{Reason: certchain.Malformed, Detail: err.Error(), Err: err}}
		return report, nil
	}
	report.Certificate = leaf
	now := g.now()
	snapshot, err := g.store.Snapshot(ctx, d)
	if err != nil {
		return nil, fmt.Errorf("admit: %w", err)
	}
	chain, err := u.judge(ctx, &hypothesis{g.store, snapshot}, report, others, now)
	for _, fatal := range []certchain.Reason{certchain.SourceFailed, certchain.Canceled, certchain.Misconfigured} {
		if errors.Is(err, fatal) {
			return nil, fmt.Errorf("admit: %w", err)
		}
	}
	report.refuse(err, u.tooShort(leaf, now), now)
	if report.Err != nil {
		return report, nil
	}
	report.Chain = chain
	return report, u.keep(ctx, store, report, old, now)
}

// replaced returns the certificate that the upload is to replace, if any.
func (u *partnerUpload) replaced(ctx context.Context, store trust.PartnerStore, d trust.Domain, organization string) (old trust.PartnerCertificate, err error) {
	if u.replaces == "" {
		return old, nil
	}
	if old, err = store.Partner(ctx, d, u.replaces); err != nil {
		return old, fmt.Errorf("admit: %w", err)
	}
	if old.Organization != organization {
		return old, fmt.Errorf("%w: %q", ErrReplacesOther, old.ID)
	}
	return old, nil
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

// keep stores an accepted certificate. It asks for no list unless the store says
// that it has the certificate: a list of the domain reads other partners' rows,
// and one of them that is broken must keep nobody else out.
func (u *partnerUpload) keep(ctx context.Context, store trust.PartnerStore, r *PartnerReport, old trust.PartnerCertificate, now time.Time) (err error) {
	p := trust.PartnerCertificate{Domain: r.Domain, Organization: r.Organization, Certificate: r.Certificate, AddedAt: now}
	if u.replaces == "" && u.issue != nil {
		if old, err = store.Partner(ctx, r.Domain, p.DefaultID()); err != nil && !errors.Is(err, trust.ErrNotFound) {
			return fmt.Errorf("admit: %w", err)
		}
	}
	if old.Certificate != nil && bytes.Equal(old.Certificate.Raw, r.Certificate.Raw) {
		r.Verdict, r.Stored = AlreadyPresent, old
		return nil
	}
	if u.issue != nil {
		p.Signed, err = u.issue(ctx, r.Chain)
		if err == nil && p.Signed == nil {
			err = ErrNotSigned
		}
		if err != nil {
			return fmt.Errorf("admit: the platform's own certificate: %w", err)
		}
	}
	stored, err := store.PutPartner(ctx, p, u.replaces)
	switch {
	case err == nil:
		r.Verdict, r.Stored, r.Replaced = Admitted, stored, u.replaces
		return nil
	case errors.Is(err, trust.ErrExists) && u.replaces == "":
		return u.present(ctx, store, r, err)
	}
	return fmt.Errorf("admit: %w", err)
}

// present finds what the store says that it has.
func (u *partnerUpload) present(ctx context.Context, store trust.PartnerStore, r *PartnerReport, exists error) error {
	page, err := store.ListPartners(ctx, trust.PartnerQuery{Domain: r.Domain, SHA256: trust.SHA256(r.Certificate), Size: trust.MaxPageSize})
	for _, p := range page.Partners {
		if bytes.Equal(p.Certificate.Raw, r.Certificate.Raw) {
			r.Verdict, r.Stored = AlreadyPresent, p
			return nil
		}
	}
	return fmt.Errorf("admit: %w", errors.Join(exists, err))
}

package trust

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// PartnerCertificate is a partner's own certificate in a store. It vouches for
// nobody: no path ends in it or leads through it.
type PartnerCertificate struct {
	ID           string // as of a CA, but unique among the partners' certificates
	Domain       Domain
	Organization string            // the name that the partner registered
	Certificate  *x509.Certificate // what the partner uploaded
	Signed       *x509.Certificate // what the platform issued over the same key, or nil
	AddedAt      time.Time
}

// DefaultID is as [CA.DefaultID], and differs from that of a CA with the same
// certificate.
func (p PartnerCertificate) DefaultID() string {
	if p.Certificate == nil {
		return defaultID(p.Domain+"/partner", nil)
	}
	return defaultID(p.Domain+"/partner", p.Certificate.Raw)
}

// ErrInvalidPartner is returned for a partner's certificate that no store can
// keep: without certificate, domain or organisation, or with a signed
// certificate over another key.
var ErrInvalidPartner = errors.New("trust: invalid partner certificate")

// Validate says why a store could not keep the certificate, or nil. Stores call
// it; it judges nothing else.
func (p PartnerCertificate) Validate() error {
	if err := p.Domain.validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidPartner, err)
	}
	if err := validateID(p.ID); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidPartner, err)
	}
	switch n := utf8.RuneCountInString(p.Organization); {
	case p.Organization == "" || !utf8.ValidString(p.Organization) || strings.ContainsRune(p.Organization, 0):
		return fmt.Errorf("%w: organisation %q", ErrInvalidPartner, clip(p.Organization))
	case n > MaxOrganizationLength:
		return fmt.Errorf("%w: an organisation of %d characters, the limit is %d", ErrInvalidPartner, n, MaxOrganizationLength)
	}
	if p.Certificate == nil || len(p.Certificate.Raw) == 0 {
		return fmt.Errorf("%w: no certificate", ErrInvalidPartner)
	}
	c, err := ParseCertificate(p.Certificate.Raw)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidPartner, err)
	}
	if p.Signed == nil {
		return nil
	}
	signed, err := ParseCertificate(p.Signed.Raw)
	if err != nil {
		return fmt.Errorf("%w: the signed one: %w", ErrInvalidPartner, err)
	}
	if string(signed.RawSubjectPublicKeyInfo) != string(c.RawSubjectPublicKeyInfo) {
		return fmt.Errorf("%w: the signed one is over another key", ErrInvalidPartner)
	}
	return nil
}

// own is the certificate as it can be kept: valid, and with objects that nobody
// else holds.
func (p PartnerCertificate) own() (PartnerCertificate, error) {
	if err := p.Validate(); err != nil {
		return PartnerCertificate{}, err
	}
	var err error
	if p.Certificate, err = ParseCertificate(p.Certificate.Raw); err == nil && p.Signed != nil {
		p.Signed, err = ParseCertificate(p.Signed.Raw)
	}
	return p, err
}

// PartnerStore is an optional interface of a [Store] that keeps the
// certificates of partners beside the CAs.
//
// PutPartner keeps a certificate and, if replaces is not "", takes out the one
// of that id in the same step: a renewal. It gives [ErrInvalidPartner],
// [ErrNotFound] where there is nothing to replace in that domain, and
// [ErrExists] where the id is taken or the domain holds the same certificate in
// another place than the one that is replaced. Empty IDs and times are filled
// as in [Store.Add]; the certificate is returned as it was kept.
//
// Partner, RemovePartner and ListPartners are as Snapshot.ByID, Remove and List
// of CAs. A change is seen by the next call, and a call whose ctx has ended
// changes nothing.
type PartnerStore interface {
	PutPartner(ctx context.Context, p PartnerCertificate, replaces string) (PartnerCertificate, error)
	Partner(ctx context.Context, d Domain, id string) (PartnerCertificate, error)
	RemovePartner(ctx context.Context, d Domain, id string) error
	ListPartners(ctx context.Context, q PartnerQuery) (PartnerPage, error)
}

// PartnerQuery selects partners' certificates, in the order in which they were
// added. The zero value of each field selects all.
type PartnerQuery struct {
	Domain        Domain
	Organization  string    // exactly
	SHA256        string    // of the certificate or of the signed one, in hex
	ExpiresFrom   time.Time // of the certificate's notAfter: from it on
	ExpiresBefore time.Time // and before it
	Page, Size    int       // as in Query
}

// Validate gives [ErrDomain] or [ErrQuery] for a query that asks for what there
// is not.
func (q PartnerQuery) Validate() error {
	if q.Domain != "" {
		if err := q.Domain.validate(); err != nil {
			return err
		}
	}
	if _, err := thumbprints([]string{q.SHA256}); q.SHA256 != "" && (err != nil || len(q.SHA256) != 2*sha256.Size) {
		return fmt.Errorf("%w: %q is no SHA-256 in hex", ErrQuery, clip(q.SHA256))
	}
	return nil
}

// Selects reports whether the query selects a certificate.
func (q PartnerQuery) Selects(p PartnerCertificate) bool {
	return (q.Domain == "" || q.Domain == p.Domain) && (q.Organization == "" || q.Organization == p.Organization) &&
		within(p.Certificate.NotAfter, q.ExpiresFrom, q.ExpiresBefore) &&
		(q.SHA256 == "" || strings.EqualFold(q.SHA256, SHA256(p.Certificate)) || p.Signed != nil && strings.EqualFold(q.SHA256, SHA256(p.Signed)))
}

// Cut returns the query's page of all that it selects.
func (q PartnerQuery) Cut(all []PartnerCertificate) PartnerPage {
	from, to := span(q.Page, q.Size, len(all))
	return PartnerPage{Partners: slices.Clone(all[from:to]), Total: len(all)}
}

// PartnerPage is one page of a list.
type PartnerPage struct {
	Partners []PartnerCertificate
	Total    int // how many the query selects on all pages
}

// Unequal compares what two services hold of the same partners, by whatever
// key they share, for example the partner's id. Where the two certificates
// differ, one service works with a stale one: it encrypts for a key that the
// partner has given up, or refuses what the other accepts. The order is that of
// the keys.
func Unequal(a, b map[string]*x509.Certificate) []Inequality {
	keys := map[string]bool{}
	for k := range a {
		keys[k] = true
	}
	for k := range b {
		keys[k] = true
	}
	var found []Inequality
	for k := range keys {
		one := Inequality{Key: k, A: sha256OrNone(a[k]), B: sha256OrNone(b[k])}
		if one.A != one.B {
			found = append(found, one)
		}
	}
	slices.SortFunc(found, func(x, y Inequality) int { return strings.Compare(x.Key, y.Key) })
	return found
}

// Inequality is a partner for whom two services hold different certificates.
type Inequality struct {
	Key  string
	A, B string // SHA-256 of the two certificates in hex; "" where there is none
}

func sha256OrNone(c *x509.Certificate) string {
	if c == nil {
		return ""
	}
	return SHA256(c)
}

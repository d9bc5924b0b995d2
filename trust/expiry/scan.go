package expiry

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/trust"
)

// Report is what runs out in a span of time.
type Report struct {
	From     time.Time  `json:"from"`
	Until    time.Time  `json:"until"` // not itself in the span
	Expiring []Expiring `json:"expiring"`
}

// Expiring is a certificate that runs out in the span.
type Expiring struct {
	Item
	// CutsOff is which partners' certificates have a valid path up to that
	// moment and none right after it, although they are valid longer
	// themselves. It is empty for a partner's own certificate.
	CutsOff []Item `json:"cutsOff,omitempty"`
}

// Items returns the certificates alone, as [Schedule.Due] takes them.
func (r *Report) Items() []Item {
	items := make([]Item, len(r.Expiring))
	for i, e := range r.Expiring {
		items[i] = e.Item
	}
	return items
}

var (
	// ErrSpan is returned for a span that ends before it begins.
	ErrSpan = errors.New("expiry: the span ends before it begins")
	// ErrIncomplete is returned together with a report where a part of the
	// store could not be read. What is in the report is so.
	ErrIncomplete = errors.New("expiry: the report is incomplete")
)

// Scan looks through a store for what runs out from a time on and before
// another, in the order in which it does. The zero from takes in all that has
// run out already. Where the store keeps partners' certificates they are looked
// at too, and their paths judged by [certchain.Partner] unless the options say
// otherwise; the clock and the time of the options play no part. All is judged
// by what the store holds now, for times that are over, too.
//
// What can be read is reported: where a domain or a partner cannot, there is a
// report and an error that says what is missing from it ([ErrIncomplete]). Any
// other error comes without a report. What comes or goes while the scan goes on
// may or may not be in it; what stays is.
func Scan(ctx context.Context, store trust.Source, from, until time.Time, opts ...certchain.Option) (*Report, error) {
	if until.Before(from) {
		return nil, fmt.Errorf("%w: %s and %s", ErrSpan, from, until)
	}
	domains := []trust.Domain{trust.Auth, trust.Device, trust.FTM, trust.MISP}
	if lister, ok := store.(trust.DomainLister); ok {
		var err error
		if domains, err = lister.Domains(ctx); err != nil {
			return nil, fmt.Errorf("expiry: %w", err)
		}
	}
	s := scan{
		report: &Report{From: from, Until: until, Expiring: []Expiring{}}, domains: domains, place: map[string]int{},
		seen: map[string]bool{}, unjudged: map[trust.Domain]bool{}, verifier: certchain.New(store, opts...),
	}
	s.cas(ctx, store)
	if partners, ok := store.(trust.PartnerStore); ok {
		s.partners(ctx, partners)
	}
	if err := cmp.Or(ctx.Err(), s.unusable); err != nil {
		return nil, fmt.Errorf("expiry: %w", err)
	}
	slices.SortFunc(s.report.Expiring, func(a, b Expiring) int { return compareItems(a.Item, b.Item) })
	if len(s.missing) > 0 {
		return s.report, fmt.Errorf("%w: %w", ErrIncomplete, errors.Join(s.missing...))
	}
	return s.report, nil
}

func compareItems(a, b Item) int {
	return cmp.Or(a.NotAfter.Compare(b.NotAfter), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

type scan struct {
	report   *Report
	domains  []trust.Domain
	place    map[string]int  // of a CA in the report, by domain and SHA-256
	seen     map[string]bool // partners, by domain and id
	verifier *certchain.Verifier
	unjudged map[trust.Domain]bool // whose paths cannot be judged
	missing  []error
	unusable error // the options are
}

func (s *scan) covers(end time.Time) bool {
	return !end.Before(s.report.From) && end.Before(s.report.Until)
}

func (s *scan) miss(d trust.Domain, err error) {
	s.missing = append(s.missing, fmt.Errorf("%s: %w", d, err))
}

func (s *scan) cas(ctx context.Context, store trust.Source) {
	for _, d := range s.domains {
		snapshot, err := store.Snapshot(ctx, d)
		if err != nil {
			s.miss(d, err)
			s.unjudged[d] = true
			continue
		}
		for r := range snapshot.Records() {
			if s.covers(r.NotAfter()) {
				item := ofCA(r)
				s.place[string(d)+item.SHA256] = len(s.report.Expiring)
				s.report.Expiring = append(s.report.Expiring, Expiring{Item: item})
			}
		}
	}
}

// partners goes through all of them, or, where they cannot be listed as a
// whole, through those of each domain, so that a broken row hides no more than
// its own.
func (s *scan) partners(ctx context.Context, store trust.PartnerStore) {
	whole := s.list(ctx, store, "")
	if whole == nil {
		return
	}
	before := len(s.missing)
	for _, d := range s.domains {
		if err := s.list(ctx, store, d); err != nil {
			s.miss(d, fmt.Errorf("partners' certificates: %w", err))
		}
	}
	if len(s.missing) == before { // it is in none of the domains that we know
		s.missing = append(s.missing, fmt.Errorf("partners' certificates: %w", whole))
	}
}

// maxPasses bounds how often a list that does not come to rest is read.
const maxPasses = 16

// list goes through a list page by page. Where a partner is removed meanwhile
// those behind it move up, one of them past the end of a page: a list of more
// than a page is read until a pass finds nobody new.
func (s *scan) list(ctx context.Context, store trust.PartnerStore, d trust.Domain) error {
	for range maxPasses {
		page, fresh := 0, 0
		for ; ; page++ {
			list, err := store.ListPartners(ctx, trust.PartnerQuery{Domain: d, Page: page, Size: trust.MaxPageSize})
			if err != nil {
				return err
			}
			for _, p := range list.Partners {
				if key := string(p.Domain) + "/" + p.ID; !s.seen[key] {
					s.seen[key] = true
					fresh++
					s.partner(ctx, p)
				}
			}
			if len(list.Partners) < trust.MaxPageSize {
				break
			}
		}
		if page == 0 || fresh == 0 {
			break
		}
	}
	return nil
}

func (s *scan) partner(ctx context.Context, p trust.PartnerCertificate) {
	if s.covers(p.Certificate.NotAfter) {
		s.report.Expiring = append(s.report.Expiring, Expiring{Item: ofPartner(p)})
	}
	if s.unjudged[p.Domain] || s.unusable != nil {
		return
	}
	switch err := s.follow(ctx, p); {
	case errors.Is(err, certchain.Misconfigured):
		s.unusable = err
	case err != nil:
		s.miss(p.Domain, fmt.Errorf("whom an end cuts off: %w", err))
		s.unjudged[p.Domain] = true
	}
}

// follow goes from path to path: each is followed to the end of the first of
// its CAs; where another path begins there, nothing was cut off. Where none
// does, it goes on at the next moment at which one may begin. Every step leads
// to a later end or beginning of a certificate, of which there are so many.
func (s *scan) follow(ctx context.Context, p trust.PartnerCertificate) error {
	at := s.report.From
	if p.Certificate.NotBefore.After(at) {
		at = p.Certificate.NotBefore
	}
	var ended []string // the CAs whose end the last step went past
	for !at.After(p.Certificate.NotAfter) && !at.After(s.report.Until) {
		chain, err := s.verifier.Verify(ctx, p.Domain, p.Certificate, certchain.At(at))
		switch {
		case errors.Is(err, certchain.SourceFailed), errors.Is(err, certchain.Canceled), errors.Is(err, certchain.Misconfigured):
			return err
		case err != nil:
			for _, ca := range ended {
				if i, ok := s.place[ca]; ok {
					s.report.Expiring[i].CutsOff = append(s.report.Expiring[i].CutsOff, ofPartner(p))
				}
			}
			ended = nil
			if at = begins(err, at); at.IsZero() {
				return nil
			}
			continue
		}
		end := chain.Certificates[1].NotAfter
		for _, c := range chain.Certificates[1:] {
			if c.NotAfter.Before(end) {
				end = c.NotAfter
			}
		}
		if !end.Before(s.report.Until) {
			return nil
		}
		ended = ended[:0]
		for _, c := range chain.Certificates[1:] {
			if c.NotAfter.Equal(end) {
				ended = append(ended, string(p.Domain)+trust.SHA256(c))
			}
		}
		at = end.Add(time.Second)
	}
	return nil
}

// begins returns the next moment at which a certificate becomes valid that a
// refusal found not to be so yet, or the zero time.
func begins(err error, at time.Time) (next time.Time) {
	var refusal *certchain.Error
	if !errors.As(err, &refusal) {
		return next
	}
	certs := slices.Clone(refusal.Path)
	for _, f := range refusal.Findings {
		if f.Reason == certchain.NotYetValid && f.Certificate != nil {
			certs = append(certs, f.Certificate)
		}
	}
	for _, c := range certs {
		if c.NotBefore.After(at) && (next.IsZero() || c.NotBefore.Before(next)) {
			next = c.NotBefore
		}
	}
	return next
}

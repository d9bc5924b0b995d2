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
	// moment and none after it, although they are valid longer themselves. It
	// is empty for a partner's own certificate.
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

// ErrSpan is returned for a span that ends before it begins.
var ErrSpan = errors.New("expiry: the span ends before it begins")

// Scan looks through a store for what runs out from a time on and before
// another, in the order in which it does. The zero from takes in what has run
// out already. Where the store keeps partners' certificates they are looked at
// too, and their paths judged by [certchain.Partner] unless the options say
// otherwise; the clock and the time of the options play no part.
func Scan(ctx context.Context, store trust.Source, from, until time.Time, opts ...certchain.Option) (*Report, error) {
	if until.Before(from) {
		return nil, fmt.Errorf("%w: %s and %s", ErrSpan, from, until)
	}
	domains := []trust.Domain{trust.Auth, trust.Device, trust.FTM, trust.MISP}
	if lister, ok := store.(trust.DomainLister); ok {
		var err error
		if domains, err = lister.Domains(ctx); err != nil {
			return nil, err
		}
	}
	report := &Report{From: from, Until: until, Expiring: []Expiring{}}
	place := map[string]int{} // of a CA, by domain and SHA-256
	for _, d := range domains {
		snapshot, err := store.Snapshot(ctx, d)
		if err != nil {
			return nil, err
		}
		for r := range snapshot.Records() {
			if end := r.NotAfter(); !end.Before(from) && end.Before(until) {
				report.Expiring = append(report.Expiring, Expiring{Item: ofCA(r)})
			}
		}
	}
	for i, e := range report.Expiring {
		place[string(e.Domain)+e.SHA256] = i
	}
	if partners, ok := store.(trust.PartnerStore); ok {
		s := scan{report: report, place: place, verifier: certchain.New(store, opts...)}
		if err := s.partners(ctx, partners); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(report.Expiring, func(a, b Expiring) int { return compareItems(a.Item, b.Item) })
	return report, nil
}

func compareItems(a, b Item) int {
	return cmp.Or(a.NotAfter.Compare(b.NotAfter), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

type scan struct {
	report   *Report
	place    map[string]int
	verifier *certchain.Verifier
}

func (s *scan) partners(ctx context.Context, store trust.PartnerStore) error {
	for page := 0; ; page++ {
		list, err := store.ListPartners(ctx, trust.PartnerQuery{Page: page, Size: trust.MaxPageSize})
		if err != nil {
			return err
		}
		for _, p := range list.Partners {
			if end := p.Certificate.NotAfter; !end.Before(s.report.From) && end.Before(s.report.Until) {
				s.report.Expiring = append(s.report.Expiring, Expiring{Item: ofPartner(p)})
			}
			if err := s.follow(ctx, p); err != nil {
				return err
			}
		}
		if len(list.Partners) < trust.MaxPageSize {
			return nil
		}
	}
}

// follow goes from path to path: each is followed to the end of the first of
// its CAs; where another path begins there, nothing was cut off.
func (s *scan) follow(ctx context.Context, p trust.PartnerCertificate) error {
	at := s.report.From
	if at.IsZero() {
		return nil // what has run out already cuts nobody off any more
	}
	var ended []string // the CAs whose end the last step went past
	for !at.After(p.Certificate.NotAfter) {
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
			return nil
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

package storetest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// RunPartners holds a store to the contract of [trust.PartnerStore]. restarts
// says that it outlives the process, as in [RunDurable].
func RunPartners(t *testing.T, restarts bool, place Place) {
	t.Helper()
	checks := partnerChecks
	if restarts {
		checks = append(checks[:len(checks):len(checks)], durablePartnerChecks...)
	}
	run(t, checks, place)
}

// PartnerChecks returns the rules of [RunPartners] for every store.
func PartnerChecks() []Check { return append([]Check(nil), partnerChecks...) }

var partnerChecks = []Check{
	{"PartnerKept", "a partner's certificate comes out as it went in; empty IDs and times are filled", partnerKept},
	{"PartnerRenewed", "a renewal takes the old one out in the same step", partnerRenewed},
	{"PartnerRefused", "what cannot be kept is refused with its reason, and nothing changes", partnerRefused},
	{"PartnerRemoved", "RemovePartner takes one out; ErrNotFound if there is none of that id in that domain", partnerRemoved},
	{"PartnerIsNoCA", "partners' certificates and CAs do not mix, be they the same certificate", partnerIsNoCA},
	{"PartnerLists", "a list has what its query selects, in the order of adding, page by page", partnerLists},
	{"PartnerCanceled", "a call whose ctx has ended says so and changes nothing", partnerCanceled},
	{"PartnerOneWinner", "of concurrent renewals of one certificate one succeeds", partnerOneWinner},
}

var durablePartnerChecks = []Check{
	{"PartnerOutlives", "what was kept is there after a restart, what was replaced or removed is not", partnerOutlives},
}

func (p *probe) partners() trust.PartnerStore {
	p.tb.Helper()
	s, ok := p.store.(trust.PartnerStore)
	if !ok {
		p.fatal("the store is no trust.PartnerStore")
	}
	return s
}

func (p *probe) partner(d trust.Domain, organization string, until time.Time) trust.PartnerCertificate {
	p.tb.Helper()
	return trust.PartnerCertificate{Domain: d, Organization: organization, Certificate: p.caUntil(d, organization, until).Certificate, AddedAt: start}
}

func (p *probe) put(c trust.PartnerCertificate, replaces string) trust.PartnerCertificate {
	p.tb.Helper()
	kept, err := p.partners().PutPartner(p.ctx(), c, replaces)
	p.must(err, "PutPartner of a new certificate")
	return kept
}

func (p *probe) samePartner(got, want trust.PartnerCertificate, when string) {
	p.tb.Helper()
	if want.ID == "" {
		want.ID = want.DefaultID()
	}
	switch {
	case got.ID != want.ID || got.Domain != want.Domain || got.Organization != want.Organization:
		p.fatal("%s: got id %q, domain %q, organisation %q, want %q, %q, %q", when, got.ID, got.Domain, got.Organization, want.ID, want.Domain, want.Organization)
	case got.Certificate == nil || string(got.Certificate.Raw) != string(want.Certificate.Raw):
		p.fatal("%s: another certificate", when)
	case (got.Signed == nil) != (want.Signed == nil) || got.Signed != nil && string(got.Signed.Raw) != string(want.Signed.Raw):
		p.fatal("%s: another signed certificate", when)
	case got.AddedAt.IsZero() || !want.AddedAt.IsZero() && !got.AddedAt.Equal(want.AddedAt):
		p.fatal("%s: AddedAt is %s, want %s", when, got.AddedAt, want.AddedAt)
	}
}

// keeps asks that the store has exactly these certificates.
func (p *probe) keeps(when string, want ...trust.PartnerCertificate) {
	p.tb.Helper()
	page, err := p.partners().ListPartners(p.ctx(), trust.PartnerQuery{Size: trust.MaxPageSize})
	p.must(err, "ListPartners")
	if page.Total != len(want) || len(page.Partners) != len(want) {
		p.fatal("%s: ListPartners has %d and says %d, want %d", when, len(page.Partners), page.Total, len(want))
	}
	for _, w := range want {
		if w.ID == "" {
			w.ID = w.DefaultID()
		}
		got, err := p.partners().Partner(p.ctx(), w.Domain, w.ID)
		p.must(err, "%s: Partner %q", when, w.ID)
		p.samePartner(got, w, when)
	}
}

func partnerKept(p *probe) {
	a := p.partner(trust.Auth, "Acme, Inc.", start.AddDate(3, 0, 0))
	b := p.partner(trust.FTM, "Größe \"& Co\" 株式会社", start.AddDate(3, 0, 0))
	b.ID, b.Signed, b.AddedAt = "an-ID", b.Certificate, time.Time{}
	keptA := p.put(a, "")
	p.samePartner(keptA, a, "what PutPartner returned")
	keptB := p.put(b, "")
	if keptB.AddedAt.IsZero() {
		p.fatal("PutPartner left AddedAt empty")
	}
	p.keeps("after PutPartner", a, keptB)
}

func partnerRenewed(p *probe) {
	first := p.put(p.partner(trust.Auth, "Acme", start.AddDate(1, 0, 0)), "")
	other := p.put(p.partner(trust.Auth, "Other", start.AddDate(1, 0, 0)), "")
	second := p.put(p.partner(trust.Auth, "Acme", start.AddDate(2, 0, 0)), first.ID)
	p.keeps("after a renewal", second, other)
	_, err := p.partners().Partner(p.ctx(), trust.Auth, first.ID)
	p.refused(err, trust.ErrNotFound, "Partner of what was replaced")
	// The same certificate again, under an id of its own or its old one.
	again := second
	again.ID = "again"
	p.keeps("after a renewal by itself", p.put(again, second.ID), other)
	p.keeps("after a renewal by itself under its own id", p.put(again, "again"), other)
	// What was replaced may come back.
	p.put(first, "")
	_, err = p.partners().PutPartner(p.ctx(), p.partner(trust.Auth, "Acme", start), "nobody")
	p.refused(err, trust.ErrNotFound, "a renewal of nothing")
	_, err = p.partners().PutPartner(p.ctx(), p.partner(trust.FTM, "Acme", start), first.ID)
	p.refused(err, trust.ErrNotFound, "a renewal of a certificate of another domain")
	p.keeps("in the end", first, again, other)
}

func partnerRefused(p *probe) {
	good := p.partner(trust.Auth, "Acme", start.AddDate(1, 0, 0))
	for name, change := range map[string]func(*trust.PartnerCertificate){
		"without domain":             func(c *trust.PartnerCertificate) { c.Domain = "" },
		"of a domain that is a path": func(c *trust.PartnerCertificate) { c.Domain = "../A" },
		"without organisation":       func(c *trust.PartnerCertificate) { c.Organization = "" },
		"with too long an organisation": func(c *trust.PartnerCertificate) {
			c.Organization = strings.Repeat("ö", trust.MaxOrganizationLength+1)
		},
		"with a zero octet":              func(c *trust.PartnerCertificate) { c.Organization = "a\x00b" },
		"with bytes that are no text":    func(c *trust.PartnerCertificate) { c.Organization = "a\xff" },
		"without certificate":            func(c *trust.PartnerCertificate) { c.Certificate = nil },
		"with an id that is a path":      func(c *trust.PartnerCertificate) { c.ID = "../x" },
		"with too long an id":            func(c *trust.PartnerCertificate) { c.ID = strings.Repeat("a", trust.MaxIDLength+1) },
		"with a signed one of other key": func(c *trust.PartnerCertificate) { c.Signed = p.ca(trust.Auth, "other").Certificate },
	} {
		bad := good
		change(&bad)
		_, err := p.partners().PutPartner(p.ctx(), bad, "")
		p.refused(err, trust.ErrInvalidPartner, "PutPartner of one %s", name)
	}
	p.keeps("after what cannot be kept")
	longest := good
	longest.Organization = strings.Repeat("ö", trust.MaxOrganizationLength)
	kept := p.put(longest, "")
	_, err := p.partners().PutPartner(p.ctx(), good, "")
	p.refused(err, trust.ErrExists, "PutPartner of a certificate that is there")
	taken := p.partner(trust.Auth, "Other", start.AddDate(1, 0, 0))
	taken.ID = kept.ID
	_, err = p.partners().PutPartner(p.ctx(), taken, "")
	p.refused(err, trust.ErrExists, "PutPartner under an id that is taken")
	taken.Domain = trust.FTM
	_, err = p.partners().PutPartner(p.ctx(), taken, "")
	p.refused(err, trust.ErrExists, "PutPartner under an id that is taken in another domain")
	p.keeps("after refusals", kept)
	elsewhere := good
	elsewhere.Domain = trust.FTM
	p.keeps("after the same certificate in another domain", kept, p.put(elsewhere, ""))
	_, err = p.partners().ListPartners(p.ctx(), trust.PartnerQuery{Domain: "auth"})
	p.refused(err, trust.ErrDomain, "ListPartners of a name that is no domain")
	_, err = p.partners().ListPartners(p.ctx(), trust.PartnerQuery{SHA256: "00"})
	p.refused(err, trust.ErrQuery, "ListPartners by what is no SHA-256")
	_, err = p.partners().Partner(p.ctx(), "", kept.ID)
	p.refused(err, trust.ErrDomain, "Partner in no domain")
}

func partnerRemoved(p *probe) {
	a := p.put(p.partner(trust.Auth, "Acme", start.AddDate(1, 0, 0)), "")
	b := p.put(p.partner(trust.FTM, "Acme", start.AddDate(1, 0, 0)), "")
	for _, id := range []string{"", "nobody", b.ID, "%", "a\x00", strings.Repeat("x", 1000)} {
		p.refused(p.partners().RemovePartner(p.ctx(), trust.Auth, id), trust.ErrNotFound, "RemovePartner of %.20q", id)
	}
	p.keeps("after refused removals", a, b)
	p.must(p.partners().RemovePartner(p.ctx(), trust.Auth, a.ID), "RemovePartner")
	p.refused(p.partners().RemovePartner(p.ctx(), trust.Auth, a.ID), trust.ErrNotFound, "RemovePartner for the second time")
	p.keeps("after RemovePartner", b)
	p.keeps("after it came back", b, p.put(a, ""))
}

func partnerIsNoCA(p *probe) {
	ca := p.ca(trust.Auth, "both")
	p.add(ca)
	both := p.put(trust.PartnerCertificate{Domain: trust.Auth, Organization: "Acme", Certificate: ca.Certificate, AddedAt: start}, "")
	p.holds(trust.Auth, "after the CA became a partner", ca)
	p.keeps("after the partner is a CA", both)
	p.refused(p.store.Remove(p.ctx(), trust.Auth, both.ID), trust.ErrNotFound, "Remove of a partner's certificate")
	p.remove(trust.Auth, ca.DefaultID())
	p.keeps("after the CA went", both)
	p.holds(trust.Auth, "after the CA went")
}

func partnerLists(p *probe) {
	var all []trust.PartnerCertificate
	for i := range 7 {
		c := p.partner([]trust.Domain{trust.Auth, trust.FTM}[i%2], fmt.Sprint("Acme ", i/2), start.AddDate(i, 0, 0))
		c.AddedAt = start.Add(-time.Duration(i) * time.Hour)
		all = append([]trust.PartnerCertificate{p.put(c, "")}, all...)
	}
	for name, q := range map[string]trust.PartnerQuery{
		"all":             {},
		"by domain":       {Domain: trust.FTM},
		"by organisation": {Organization: "Acme 1"},
		"by part of it":   {Organization: "Acme"},
		"by expiry":       {ExpiresFrom: start.AddDate(2, 0, 0), ExpiresBefore: start.AddDate(4, 0, 0)},
		"by SHA-256":      {SHA256: trust.SHA256(all[3].Certificate)},
		"by all":          {Domain: all[2].Domain, Organization: all[2].Organization, SHA256: strings.ToUpper(trust.SHA256(all[2].Certificate))},
	} {
		var want []trust.PartnerCertificate
		for _, c := range all {
			if (q.Domain == "" || q.Domain == c.Domain) && (q.Organization == "" || q.Organization == c.Organization) &&
				(q.SHA256 == "" || strings.EqualFold(q.SHA256, trust.SHA256(c.Certificate))) &&
				(q.ExpiresFrom.IsZero() || !c.Certificate.NotAfter.Before(q.ExpiresFrom) && c.Certificate.NotAfter.Before(q.ExpiresBefore)) {
				want = append(want, c)
			}
		}
		var got []trust.PartnerCertificate
		for n := range len(all) {
			q.Page, q.Size = n, 2
			page, err := p.partners().ListPartners(p.ctx(), q)
			p.must(err, "ListPartners %s", name)
			if page.Total != len(want) || len(page.Partners) > 2 {
				p.fatal("ListPartners %s: page %d has %d and says %d, want at most 2 of %d", name, n, len(page.Partners), page.Total, len(want))
			}
			got = append(got, page.Partners...)
		}
		if len(got) != len(want) {
			p.fatal("ListPartners %s has %d on all pages, want %d", name, len(got), len(want))
		}
		for i := range got {
			p.samePartner(got[i], want[i], "ListPartners "+name)
		}
	}
}

func partnerCanceled(p *probe) {
	kept := p.put(p.partner(trust.Auth, "Acme", start.AddDate(1, 0, 0)), "")
	ended, cancel := context.WithCancel(p.ctx())
	cancel()
	_, err := p.partners().PutPartner(ended, p.partner(trust.Auth, "Other", start), kept.ID)
	p.refused(err, context.Canceled, "PutPartner")
	_, err = p.partners().Partner(ended, trust.Auth, kept.ID)
	p.refused(err, context.Canceled, "Partner")
	p.refused(p.partners().RemovePartner(ended, trust.Auth, kept.ID), context.Canceled, "RemovePartner")
	_, err = p.partners().ListPartners(ended, trust.PartnerQuery{})
	p.refused(err, context.Canceled, "ListPartners")
	p.keeps("in the end", kept)
}

func partnerOneWinner(p *probe) {
	last := p.put(p.partner(trust.Auth, "Acme", start.AddDate(1, 0, 0)), "")
	for range rounds / 2 {
		renewals := make([]trust.PartnerCertificate, writers)
		for i := range renewals {
			renewals[i] = p.partner(trust.Auth, "Acme", start.AddDate(2, 0, 0))
		}
		won := make([]bool, writers)
		errs := make([]error, writers)
		var group sync.WaitGroup
		for i := range writers {
			group.Go(func() {
				_, errs[i] = p.partners().PutPartner(p.ctx(), renewals[i], last.ID)
				won[i] = errs[i] == nil
			})
		}
		group.Wait()
		count := 0
		for i := range won {
			if won[i] {
				count++
				last = renewals[i]
				last.ID = last.DefaultID()
			} else {
				p.refused(errs[i], trust.ErrNotFound, "a renewal of what was renewed")
			}
		}
		if count != 1 {
			p.fatal("%d of %d concurrent renewals of one certificate succeeded, want 1", count, writers)
		}
		p.keeps("after concurrent renewals", last)
	}
}

func partnerOutlives(p *probe) {
	a := p.put(p.partner(trust.Auth, "Acme", start.AddDate(1, 0, 0)), "")
	b := p.partner(trust.FTM, "Größe \"& Co\"", start.AddDate(1, 0, 0))
	b.Signed = b.Certificate
	b = p.put(b, "")
	gone := p.put(p.partner(trust.Auth, "Gone", start.AddDate(1, 0, 0)), "")
	p.must(p.partners().RemovePartner(p.ctx(), trust.Auth, gone.ID), "RemovePartner")
	renewed := p.put(p.partner(trust.Auth, "Acme", start.AddDate(2, 0, 0)), a.ID)
	for range 2 {
		p.restart()
		p.keeps("after a restart", renewed, b)
	}
	_, err := p.partners().PutPartner(p.ctx(), b, "")
	p.refused(err, trust.ErrExists, "PutPartner of what is there since before the restart")
}

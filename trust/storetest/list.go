package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mosip/partnertrust/trust"
)

var listChecks = []Check{
	{"ListFilters", "a query selects by domain and role, its zero fields select all, and Total counts what it selects", listFilters},
	{"ListOrder", "a list is in the order in which the CAs were added, of equal times by id", listOrder},
	{"ListSelects", "a query selects by id, names, expiry, time of adding and thumbprint, all at once", listSelects},
	{"ListSorts", "a list is ordered by any of the sort fields, both ways, equal ones in the order in which they were added", listSorts},
	{"ListRefuses", "a query that asks for what there is not gives ErrQuery", listRefuses},
	{"ListPages", "the pages of a list are disjoint, complete and of the size asked for, within MaxPageSize", listPages},
}

func listFilters(p *probe) {
	var all []trust.CA
	for i, d := range []trust.Domain{trust.Auth, trust.FTM, trust.Auth, trust.Auth, trust.FTM, trust.Auth} {
		ca := p.ca(d, fmt.Sprint("CA ", i))
		if i%2 == 1 {
			ca.Role = trust.Intermediate
		}
		all = append(all, ca)
	}
	p.add(all...)
	for _, q := range []trust.Query{
		{},
		{Domain: trust.Auth},
		{Domain: trust.FTM},
		{Domain: trust.Device},
		{Role: trust.Root},
		{Role: trust.Intermediate},
		{Domain: trust.Auth, Role: trust.Intermediate},
		{Domain: trust.FTM, Role: trust.Root},
		{Role: "NOBODY"},
	} {
		want := map[string]bool{}
		for _, ca := range all {
			if (q.Domain == "" || q.Domain == ca.Domain) && (q.Role == "" || q.Role == ca.Role) {
				want[ca.DefaultID()] = true
			}
		}
		page := p.list(q)
		if page.Total != len(want) || len(page.CAs) != len(want) {
			p.fatal("List of %+v has %d CAs and says %d, want %d", q, len(page.CAs), page.Total, len(want))
		}
		for _, ca := range page.CAs {
			if !want[ca.ID] {
				p.fatal("List of %+v has %q of domain %s and role %s", q, ca.Certificate.Subject.CommonName, ca.Domain, ca.Role)
			}
		}
	}
}

func listOrder(p *probe) {
	cas := p.cas(trust.Auth, 12)
	for i := range cas {
		// Pairs of equal times, latest first.
		cas[i].AddedAt = start.Add(-time.Duration(i/2) * time.Hour)
		p.add(cas[i])
	}
	slices.SortFunc(cas, func(a, b trust.CA) int {
		return cmp.Or(a.AddedAt.Compare(b.AddedAt), cmp.Compare(a.DefaultID(), b.DefaultID()))
	})
	p.inOrder("List", p.list(trust.Query{Domain: trust.Auth}).CAs, cas)
	p.remove(trust.Auth, cas[5].DefaultID())
	p.add(cas[5])
	p.inOrder("List after a CA went and came back with its old time", p.list(trust.Query{Domain: trust.Auth}).CAs, cas)
}

func (p *probe) inOrder(what string, got, want []trust.CA) {
	p.tb.Helper()
	if len(got) != len(want) {
		p.fatal("%s has %d CAs, want %d", what, len(got), len(want))
	}
	for i := range got {
		if got[i].ID != want[i].DefaultID() {
			p.fatal("%s: place %d has id %s added at %s, want id %s added at %s", what, i,
				got[i].ID, got[i].AddedAt, want[i].DefaultID(), want[i].AddedAt)
		}
	}
}

func listPages(p *probe) {
	cas := p.cas(trust.Auth, 25)
	for i := range cas {
		cas[i].AddedAt = start.Add(time.Duration(i) * time.Minute)
	}
	p.add(cas...)
	for _, size := range []int{1, 7, 10, 25, 26, trust.MaxPageSize, trust.MaxPageSize + 1, 0, -1} {
		width := size
		if size <= 0 {
			width = trust.DefaultPageSize
		}
		var all []trust.CA
		for n := 0; n*width <= len(cas); n++ {
			page := p.list(trust.Query{Page: n, Size: size})
			if want := max(0, min(width, len(cas)-n*width)); len(page.CAs) != want || page.Total != len(cas) {
				p.fatal("page %d of size %d has %d CAs of %d, want %d of %d", n, size, len(page.CAs), page.Total, want, len(cas))
			}
			all = append(all, page.CAs...)
		}
		p.inOrder(fmt.Sprintf("all pages of size %d, one after the other,", size), all, cas)
	}
	for _, n := range []int{-1, 3, 1 << 62} {
		page := p.list(trust.Query{Page: n, Size: 10})
		if len(page.CAs) != 0 || page.Total != len(cas) {
			p.fatal("page %d, which does not exist, has %d CAs of %d, want none of %d", n, len(page.CAs), page.Total, len(cas))
		}
	}
}

// shop is a set of CAs that differ in everything that a query may ask about.
func (p *probe) shop() []trust.CA {
	p.tb.Helper()
	var cas []trust.CA
	for i, name := range []string{"delta", "Alpha", "charlie", "Bravo", "echo", "alpha"} {
		ca := p.caUntil([]trust.Domain{trust.Auth, trust.FTM, trust.MISP}[i%3], name, start.AddDate(1+i%4, 0, i))
		if i%2 == 1 {
			ca.Role = trust.Intermediate
		}
		ca.AddedAt = start.Add(time.Duration(i%5) * time.Hour)
		ca.ID = ca.DefaultID()
		cas = append(cas, ca)
	}
	p.add(cas...)
	return cas
}

// selects asks that a query selects exactly some CAs.
func (p *probe) selects(what string, q trust.Query, all []trust.CA, want func(trust.CA) bool) {
	p.tb.Helper()
	wanted := map[string]bool{}
	for _, ca := range all {
		if want(ca) {
			wanted[ca.ID] = true
		}
	}
	page := p.list(q)
	if page.Total != len(wanted) || len(page.CAs) != len(wanted) {
		p.fatal("List of those %s has %d CAs and says %d, want %d", what, len(page.CAs), page.Total, len(wanted))
	}
	for _, ca := range page.CAs {
		if !wanted[ca.ID] {
			p.fatal("List of those %s has %q of domain %s", what, ca.Certificate.Subject.CommonName, ca.Domain)
		}
	}
}

func listSelects(p *probe) {
	all := p.shop()
	name := func(ca trust.CA) string { return ca.Certificate.Subject.CommonName }
	p.selects("with an id", trust.Query{ID: all[2].ID}, all, func(ca trust.CA) bool { return ca.ID == all[2].ID })
	p.selects("with an id that nobody has", trust.Query{ID: "nobody"}, all, func(trust.CA) bool { return false })
	p.selects("with a part of an id", trust.Query{ID: all[2].ID[:8]}, all, func(trust.CA) bool { return false })
	p.selects("issued to ALPHA", trust.Query{IssuedTo: "ALPHA"}, all, func(ca trust.CA) bool { return strings.EqualFold(name(ca), "alpha") })
	p.selects("issued by rav", trust.Query{IssuedBy: "rav"}, all, func(ca trust.CA) bool { return name(ca) == "Bravo" })
	p.selects("issued to a pattern", trust.Query{IssuedTo: "%"}, all, func(trust.CA) bool { return false })
	p.selects("issued to a quote", trust.Query{IssuedTo: "'"}, all, func(trust.CA) bool { return false })
	from, to := start.AddDate(2, 0, 0), start.AddDate(3, 0, 2)
	p.selects("that expire in a span", trust.Query{ExpiresFrom: from, ExpiresBefore: to}, all, func(ca trust.CA) bool {
		return !ca.Certificate.NotAfter.Before(from) && ca.Certificate.NotAfter.Before(to)
	})
	p.selects("added in a span", trust.Query{AddedFrom: start.Add(time.Hour), AddedBefore: start.Add(3 * time.Hour)}, all, func(ca trust.CA) bool {
		return !ca.AddedAt.Before(start.Add(time.Hour)) && ca.AddedAt.Before(start.Add(3*time.Hour))
	})
	p.selects("that are not excluded", trust.Query{Exclude: []string{strings.ToUpper(trust.SHA256(all[0].Certificate)), trust.SHA1(all[4].Certificate)}}, all,
		func(ca trust.CA) bool { return ca.ID != all[0].ID && ca.ID != all[4].ID })
	p.selects("that answer to all at once", trust.Query{
		Domain: trust.FTM, Role: trust.Intermediate, ID: all[1].ID, IssuedTo: "alp", IssuedBy: "pha", AddedFrom: start, AddedBefore: start.AddDate(1, 0, 0),
		ExpiresFrom: start, Exclude: []string{trust.SHA256(all[5].Certificate)},
	}, all, func(ca trust.CA) bool { return ca.ID == all[1].ID })
}

func listSorts(p *probe) {
	all := p.shop()
	for field, compare := range map[trust.SortField]func(a, b trust.CA) int{
		"":                    func(a, b trust.CA) int { return 0 },
		trust.SortByAddedAt:   func(a, b trust.CA) int { return 0 },
		trust.SortByRole:      func(a, b trust.CA) int { return cmp.Compare(a.Role, b.Role) },
		trust.SortByID:        func(a, b trust.CA) int { return cmp.Compare(a.ID, b.ID) },
		trust.SortByDomain:    func(a, b trust.CA) int { return cmp.Compare(a.Domain, b.Domain) },
		trust.SortByIssuedTo:  byLowerName,
		trust.SortByIssuedBy:  byLowerName,
		trust.SortByNotBefore: func(a, b trust.CA) int { return a.Certificate.NotBefore.Compare(b.Certificate.NotBefore) },
		trust.SortByNotAfter:  func(a, b trust.CA) int { return a.Certificate.NotAfter.Compare(b.Certificate.NotAfter) },
	} {
		want := slices.Clone(all)
		slices.SortFunc(want, func(a, b trust.CA) int {
			return cmp.Or(compare(a, b), a.AddedAt.Compare(b.AddedAt), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.ID, b.ID))
		})
		p.inOrder(fmt.Sprintf("List by %q", field), p.list(trust.Query{SortBy: field}).CAs, want)
		slices.Reverse(want)
		p.inOrder(fmt.Sprintf("List by %q, descending,", field), p.list(trust.Query{SortBy: field, Descending: true}).CAs, want)
		var paged []trust.CA
		for n := range len(want) {
			paged = append(paged, p.list(trust.Query{SortBy: field, Descending: true, Page: n, Size: 1}).CAs...)
		}
		p.inOrder(fmt.Sprintf("List by %q, descending, page by page,", field), paged, want)
	}
}

func byLowerName(a, b trust.CA) int {
	return cmp.Compare(strings.ToLower(a.Certificate.Subject.CommonName), strings.ToLower(b.Certificate.Subject.CommonName))
}

func listRefuses(p *probe) {
	p.shop()
	for _, q := range []trust.Query{{SortBy: "cert_data; DROP TABLE"}, {Exclude: []string{"00"}}, {Exclude: []string{"not hex"}}} {
		_, err := p.store.List(p.ctx(), q)
		p.refused(err, trust.ErrQuery, "List of %+v", q)
	}
}

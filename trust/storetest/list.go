package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/mosip/partnertrust/trust"
)

var listChecks = []Check{
	{"ListFilters", "a query selects by domain and role, its zero fields select all, and Total counts what it selects", listFilters},
	{"ListOrder", "a list is in the order in which the CAs were added, of equal times by id", listOrder},
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

package storetest

import (
	"strings"

	"github.com/mosip/partnertrust/trust"
)

var removeChecks = []Check{
	{"Remove", "Remove takes one CA out and leaves all others, those below it too", removeOne},
	{"RemoveNotFound", "Remove gives ErrNotFound if there is no CA of that id in that domain, and removes nothing", removeNotFound},
	{"RemoveThenAdd", "what was removed may come again, as what its new Add says", removeThenAdd},
	{"DomainsApart", "what happens in one domain is not seen in another", domainsApart},
	{"UnknownDomain", "a name that is no domain gives ErrDomain, and never an empty answer", unknownDomain},
	{"DomainLister", "a store that is a DomainLister names every domain that holds a CA", domainLister},
}

func removeOne(p *probe) {
	cas := p.cas(trust.Auth, 5)
	p.add(cas...)
	p.remove(trust.Auth, cas[2].DefaultID())
	p.holds(trust.Auth, "after Remove of the third of five", cas[0], cas[1], cas[3], cas[4])
	s := p.snapshot(trust.Auth)
	for range s.Issuers(cas[2].Certificate.RawSubject, nil) {
		p.fatal("after Remove: the snapshot still offers the CA as an issuer")
	}
	if _, ok := s.ByID(cas[2].DefaultID()); ok {
		p.fatal("after Remove: the snapshot still finds the CA by its id")
	}
	for _, i := range []int{0, 4, 1, 3} {
		p.remove(trust.Auth, cas[i].DefaultID())
	}
	p.holds(trust.Auth, "after Remove of all")
}

func removeNotFound(p *probe) {
	here, there := p.ca(trust.Auth, "here"), p.ca(trust.FTM, "there")
	p.add(here, there)
	for name, id := range map[string]string{
		"that nobody has":    "00000000-0000-8000-8000-000000000000",
		"of another domain":  there.DefaultID(),
		"that is empty":      "",
		"that is a path":     "../FTM/" + there.DefaultID(),
		"that is a pattern":  "%",
		"that is very long":  strings.Repeat("x", 1<<16),
		"that is cut short":  here.DefaultID()[:35],
		"in upper case":      strings.ToUpper(here.DefaultID()),
		"with a zero octet":  here.DefaultID() + "\x00",
		"with a file ending": here.DefaultID() + ".pem",
	} {
		if id == here.DefaultID() {
			continue // all its digits are below ten
		}
		p.refused(p.store.Remove(p.ctx(), trust.Auth, id), trust.ErrNotFound, "Remove of an id %s", name)
	}
	p.refused(p.store.Remove(p.ctx(), trust.Device, here.DefaultID()), trust.ErrNotFound, "Remove in a domain that holds nothing")
	p.holds(trust.Auth, "after refused Removes", here)
	p.holds(trust.FTM, "after refused Removes", there)
	p.remove(trust.Auth, here.DefaultID())
	p.refused(p.store.Remove(p.ctx(), trust.Auth, here.DefaultID()), trust.ErrNotFound, "Remove of a CA for the second time")
}

func removeThenAdd(p *probe) {
	ca := p.ca(trust.Auth, "comes and goes")
	p.add(ca)
	for range 3 {
		p.remove(trust.Auth, ca.DefaultID())
		p.holds(trust.Auth, "after Remove")
		p.add(ca)
		p.holds(trust.Auth, "after Add of what was removed", ca)
	}
	p.remove(trust.Auth, ca.DefaultID())
	changed := ca
	changed.ID, changed.Role, changed.AddedAt = "new-id", trust.Intermediate, start.AddDate(0, 0, 1)
	p.add(changed)
	p.holds(trust.Auth, "after Add of what was removed, changed", changed)
	p.refused(p.store.Remove(p.ctx(), trust.Auth, ca.DefaultID()), trust.ErrNotFound, "Remove of the id that the CA had before")

	// The id is free too, for another certificate.
	heir := p.ca(trust.Auth, "heir")
	heir.ID = ca.DefaultID()
	p.add(heir)
	p.holds(trust.Auth, "after Add under an id that was removed", changed, heir)
}

func domainsApart(p *probe) {
	const custom = trust.Domain("COUNTRY_2-A") // no platform domain, but a well-formed name
	auth := p.ca(trust.Auth, "the same certificate")
	var cas []trust.CA
	for _, d := range []trust.Domain{trust.Auth, trust.Device, trust.FTM, custom} {
		ca := auth
		ca.Domain = d
		p.add(ca)
		cas = append(cas, ca)
	}
	for _, ca := range cas {
		p.holds(ca.Domain, "after Add of one certificate to four domains", ca)
	}
	p.holds(trust.MISP, "a domain that nothing was added to")
	before := p.snapshot(trust.FTM)
	p.remove(trust.Auth, auth.DefaultID())
	p.holds(trust.Auth, "after Remove")
	for _, ca := range cas[1:] {
		p.holds(ca.Domain, "after Remove in another domain", ca)
	}
	if v := p.snapshot(trust.FTM).Version(); v < before.Version() {
		p.fatal("a change in another domain took the version from %d to %d", before.Version(), v)
	}
}

func unknownDomain(p *probe) {
	p.add(p.ca(trust.Auth, "some CA"))
	for _, d := range []trust.Domain{"", "auth", "A B", "../AUTH", ".", "AUTH\x00", trust.Domain(strings.Repeat("A", trust.MaxDomainLength+1))} {
		s, err := p.store.Snapshot(p.ctx(), d)
		p.refused(err, trust.ErrDomain, "Snapshot of domain %q", d)
		if s != nil {
			p.fatal("Snapshot of domain %q: a snapshot beside the error", d)
		}
		p.refused(p.store.Remove(p.ctx(), d, "x"), trust.ErrDomain, "Remove in domain %q", d)
		if d != "" { // in a query it means all
			_, err = p.store.List(p.ctx(), trust.Query{Domain: d})
			p.refused(err, trust.ErrDomain, "List of domain %q", d)
		}
	}
	for _, d := range []trust.Domain{trust.Device, "NOBODY-ADDED_ANYTHING"} {
		p.holds(d, "a domain that holds nothing")
		if v := p.list(trust.Query{Domain: d}).Total; v != 0 {
			p.fatal("List of a domain that holds nothing says %d", v)
		}
	}
}

func domainLister(p *probe) {
	lister, ok := p.store.(trust.DomainLister)
	if !ok {
		return // it is optional
	}
	p.add(p.ca(trust.FTM, "1"), p.ca(trust.Auth, "2"))
	domains, err := lister.Domains(p.ctx())
	p.must(err, "Domains")
	found := map[trust.Domain]int{}
	for _, d := range domains {
		found[d]++
		p.snapshot(d)
	}
	if found[trust.Auth] != 1 || found[trust.FTM] != 1 {
		p.fatal("Domains returned %v after an Add to AUTH and FTM, want each of these once", domains)
	}
}

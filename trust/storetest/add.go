package storetest

import (
	"crypto/x509"
	"strings"
	"time"

	"github.com/mosip/partnertrust/trust"
)

var addChecks = []Check{
	{"AddKeeps", "a CA comes out as it went in; an empty ID is filled with CA.DefaultID, a zero AddedAt with the store's time", addKeeps},
	{"AddNothing", "an Add of no CAs succeeds and changes nothing", addNothing},
	{"AddIsAtomic", "Add is atomic: either all of the CAs are in the store, or none is", addIsAtomic},
	{"Duplicates", "a certificate is once in a domain, and an id names one CA: ErrExists, and nothing is added", duplicates},
	{"InvalidCAs", "what cannot be kept gives ErrInvalidCA, and nothing is added", invalidCAs},
}

func addKeeps(p *probe) {
	cas := p.cas(trust.Auth, 4)
	cas[0].ID = "an-ID-of-the-caller-0123456789ABCDEF" // of the greatest length
	cas[1].Role = trust.Intermediate
	cas[2].AddedAt = start.AddDate(-3, 1, 7).UTC()
	cas[3].AddedAt = time.Time{}
	given := append([]trust.CA(nil), cas...)
	p.add(given...)
	for i := range given {
		if given[i].ID != cas[i].ID || !given[i].AddedAt.Equal(cas[i].AddedAt) {
			p.fatal("Add wrote into the caller's slice: CA %d has id %q and AddedAt %s now", i, given[i].ID, given[i].AddedAt)
		}
	}
	p.holds(trust.Auth, "after Add", cas...)
	first, _ := p.snapshot(trust.Auth).Find(cas[3].Certificate)
	again, _ := p.snapshot(trust.Auth).Find(cas[3].Certificate)
	if !first.AddedAt.Equal(again.AddedAt) {
		p.fatal("AddedAt was filled with %s and is %s later", first.AddedAt, again.AddedAt)
	}
	for _, ca := range p.list(trust.Query{Domain: trust.Auth}).CAs { // holds has seen that each has a certificate
		in, _ := p.snapshot(trust.Auth).Find(ca.Certificate)
		p.same(ca, in, "List beside Snapshot")
	}
}

func addNothing(p *probe) {
	before := p.snapshot(trust.Auth)
	p.must(p.store.Add(p.ctx()), "Add of nothing")
	p.holds(trust.Auth, "after Add of nothing")
	if v := p.snapshot(trust.Auth).Version(); v < before.Version() {
		p.fatal("Add of nothing took the version from %d to %d", before.Version(), v)
	}
}

// The CA that is refused stands first, in the middle and last, in the same
// domain as the others and in another.
func addIsAtomic(p *probe) {
	there := p.ca(trust.Auth, "there already")
	p.add(there)
	roleless := p.ca(trust.Auth, "no role")
	roleless.Role = ""
	for name, refused := range map[string]struct {
		ca   trust.CA
		want error
	}{
		"a CA that is there already": {there, trust.ErrExists},
		"an invalid CA":              {roleless, trust.ErrInvalidCA},
	} {
		for at := range 3 {
			cas := []trust.CA{p.ca(trust.Auth, "1"), p.ca(trust.FTM, "2")}
			cas = append(cas[:at:at], append([]trust.CA{refused.ca}, cas[at:]...)...)
			p.refused(p.store.Add(p.ctx(), cas...), refused.want, "Add of three CAs, number %d is %s", at+1, name)
			p.holds(trust.Auth, "after the refused Add", there)
			p.holds(trust.FTM, "after the refused Add")
		}
	}
	cas := []trust.CA{p.ca(trust.Auth, "1"), p.ca(trust.FTM, "2"), p.ca(trust.Auth, "3")}
	p.add(cas...)
	p.holds(trust.Auth, "after Add to two domains", there, cas[0], cas[2])
	p.holds(trust.FTM, "after Add to two domains", cas[1])
}

func duplicates(p *probe) {
	there, other := p.ca(trust.Auth, "there"), p.ca(trust.Auth, "other")
	p.add(there)
	p.refused(p.store.Add(p.ctx(), there), trust.ErrExists, "Add of the same CA again")

	renamed := there
	renamed.ID, renamed.Role = "another-id", trust.Intermediate
	p.refused(p.store.Add(p.ctx(), renamed), trust.ErrExists, "Add of the same certificate under another id and role")

	taken := other
	taken.ID = there.DefaultID()
	p.refused(p.store.Add(p.ctx(), taken), trust.ErrExists, "Add of another certificate under an id that is taken")

	p.refused(p.store.Add(p.ctx(), other, other), trust.ErrExists, "Add of one CA twice in one call")
	second := other
	second.ID = "second-id"
	p.refused(p.store.Add(p.ctx(), other, second), trust.ErrExists, "Add of one certificate under two ids in one call")
	third := p.ca(trust.Auth, "third")
	third.ID = "second-id"
	p.refused(p.store.Add(p.ctx(), second, third), trust.ErrExists, "Add of two certificates under one id in one call")
	p.holds(trust.Auth, "after refused duplicates", there)

	elsewhere := p.ca(trust.FTM, "elsewhere")
	elsewhere.ID = there.DefaultID()
	p.refused(p.store.Add(p.ctx(), elsewhere), trust.ErrExists, "Add under an id that a CA of another domain has")
	apart := p.ca(trust.Device, "apart")
	apart.ID, elsewhere.ID = "in-two-domains", "in-two-domains"
	p.refused(p.store.Add(p.ctx(), apart, elsewhere), trust.ErrExists, "Add of one id to two domains in one call")
	p.holds(trust.FTM, "after refused duplicates")
	p.holds(trust.Device, "after refused duplicates")

	// A name says nothing: other key, other CA.
	twin := p.ca(trust.Auth, "there")
	p.add(twin)
	p.holds(trust.Auth, "after Add of another CA of the same name", there, twin)
}

func invalidCAs(p *probe) {
	good := p.ca(trust.Auth, "good")
	for name, change := range map[string]func(*trust.CA){
		"without domain":                       func(ca *trust.CA) { ca.Domain = "" },
		"of a domain in lower case":            func(ca *trust.CA) { ca.Domain = "auth" },
		"of a domain that is a path":           func(ca *trust.CA) { ca.Domain = "../AUTH" },
		"of a domain with a name too long":     func(ca *trust.CA) { ca.Domain = trust.Domain(strings.Repeat("A", trust.MaxDomainLength+1)) },
		"without role":                         func(ca *trust.CA) { ca.Role = "" },
		"of an unknown role":                   func(ca *trust.CA) { ca.Role = "LEAF" },
		"without certificate":                  func(ca *trust.CA) { ca.Certificate = nil },
		"with a certificate that never parsed": func(ca *trust.CA) { ca.Certificate = &x509.Certificate{} },
		"with an id too long":                  func(ca *trust.CA) { ca.ID = strings.Repeat("a", trust.MaxIDLength+1) },
		"with an id that is a path":            func(ca *trust.CA) { ca.ID = "../x" },
		"with an id of two lines":              func(ca *trust.CA) { ca.ID = "a\nb" },
	} {
		bad := good
		change(&bad)
		err := p.store.Add(p.ctx(), bad)
		if bad.Domain != good.Domain {
			p.refused(err, trust.ErrDomain, "Add of a CA %s", name)
		} else {
			p.refused(err, trust.ErrInvalidCA, "Add of a CA %s", name)
		}
		p.holds(trust.Auth, "after Add of a CA "+name)
	}
	p.add(good)
	p.holds(trust.Auth, "after refused Adds of the same certificate", good)
}

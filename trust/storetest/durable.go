package storetest

import (
	"time"

	"github.com/mosip/partnertrust/trust"
)

var durableChecks = []Check{
	{"RestartKeeps", "what Add returned nil for is there after a restart, with its id, role and time; what Remove returned nil for is not", restartKeeps},
	{"RestartRefuses", "a restarted store refuses duplicates and finds ids as before", restartRefuses},
	{"RestartAfterFailure", "nothing of a call that failed shows after a restart", restartAfterFailure},
}

func restartKeeps(p *probe) {
	cas := p.cas(trust.Auth, 6)
	for i := range cas {
		cas[i].AddedAt = start.Add(-time.Duration(i) * time.Hour)
	}
	cas[1].ID, cas[1].Role = "Mixed-Case-ID", trust.Intermediate
	cas[2].ID, cas[2].Role = "mixed-case-id", trust.Intermediate // another one
	cas[3].AddedAt = time.Time{}
	ftm := p.ca(trust.FTM, "another domain")
	p.add(cas[0])
	p.add(cas[1], ftm, cas[2], cas[3])
	p.add(cas[4], cas[5])
	p.remove(trust.Auth, cas[4].DefaultID())
	stamped, _ := p.snapshot(trust.Auth).Find(cas[3].Certificate)
	want := []trust.CA{cas[0], cas[1], cas[2], stamped, cas[5]}
	before := p.list(trust.Query{}).CAs
	for range 2 {
		p.restart()
		p.holds(trust.Auth, "after a restart", want...)
		p.holds(trust.FTM, "after a restart", ftm)
		after := p.list(trust.Query{}).CAs
		if len(after) != len(before) {
			p.fatal("List after a restart has %d CAs, had %d", len(after), len(before))
		}
		for i := range after {
			p.same(after[i], before[i], "List after a restart")
		}
	}
	for _, ca := range append(want, ftm) {
		if ca.ID == "" {
			ca.ID = ca.DefaultID()
		}
		p.remove(ca.Domain, ca.ID)
	}
	p.restart()
	empty(p)
}

func restartRefuses(p *probe) {
	ca, gone := p.ca(trust.Auth, "stays"), p.ca(trust.Auth, "goes")
	p.add(ca, gone)
	p.remove(trust.Auth, gone.DefaultID())
	p.restart()
	p.refused(p.store.Add(p.ctx(), ca), trust.ErrExists, "Add of what is there since before the restart")
	p.refused(p.store.Remove(p.ctx(), trust.Auth, gone.DefaultID()), trust.ErrNotFound, "Remove of what was removed before the restart")
	p.add(gone)
	p.remove(trust.Auth, ca.DefaultID())
	p.restart()
	p.holds(trust.Auth, "after the second restart", gone)
}

func restartAfterFailure(p *probe) {
	ca, other := p.ca(trust.Auth, "there"), p.ca(trust.Auth, "other")
	p.add(ca)
	p.refused(p.store.Add(p.ctx(), other, p.ca(trust.FTM, "elsewhere"), ca), trust.ErrExists, "Add of two new CAs and one that is there")
	p.refused(p.store.Remove(p.ctx(), trust.FTM, ca.DefaultID()), trust.ErrNotFound, "Remove in another domain")
	p.restart()
	p.holds(trust.Auth, "after a restart", ca)
	p.holds(trust.FTM, "after a restart")
}

package storetest

import (
	"slices"

	"github.com/mosip/partnertrust/trust"
)

var snapshotChecks = []Check{
	{"Empty", "a domain that holds no CA gives an empty snapshot", empty},
	{"ReadYourWrites", "every change is seen by the next Snapshot and List of the same Store", readYourWrites},
	{"SnapshotImmutable", "snapshots handed out before a change do not change", snapshotImmutable},
	{"VersionOrder", "of two snapshots that one store gave for one domain, the newer has the higher version, and a version stands for one content", versionOrder},
}

func empty(p *probe) {
	for _, d := range []trust.Domain{trust.Auth, trust.Device, trust.FTM, trust.MISP} {
		p.holds(d, "a new store")
	}
	if page := p.list(trust.Query{}); page.Total != 0 || len(page.CAs) != 0 {
		p.fatal("List of a new store has %d CAs and says %d, want none", len(page.CAs), page.Total)
	}
}

func readYourWrites(p *probe) {
	cas := p.cas(trust.Device, 8)
	for i := range cas {
		p.add(cas[i])
		p.holds(trust.Device, "right after Add", cas[:i+1]...)
	}
	for i := range cas {
		p.remove(trust.Device, cas[i].DefaultID())
		p.holds(trust.Device, "right after Remove", cas[i+1:]...)
	}
}

func snapshotImmutable(p *probe) {
	cas := p.cas(trust.Auth, 6)
	states := []*trust.Snapshot{p.snapshot(trust.Auth)}
	want := [][]trust.CA{nil}
	keep := func(now []trust.CA) {
		states, want = append(states, p.snapshot(trust.Auth)), append(want, slices.Clone(now))
	}
	for i := range cas {
		p.add(cas[i])
		keep(cas[:i+1])
	}
	for i := range cas {
		p.remove(trust.Auth, cas[i].DefaultID())
		keep(cas[i+1:])
	}
	versions := make([]uint64, len(states))
	for i, s := range states {
		versions[i] = s.Version()
		p.has(s, "a snapshot from before later changes", want[i]...)
	}
	if !slices.IsSorted(versions) {
		p.fatal("the versions of snapshots taken one after the other are %v", versions)
	}
	// What List gave is the caller's.
	p.add(cas...)
	page := p.list(trust.Query{})
	for i := range page.CAs {
		page.CAs[i] = trust.CA{}
	}
	p.holds(trust.Auth, "after the caller wrote into the page of a List", cas...)
}

func versionOrder(p *probe) {
	cas := p.cas(trust.Auth, 4)
	last := p.snapshot(trust.Auth)
	contents := map[uint64]int{last.Version(): 0}
	step := func(what string, changed bool) {
		p.tb.Helper()
		s := p.snapshot(trust.Auth)
		if changed && s.Version() <= last.Version() {
			p.fatal("%s took the version from %d to %d, want a higher one", what, last.Version(), s.Version())
		}
		if s.Version() < last.Version() {
			p.fatal("%s took the version back from %d to %d", what, last.Version(), s.Version())
		}
		if n, known := contents[s.Version()]; known && n != s.Len() {
			p.fatal("%s: version %d has %d CAs, it had %d before", what, s.Version(), s.Len(), n)
		}
		contents[s.Version()] = s.Len()
		last = s
	}
	step("nothing", false)
	p.add(cas[0], cas[1])
	step("Add of two", true)
	step("nothing", false)
	p.refused(p.store.Add(p.ctx(), cas[2], cas[0]), trust.ErrExists, "Add of one new CA and one that is there")
	step("an Add that failed", false)
	p.refused(p.store.Remove(p.ctx(), trust.Auth, cas[2].DefaultID()), trust.ErrNotFound, "Remove of a CA that is not there")
	step("a Remove that failed", false)
	p.remove(trust.Auth, cas[0].DefaultID())
	step("Remove", true)
	p.remove(trust.Auth, cas[1].DefaultID())
	step("Remove of the last", true)
	p.add(cas[0], cas[1])
	step("Add of what was removed", true)
	p.add(p.ca(trust.FTM, "another domain"))
	step("Add to another domain", false)
}

package dirstore

import (
	"cmp"
	"maps"
	"slices"

	"github.com/mosip/partnertrust/trust"
)

// edit is a run of changes to files that becomes visible at once.
type edit struct {
	s      *state
	before map[trust.Domain]map[key]entry // what counted, of every certificate that was touched
}

func (s *state) edit() *edit { return &edit{s, map[trust.Domain]map[key]entry{}} }

// replace puts a file in the place of what had its name; nil takes it away.
func (e *edit) replace(d trust.Domain, name string, next *file) {
	in := e.s.folders[d]
	if in == nil {
		in = &folder{map[string]*file{}, map[key]place{}, map[key]map[*file]int{}}
		e.s.folders[d] = in
	}
	if e.before[d] == nil {
		e.before[d] = map[key]entry{}
	}
	e.s.edits++
	old := in.files[name]
	for _, f := range []*file{old, next} {
		if f == nil {
			continue
		}
		for _, one := range f.cas {
			k := one.key()
			if _, known := e.before[d][k]; !known {
				was, ok := in.counts(k)
				if ok {
					e.before[d][k] = was.entry()
				} else {
					e.before[d][k] = entry{}
				}
			}
		}
	}
	if old != nil {
		in.remove(old)
	}
	if next != nil {
		in.add(next)
	}
}

// finish makes the snapshots follow the files. What the files hold is, nearly
// always, what each certificate's counting place says; only where two of them
// claim one id does it depend on all the others.
func (e *edit) finish() {
	if len(e.s.conflicts) > 0 || !e.follow() {
		e.s.assemble()
	}
}

// follow applies what was touched, and reports whether no id was in its way.
func (e *edit) follow() bool {
	next := maps.Clone(e.s.snapshots)
	var put []trust.Record
	for d, touched := range e.before {
		snapshot, err := next.Of(d)
		if err != nil {
			return false
		}
		edit := snapshot.Edit()
		var fresh []trust.Prepared
		for k, was := range touched {
			here, there := e.s.folders[d].counts(k)
			had := was.ca != trust.Prepared{}
			if had && there && same(was.ca.Record(), here.entry().ca.Record()) {
				if here.entry().ca != was.ca { // one copy of the certificate is enough
					here.file.cas[here.at].ca = was.ca
				}
				continue
			}
			if had {
				if err := edit.Remove(was.ca.Record().ID()); err != nil {
					return false
				}
			}
			if there {
				fresh = append(fresh, here.entry().ca)
			}
		}
		for _, p := range fresh {
			if err := edit.Put(p); err != nil {
				return false
			}
			put = append(put, p.Record())
		}
		if made := edit.Snapshot(); made != snapshot {
			next[d] = made
		}
	}
	for d, other := range next {
		if other.Len() == 0 {
			continue
		}
		for _, r := range put {
			if r.Domain() == d {
				continue
			}
			if _, taken := other.RecordOf(r.ID()); taken {
				return false
			}
		}
	}
	e.s.snapshots = next
	return true
}

// assemble decides anew what every domain holds. Ids are unique over all of
// them: the first one to claim an id, by domain, has it.
func (s *state) assemble() {
	s.conflicts = nil
	taken := map[string]bool{}
	next := maps.Clone(s.snapshots)
	for _, d := range slices.Sorted(maps.Keys(s.folders)) {
		want := s.folders[d].want(taken, func(f *file, err error) {
			s.conflicts = append(s.conflicts, Problem{Path: f.path(), Err: err})
		})
		snapshot, err := next.Of(d)
		if err != nil {
			continue // it was one when its folder was listed
		}
		edit := snapshot.Edit()
		for r := range snapshot.Records() {
			if w, ok := want[r.ID()]; ok && same(w.entry().ca.Record(), r) {
				delete(want, r.ID())
			} else if err := edit.Remove(r.ID()); err != nil {
				s.conflicts = append(s.conflicts, Problem{Path: string(d), Err: err})
			}
		}
		for _, w := range want {
			if err := edit.Put(w.entry().ca); err != nil {
				s.conflicts = append(s.conflicts, Problem{Path: w.file.path(), Err: err})
			}
		}
		if made := edit.Snapshot(); made != snapshot {
			next[d] = made
		}
	}
	s.snapshots = next
}

// want returns what a domain is to hold, by id.
func (f *folder) want(taken map[string]bool, conflict func(*file, error)) map[string]place {
	files := slices.SortedFunc(maps.Values(f.files), func(a, b *file) int { return cmp.Compare(a.name, b.name) })
	want, certs := map[string]place{}, map[key]bool{}
	for _, marked := range []bool{true, false} {
		for _, f := range files {
			for i, e := range f.cas {
				if e.marked != marked || certs[e.key()] {
					continue
				}
				id := e.ca.Record().ID()
				if taken[id] {
					conflict(f, ErrConflict)
					continue
				}
				taken[id], certs[e.key()] = true, true
				want[id] = place{f, i}
			}
		}
	}
	return want
}

package dirstore

import (
	"cmp"
	"maps"
	"slices"

	"github.com/mosip/partnertrust/trust"
)

// edit is a run of changes to files that becomes visible at once.
type edit struct {
	s         *state
	before    map[trust.Domain]map[key]entry // what counted, of every certificate touched since it was followed
	snapshots map[trust.Domain]*trust.Edit
	put       []trust.Record
	contended bool // two files claim one id
}

func (s *state) edit() *edit {
	return &edit{s: s, before: map[trust.Domain]map[key]entry{}, snapshots: map[trust.Domain]*trust.Edit{}}
}

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

// follow makes the snapshots to be follow the files. What a domain holds is,
// nearly always, what each certificate's counting place says; only where two of
// them claim one id does it depend on all the others.
func (e *edit) follow() {
	for d, touched := range e.before {
		if err := e.followIn(d, touched); err != nil {
			e.contended = true
		}
		clear(touched)
	}
}

func (e *edit) followIn(d trust.Domain, touched map[key]entry) error {
	to := e.snapshots[d]
	if to == nil {
		snapshot, err := e.s.snapshots.Of(d)
		if err != nil {
			return err
		}
		to = snapshot.Edit()
		e.snapshots[d] = to
	}
	var fresh []trust.Prepared // after all that goes, whose ids may be theirs
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
			if err := to.Remove(was.ca.Record().ID()); err != nil {
				return err
			}
		}
		if there {
			fresh = append(fresh, here.entry().ca)
		}
	}
	for _, p := range fresh {
		if err := to.Put(p); err != nil {
			return err
		}
		e.put = append(e.put, p.Record())
	}
	return nil
}

// finish makes the outcome what the state holds.
func (e *edit) finish() {
	if len(e.s.conflicts) == 0 {
		e.follow()
		next := maps.Clone(e.s.snapshots)
		for d, to := range e.snapshots {
			if made := to.Snapshot(); made != e.s.snapshots[d] && made.Version() > 0 {
				next[d] = made
			}
		}
		if !e.contended && !e.clashes(next) {
			e.s.snapshots = next
			return
		}
	}
	e.s.assemble()
}

// clashes reports whether an id that is new in one domain is another's.
func (e *edit) clashes(next trust.Snapshots) bool {
	for d, other := range next {
		if other.Len() == 0 {
			continue
		}
		for _, r := range e.put {
			if r.Domain() == d {
				continue
			}
			if _, taken := other.RecordOf(r.ID()); taken {
				return true
			}
		}
	}
	return false
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

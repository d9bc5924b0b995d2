package dirstore

import (
	"cmp"
	"crypto/sha256"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// view is what the folder said at one moment. It is immutable.
type view struct {
	checked   time.Time
	files     map[string]*file
	snapshots trust.Snapshots
	down      map[trust.Domain]error
	problems  []Problem
}

// next makes the view that a scan found, sharing with the old one what did not
// change.
func (s *scan) next() *view {
	v := &view{checked: s.now, files: s.files, down: s.down, problems: s.problems, snapshots: maps.Clone(s.old.snapshots)}
	byDomain := map[trust.Domain][]*file{}
	changed := map[trust.Domain]bool{}
	for path, f := range s.files {
		byDomain[f.domain] = append(byDomain[f.domain], f)
		if s.old.files[path] != f {
			changed[f.domain] = true
		}
		if f.err != nil {
			v.problems = append(v.problems, Problem{Path: path, Kept: len(f.cas), Err: f.err})
		}
	}
	for path, f := range s.old.files {
		if s.files[path] == nil {
			changed[f.domain] = true
		}
	}
	for _, p := range s.old.problems { // a conflict may be over only when something changes
		if f := s.files[p.Path]; f != nil && f.err == nil && !changed[f.domain] {
			v.problems = append(v.problems, p)
		}
	}
	for d := range changed {
		want, conflicts := assemble(byDomain[d])
		v.problems = append(v.problems, conflicts...)
		snapshot, err := advance(s.old.snapshots[d], d, want)
		if err != nil {
			v.problems = append(v.problems, Problem{Path: string(d), Err: err})
			continue
		}
		v.snapshots[d] = snapshot
	}
	slices.SortFunc(v.problems, func(a, b Problem) int { return strings.Compare(a.Path, b.Path) })
	return v
}

// assemble decides what a domain holds: a certificate counts once, and what
// the store wrote about it comes before what a dropped file makes believe.
func assemble(files []*file) (map[string]trust.CA, []Problem) {
	slices.SortFunc(files, func(a, b *file) int { return cmp.Compare(a.name, b.name) })
	want := map[string]trust.CA{}
	certs := map[[sha256.Size]byte]bool{}
	var conflicts []Problem
	for _, marked := range []bool{true, false} {
		for _, f := range files {
			for _, e := range f.cas {
				if e.marked != marked || certs[e.sum] {
					continue
				}
				if _, taken := want[e.ca.ID]; taken {
					conflicts = append(conflicts, Problem{Path: f.path(), Err: ErrConflict})
					continue
				}
				certs[e.sum] = true
				want[e.ca.ID] = e.ca
			}
		}
	}
	return want, conflicts
}

// advance derives the snapshot that holds what is wanted. Nothing different,
// no new version.
func advance(s *trust.Snapshot, d trust.Domain, want map[string]trust.CA) (*trust.Snapshot, error) {
	var err error
	if s == nil {
		if s, err = trust.NewSnapshot(d); err != nil {
			return nil, err
		}
	}
	from := s
	for ca := range from.All() {
		if w, ok := want[ca.ID]; ok && w.Role == ca.Role && w.AddedAt.Equal(ca.AddedAt) && w.Certificate.Equal(ca.Certificate) {
			continue
		}
		if s, err = s.Without(ca.ID); err != nil {
			return nil, err
		}
	}
	var fresh []trust.CA
	for id, ca := range want {
		if _, there := s.ByID(id); !there {
			fresh = append(fresh, ca)
		}
	}
	if len(fresh) == 0 {
		return s, nil
	}
	slices.SortFunc(fresh, func(a, b trust.CA) int { return strings.Compare(a.ID, b.ID) })
	return s.With(fresh...)
}

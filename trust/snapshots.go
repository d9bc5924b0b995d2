package trust

import (
	"fmt"
	"maps"
	"slices"
)

// Snapshots is what a whole store holds at one moment: a snapshot per domain.
// It is what a store of your own keeps and replaces with one atomic store; a
// map that was handed out is never written to. The zero value holds nothing.
type Snapshots map[Domain]*Snapshot

// Of returns the domain's snapshot: an empty one where the domain holds no CA,
// [ErrDomain] for a name that is no domain.
func (s Snapshots) Of(d Domain) (*Snapshot, error) {
	if snapshot, ok := s[d]; ok {
		return snapshot, nil
	}
	return NewSnapshot(d)
}

// Domains returns the domains that hold or held CAs.
func (s Snapshots) Domains() []Domain { return slices.Sorted(maps.Keys(s)) }

// With returns the snapshots with the CAs added, as [Store.Add] promises: ids
// are unique over all domains.
func (s Snapshots) With(cas ...CA) (Snapshots, error) {
	edits := map[Domain]*Edit{}
	for _, ca := range cas {
		p, err := Prepare(ca)
		if err != nil {
			return nil, err
		}
		e, begun := edits[ca.Domain]
		if !begun {
			snapshot, err := s.Of(ca.Domain)
			if err != nil {
				return nil, err
			}
			e = snapshot.Edit()
			edits[ca.Domain] = e
		}
		id := p.Record().ID()
		for d, snapshot := range s {
			if _, taken := snapshot.byID(id); taken && d != ca.Domain {
				return nil, fmt.Errorf("%w: id %q in domain %s", ErrExists, id, d)
			}
		}
		for d, other := range edits {
			if d != ca.Domain && other.Holds(id) {
				return nil, fmt.Errorf("%w: id %q in domain %s", ErrExists, id, d)
			}
		}
		if err := e.Put(p); err != nil {
			return nil, err
		}
	}
	next := s.clone()
	for d, e := range edits {
		next[d] = e.Snapshot()
	}
	return next, nil
}

// Without returns the snapshots without the CA of that id in that domain, or
// [ErrNotFound].
func (s Snapshots) Without(d Domain, id string) (Snapshots, error) {
	snapshot, err := s.Of(d)
	if err != nil {
		return nil, err
	}
	if snapshot, err = snapshot.Without(id); err != nil {
		return nil, err
	}
	next := s.clone()
	next[d] = snapshot
	return next, nil
}

// List answers a query, as [Select] does.
func (s Snapshots) List(q Query) (Page, error) {
	return Select(q, slices.Collect(maps.Values(s))...)
}

func (s Snapshots) clone() Snapshots {
	next := make(Snapshots, len(s)+1)
	maps.Copy(next, s)
	return next
}

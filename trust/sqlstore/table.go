package sqlstore

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/mosip/partnertrust/trust"
)

// table is what was read of the database's table, by bucket.
type table map[string]*bucket

type bucket struct {
	summary
	served  []ref     // rows that are in a snapshot
	shadows []reading // rows whose certificate another row serves
	bad     []Problem
}

// distrust makes the next look read every row again.
func (t table) distrust() {
	for _, b := range t {
		b.summary = summary{}
	}
}

// summary is what the database says of a bucket. The zero summary is that of a
// bucket of which nothing is known; no bucket has it, because it has rows.
type summary struct {
	count int
	sum   string
}

// ref is a row that is served.
type ref struct {
	id     string
	domain trust.Domain
}

// knows reports whether a row of that id was read, whatever became of it.
func (t table) knows(id string) bool {
	b, ok := t[bucketOf(id)]
	return ok && (slices.ContainsFunc(b.served, func(r ref) bool { return r.id == id }) ||
		slices.ContainsFunc(b.shadows, func(r reading) bool { return r.id == id }) ||
		slices.ContainsFunc(b.bad, func(p Problem) bool { return p.ID == id }))
}

func (t table) at(key string) *bucket {
	b, ok := t[key]
	if !ok {
		b = &bucket{}
		t[key] = b
	}
	return b
}

// differing returns the buckets that are not as they were read, with the number
// of their rows, and those that have no rows any more.
func (t table) differing(now map[string]summary) (changed, gone []string, rows int) {
	for key, sum := range now {
		if b, known := t[key]; !known || b.summary != sum {
			changed = append(changed, key)
			rows += sum.count
		}
	}
	for key := range t {
		if _, left := now[key]; !left {
			gone = append(gone, key)
		}
	}
	return changed, gone, rows
}

// change is the making of the next state.
type change struct {
	table table
	last  trust.Snapshots
	edits map[trust.Domain]*trust.Edit
}

// edit returns the edit of a domain.
func (c *change) edit(d trust.Domain) (*trust.Edit, error) {
	if e, begun := c.edits[d]; begun {
		return e, nil
	}
	snapshot, err := c.last.Of(d)
	if err != nil {
		return nil, err
	}
	c.edits[d] = snapshot.Edit()
	return c.edits[d], nil
}

// put serves a CA. Ids are unique in the table, which has them as its key.
func (c *change) put(p trust.Prepared) error {
	e, err := c.edit(p.Record().Domain())
	if err != nil {
		return err
	}
	return e.Put(p)
}

func (c *change) remove(r ref) {
	if e, err := c.edit(r.domain); err == nil {
		_ = e.Remove(r.id) // what is not there need not go
	}
}

// apply makes the buckets what was read of them.
func (c *change) apply(keys []string, readings []reading) {
	same := map[ref]bool{}
	for _, r := range readings {
		if r.same != nil {
			same[*r.same] = true
		}
	}
	for _, key := range keys {
		b := c.table.at(key)
		kept := b.served[:0]
		for _, r := range b.served {
			if same[r] {
				kept = append(kept, r)
			} else {
				c.remove(r)
			}
		}
		*b = bucket{served: kept}
	}
	// A row that stood behind another may have its turn now.
	for _, b := range c.table {
		readings = append(readings, b.shadows...)
		b.shadows = nil
	}
	for _, r := range readings {
		if r.same == nil {
			c.serve(r)
		}
	}
}

// compareReadings orders rows with one certificate: the older is served, on
// every replica.
func compareReadings(a, b reading) int {
	return cmp.Or(a.added().Compare(b.added()), cmp.Compare(a.id, b.id))
}

// serve files a row under what becomes of it.
func (c *change) serve(r reading) {
	if r.err == nil {
		r.err = c.put(r.ca)
	}
	if errors.Is(r.err, trust.ErrExists) {
		loser := c.displace(r)
		b := c.table.at(bucketOf(loser.id))
		b.shadows = append(b.shadows, loser)
		return
	}
	b := c.table.at(bucketOf(r.id))
	if r.err != nil {
		b.bad = append(b.bad, Problem{ID: r.id, Err: r.err})
		return
	}
	b.served = append(b.served, ref{r.id, r.ca.Record().Domain()})
}

// displace serves a row in the place of a younger one with the same
// certificate. It returns the one of the two that stands back.
func (c *change) displace(r reading) reading {
	r.err = nil
	e, err := c.edit(r.ca.Record().Domain())
	if err != nil {
		return r
	}
	served, ok := e.ByFingerprint(r.ca.Record().Fingerprint())
	if !ok {
		return r
	}
	other := reading{id: served.ID(), ca: served.Prepared()}
	if compareReadings(other, r) < 0 || e.Remove(other.id) != nil {
		return r
	}
	b := c.table.at(bucketOf(other.id))
	b.served = slices.DeleteFunc(b.served, func(s ref) bool { return s == ref{other.id, served.Domain()} })
	c.serve(r)
	return other
}

// state ends the change.
func (c *change) state() *state {
	next := &state{snapshots: maps.Clone(c.last)}
	if next.snapshots == nil {
		next.snapshots = trust.Snapshots{}
	}
	for d, e := range c.edits {
		next.snapshots[d] = e.Snapshot()
	}
	next.problems = c.table.problems()
	return next
}

func (t table) problems() []Problem {
	var all []Problem
	for _, b := range t {
		all = append(all, b.bad...)
		for _, r := range b.shadows {
			all = append(all, Problem{ID: r.id, Err: ErrDuplicate})
		}
	}
	slices.SortFunc(all, func(a, b Problem) int { return cmp.Compare(a.ID, b.ID) })
	return slices.Clip(all[:min(len(all), MaxProblems)])
}

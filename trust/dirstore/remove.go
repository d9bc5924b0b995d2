package dirstore

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"

	"github.com/mosip/partnertrust/trust"
)

// Remove implements [trust.Store]. The CA is taken out of every file that
// holds its certificate, so that none brings it back: a file with nothing else
// is removed, another is written anew, in PEM and with what is known of the
// CAs that stay. A file that cannot be read at present is not touched: that
// gives [ErrBroken].
func (s *Store) Remove(ctx context.Context, d trust.Domain, id string) error {
	return s.change(ctx, func(c *change) error {
		for range maxAttempts {
			plan, err := s.plan(d, id)
			if err != nil {
				return err
			}
			if s.outdated(plan.cuts) {
				continue
			}
			if err := c.begin(); err != nil {
				return err
			}
			dir := filepath.Join(s.dir, string(d))
			for _, cut := range plan.cuts {
				if err := c.cut(dir, cut); err != nil {
					return fmt.Errorf("dirstore: %s: %w", cut.file.path(), err)
				}
			}
			if err := settle(dir); err != nil {
				return fmt.Errorf("dirstore: %w", err)
			}
			if c.finish().snapshots[d].RoleOf(plan.fingerprint) != "" {
				return fmt.Errorf("%w: CA %s was removed", ErrNotServed, id)
			}
			return nil
		}
		return fmt.Errorf("%w: the files of CA %s change all the time", ErrBroken, id)
	})
}

// maxAttempts is how often a Remove starts anew because somebody changed by
// hand what it was about to change.
const maxAttempts = 8

// removal is what a Remove has to do.
type removal struct {
	fingerprint [sha256.Size]byte
	cuts        []cut
}

// cut is what stays of a file; nothing: the file goes.
type cut struct {
	file *file
	left []entry
}

// plan finds the files that hold a CA's certificate.
func (s *Store) plan(d trust.Domain, id string) (removal, error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	snapshot, err := s.view.Load().changeable(d)
	if err != nil {
		return removal{}, err
	}
	ca, ok := snapshot.RecordOf(id)
	if !ok {
		_, err := snapshot.Without(id)
		return removal{}, err
	}
	in := s.state.folders[d]
	plan := removal{fingerprint: ca.Fingerprint()}
	for _, p := range in.places(keyOf(ca)) {
		f := p.file
		if f.err != nil {
			return removal{}, Problem{Path: f.path(), Kept: len(f.cas), Err: fmt.Errorf("%w: %w", ErrBroken, f.err)}
		}
		one := cut{file: f}
		for i, e := range f.cas {
			if i != p.at {
				one.left = append(one.left, entry{in.served(e, snapshot), true})
			}
		}
		plan.cuts = append(plan.cuts, one)
	}
	return plan, nil
}

// served returns what is served of a certificate, which may come from another
// file than the entry.
func (f *folder) served(e entry, snapshot *trust.Snapshot) trust.Prepared {
	for _, p := range f.places(e.key()) {
		if r, ok := snapshot.RecordOf(p.entry().ca.Record().ID()); ok && keyOf(r) == e.key() {
			return p.entry().ca
		}
	}
	return e.ca
}

// outdated looks at the files that are about to change, and reports whether
// somebody else changed one of them; what they say now is known then.
func (s *Store) outdated(cuts []cut) bool {
	var now []finding
	for _, c := range cuts {
		f := finding{c.file.domain, c.file.name, c.file, nil}
		f.is = examine(s.dir, f.domain, f.name, f.old, s.now())
		if f.is == nil || f.is.sum != f.old.sum {
			now = append(now, f)
		}
	}
	if len(now) == 0 {
		return false
	}
	s.turn.Lock()
	defer s.turn.Unlock()
	contended := len(s.state.conflicts) > 0
	e := s.state.edit()
	for _, f := range now {
		e.replace(f.domain, f.name, f.is)
	}
	e.finish()
	s.publishWrite(contended)
	return true
}

func (c *change) cut(dir string, what cut) error {
	if len(what.left) == 0 {
		c.removed = append(c.removed, what.file)
		return remove(filepath.Join(dir, what.file.name))
	}
	records := make([]trust.Record, len(what.left))
	for i, e := range what.left {
		records[i] = e.ca.Record()
	}
	data, err := format(records)
	if err != nil {
		return err
	}
	taken, err := overwrite(dir, what.file.name, data)
	if err != nil {
		return err
	}
	c.written = append(c.written, &file{domain: what.file.domain, name: what.file.name, stamp: taken, sum: sha256.Sum256(data), cas: what.left})
	return nil
}

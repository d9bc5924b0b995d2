package dirstore

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/mosip/partnertrust/trust"
)

// A change is one write to the folder, alone in this process and among all
// others of this library.
type change struct {
	s       *Store
	lock    writing
	begun   bool
	written []*file
	removed []*file
	added   []trust.Record
}

// change runs a change over what the folder says at that moment: what this
// store knows, if no other process wrote since it looked. What people changed
// by hand meanwhile is found at the next look.
func (s *Store) change(ctx context.Context, do func(c *change) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := take(ctx, s.writers); err != nil {
		return err
	}
	defer func() { <-s.writers }()
	held, err := lock(ctx, filepath.Join(s.dir, lockName))
	if err != nil {
		return err
	}
	defer held.unlock()
	if err := s.catchUp(ctx, held.last()); err != nil {
		return err
	}
	for _, path := range s.view.Load().debris {
		if err := remove(path); err != nil {
			return fmt.Errorf("dirstore: %w", err)
		}
	}
	c := &change{s: s, lock: held}
	if err := do(c); err != nil {
		return errors.Join(err, c.fail(ctx))
	}
	return nil
}

// catchUp looks at the folder before a change, unless the last write that the
// lock knows of is one that this store has seen.
func (s *Store) catchUp(ctx context.Context, last token) error {
	s.turn.Lock()
	seen := last != "" && last == s.synced
	s.turn.Unlock()
	if v := s.view.Load(); seen && s.interval > 0 && v.err == nil && len(v.lagging) == 0 {
		return nil
	}
	if err := take(ctx, s.looking); err != nil {
		return err
	}
	defer func() { <-s.looking }()
	v, err := s.look(ctx)
	if err == nil && v.err != nil {
		err = fmt.Errorf("dirstore: %w", v.err) // a change over a guess is none
	}
	return err
}

// begin says that the folder is about to change.
func (c *change) begin() error {
	if c.begun {
		return nil
	}
	if err := c.lock.begin(); err != nil {
		return fmt.Errorf("dirstore: the writers' lock: %w", err)
	}
	c.begun = true
	return nil
}

// finish makes the change what this store serves.
func (c *change) finish() *view {
	s, t := c.s, newToken()
	s.turn.Lock()
	defer s.turn.Unlock()
	contended := len(s.state.conflicts) > 0
	e := s.state.edit()
	for _, f := range c.removed {
		e.replace(f.domain, f.name, nil)
	}
	for _, f := range c.written {
		e.replace(f.domain, f.name, f)
	}
	e.finish()
	if err := c.lock.end(t); err != nil {
		t = "" // the others will look, and so will this one
	}
	s.synced = t
	return s.publishWrite(contended)
}

// fail makes what is served follow the folder where a change failed half way.
// The next writer, whoever it is, looks again.
func (c *change) fail(ctx context.Context) error {
	if !c.begun {
		return nil
	}
	s := c.s
	s.looking <- struct{}{}
	defer func() { <-s.looking }()
	v, err := s.look(context.WithoutCancel(ctx))
	if err == nil && v.err != nil {
		err = fmt.Errorf("%w: %w", ErrNotServed, v.err)
	}
	return err
}

// Add implements [trust.Store]. The CAs that one call brings to one domain
// share a file, named after the first one's id, so that even a crash and
// readers in other processes see all of them or none.
func (s *Store) Add(ctx context.Context, cas ...trust.CA) error {
	return s.change(ctx, func(c *change) error {
		added := map[trust.Domain][]trust.CA{}
		for _, ca := range cas {
			if ca.AddedAt.IsZero() {
				ca.AddedAt = s.now()
			}
			ca.AddedAt = ca.AddedAt.Round(0).UTC() // what the file will say
			if y := ca.AddedAt.Year(); y < 0 || y > 9999 {
				return fmt.Errorf("%w: added in year %d", trust.ErrInvalidCA, y)
			}
			added[ca.Domain] = append(added[ca.Domain], ca)
		}
		if len(added) == 0 {
			return nil
		}
		if err := s.view.Load().admits(added); err != nil {
			return err
		}
		if err := c.begin(); err != nil {
			return err
		}
		for _, d := range slices.Sorted(maps.Keys(added)) {
			if err := c.store(d, added[d]); err != nil {
				return errors.Join(fmt.Errorf("dirstore: %w", err), c.undo())
			}
		}
		v := c.finish()
		for _, r := range c.added {
			if snapshot, err := v.snapshot(r.Domain()); err != nil || snapshot.RoleOf(r.Fingerprint()) == "" {
				return fmt.Errorf("%w: CA %s was added", ErrNotServed, r.ID())
			}
		}
		return nil
	})
}

// admits asks what is served whether it would take the CAs.
func (v *view) admits(added map[trust.Domain][]trust.CA) error {
	for _, d := range slices.Sorted(maps.Keys(added)) {
		if _, err := v.changeable(d); errors.Is(err, trust.ErrDomain) {
			return fmt.Errorf("%w: %w", trust.ErrInvalidCA, err)
		} else if err != nil {
			return err
		}
	}
	_, err := v.snapshots.With(slices.Concat(slices.Collect(maps.Values(added))...)...)
	return err
}

// changeable is snapshot for a change, which needs to know what there is.
func (v *view) changeable(d trust.Domain) (*trust.Snapshot, error) {
	if lag, ok := v.lagging[d]; ok {
		return nil, fmt.Errorf("dirstore: domain %s: %w", d, lag.err)
	}
	return v.snapshot(d)
}

// store writes CAs of one domain to new files.
func (c *change) store(d trust.Domain, cas []trust.CA) error {
	dir := filepath.Join(c.s.dir, string(d))
	if err := os.Mkdir(dir, 0o755); err == nil {
		if err := settle(c.s.dir); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	for chunk := range slices.Chunk(cas, filled) {
		entries, records := make([]entry, len(chunk)), make([]trust.Record, len(chunk))
		for i, ca := range chunk {
			p, err := trust.Prepare(ca)
			if err != nil {
				return err
			}
			entries[i], records[i] = entry{p, true}, p.Record()
		}
		c.added = append(c.added, records...)
		data, err := format(records)
		if err != nil {
			return err
		}
		name, taken, err := create(dir, records[0].ID(), data)
		if err != nil {
			return err
		}
		c.written = append(c.written, &file{domain: d, name: name, stamp: taken, sum: sha256.Sum256(data), cas: entries})
	}
	return settle(dir)
}

// filled is how many CAs go into one file: with the largest certificates it
// stays below MaxFileBytes.
const filled = MaxFileBytes / (2 * trust.MaxCertificateBytes)

// undo takes back the files of an Add that failed.
func (c *change) undo() error {
	var errs []error
	for _, f := range c.written {
		dir := filepath.Join(c.s.dir, string(f.domain))
		errs = append(errs, remove(filepath.Join(dir, f.name)), settle(dir))
	}
	return errors.Join(errs...)
}

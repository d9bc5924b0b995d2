package dirstore

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// finding is a file of the folder: as it was known, and as it is.
type finding struct {
	domain  trust.Domain
	name    string
	old, is *file // nil for none
}

// load is the first look, at all there is. What is read is put in place while
// the rest is being read: nobody sees the store before all of it is.
func (s *Store) load() (*view, error) {
	e := s.state.edit()
	read := 0
	return s.lookInto(context.Background(), e, func(some []finding, total int) {
		for i := range some {
			if f := &some[i]; f.is != nil {
				e.replace(f.domain, f.name, f.is)
				f.old = f.is
			}
		}
		e.follow()
		read += len(some)
		if s.progress != nil {
			s.progress(read, total)
		}
	})
}

// look reads what changed since the last look, with looking held. Writers of
// this process go on meanwhile. A folder that cannot be read leaves the last
// good state, and the reason in the view; only the end of ctx is an error.
func (s *Store) look(ctx context.Context) (*view, error) {
	return s.lookInto(ctx, s.state.edit(), nil)
}

// lookInto hands each share of the files to done, if there is one, as soon as
// it is read.
func (s *Store) lookInto(ctx context.Context, e *edit, done func(some []finding, total int)) (*view, error) {
	began := s.now()
	written := readToken(filepath.Join(s.dir, lockName))
	s.turn.Lock()
	edits := s.state.edits
	s.turn.Unlock()
	found, err := list(ctx, s.dir)
	if err == nil {
		s.recall(found.files)
		if done != nil {
			done(nil, len(found.files))
		}
		err = examineAll(ctx, s.dir, found.files, began, func(some []finding) {
			if done != nil {
				done(some, len(found.files))
			}
		})
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	s.turn.Lock()
	defer s.turn.Unlock()
	next := s.view.Load().looked
	next.tried, next.err = began, err
	if err != nil {
		return s.publish(next), nil
	}
	// Of what this process wrote while it looked, the look may have seen a part.
	alone := done != nil || s.state.edits == edits
	s.apply(e, found, alone)
	if alone && written != "" {
		s.synced = written
	}
	next.lagging = fallBehind(found.down, next, s.state.snapshots)
	next.found, next.debris = found.problems, found.debris
	for _, f := range found.files {
		if f.is != nil && f.is.err != nil {
			next.found = append(next.found, Problem{Path: f.is.path(), Kept: len(f.is.cas), Err: f.is.err})
		}
	}
	next.checked, next.took = began, max(0, s.now().Sub(began))
	return s.publish(next), nil
}

// recallAtOnce bounds how long a look keeps writers waiting.
const recallAtOnce = 4096

// recall notes what was known of the files.
func (s *Store) recall(files []finding) {
	for some := range slices.Chunk(files, recallAtOnce) {
		s.turn.Lock()
		for i := range some {
			if in := s.state.folders[some[i].domain]; in != nil {
				some[i].old = in.files[some[i].name]
			}
		}
		s.turn.Unlock()
	}
}

// apply makes the state follow what was found, with the turn held. Where this
// process wrote while it looked, what it knows of a file may be newer than what
// the look saw: then only what is still so counts, and the next look judges the
// rest.
func (s *Store) apply(e *edit, found listing, alone bool) {
	known := map[trust.Domain]int{}
	for _, f := range found.files {
		if f.old != nil {
			known[f.domain]++
		}
	}
	for d, in := range s.state.folders {
		if _, down := found.down[d]; !down && known[d] < len(in.files) {
			s.sweep(e, found, d, alone)
		}
	}
	for _, f := range found.files {
		if f.is != f.old && (alone || s.knows(f.domain, f.name) == f.old && f.still(s.dir)) {
			e.replace(f.domain, f.name, f.is)
		}
	}
	e.finish()
}

// sweep takes out the files of a domain that the look did not find.
func (s *Store) sweep(e *edit, found listing, d trust.Domain, alone bool) {
	listed := map[string]bool{}
	for _, f := range found.files {
		if f.domain == d {
			listed[f.name] = true
		}
	}
	for name := range s.state.folders[d].files {
		gone := finding{domain: d, name: name}
		if !listed[name] && (alone || gone.still(s.dir)) {
			e.replace(d, name, nil)
		}
	}
}

func (s *Store) knows(d trust.Domain, name string) *file {
	if in := s.state.folders[d]; in != nil {
		return in.files[name]
	}
	return nil
}

// still reports whether the disk is as the look found it.
func (f finding) still(dir string) bool {
	path := filepath.Join(dir, string(f.domain), f.name)
	if f.is != nil {
		return f.is.stamp.same(path)
	}
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// fallBehind keeps since when the domains lag that could not be looked at. One
// that never could is one of which nothing is known.
func fallBehind(down map[trust.Domain]error, last looked, known trust.Snapshots) map[trust.Domain]lag {
	lagging := map[trust.Domain]lag{}
	for d, err := range down {
		var since time.Time
		if _, ok := known[d]; ok {
			since = last.checked
		}
		if before, ok := last.lagging[d]; ok {
			since = before.checked
		}
		lagging[d] = lag{since, err}
	}
	return lagging
}

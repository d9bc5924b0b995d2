package dirstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/mosip/partnertrust/trust"
)

// change runs a change alone, in this process and among all others, over what
// the folder says at that moment. What served finds wrong with the outcome is
// an error too.
func (s *Store) change(ctx context.Context, do, served func(v *view) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	// Readers need the turn to look at the folder, so it is taken only once no
	// other process is to be waited for.
	if err := take(ctx, s.writers); err != nil {
		return err
	}
	defer func() { <-s.writers }()
	unlock, err := lock(ctx, filepath.Join(s.dir, lockName))
	if err != nil {
		return err
	}
	defer unlock()
	if err := take(ctx, s.turn); err != nil {
		return err
	}
	defer func() { <-s.turn }()
	var found scan
	v, err := s.look(ctx, &found)
	if err != nil {
		return err
	}
	if err := v.away(); err != nil {
		return err // a change over a guess is none
	}
	for _, path := range found.debris {
		if err := remove(path); err != nil {
			return fmt.Errorf("dirstore: %w", err)
		}
	}
	err = do(v)
	// The folder may have changed, canceled or not, and also where a change
	// failed half way: what is served must follow.
	v, again := s.look(context.WithoutCancel(ctx), nil)
	if err != nil {
		return err
	}
	if again == nil {
		again = v.away()
	}
	if again != nil {
		return fmt.Errorf("%w: %w", ErrNotServed, again)
	}
	return served(v)
}

func take(ctx context.Context, turn chan struct{}) error {
	select {
	case turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// away says why the folder could not be looked at.
func (v *view) away() error {
	for _, p := range v.problems {
		if p.Path == "." {
			return p
		}
	}
	return nil
}

// Add implements [trust.Store]. The CAs that one call brings to one domain
// share a file, named after the first one's id, so that even a crash and
// readers in other processes see all of them or none.
func (s *Store) Add(ctx context.Context, cas ...trust.CA) error {
	return s.change(ctx, func(v *view) error {
		added := map[trust.Domain][]trust.CA{}
		for _, ca := range cas {
			if ca.AddedAt.IsZero() {
				ca.AddedAt = s.now()
			}
			if y := ca.AddedAt.UTC().Year(); y < 0 || y > 9999 {
				return fmt.Errorf("%w: added in year %d", trust.ErrInvalidCA, y)
			}
			if ca.ID == "" {
				ca.ID = ca.DefaultID()
			}
			added[ca.Domain] = append(added[ca.Domain], ca)
		}
		domains := slices.Sorted(maps.Keys(added))
		cas = slices.Concat(slices.Collect(maps.Values(added))...)
		if err := v.admits(cas); err != nil {
			return err
		}
		var written []string
		for _, d := range domains {
			paths, err := s.store(d, added[d])
			written = append(written, paths...)
			if err != nil {
				return errors.Join(fmt.Errorf("dirstore: %w", err), undo(written))
			}
		}
		return nil
	}, func(v *view) error {
		for _, ca := range cas {
			snapshot, err := v.snapshot(ca.Domain)
			if err != nil {
				return fmt.Errorf("%w: %w", ErrNotServed, err)
			}
			if _, ok := snapshot.Find(ca.Certificate); !ok {
				return fmt.Errorf("%w: CA %s was added", ErrNotServed, ca.ID)
			}
		}
		return nil
	})
}

// admits asks what is served whether it would take the CAs.
func (v *view) admits(cas []trust.CA) error {
	for _, ca := range cas {
		if _, err := v.snapshot(ca.Domain); errors.Is(err, trust.ErrDomain) {
			return fmt.Errorf("%w: %w", trust.ErrInvalidCA, err)
		} else if err != nil {
			return err
		}
	}
	_, err := v.snapshots.With(cas...)
	return err
}

// store writes CAs of one domain to new files and returns their paths, also
// when it fails.
func (s *Store) store(d trust.Domain, cas []trust.CA) (written []string, err error) {
	dir := filepath.Join(s.dir, string(d))
	if err := os.Mkdir(dir, 0o755); err == nil {
		err = settle(s.dir)
		if err != nil {
			return nil, err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	for chunk := range slices.Chunk(cas, filled) {
		data, err := format(chunk)
		if err != nil {
			return written, err
		}
		name, err := free(dir, chunk[0].ID)
		if err != nil {
			return written, err
		}
		written = append(written, filepath.Join(dir, name))
		if err := write(dir, name, data); err != nil {
			return written, err
		}
	}
	return written, settle(dir)
}

// filled is how many CAs go into one file: with the largest certificates it
// stays below MaxFileBytes.
const filled = MaxFileBytes / (2 * trust.MaxCertificateBytes)

// free finds a name that no file has, on file systems too that do not tell
// upper case from lower.
func free(dir, id string) (string, error) {
	for n := 1; n <= MaxFiles; n++ {
		name := id + ".pem"
		if n > 1 {
			name = id + "~" + strconv.Itoa(n) + ".pem"
		}
		if _, err := os.Lstat(filepath.Join(dir, name)); errors.Is(err, fs.ErrNotExist) {
			return name, nil
		} else if err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("%w: no name is free for id %s", trust.ErrTooLarge, id)
}

// undo takes back the files of an Add that failed.
func undo(paths []string) error {
	var errs []error
	for _, path := range paths {
		errs = append(errs, remove(path), settle(filepath.Dir(path)))
	}
	return errors.Join(errs...)
}

// Remove implements [trust.Store]. The CA is taken out of every file that
// holds its certificate, so that none brings it back: a file with nothing else
// is removed, another is written anew, in PEM and with what is known of the
// CAs that stay. A file that cannot be read at present is not touched: that
// gives [ErrBroken].
func (s *Store) Remove(ctx context.Context, d trust.Domain, id string) error {
	var ca trust.CA
	return s.change(ctx, func(v *view) error {
		snapshot, err := v.snapshot(d)
		if err != nil {
			return err
		}
		if _, err := snapshot.Without(id); err != nil {
			return err
		}
		ca, _ = snapshot.ByID(id)
		dir := filepath.Join(s.dir, string(d))
		affected, err := v.holding(ca)
		if err != nil {
			return err
		}
		for _, f := range affected {
			if err := cut(dir, f, ca, snapshot); err != nil {
				return fmt.Errorf("dirstore: %s: %w", f.path(), err)
			}
		}
		if err := settle(dir); err != nil {
			return fmt.Errorf("dirstore: %w", err)
		}
		return nil
	}, func(v *view) error {
		if snapshot, ok := v.snapshots[d]; ok {
			if _, there := snapshot.Find(ca.Certificate); there {
				return fmt.Errorf("%w: CA %s was removed", ErrNotServed, id)
			}
		}
		return nil
	})
}

// holding returns the files that hold a CA's certificate, in the order of
// their names.
func (v *view) holding(ca trust.CA) ([]*file, error) {
	var affected []*file
	for _, path := range slices.Sorted(maps.Keys(v.files)) {
		f := v.files[path]
		if f.domain != ca.Domain || !slices.ContainsFunc(f.cas, func(e entry) bool { return e.sum == ca.Fingerprint() }) {
			continue
		}
		if f.err != nil {
			return nil, Problem{Path: path, Kept: len(f.cas), Err: fmt.Errorf("%w: %w", ErrBroken, f.err)}
		}
		affected = append(affected, f)
	}
	return affected, nil
}

func cut(dir string, f *file, ca trust.CA, snapshot *trust.Snapshot) error {
	var left []trust.CA
	for _, e := range f.cas {
		if e.sum == ca.Fingerprint() {
			continue
		}
		// What the store serves of it, which may come from another file.
		if served, ok := snapshot.ByFingerprint(e.sum); ok {
			e.ca = served
		}
		left = append(left, e.ca)
	}
	if len(left) == 0 {
		return remove(filepath.Join(dir, f.name))
	}
	data, err := format(left)
	if err != nil {
		return err
	}
	return write(dir, f.name, data)
}

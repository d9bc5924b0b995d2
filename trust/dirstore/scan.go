package dirstore

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// scan is one look at the folder. It reads what changed since the last one.
type scan struct {
	dir      string
	now      time.Time
	old      *view
	files    map[string]*file
	down     map[trust.Domain]error // sub-folders that cannot be read and never could
	problems []Problem
	debris   []string // temporary files; only a writer that died leaves any to another writer
}

func (s *scan) run(ctx context.Context) error {
	s.files, s.down = map[string]*file{}, map[trust.Domain]error{}
	folders, err := entries(s.dir, MaxDomains)
	if err != nil {
		return err
	}
	for _, e := range folders {
		name := e.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		d := trust.Domain(name)
		if _, err := trust.NewSnapshot(d); err != nil || !e.IsDir() {
			s.problem(name, errors.Join(ErrForeign, err))
			continue
		}
		if err := s.folder(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

func (s *scan) problem(path string, err error) {
	s.problems = append(s.problems, Problem{Path: path, Err: err})
}

// folder reads a domain. Only the end of ctx is its error.
func (s *scan) folder(ctx context.Context, d trust.Domain) error {
	found, err := entries(filepath.Join(s.dir, string(d)), MaxFiles)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // removed meanwhile
	}
	if err != nil {
		s.problem(string(d), err)
		if _, known := s.old.snapshots[d]; !known {
			s.down[d] = err
		}
		for path, f := range s.old.files {
			if f.domain == d {
				s.files[path] = f
			}
		}
		return nil
	}
	for _, e := range found {
		if err := ctx.Err(); err != nil {
			return err
		}
		switch name := e.Name(); {
		case strings.HasPrefix(name, tempPrefix):
			s.debris = append(s.debris, filepath.Join(s.dir, string(d), name))
		case strings.HasPrefix(name, "."):
		case !e.Type().IsRegular():
			s.problem(string(d)+"/"+name, fmt.Errorf("%w: %s", ErrForeign, e.Type()))
		case !slices.Contains(endings, strings.ToLower(filepath.Ext(name))):
			s.problem(string(d)+"/"+name, ErrForeign)
		default:
			if f := s.file(d, name); f != nil {
				s.files[f.path()] = f
			}
		}
	}
	return nil
}

var endings = []string{".pem", ".crt", ".cer", ".der", ".p7b", ".p7c"}

// file returns a file as it is now, or nil if it is gone. One that turned bad
// keeps what it said before.
func (s *scan) file(d trust.Domain, name string) *file {
	path := filepath.Join(s.dir, string(d), name)
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	old := s.old.files[string(d)+"/"+name]
	if err == nil && old != nil && old.settled && old.info != nil && os.SameFile(old.info, info) &&
		old.info.Size() == info.Size() && old.info.ModTime().Equal(info.ModTime()) {
		return old
	}
	f := &file{domain: d, name: name, info: info}
	if old != nil {
		f.cas = old.cas
	}
	if err != nil {
		f.err = err
		return f
	}
	data, err := content(path, info)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		f.err = err
		return f
	}
	f.settled = s.now.Sub(info.ModTime()) > racy
	f.sum = sha256.Sum256(data)
	if old != nil && old.info != nil && old.sum == f.sum && old.info.ModTime().Equal(info.ModTime()) {
		if !f.settled && os.SameFile(old.info, info) {
			return old
		}
		f.err = old.err
		return f
	}
	cas, err := parse(d, data, info.ModTime())
	if err != nil {
		f.err = err
		return f
	}
	f.cas = cas
	return f
}

// content reads a file that is still the one that was looked at.
func content(path string, looked os.FileInfo) ([]byte, error) {
	if looked.Size() > MaxFileBytes {
		return nil, fmt.Errorf("%w: a file of %d bytes, the limit is %d", trust.ErrTooLarge, looked.Size(), MaxFileBytes)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	opened, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !opened.Mode().IsRegular() {
		return nil, ErrForeign // it was swapped under our eyes
	}
	data, err := io.ReadAll(io.LimitReader(f, MaxFileBytes+1))
	if err == nil && len(data) > MaxFileBytes {
		err = fmt.Errorf("%w: more than %d bytes", trust.ErrTooLarge, MaxFileBytes)
	}
	return data, err
}

// entries lists a folder, in the order of the names.
func entries(dir string, limit int) ([]os.DirEntry, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	found, err := f.ReadDir(limit + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(found) > limit {
		return nil, fmt.Errorf("%w: a folder of more than %d entries", trust.ErrTooLarge, limit)
	}
	slices.SortFunc(found, func(a, b os.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return found, nil
}

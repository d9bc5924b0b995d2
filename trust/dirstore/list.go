package dirstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// listing is what has a name in the folder.
type listing struct {
	files    []finding
	down     map[trust.Domain]error // sub-folders that cannot be read
	problems []Problem
	debris   []string // temporary files
}

// list reads the names, and none of the files. A folder without one of its
// sub-folders is a listing all the same.
func list(ctx context.Context, dir string) (listing, error) {
	l := listing{down: map[trust.Domain]error{}}
	folders, err := entries(dir, MaxDomains)
	if err != nil {
		return l, err
	}
	for _, e := range folders {
		name := e.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		d := trust.Domain(name)
		if _, err := trust.NewSnapshot(d); err != nil || !e.IsDir() {
			l.problem(name, errors.Join(ErrForeign, err))
			continue
		}
		if err := ctx.Err(); err != nil {
			return l, err
		}
		l.domain(dir, d)
	}
	return l, nil
}

func (l *listing) problem(path string, err error) {
	l.problems = append(l.problems, Problem{Path: path, Err: err})
}

func (l *listing) domain(dir string, d trust.Domain) {
	found, err := entries(filepath.Join(dir, string(d)), MaxFiles)
	if errors.Is(err, fs.ErrNotExist) {
		return // removed meanwhile
	}
	if err != nil {
		l.problem(string(d), err)
		l.down[d] = err
		return
	}
	l.files = slices.Grow(l.files, len(found))
	for _, e := range found {
		switch name := e.Name(); {
		case strings.HasPrefix(name, tempPrefix):
			l.debris = append(l.debris, filepath.Join(dir, string(d), name))
		case strings.HasPrefix(name, "."):
		case !e.Type().IsRegular():
			l.problem(string(d)+"/"+name, fmt.Errorf("%w: %s", ErrForeign, e.Type()))
		case !slices.Contains(endings, strings.ToLower(filepath.Ext(name))):
			l.problem(string(d)+"/"+name, ErrForeign)
		default:
			l.files = append(l.files, finding{domain: d, name: name})
		}
	}
}

var endings = []string{".pem", ".crt", ".cer", ".der", ".p7b", ".p7c"}

// entries lists a folder.
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
	return found, nil
}

// share is how many files a processor takes at once.
const share = 64

// examineAll looks at every file, on all processors where there are many, and
// hands over those that are done, share by share. Its goroutines end with it.
func examineAll(ctx context.Context, dir string, files []finding, now time.Time, done func([]finding)) error {
	var next atomic.Int64
	var handing sync.Mutex
	work := func() {
		for {
			from := int(next.Add(share)) - share
			if from >= len(files) {
				return
			}
			some := files[from:min(from+share, len(files))]
			for i := range some {
				if ctx.Err() != nil {
					return
				}
				f := &some[i]
				f.is = examine(dir, f.domain, f.name, f.old, now)
			}
			handing.Lock()
			done(some)
			handing.Unlock()
		}
	}
	var others sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (len(files)+share-1)/share) - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
	return ctx.Err()
}

package dirstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/mosip/partnertrust/trust"
)

// tempPrefix marks a file that is not there yet.
const tempPrefix = ".tmp-"

// prepare writes a file beside its place and syncs it. It is called with the
// writers' lock held, so that no two write one temporary file.
func prepare(dir, name string, data []byte) (temp string, taken stamp, err error) {
	temp = filepath.Join(dir, tempPrefix+name)
	if err := remove(temp); err != nil {
		return "", taken, err
	}
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return "", taken, err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync())
	if info, failed := f.Stat(); failed == nil {
		taken = stampOf(info) // of this file, whatever will have its name
	} else {
		err = errors.Join(err, failed)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", taken, errors.Join(err, remove(temp))
	}
	return temp, taken, nil
}

// overwrite puts a file in the place of another as a whole or not at all, for
// every reader and after every crash.
func overwrite(dir, name string, data []byte) (stamp, error) {
	temp, taken, err := prepare(dir, name, data)
	if err != nil {
		return taken, err
	}
	if err := os.Rename(temp, filepath.Join(dir, name)); err != nil {
		return taken, errors.Join(err, remove(temp))
	}
	return taken, nil
}

// create does the same under a name made of the id that no file has, on file
// systems too that do not tell upper case from lower, and although somebody may
// make a file of that name at this very moment: a link replaces nothing.
func create(dir, id string, data []byte) (name string, taken stamp, err error) {
	temp, taken, err := prepare(dir, id+ending, data)
	if err != nil {
		return "", taken, err
	}
	for n := 1; n <= MaxFiles; n++ {
		name := id + ending
		if n > 1 {
			name = id + "~" + strconv.Itoa(n) + ending
		}
		switch err := give(temp, filepath.Join(dir, name)); {
		case err == nil:
			return name, taken, nil
		case !errors.Is(err, fs.ErrExist):
			return "", taken, errors.Join(err, remove(temp))
		}
	}
	return "", taken, errors.Join(fmt.Errorf("%w: no name is free for id %s", trust.ErrTooLarge, id), remove(temp))
}

const ending = ".pem"

// give gives a file its name, unless another has it. A file system without
// links leaves a moment in which one that is made by hand is replaced.
func give(temp, path string) error {
	err := os.Link(temp, path)
	if err == nil {
		return remove(temp)
	}
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, there := os.Lstat(path); there == nil {
		return fs.ErrExist
	}
	return os.Rename(temp, path)
}

// remove is os.Remove for what may be gone already.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// settle makes what happened to a folder's entries outlast a power cut.
func settle(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

package dirstore

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// tempPrefix marks a file that is not there yet.
const tempPrefix = ".tmp-"

// write puts a file in its place as a whole or not at all, for every reader
// and after every crash. It is called with the writers' lock held, so that no
// two write one temporary file.
func write(dir, name string, data []byte) error {
	temp := filepath.Join(dir, tempPrefix+name)
	if err := remove(temp); err != nil {
		return err
	}
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync())
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(temp, filepath.Join(dir, name))
	}
	if err != nil {
		return errors.Join(err, remove(temp))
	}
	return nil
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

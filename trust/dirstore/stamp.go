package dirstore

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// stamp tells one state of a file from the next without reading it. The zero
// stamp is of a file that could not be looked at: no file has it.
type stamp struct {
	size, modified int64 // bytes, Unix nanoseconds
	device, inode  uint64
}

func stampOf(info fs.FileInfo) stamp {
	s := stamp{size: info.Size(), modified: info.ModTime().UnixNano()}
	s.device, s.inode = identity(info)
	return s
}

// time is when the content was last changed.
func (s stamp) time() time.Time { return time.Unix(0, s.modified).UTC() }

// same reports whether a path still is what the stamp was taken of.
func (s stamp) same(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && s == stampOf(info)
}

// content reads a file, and takes the stamp of what it reads and not of what
// may stand in its place a moment earlier or later.
func content(path string) ([]byte, stamp, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|plainOnly, 0)
	if err != nil {
		return nil, stamp{}, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, stamp{}, err
	}
	s := stampOf(info)
	switch {
	case !info.Mode().IsRegular():
		return nil, s, ErrForeign // it was swapped under our eyes
	case s.size > MaxFileBytes:
		return nil, s, fmt.Errorf("%w: a file of %d bytes, the limit is %d", trust.ErrTooLarge, s.size, MaxFileBytes)
	}
	// Should it grow meanwhile, its stamp tells the next look.
	data := make([]byte, s.size)
	if _, err := io.ReadFull(f, data); err != nil {
		return nil, stamp{}, err
	}
	return data, s, nil
}

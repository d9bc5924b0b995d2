package dirstore

import (
	"errors"
	"fmt"
)

// What can be wrong with an entry of the folder, beside the errors of package
// trust and of the file system.
var (
	// ErrForeign: a file, sub-folder, symbolic link or device that is none of
	// the store's. It is left alone.
	ErrForeign = errors.New("dirstore: not a certificate file")
	// ErrConflict: two files give one id to two certificates.
	ErrConflict = errors.New("dirstore: id is taken by another file")
	// ErrBroken: a change needs a file that cannot be read at present.
	ErrBroken = errors.New("dirstore: the file is broken, repair or delete it first")
	// ErrNotServed: a change is on the disk, but the folder that was read back
	// says otherwise, because somebody changed it by hand at that moment.
	ErrNotServed = errors.New("dirstore: a change was written and is not served")
)

// Problem is an entry of the folder that is not served as it stands. It is an
// error.
type Problem struct {
	Path string // in the folder, with slashes; "." is the folder itself
	Kept int    // how many CAs of its last good content are served on
	Err  error
}

func (p Problem) Error() string {
	if p.Kept > 0 {
		return fmt.Sprintf("dirstore: %s: %v (serving its last good content, CAs: %d)", p.Path, p.Err, p.Kept)
	}
	return fmt.Sprintf("dirstore: %s: %v", p.Path, p.Err)
}

// Unwrap returns the cause.
func (p Problem) Unwrap() error { return p.Err }

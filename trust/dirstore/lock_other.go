//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package dirstore

import (
	"errors"
	"os"
)

// Without a lock that dies with its process nothing is written.
func tryLock(*os.File) (bool, error) { return false, errors.ErrUnsupported }

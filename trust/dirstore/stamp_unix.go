//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package dirstore

import (
	"io/fs"
	"syscall"
)

// plainOnly opens no symbolic link and waits for nobody at the other end of a
// pipe: what was a plain file when the folder was listed may be one no more.
const plainOnly = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

func identity(info fs.FileInfo) (device, inode uint64) {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(s.Dev), uint64(s.Ino) //nolint:unconvert // the types differ between systems
	}
	return 0, 0
}

package dirstore

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"time"
)

const (
	lockName  = ".lock"
	lockRetry = 2 * time.Millisecond
)

// writing is the right to write to the folder, among all processes.
type writing struct{ file *os.File }

// lock keeps the writers of all processes apart. The operating system lets go
// of it when the process ends, however it ends, so no lock is ever stale. The
// file stays: removing it would let two writers lock two files of one name.
func lock(ctx context.Context, path string) (writing, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return writing{}, fmt.Errorf("dirstore: the writers' lock: %w", err)
	}
	for {
		held, err := tryLock(f)
		if err != nil {
			_ = f.Close()
			return writing{}, fmt.Errorf("dirstore: the writers' lock: %w", err)
		}
		if held {
			return writing{f}, nil
		}
		wait := time.NewTimer(lockRetry)
		select {
		case <-ctx.Done():
			wait.Stop()
			_ = f.Close()
			return writing{}, ctx.Err()
		case <-wait.C:
		}
	}
}

// unlock lets go of the lock, by closing.
func (w writing) unlock() { _ = w.file.Close() }

// token names one write to the folder by a process of this library. It stands
// in the lock file from the end of that write to the beginning of the next, so
// that whoever finds the token there that it knows has missed none. "" is the
// token of no write: what is known then must be looked at.
//
// A writer that dies between begin and end leaves no token, and so does a hand
// that deletes or empties the file. It need not be synced: a power cut that
// loses it ends all processes that ever read it.
type token string

// newToken returns a token that no other write has or had.
func newToken() token {
	var random [tokenLength / 2]byte
	_, _ = rand.Read(random[:]) // never fails
	return token(hex.EncodeToString(random[:]))
}

const tokenLength = 32

// begin takes the last write's token away, before the first change.
func (w writing) begin() error {
	_, err := w.file.WriteAt([]byte(strings.Repeat("-", tokenLength)+"\n"), 0)
	return err
}

// end leaves this write's token, after the last change.
func (w writing) end(t token) error {
	_, err := w.file.WriteAt([]byte(t+"\n"), 0)
	return err
}

// last returns the last write's token.
func (w writing) last() token { return tokenIn(w.file) }

// readToken is last for whoever looks and does not write. A write may begin and
// end around it: then the token is old, or torn, and equals none that is to come.
func readToken(path string) token {
	f, err := os.OpenFile(path, os.O_RDONLY|plainOnly, 0)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	return tokenIn(f)
}

func tokenIn(f *os.File) token {
	var text [tokenLength]byte
	if _, err := f.ReadAt(text[:], 0); err != nil || text[0] == '-' {
		return ""
	}
	return token(text[:])
}

package dirstore

import (
	"context"
	"fmt"
	"os"
	"time"
)

const (
	lockName  = ".lock"
	lockRetry = 2 * time.Millisecond
)

// lock keeps the writers of all processes apart. The operating system lets go
// of it when the process ends, however it ends, so no lock is ever stale. The
// file stays: removing it would let two writers lock two files of one name.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("dirstore: the writers' lock: %w", err)
	}
	for {
		held, err := tryLock(f)
		if err != nil {
			_ = f.Close()
			return nil, fmt.Errorf("dirstore: the writers' lock: %w", err)
		}
		if held {
			return func() { _ = f.Close() }, nil // closing lets go of it
		}
		wait := time.NewTimer(lockRetry)
		select {
		case <-ctx.Done():
			wait.Stop()
			_ = f.Close()
			return nil, ctx.Err()
		case <-wait.C:
		}
	}
}

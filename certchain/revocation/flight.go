package revocation

import (
	"context"
	"sync"
	"time"
)

// flights lets all that want the same thing at once wait for one fetch.
type flights struct {
	mu       sync.Mutex
	underway map[string]chan struct{}
}

// do runs work, or waits for the run that is under way. The run has its own
// timeout and is not ended with the call that began it, because others may wait
// for it. do returns early when ctx ends.
func (f *flights) do(ctx context.Context, key string, timeout time.Duration, work func(context.Context)) error {
	f.mu.Lock()
	done, underway := f.underway[key]
	if !underway {
		done = make(chan struct{})
		if f.underway == nil {
			f.underway = map[string]chan struct{}{}
		}
		f.underway[key] = done
		go func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
			defer cancel()
			defer func() {
				f.mu.Lock()
				delete(f.underway, key)
				f.mu.Unlock()
				close(done)
			}()
			work(ctx)
		}()
	}
	f.mu.Unlock()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// busy reports whether a run is under way.
func (f *flights) busy(key string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.underway[key] != nil
}

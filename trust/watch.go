package trust

import (
	"context"
	"errors"
	"time"
)

// ErrStale is returned by a source that could not look at what it is made from
// for longer than it was told to put up with.
var ErrStale = errors.New("trust: the source has not been current for too long")

// Watcher is an optional interface of a [Source] whose content others change:
// other processes in a folder, other services in a database.
//
// Watch keeps the source current until ctx ends, and returns why it ended: the
// error of ctx, or one that no retry can mend. While it runs no Snapshot waits
// for a disk or a network. It calls changed, unless that is nil, with the new
// snapshot of a domain, whoever made the change: one call at a time, in the
// order of the versions of each domain. Where several changes follow each other
// quickly it may tell the newest alone. What is away for a while is tried again;
// see [Monitored].
//
// The host starts it (go source.Watch(ctx, nil)); nothing else in this library
// starts a goroutine that outlives a call.
type Watcher interface {
	Watch(ctx context.Context, changed func(*Snapshot)) error
}

// Freshness says how current a source is.
type Freshness struct {
	Checked time.Time // when it last knew that it was current
	Err     error     // why it has not known since; nil where the last look succeeded
}

// Monitored is an optional interface of a [Source] that can fall behind.
type Monitored interface {
	Freshness() Freshness
}

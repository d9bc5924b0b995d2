package dirstore

import (
	"time"

	"github.com/mosip/partnertrust/trust"
)

// What is read of a folder at most. Past a limit the file or sub-folder is
// named in [Store.Problems] and what it held before is kept.
const (
	// MaxFileBytes is the size of one file.
	MaxFileBytes = trust.MaxBundleBytes
	// MaxFiles is how many entries one domain's sub-folder may have.
	MaxFiles = 1 << 18
	// MaxDomains is how many entries the folder itself may have.
	MaxDomains = 256
	// MaxUndelivered is how many snapshots wait for one [Store.Watch] whose
	// callback is slow. Past it the newest of each domain are kept.
	MaxUndelivered = 4 * MaxDomains
)

// How often the folder is looked at.
const (
	// DefaultInterval is how often, if anybody asks.
	DefaultInterval = time.Second
	// WatchInterval is how often at most while [Store.Watch] runs.
	WatchInterval = 100 * time.Millisecond
	// Seldom is how many times as long as a look takes the next one waits,
	// where that is longer than the interval: looking at very many files must
	// not become all that is done.
	Seldom = 20
)

// A file that changed twice within the resolution of a file system's clock may
// look the same by size and time. Until its time is that long ago its content
// is compared instead.
const racy = 2 * time.Second

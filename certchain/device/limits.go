package device

import "time"

const (
	// MaxSegments is how many segments one request may have: ten fingers, two
	// irises, a face, and room.
	MaxSegments = 20

	// MaxFieldBytes is the longest field of a data block or digital id but
	// bioValue, which only the token's size bounds.
	MaxFieldBytes = 512

	// DefaultWindow is how old the last segment may be: the platform's default.
	DefaultWindow = 30 * time.Second

	// DefaultAdjustment is how far clocks may disagree, in both directions: the
	// platform's default.
	DefaultAdjustment = 30 * time.Second

	// DefaultSegmentGap is how long after one segment the next may follow.
	DefaultSegmentGap = 120 * time.Second
)

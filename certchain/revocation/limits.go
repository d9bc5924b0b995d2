package revocation

// What is read at most. A list beyond a limit is an error that names it.
const (
	// MaxListBytes is the largest revocation list that is read.
	MaxListBytes = 64 << 20

	// MaxLists is how many lists one checker holds.
	MaxLists = 10_000

	// maxPoints bounds the distribution points of one certificate, and the
	// names of one point.
	maxPoints = 32

	// maxSigners bounds how many certificates are tried as signers of a list.
	maxSigners = 32
)

package revocation

import "time"

// What is read at most. Whatever is beyond a limit is an error, or an unknown
// status, that names it.
const (
	// MaxListBytes is the largest revocation list that is read.
	MaxListBytes = 64 << 20

	// MaxLists is how many lists one offline checker holds.
	MaxLists = 10_000

	// MaxResponseBytes is the largest OCSP response that is read.
	MaxResponseBytes = 256 << 10

	// MaxResponses is how many OCSP responses one offline checker holds.
	MaxResponses = 10_000

	// MaxCheckers is how many checkers are combined in one.
	MaxCheckers = 16

	// maxPoints bounds the distribution points of one certificate, and the
	// names of one point.
	maxPoints = 32

	// maxSigners bounds under how many keys a list is tried, and maxNamesakes
	// how many certificates of the signer's name are looked at for them.
	maxSigners   = 32
	maxNamesakes = 1024

	// maxSingles bounds the statuses in one OCSP response, and maxDelegates
	// the certificates that it brings along.
	maxSingles   = 1024
	maxDelegates = 8

	// maxNotes bounds the reasons that an unknown status lists.
	maxNotes = 8

	// maxRSABits is the largest RSA key that is used: a check costs time that
	// grows with the cube.
	maxRSABits = 8192
)

// What is fetched at most, and for how long. Those with an option say which.
const (
	// DefaultTimeout is how long one fetch may take: [Timeout].
	DefaultTimeout = 10 * time.Second

	// DefaultFetchBytes is the largest list that is fetched: [MaxFetchBytes].
	DefaultFetchBytes = 16 << 20

	// DefaultRefresh is after which time a list or response that still holds is
	// asked for again: [RefreshAfter].
	DefaultRefresh = time.Hour

	// DefaultRetry is how long a server that failed is left alone: [RetryAfter].
	DefaultRetry = time.Minute

	// MaxRedirects is how many redirects one fetch follows.
	MaxRedirects = 3

	// MaxURLBytes is the longest URL that is fetched.
	MaxURLBytes = 2048

	// MaxConcurrentFetches is how many fetches one [Fetcher] has under way.
	MaxConcurrentFetches = 64

	// MaxFetchesPerCheck is how many URLs are consulted for one certificate.
	MaxFetchesPerCheck = 8

	// MaxCachedLists, MaxCachedResponses and MaxCachedBytes bound what a
	// [Fetcher] keeps in memory, in bytes of DER of each kind; MaxCacheFiles,
	// what it keeps on disk.
	MaxCachedLists     = 1024
	MaxCachedResponses = 16_384
	MaxCachedBytes     = 128 << 20
	MaxCacheFiles      = 4096

	// ClockSkew is how far ahead a responder's clock may be, and how old a
	// response may be that does not say until when it holds.
	ClockSkew = 5 * time.Minute

	// refreshPatience is how long a call waits for a newer list or response
	// while the one at hand still holds.
	refreshPatience = time.Second

	// maxHeaderBytes bounds the headers of an answer, maxValidatorBytes what of
	// them is kept for the next request.
	maxHeaderBytes    = 64 << 10
	maxValidatorBytes = 1 << 10

	// maxDeadHosts bounds how many servers are remembered as dead.
	maxDeadHosts = 1024
)

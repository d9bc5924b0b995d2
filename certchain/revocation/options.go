package revocation

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"time"
)

// FetchOption configures a [Fetcher].
type FetchOption func(*fetchSettings)

type fetchSettings struct {
	clock    func() time.Time
	timeout  time.Duration
	refresh  time.Duration
	retry    time.Duration
	patience time.Duration
	maxBytes int64
	allowed  []netip.Prefix
	dir      string
	maxFiles int
	report   func(error)
}

func defaultFetchSettings() fetchSettings {
	return fetchSettings{clock: time.Now, timeout: DefaultTimeout, refresh: DefaultRefresh, retry: DefaultRetry,
		patience: refreshPatience, maxBytes: DefaultFetchBytes, maxFiles: MaxCacheFiles, report: func(error) {}}
}

// WithClock takes the time from now: it says when something that was fetched is
// asked for again. Whether a list holds is judged at the time of the
// verification.
func WithClock(now func() time.Time) FetchOption { return func(s *fetchSettings) { s.clock = now } }

// Timeout is how long one fetch may take; the default is [DefaultTimeout].
func Timeout(d time.Duration) FetchOption { return func(s *fetchSettings) { s.timeout = d } }

// RefreshAfter is after which time a list or response that still holds is asked
// for again; the default is [DefaultRefresh]. Where that fails, the one at hand
// serves until its nextUpdate and no longer.
func RefreshAfter(d time.Duration) FetchOption { return func(s *fetchSettings) { s.refresh = d } }

// RetryAfter is how long a URL, or a server that did not answer at all, is left
// alone after a failure; the default is [DefaultRetry].
func RetryAfter(d time.Duration) FetchOption { return func(s *fetchSettings) { s.retry = d } }

// MaxFetchBytes is the largest list that is fetched, at most [MaxListBytes]; the
// default is [DefaultFetchBytes].
func MaxFetchBytes(n int64) FetchOption { return func(s *fetchSettings) { s.maxBytes = n } }

// AllowPrivateAddresses lets fetches go to these ranges although they may be
// private, loopback or otherwise not public. Whoever can get a certificate
// issued with a URL in it can then send requests there.
func AllowPrivateAddresses(ranges ...netip.Prefix) FetchOption {
	return func(s *fetchSettings) { s.allowed = append(slices.Clip(s.allowed), ranges...) }
}

// CacheDir keeps fetched lists in that folder, which is made if need be, so that
// they survive a restart. Several processes may share it. What is read back is
// verified like what was fetched.
func CacheDir(dir string) FetchOption {
	return func(s *fetchSettings) { s.dir = dir }
}

// OnCacheError is told when a list could not be kept on disk. Nothing fails for
// it: the list is in memory. It may be called by several goroutines at once.
func OnCacheError(report func(error)) FetchOption {
	return func(s *fetchSettings) { s.report = report }
}

func (s *fetchSettings) validate() error {
	switch {
	case s.clock == nil || s.report == nil:
		return errors.New("revocation: a fetcher with a nil function")
	case s.timeout <= 0 || s.refresh <= 0 || s.retry <= 0:
		return errors.New("revocation: a fetcher with a period that is not positive")
	case s.maxBytes <= 0 || s.maxBytes > MaxListBytes:
		return fmt.Errorf("revocation: a fetcher with a limit of %d bytes; at most %d are possible", s.maxBytes, int64(MaxListBytes))
	case slices.ContainsFunc(s.allowed, func(p netip.Prefix) bool { return !p.IsValid() }):
		return errors.New("revocation: an address range that is not valid")
	}
	if s.dir != "" {
		if err := os.MkdirAll(s.dir, 0o700); err != nil {
			return fmt.Errorf("revocation: %w", err)
		}
	}
	return nil
}

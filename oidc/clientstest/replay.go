package clientstest

import (
	"context"
	"testing"
	"time"

	"github.com/mosip/partnertrust/oidc"
)

// RunReplayCache tests that a replay cache keeps the contract of
// [oidc.ReplayCache]. Each test opens one of its own, which must be empty.
func RunReplayCache(t *testing.T, open func(t *testing.T) oidc.ReplayCache) {
	until := time.Now().Add(time.Hour)
	use := func(t *testing.T, cache oidc.ReplayCache, client, jti string, fresh bool) {
		t.Helper()
		got, err := cache.Use(t.Context(), client, jti, until)
		want(t, err)
		if got != fresh {
			t.Errorf("Use(%q, %q) is fresh: %v, want %v", client, jti, got, fresh)
		}
	}
	t.Run("Once", func(t *testing.T) {
		cache := open(t)
		use(t, cache, "a", "1", true)
		use(t, cache, "a", "1", false)
		use(t, cache, "a", "2", true)
		use(t, cache, "b", "1", true)
		use(t, cache, "a", "1", false)
	})
	// Client and jti are two texts, and not one after the other.
	t.Run("Apart", func(t *testing.T) {
		cache := open(t)
		for _, pair := range [][2]string{{"a", "bc"}, {"ab", "c"}, {"a:b", "c"}, {"a", "b:c"}, {"A", "bc"}, {"a", "BC"}, {"a", "bc "}} {
			use(t, cache, pair[0], pair[1], true)
		}
	})
	t.Run("OneIsFresh", func(t *testing.T) {
		cache := open(t)
		results := make(chan bool, callers)
		concurrently(func() error {
			fresh, err := cache.Use(t.Context(), "a", "1", until)
			results <- fresh
			return err
		}, func(err error) { t.Error(err) })
		close(results)
		n := 0
		for fresh := range results {
			if fresh {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d of %d concurrent uses were fresh, want 1", n, callers)
		}
	})
	t.Run("Context", func(t *testing.T) {
		cache := open(t)
		over, cancel := context.WithCancel(t.Context())
		cancel()
		fresh, err := cache.Use(over, "a", "1", until)
		wantError(t, err, context.Canceled)
		if fresh {
			t.Error("fresh, with an error")
		}
	})
}

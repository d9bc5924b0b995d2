package policy_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/policy"
)

func TestShareReadable(t *testing.T) {
	t.Parallel()
	made := now
	share := policy.Terms{ValidFor: 30, Transactions: 2}.ShareAt(made)
	require.Equal(t, made.Add(30*time.Minute), share.ExpiresAt())
	for name, c := range map[string]struct {
		change func(*policy.Share)
		at     time.Time
		want   []policy.Reason
	}{
		"at once":             {nil, made, nil},
		"the last instant":    {nil, made.Add(30*time.Minute - 1), nil},
		"the expiry":          {nil, made.Add(30 * time.Minute), []policy.Reason{policy.ShareExpired}},
		"before it was made":  {nil, made.Add(-1), []policy.Reason{policy.ShareNotYetMade}},
		"one read left":       {func(s *policy.Share) { s.Used = 1 }, made, nil},
		"used up":             {func(s *policy.Share) { s.Used = 2 }, made, []policy.Reason{policy.ShareUsedUp}},
		"used too often":      {func(s *policy.Share) { s.Used = 9 }, made, []policy.Reason{policy.ShareUsedUp}},
		"impossible count":    {func(s *policy.Share) { s.Used = -1 }, made, []policy.Reason{policy.ShareUsedUp}},
		"unlimited":           {func(s *policy.Share) { s.Used, s.Allowed = 1<<40, policy.Unlimited }, made, nil},
		"never, 0":            {func(s *policy.Share) { s.Allowed = 0 }, made, []policy.Reason{policy.ShareUsedUp}},
		"never, -2":           {func(s *policy.Share) { s.Allowed = -2 }, made, []policy.Reason{policy.ShareUsedUp}},
		"0 minutes":           {func(s *policy.Share) { s.ValidFor = 0 }, made, []policy.Reason{policy.ShareExpired}},
		"expired and used up": {func(s *policy.Share) { s.Used = 2 }, made.Add(time.Hour), []policy.Reason{policy.ShareExpired, policy.ShareUsedUp}},
		"no clock":            {nil, time.Time{}, []policy.Reason{policy.Undecided}},
		"zero share":          {func(s *policy.Share) { *s = policy.Share{} }, made, []policy.Reason{policy.Undecided, policy.ShareUsedUp}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := share
			if c.change != nil {
				c.change(&s)
			}
			d := s.Readable(c.at)
			require.Equal(t, c.want, reasonsOf(d.Denials))
			require.Equal(t, len(c.want) == 0, d.Allowed)
		})
	}
}

// counter keeps the contract of policy.Counter in memory.
type counter struct {
	mu   sync.Mutex
	used map[string]int64
	err  error
}

func (c *counter) Take(_ context.Context, id string, limit int64) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return true, c.err
	}
	if c.used[id] >= limit {
		return false, nil
	}
	if c.used == nil {
		c.used = map[string]int64{}
	}
	c.used[id]++
	return true, nil
}

func TestShareReadCounts(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	share := policy.Terms{ValidFor: 30, Transactions: 2}.ShareAt(now)
	c := &counter{}
	require.True(t, share.Read(ctx, c, "a", now).Allowed)
	require.True(t, share.Read(ctx, c, "a", now).Allowed)
	require.ErrorIs(t, share.Read(ctx, c, "a", now).Err(), policy.ShareUsedUp)
	require.True(t, share.Read(ctx, c, "b", now).Allowed)

	require.ErrorIs(t, share.Read(ctx, c, "c", now.Add(time.Hour)).Err(), policy.ShareExpired)
	require.Zero(t, c.used["c"], "a read that time refuses is not counted")

	never := policy.Terms{ValidFor: 30}.ShareAt(now)
	require.ErrorIs(t, never.Read(ctx, c, "d", now).Err(), policy.ShareUsedUp)
	unlimited := policy.Terms{ValidFor: 30, Transactions: policy.Unlimited}.ShareAt(now)
	require.True(t, unlimited.Read(ctx, nil, "e", now).Allowed)

	require.ErrorIs(t, share.Read(ctx, nil, "f", now).Err(), policy.CounterFailed)
	require.ErrorIs(t, share.Read(ctx, &counter{err: errors.New("down")}, "f", now).Err(), policy.CounterFailed)
	require.ErrorIs(t, policy.Share{}.Read(ctx, c, "g", now).Err(), policy.Undecided)
}

func TestShareReadCountsConcurrently(t *testing.T) {
	t.Parallel()
	share := policy.Terms{ValidFor: 30, Transactions: 10}.ShareAt(now)
	c := &counter{}
	var allowed atomic.Int64
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if share.Read(t.Context(), c, "a", now).Allowed {
				allowed.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 10, allowed.Load())
}

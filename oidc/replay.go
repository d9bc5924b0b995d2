package oidc

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrReplayFull: a [ReplayMemory] holds as many assertions as it may, none of
// which has expired.
var ErrReplayFull = errors.New("oidc: replay cache is full")

// ReplayMemory is a [ReplayCache] in the memory of one process.
type ReplayMemory struct {
	mu   sync.Mutex
	now  func() time.Time
	most int
	used map[[2]string]time.Time
	free time.Time // before that, nothing expires: no use to look
}

// NewReplayMemory makes a cache for at most so many assertions. When it is
// full it refuses further ones: to forget would let the forgotten be used
// again. The clock is that of the [Authenticator]; nil is time.Now.
func NewReplayMemory(most int, now func() time.Time) *ReplayMemory {
	if now == nil {
		now = time.Now
	}
	return &ReplayMemory{now: now, most: most, used: make(map[[2]string]time.Time)}
}

// Use implements [ReplayCache].
func (m *ReplayMemory) Use(ctx context.Context, clientID, jti string, until time.Time) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	key := [2]string{clientID, jti}
	if kept, used := m.used[key]; used && now.Before(kept) {
		return false, nil
	}
	if len(m.used) >= m.most {
		m.forget(now)
	}
	if len(m.used) >= m.most {
		return false, ErrReplayFull
	}
	m.used[key] = until
	if until.Before(m.free) {
		m.free = until
	}
	return true, nil
}

// forget drops what has expired.
func (m *ReplayMemory) forget(now time.Time) {
	if now.Before(m.free) {
		return
	}
	m.free = time.Time{}
	for key, kept := range m.used {
		switch {
		case !now.Before(kept):
			delete(m.used, key)
		case m.free.IsZero() || kept.Before(m.free):
			m.free = kept
		}
	}
}

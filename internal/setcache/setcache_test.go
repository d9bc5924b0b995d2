package setcache_test

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/setcache"
)

func key(i int) setcache.Key {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(i))
	return sha256.Sum256(b[:])
}

func TestGetPut(t *testing.T) {
	t.Parallel()
	c := setcache.New[int](64)
	for i := range 32 {
		k := key(i)
		_, ok := c.Get(&k)
		require.False(t, ok)
		c.Put(k, i)
		c.Put(k, i+1)
		got, ok := c.Get(&k)
		require.True(t, ok)
		require.Equal(t, i+1, got)
	}
}

// However much is put in, no more than the size is kept, and what is found is
// what was put.
func TestBounded(t *testing.T) {
	t.Parallel()
	c := setcache.New[int](64)
	for i := range 10_000 {
		c.Put(key(i), i)
	}
	kept := 0
	for i := range 10_000 {
		k := key(i)
		if got, ok := c.Get(&k); ok {
			require.Equal(t, i, got)
			kept++
		}
	}
	require.LessOrEqual(t, kept, 64)
	require.Greater(t, kept, 32)
	k := key(9_999)
	_, ok := c.Get(&k)
	require.True(t, ok, "the newest is there")
}

func TestZeroAndNil(t *testing.T) {
	t.Parallel()
	k := key(1)
	for _, c := range []*setcache.Cache[int]{nil, {}} {
		c.Put(k, 1)
		_, ok := c.Get(&k)
		require.False(t, ok)
	}
}

func TestConcurrent(t *testing.T) {
	t.Parallel()
	c := setcache.New[int](128)
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 5_000 {
				n := (i*7 + w) % 400
				k := key(n)
				if got, ok := c.Get(&k); ok && got != n {
					t.Errorf("%d under the key of %d", got, n)
				}
				c.Put(k, n)
			}
		})
	}
	wg.Wait()
}

// Package setcache is a bounded cache that readers never lock: a table of small
// sets, as in a processor's cache. An entry that is pushed out is only work to
// be done again.
package setcache

import (
	"encoding/binary"
	"sync/atomic"
)

// Key is a SHA-256 digest.
type Key [32]byte

const ways = 8

// Cache maps keys to values that are never changed once they are in it. Make
// one with New; the zero Cache holds nothing.
type Cache[V any] struct {
	sets []set[V]
}

type set[V any] struct {
	ways [ways]atomic.Pointer[entry[V]]
	next atomic.Uint32
}

type entry[V any] struct {
	key   Key
	value V
}

// New returns a cache for at least that many entries.
func New[V any](entries int) *Cache[V] {
	n := 1
	for n*ways < entries {
		n *= 2
	}
	return &Cache[V]{sets: make([]set[V], n)}
}

// set chooses by bits of the digest: nobody can crowd one set without choosing
// digests.
func (c *Cache[V]) set(key *Key) *set[V] {
	return &c.sets[binary.LittleEndian.Uint64(key[8:])&uint64(len(c.sets)-1)]
}

// Get returns the value under the key.
func (c *Cache[V]) Get(key *Key) (value V, ok bool) {
	if c == nil || len(c.sets) == 0 {
		return value, false
	}
	s := c.set(key)
	for i := range s.ways {
		if e := s.ways[i].Load(); e != nil && e.key == *key {
			return e.value, true
		}
	}
	return value, false
}

// Put puts a value under the key, in place of an old one or of the one that its
// set can spare.
func (c *Cache[V]) Put(key Key, value V) {
	if c == nil || len(c.sets) == 0 {
		return
	}
	s := c.set(&key)
	e := &entry[V]{key, value}
	for i := range s.ways {
		old := s.ways[i].Load()
		if (old == nil || old.key == key) && s.ways[i].CompareAndSwap(old, e) {
			return
		}
	}
	s.ways[s.next.Add(1)%ways].Store(e)
}

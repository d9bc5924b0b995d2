package revocation

import (
	golist "container/list"
	"sync"
)

// lru is a map that forgets what was not used for longest when it has more than
// so many elements, or elements of more than so many bytes together.
type lru[K comparable, V any] struct {
	maxCount int
	maxBytes int64

	mu    sync.Mutex
	order golist.List // of *item[K, V]; the last used first
	at    map[K]*golist.Element
	bytes int64
}

type item[K comparable, V any] struct {
	key   K
	value V
	bytes int64
}

func newLRU[K comparable, V any](maxCount int, maxBytes int64) *lru[K, V] {
	return &lru[K, V]{maxCount: maxCount, maxBytes: maxBytes, at: map[K]*golist.Element{}}
}

func (c *lru[K, V]) get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.at[key]; ok {
		c.order.MoveToFront(e)
		return e.Value.(*item[K, V]).value, true
	}
	return value, false
}

// getOrPut returns the element, which is v if there was none.
func (c *lru[K, V]) getOrPut(key K, v V) V {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.at[key]; ok {
		c.order.MoveToFront(e)
		return e.Value.(*item[K, V]).value
	}
	c.set(key, v, 0)
	return v
}

func (c *lru[K, V]) put(key K, v V, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(key, v, bytes)
}

func (c *lru[K, V]) set(key K, v V, bytes int64) {
	if e, ok := c.at[key]; ok {
		c.remove(e)
	}
	c.at[key] = c.order.PushFront(&item[K, V]{key, v, bytes})
	c.bytes += bytes
	// The newest stays, however large: its reader limits that.
	for c.order.Len() > 1 && (c.order.Len() > c.maxCount || c.bytes > c.maxBytes && c.maxBytes > 0) {
		c.remove(c.order.Back())
	}
}

func (c *lru[K, V]) remove(e *golist.Element) {
	one := c.order.Remove(e).(*item[K, V])
	c.bytes -= one.bytes
	delete(c.at, one.key)
}

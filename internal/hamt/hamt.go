// Package hamt is a persistent hash map: an update makes a new map that shares
// all but a few nodes with the old one, so that a snapshot of a store costs
// microseconds, not a copy.
//
// Keys are digests, which makes the map's order a function of its content
// alone: the same entries give the same order, however they came.
package hamt

import (
	"encoding/binary"
	"iter"
	"math/bits"
	"slices"
)

// Key is a digest, or the first 16 bytes of one.
type Key [16]byte

const (
	fanBits = 5
	fanMask = 1<<fanBits - 1
)

// Map is an immutable map from Key to V. The zero value is the empty map.
type Map[V any] struct {
	root *node[V]
	size int
}

// Owner is the right to write to the nodes that were made under it, so that a
// long run of updates copies each node once and not once per update. Nobody but
// whoever made the owner may hold a map that was made under it until the last
// update is done. A nil owner copies always.
type Owner struct{ _ byte }

// A node holds up to 32 slots, of which only the used ones are stored: bit i
// of children says that slot i leads to a node, bit i of leaves that it holds
// an entry. Slots stand in the order of i.
type node[V any] struct {
	children, leaves uint32
	nodes            []*node[V]
	entries          []entry[V]
	owner            *Owner
}

// writable returns the node itself to its owner, and to others a copy.
func (n *node[V]) writable(o *Owner) *node[V] {
	if o != nil && n.owner == o {
		return n
	}
	c := *n
	c.owner = o
	if o != nil {
		// What will be written to in place must not be shared.
		c.nodes, c.entries = slices.Clone(n.nodes), slices.Clone(n.entries)
	}
	return &c
}

type entry[V any] struct {
	key   Key
	value V
}

// chunk returns the five bits of the key that choose the slot at a depth.
func (k *Key) chunk(depth int) uint32 {
	bit := depth * fanBits
	i := bit / 8
	var window uint16
	if i+1 < len(k) {
		window = binary.BigEndian.Uint16(k[i:])
	} else {
		window = uint16(k[i]) << 8
	}
	return uint32(window>>(16-fanBits-bit%8)) & fanMask
}

func rank(bitmap, bit uint32) int { return bits.OnesCount32(bitmap & (bit - 1)) }

// Len returns the number of entries.
func (m Map[V]) Len() int { return m.size }

// Get returns the value under the key.
func (m Map[V]) Get(key Key) (value V, ok bool) {
	n := m.root
	for depth := 0; n != nil; depth++ {
		bit := uint32(1) << key.chunk(depth)
		if n.leaves&bit != 0 {
			if e := &n.entries[rank(n.leaves, bit)]; e.key == key {
				return e.value, true
			}
			return value, false
		}
		if n.children&bit == 0 {
			return value, false
		}
		n = n.nodes[rank(n.children, bit)]
	}
	return value, false
}

// With returns the map with the value under the key, in place of an old one.
func (m Map[V]) With(key Key, value V) Map[V] { return m.WithUnder(nil, key, value) }

// WithUnder is With by an owner.
func (m Map[V]) WithUnder(o *Owner, key Key, value V) Map[V] {
	root, added := m.root.with(o, entry[V]{key, value}, 0)
	size := m.size
	if added {
		size++
	}
	return Map[V]{root, size}
}

func (n *node[V]) with(o *Owner, e entry[V], depth int) (_ *node[V], added bool) {
	bit := uint32(1) << e.key.chunk(depth)
	if n == nil {
		return &node[V]{leaves: bit, entries: []entry[V]{e}, owner: o}, true
	}
	c := n.writable(o)
	switch {
	case n.children&bit != 0:
		i := rank(n.children, bit)
		child, added := n.nodes[i].with(o, e, depth+1)
		c.nodes = replaced(c.nodes, i, child, c == n)
		return c, added
	case n.leaves&bit != 0:
		i := rank(n.leaves, bit)
		old := n.entries[i]
		if old.key == e.key {
			c.entries = replaced(n.entries, i, e, c == n)
			return c, false
		}
		// Two keys meet in one slot: both move one level down.
		child, _ := (*node[V])(nil).with(o, old, depth+1)
		child, _ = child.with(o, e, depth+1)
		c.leaves &^= bit
		c.entries = removed(n.entries, i)
		c.nodes = inserted(n.nodes, rank(n.children, bit), child)
		c.children |= bit
		return c, true
	default:
		c.entries = inserted(n.entries, rank(n.leaves, bit), e)
		c.leaves |= bit
		return c, true
	}
}

// Without returns the map without the key, and itself if there was none.
func (m Map[V]) Without(key Key) Map[V] { return m.WithoutUnder(nil, key) }

// WithoutUnder is Without by an owner.
func (m Map[V]) WithoutUnder(o *Owner, key Key) Map[V] {
	root, gone := m.root.without(o, key, 0)
	if !gone {
		return m
	}
	return Map[V]{root, m.size - 1}
}

func (n *node[V]) without(o *Owner, key Key, depth int) (_ *node[V], gone bool) {
	if n == nil {
		return nil, false
	}
	bit := uint32(1) << key.chunk(depth)
	var c *node[V]
	switch {
	case n.children&bit != 0:
		i := rank(n.children, bit)
		child, gone := n.nodes[i].without(o, key, depth+1)
		if !gone {
			return n, false
		}
		c = n.writable(o)
		switch {
		case child == nil:
			c.nodes = removed(n.nodes, i)
			c.children &^= bit
		case child.children == 0 && len(child.entries) == 1:
			// A lone entry moves up, so that the shape depends on the content
			// alone and not on what was removed before.
			c.nodes = removed(n.nodes, i)
			c.children &^= bit
			c.entries = inserted(n.entries, rank(n.leaves, bit), child.entries[0])
			c.leaves |= bit
		default:
			c.nodes = replaced(n.nodes, i, child, c == n)
		}
	case n.leaves&bit != 0 && n.entries[rank(n.leaves, bit)].key == key:
		c = n.writable(o)
		c.entries = removed(n.entries, rank(n.leaves, bit))
		c.leaves &^= bit
	default:
		return n, false
	}
	if c.children|c.leaves == 0 {
		return nil, true
	}
	return c, true
}

// All yields every entry, in the order of the keys' slots.
func (m Map[V]) All() iter.Seq2[Key, V] {
	return func(yield func(Key, V) bool) { m.root.all(yield) }
}

func (n *node[V]) all(yield func(Key, V) bool) bool {
	if n == nil {
		return true
	}
	for used := n.children | n.leaves; used != 0; used &= used - 1 {
		bit := used & -used
		if n.children&bit != 0 {
			if !n.nodes[rank(n.children, bit)].all(yield) {
				return false
			}
		} else if e := &n.entries[rank(n.leaves, bit)]; !yield(e.key, e.value) {
			return false
		}
	}
	return true
}

func replaced[T any](s []T, i int, v T, owned bool) []T {
	if owned {
		s[i] = v
		return s
	}
	out := make([]T, len(s))
	copy(out, s)
	out[i] = v
	return out
}

func inserted[T any](s []T, i int, v T) []T {
	out := make([]T, len(s)+1)
	copy(out, s[:i])
	out[i] = v
	copy(out[i+1:], s[i:])
	return out
}

func removed[T any](s []T, i int) []T {
	if len(s) == 1 {
		return nil
	}
	out := make([]T, len(s)-1)
	copy(out, s[:i])
	copy(out[i:], s[i+1:])
	return out
}

package hamt_test

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/internal/hamt"
)

func keyOf(i int) hamt.Key {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(i))
	sum := sha256.Sum256(n[:])
	return hamt.Key(sum[:16])
}

// deepKey collides with its siblings in all but the last bits.
func deepKey(i int) hamt.Key {
	var k hamt.Key
	binary.BigEndian.PutUint32(k[12:], uint32(i))
	return k
}

func contents(m hamt.Map[int]) map[hamt.Key]int {
	out := map[hamt.Key]int{}
	for k, v := range m.All() {
		out[k] = v
	}
	return out
}

// The built-in map is the oracle, and every earlier version must stay as it was.
func TestAgainstBuiltinMap(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]func(int) hamt.Key{"spread": keyOf, "colliding": deepKey} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(1, 2))
			var m hamt.Map[int]
			want := map[hamt.Key]int{}
			type version struct {
				m    hamt.Map[int]
				want map[hamt.Key]int
			}
			var versions []version
			for step := range 4000 {
				k := key(rng.IntN(300))
				if rng.IntN(3) == 0 {
					m = m.Without(k)
					delete(want, k)
				} else {
					m = m.With(k, step)
					want[k] = step
				}
				require.Equal(t, len(want), m.Len())
				got, ok := m.Get(k)
				wantV, wantOK := want[k]
				require.Equal(t, wantOK, ok)
				require.Equal(t, wantV, got)
				if step%500 == 0 {
					versions = append(versions, version{m, contents(m)})
					require.Equal(t, want, contents(m))
				}
			}
			for _, v := range versions {
				require.Equal(t, v.want, contents(v.m))
			}
			for k := range want {
				m = m.Without(k)
			}
			require.Zero(t, m.Len())
			require.Empty(t, contents(m))
		})
	}
}

// Updates under an owner give the same map, and leave what was there before.
func TestOwner(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]func(int) hamt.Key{"spread": keyOf, "colliding": deepKey} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(3, 4))
			var plain hamt.Map[int]
			for round := range 20 {
				before, owned := contents(plain), plain
				base := plain
				owner := new(hamt.Owner)
				for range 300 {
					k := key(rng.IntN(400))
					if rng.IntN(3) == 0 {
						plain, owned = plain.Without(k), owned.WithoutUnder(owner, k)
					} else {
						plain, owned = plain.With(k, round), owned.WithUnder(owner, k, round)
					}
				}
				require.Equal(t, before, contents(base), "a run of updates changed its base")
				require.Equal(t, contents(plain), contents(owned))
				require.Equal(t, plain.Len(), owned.Len())
				plain = owned // the next round starts from nodes that had an owner
			}
		})
	}
}

// The order is a function of the content, whatever the history.
func TestOrderIsCanonical(t *testing.T) {
	t.Parallel()
	order := func(m hamt.Map[int]) (keys []hamt.Key) {
		for k := range m.All() {
			keys = append(keys, k)
		}
		return keys
	}
	var forward, backward hamt.Map[int]
	for i := range 500 {
		forward = forward.With(keyOf(i), i)
		backward = backward.With(keyOf(999-i), 999-i)
	}
	for i := 500; i < 1000; i++ {
		forward = forward.With(keyOf(i), i).Without(keyOf(i))
		backward = backward.Without(keyOf(i)).With(keyOf(999-i), 999-i)
	}
	require.Equal(t, order(forward), order(backward))
}

func TestEarlyStopAndAbsent(t *testing.T) {
	t.Parallel()
	var m hamt.Map[int]
	_, ok := m.Get(keyOf(1))
	require.False(t, ok)
	require.Zero(t, m.Without(keyOf(1)).Len())
	for i := range 100 {
		m = m.With(keyOf(i), i)
	}
	require.Equal(t, 100, m.Without(keyOf(1000)).Len())
	seen := 0
	for range m.All() {
		if seen++; seen == 3 {
			break
		}
	}
	require.Equal(t, 3, seen)
}

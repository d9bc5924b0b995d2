package policy

import "strings"

// The platform compares the words of a policy with equalsIgnoreCase. Folding
// here is of ASCII letters alone: a long s or a Kelvin sign is another letter,
// and another letter is unknown.

func lower(c byte) byte {
	if c-'A' <= 'Z'-'A' { // unsigned: anything below A is far above Z
		c += 'a' - 'A'
	}
	return c
}

func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	if a == b {
		return true
	}
	for i := range len(a) {
		if a[i] != b[i] && lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func foldKey(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}

// foldSet answers "is this name in the policy" without allocating: open
// addressing over a power of two at least twice the number of names.
type foldSet struct {
	slots []slot
	mask  uint32
}

type slot struct {
	name  string
	hash  uint32
	index int32 // of the first entry with this name, from 1; 0 is an empty slot
}

// foldHash looks at the length and three letters, enough to tell the names of
// one policy apart: what collides is compared letter by letter, and there are
// at most MaxEntries names.
func foldHash(s string) uint32 {
	n := len(s)
	if n == 0 {
		return 0
	}
	h := uint32(lower(s[0])) | uint32(lower(s[n/2]))<<8 | uint32(lower(s[n-1]))<<16 | uint32(n)<<24
	h *= 2654435769 // Knuth's: spreads every letter over the high bits
	return h>>16 ^ h
}

func newFoldSet(names []string) foldSet {
	if len(names) == 0 {
		return foldSet{}
	}
	size := uint32(4)
	for size < 2*uint32(len(names)) {
		size *= 2
	}
	f := foldSet{slots: make([]slot, size), mask: size - 1}
	for i, name := range names {
		hash := foldHash(name)
		at := hash & f.mask
		for f.slots[at].index != 0 && !equalFold(f.slots[at].name, name) {
			at = (at + 1) & f.mask
		}
		if f.slots[at].index == 0 {
			f.slots[at] = slot{name, hash, int32(i) + 1}
		}
	}
	return f
}

// find gives the index of the first entry with this name, or -1.
func (f *foldSet) find(name string) int {
	if len(f.slots) == 0 {
		return -1
	}
	hash := foldHash(name)
	for at := hash & f.mask; ; at = (at + 1) & f.mask {
		s := &f.slots[at]
		if s.index == 0 {
			return -1
		}
		if s.hash == hash && equalFold(s.name, name) {
			return int(s.index) - 1
		}
	}
}

package dirstore

import (
	"slices"

	"github.com/mosip/partnertrust/trust"
)

// state is what is known of the folder, file by file. It changes under the
// store's turn; readers see the views that are made of it.
type state struct {
	folders   map[trust.Domain]*folder
	snapshots trust.Snapshots // replaced, never written to
	conflicts []Problem
	edits     uint64 // how often files were replaced
}

// folder is a domain's files, and which of them hold a certificate: nearly
// always one.
type folder struct {
	files map[string]*file
	first map[key]place
	more  map[key]map[*file]int // the places beyond the first
}

// place is where a certificate stands: in a file, at an index.
type place struct {
	file *file
	at   int
}

func (p place) entry() entry { return p.file.cas[p.at] }

// before orders the places of one certificate: what the store wrote about it
// comes before what a dropped file makes believe.
func (p place) before(q place) bool {
	if p.entry().marked != q.entry().marked {
		return p.entry().marked
	}
	return p.file.name < q.file.name
}

// places returns where a certificate stands, the place that counts first.
func (f *folder) places(k key) []place {
	first, ok := f.first[k]
	if !ok {
		return nil
	}
	all := []place{first}
	for other, at := range f.more[k] {
		all = append(all, place{other, at})
	}
	slices.SortFunc(all, func(a, b place) int {
		switch {
		case a.before(b):
			return -1
		case b.before(a):
			return 1
		}
		return 0
	})
	return all
}

// counts returns the place of a certificate that counts.
func (f *folder) counts(k key) (place, bool) {
	best, ok := f.first[k]
	for one, at := range f.more[k] {
		if other := (place{one, at}); other.before(best) {
			best = other
		}
	}
	return best, ok
}

func (f *folder) add(one *file) {
	f.files[one.name] = one
	for i, e := range one.cas {
		k := e.key()
		if _, taken := f.first[k]; !taken {
			f.first[k] = place{one, i}
			continue
		}
		if f.more[k] == nil {
			f.more[k] = map[*file]int{}
		}
		f.more[k][one] = i
	}
}

func (f *folder) remove(one *file) {
	delete(f.files, one.name)
	for _, e := range one.cas {
		k := e.key()
		if f.first[k].file == one {
			delete(f.first, k)
			for other, at := range f.more[k] {
				f.first[k] = place{other, at}
				delete(f.more[k], other)
				break
			}
		} else {
			delete(f.more[k], one)
		}
		if len(f.more[k]) == 0 {
			delete(f.more, k)
		}
	}
}

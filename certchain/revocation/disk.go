package revocation

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/mosip/partnertrust/internal/dn"
)

const (
	cacheSuffix   = ".crlcache"
	partialPrefix = "partial-"
	maxCacheHead  = 16 << 10
)

// cacheHead is the first line of a cache file; the list in DER follows. The sum
// finds what a crash or a full disk left, not what an enemy wrote: that the
// list is genuine its signature says.
type cacheHead struct {
	Sum      string    `json:"sha256"`
	Fetched  time.Time `json:"fetched"`
	ETag     string    `json:"etag,omitempty"`
	Modified string    `json:"modified,omitempty"`
}

func (c fetchedLists) pathOf(key string) string { return filepath.Join(c.dir, key+cacheSuffix) }

// readBack reads a list from disk. One that cannot be read is as if it were not
// there: the next that is fetched takes its place.
func (c fetchedLists) readBack(key string, issuers []dn.Key) *fetched[*list] {
	if c.dir == "" {
		return nil
	}
	data, err := readFile(c.pathOf(key), c.maxBytes+maxCacheHead)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			c.report(fmt.Errorf("revocation: %w", err))
		}
		return nil
	}
	l, err := parseCacheFile(data, issuers)
	if err != nil {
		c.report(fmt.Errorf("revocation: cache file %s: %w", key, err))
		return nil
	}
	return l
}

func parseCacheFile(data []byte, issuers []dn.Key) (*fetched[*list], error) {
	line, der, _ := bytes.Cut(data, []byte("\n"))
	var head cacheHead
	if err := json.Unmarshal(line, &head); err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(der); head.Sum != hex.EncodeToString(sum[:]) {
		return nil, errors.New("its sum does not match")
	}
	l, err := listOf(der, issuers)
	if err != nil {
		return nil, err
	}
	return &fetched[*list]{value: l, bytes: int64(len(der)), at: head.Fetched, etag: head.ETag, modified: head.Modified, kept: true}, nil
}

// writeBack puts a list on disk, unless another process that shares the folder
// has put a newer one there meanwhile that this one would trust.
func (g *gathering) writeBack(key string, issuers []dn.Key, l *fetched[*list]) {
	c := g.fetchedLists
	if c.dir == "" {
		return
	}
	if data, err := readFile(c.pathOf(key), c.maxBytes+maxCacheHead); err == nil {
		there, err := parseCacheFile(data, issuers)
		if err == nil && l.value.rollsBack(there.value, c.clock()) && g.signerOf(there.value) != nil {
			return
		}
	}
	err := c.prune()
	if err == nil {
		err = c.write(key, l)
	}
	if err != nil {
		c.report(fmt.Errorf("revocation: %w", err))
	}
}

// write is atomic: whoever reads, after a crash too, finds the old file or the
// new one.
func (c fetchedLists) write(key string, l *fetched[*list]) (err error) {
	sum := sha256.Sum256(l.value.Raw)
	head, err := json.Marshal(cacheHead{hex.EncodeToString(sum[:]), l.at, l.etag, l.modified})
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(c.dir, partialPrefix+"*"+cacheSuffix)
	if err != nil {
		return err
	}
	_, err = f.Write(slices.Concat(head, []byte("\n"), l.value.Raw))
	err = cmp.Or(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), c.pathOf(key))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(c.dir)
}

// syncDir makes a rename last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// prune removes the files that were written longest ago, until there is room
// for one more.
func (c fetchedLists) prune() error {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return err
	}
	var files []fs.FileInfo
	for _, e := range entries {
		// One that vanished meanwhile was pruned by another process.
		if info, err := e.Info(); err == nil && filepath.Ext(e.Name()) == cacheSuffix {
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, f := range files[:max(0, len(files)-c.maxFiles+1)] {
		if err := os.Remove(filepath.Join(c.dir, f.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

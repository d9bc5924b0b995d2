package revocation

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/internal/dn"
)

// FromDir returns a checker over the lists in a folder, its files ending in
// .crl, .der or .pem. It reads them once: a host that gets new lists makes a
// new checker. An empty folder is an error, because it revokes nothing.
func FromDir(dir string) (certchain.Revocation, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("revocation: %w", err)
	}
	c := &lister{byIssuer: map[dn.Key][]*list{}}
	for _, f := range files {
		switch strings.ToLower(filepath.Ext(f.Name())) {
		case ".crl", ".der", ".pem":
		default:
			continue
		}
		data, err := readFile(filepath.Join(dir, f.Name()), MaxListBytes)
		if err != nil {
			return nil, fmt.Errorf("revocation: %w", err)
		}
		if err := c.read(data); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
	}
	if c.count == 0 {
		return nil, fmt.Errorf("%w: no list in %s", ErrList, dir)
	}
	return c, nil
}

// readFile reads a file that must not be larger than the limit. It goes by what
// is read: the size of a link, or of a file that grows, says nothing.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%w: %s is larger than %d bytes", ErrList, path, limit)
	}
	return data, nil
}

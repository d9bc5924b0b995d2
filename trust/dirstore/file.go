package dirstore

import (
	"bytes"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// file is one file as it was read last. Nothing but the certificates that it
// shares with the snapshot is ever written to after that.
type file struct {
	domain  trust.Domain
	name    string
	stamp   stamp
	settled bool // its time is long enough ago to tell the next change by it
	sum     [sha256.Size]byte
	cas     []entry // what it says, or said when it was last good
	err     error   // what is wrong with it now
}

// entry is one CA of a file.
type entry struct {
	ca     trust.Prepared
	marked bool // the store wrote down what it is
}

// key names a certificate within a domain, as short as a snapshot does.
type key [16]byte

func keyOf(r trust.Record) key {
	sum := r.Fingerprint()
	return key(sum[:])
}

func (e entry) key() key { return keyOf(e.ca.Record()) }

// same reports whether two entries say the same of one certificate.
func same(a, b trust.Record) bool {
	return a.Fingerprint() == b.Fingerprint() && a.Role() == b.Role() && a.AddedAt().Equal(b.AddedAt()) && a.ID() == b.ID()
}

func (f *file) path() string { return string(f.domain) + "/" + f.name }

const sep = string(os.PathSeparator)

// examine returns a file as it is now: old itself where nothing changed, nil
// where it is gone. One that turned bad keeps what it said before.
func examine(dir string, d trust.Domain, name string, old *file, now time.Time) *file {
	path := dir + sep + string(d) + sep + name
	if old != nil && old.settled && old.stamp.same(path) {
		return old
	}
	data, taken, err := content(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	f := &file{domain: d, name: name, stamp: taken}
	f.settled = taken != stamp{} && now.Sub(taken.time()) > racy
	if old != nil {
		f.cas = old.cas
	}
	if err != nil {
		f.err = err
		return f
	}
	f.sum = sha256.Sum256(data)
	if old != nil && old.sum == f.sum && old.stamp.modified == taken.modified && old.stamp != (stamp{}) {
		if f.settled == old.settled && old.stamp == taken {
			return old
		}
		f.err = old.err
		return f
	}
	cas, err := parse(d, data, taken.time())
	if err != nil {
		f.err = err
		return f
	}
	f.cas = cas
	return f
}

// mark is the line above a certificate that keeps what the certificate does
// not say. It stands outside the PEM block (RFC 7468 §2: explanatory text), so
// that every tool reads the file.
const mark = "# partnertrust-ca: "

// format writes CAs as parse reads them.
func format(cas []trust.Record) ([]byte, error) {
	var b bytes.Buffer
	var der []byte
	for _, ca := range cas {
		der = ca.AppendDER(der[:0])
		fmt.Fprintf(&b, "%sid=%s role=%s added=%s\n", mark, ca.ID(), ca.Role(), ca.AddedAt().UTC().Format(time.RFC3339Nano))
		if err := pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: der}); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

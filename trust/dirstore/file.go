package dirstore

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

// file is one file as it was read last. It is never written to after that.
type file struct {
	domain  trust.Domain
	name    string
	info    os.FileInfo
	settled bool // its time is long enough ago to tell the next change by it
	sum     [sha256.Size]byte
	cas     []entry // what it says, or said when it was last good
	err     error   // what is wrong with it now
}

// entry is one CA of a file.
type entry struct {
	ca     trust.CA
	sum    [sha256.Size]byte // of the certificate
	marked bool              // the store wrote down what it is
}

func (f *file) path() string { return string(f.domain) + "/" + f.name }

// mark is the line above a certificate that keeps what the certificate does
// not say. It stands outside the PEM block (RFC 7468 §2: explanatory text), so
// that every tool reads the file.
const mark = "# partnertrust-ca: "

// format writes CAs as parse reads them.
func format(cas []trust.CA) ([]byte, error) {
	var b bytes.Buffer
	for _, ca := range cas {
		fmt.Fprintf(&b, "%sid=%s role=%s added=%s\n", mark, ca.ID, ca.Role, ca.AddedAt.UTC().Format(time.RFC3339Nano))
		if err := pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: ca.Certificate.Raw}); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// parse reads a file: one that the store wrote, or any that somebody dropped.
// It is read whole or not at all: a file cut short while it is copied must not
// pass for one that holds less.
func parse(d trust.Domain, data []byte, modified time.Time) ([]entry, error) {
	read := pkcs7.ReadEntries
	marked := bytes.Contains(data, []byte(mark))
	if marked {
		read = trust.ReadEntries // whose offsets are those of the file
	}
	found, err := read(data)
	if err != nil {
		return nil, err
	}
	var cas []entry
	seen := map[[sha256.Size]byte]bool{}
	from := 0
	for _, e := range found {
		if e.Err != nil {
			return nil, e.Err
		}
		next := entry{ca: trust.CA{Domain: d, Certificate: e.Certificate, AddedAt: modified.UTC()}, sum: sha256.Sum256(e.Certificate.Raw)}
		if marked && e.Offset >= from {
			if next.marked, err = next.note(string(data[from:e.Offset])); err != nil {
				return nil, &trust.ParseError{Entry: e.Index, Offset: e.Offset, Err: err}
			}
			from = e.Offset
		}
		if !next.marked {
			next.ca.ID, next.ca.Role = next.ca.DefaultID(), roleOf(e.Certificate)
		}
		if !seen[next.sum] { // bundles repeat themselves
			seen[next.sum] = true
			cas = append(cas, next)
		}
	}
	// One by one, so that what cannot be kept is this file's fault alone.
	whole := make([]trust.CA, len(cas))
	for i := range cas {
		whole[i] = cas[i].ca
	}
	if _, err := trust.NewSnapshot(d, whole...); err != nil {
		return nil, err
	}
	return cas, nil
}

// note reads the mark in the text above a certificate, if there is one.
func (e *entry) note(text string) (bool, error) {
	at := strings.LastIndex(text, mark)
	if at < 0 {
		return false, nil
	}
	line, _, _ := strings.Cut(text[at+len(mark):], "\n")
	for _, field := range strings.Fields(line) {
		name, value, _ := strings.Cut(field, "=")
		switch name {
		case "id":
			e.ca.ID = value
		case "role":
			e.ca.Role = trust.Role(value)
		case "added":
			added, err := time.Parse(time.RFC3339Nano, value)
			if err != nil {
				return false, fmt.Errorf("%w: the time it was added: %w", trust.ErrInvalidCA, err)
			}
			e.ca.AddedAt = added.UTC()
		default:
			return false, fmt.Errorf("%w: unknown field %.32q", trust.ErrInvalidCA, name)
		}
	}
	if e.ca.ID == "" || e.ca.Role == "" {
		return false, fmt.Errorf("%w: id or role is missing above the certificate", trust.ErrInvalidCA)
	}
	return true, nil
}

// roleOf tells what a certificate that comes without a mark is. A signature
// that the standard library does not check (SHA-1) makes no root.
func roleOf(c *x509.Certificate) trust.Role {
	if bytes.Equal(c.RawIssuer, c.RawSubject) && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil {
		return trust.Root
	}
	return trust.Intermediate
}

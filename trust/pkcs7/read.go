package pkcs7

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"github.com/mosip/partnertrust/trust"
)

// What can be wrong with a bundle beyond what package trust names; wrapped in
// a *trust.ParseError that says where.
var (
	// ErrNotSignedData: a CMS message of another kind, such as an encrypted
	// one, or none at all.
	ErrNotSignedData = errors.New("pkcs7: not a certificate bundle")
	// ErrNotDER: a certificate inside a BER bundle that is itself not in DER,
	// the only encoding that its signature can be checked over.
	ErrNotDER = errors.New("pkcs7: certificate is not in DER")
	// ErrNotCertificate: an entry that is something else, such as an attribute
	// certificate.
	ErrNotCertificate = errors.New("pkcs7: entry is not an X.509 certificate")
)

// Raw returns the DER of every certificate of an upload in their order, each
// unread: it may turn out to be no certificate that can be parsed. It fails if
// there is none, or with a *trust.ParseError for the first entry that stands in
// the way.
func Raw(data []byte) ([][]byte, error) {
	uploads, err := read(data)
	if err != nil {
		return nil, err
	}
	ders := make([][]byte, len(uploads))
	for i, u := range uploads {
		if u.err != nil {
			return nil, &trust.ParseError{Entry: i, Offset: u.offset, Err: u.err}
		}
		ders[i] = u.der
	}
	return ders, nil
}

// Parse returns every certificate of an upload in their order, as
// [trust.ParseCertificate] reads them. It fails if there is none, or with a
// *trust.ParseError for the first entry that stands in the way.
func Parse(data []byte) ([]*x509.Certificate, error) {
	entries, err := ReadEntries(data)
	if err != nil {
		return nil, err
	}
	certs := make([]*x509.Certificate, len(entries))
	for i, e := range entries {
		if e.Err != nil {
			return nil, e.Err
		}
		certs[i] = e.Certificate
	}
	return certs, nil
}

// ReadEntries is [trust.ReadEntries] for uploads that may hold bundles: one
// entry per certificate, wherever it was, and one for each thing that could
// not be read, which leaves the others unharmed. Offsets of certificates in a
// bundle count from the start of the upload in DER or BER, and in PEM from the
// start of what the block encodes.
func ReadEntries(data []byte) ([]trust.Entry, error) {
	uploads, err := read(data)
	if err != nil {
		return nil, err
	}
	entries := make([]trust.Entry, len(uploads))
	for i, u := range uploads {
		e := trust.Entry{Index: i, Offset: u.offset, Label: u.label, Body: u.der, Certificate: u.certificate}
		if u.err == nil && e.Certificate == nil {
			e.Certificate, u.err = trust.ParseCertificate(u.der)
		}
		if u.err != nil {
			e.Err = &trust.ParseError{Entry: i, Offset: u.offset, Err: u.err}
		}
		entries[i] = e
	}
	return entries, nil
}

// item is one certificate, or what stands in its place.
type item struct {
	der         []byte
	offset      int
	label       string
	certificate *x509.Certificate // where trust has parsed it already
	err         error
}

// read takes apart what package trust finds in an upload.
func read(data []byte) ([]item, error) {
	found, err := trust.ReadEntries(data)
	if err != nil {
		return nil, err
	}
	var items []item
	for _, e := range found {
		if !isBundle(e.Body) {
			// A block that claims to be a bundle and is none.
			if errors.Is(e.Err, trust.ErrPKCS7) {
				e.Err = ErrNotSignedData
			}
			items = append(items, item{e.Body, e.Offset, e.Label, e.Certificate, cause(e.Err)})
		} else {
			items = append(items, bundle(e)...)
		}
		if len(items) > MaxCertificates {
			return nil, fmt.Errorf("%w: more than %d certificates", trust.ErrTooLarge, MaxCertificates)
		}
	}
	return items, nil
}

// cause unwraps an error of package trust, to be wrapped again with the entry
// number that counts here.
func cause(err error) error {
	var parse *trust.ParseError
	if errors.As(err, &parse) {
		return parse.Err
	}
	return err
}

// bundle takes the certificates out of one bundle. What breaks it off comes
// last, as an item of its own.
func bundle(e trust.Entry) []item {
	var items []item
	c := cursor{data: e.Body}
	err := c.certificates(func(der []byte, at int, err error) error {
		if len(items) == MaxCertificates {
			return fmt.Errorf("%w: more than %d certificates", trust.ErrTooLarge, MaxCertificates)
		}
		items = append(items, item{der: der, offset: at, label: e.Label, err: err})
		return nil
	})
	if err == nil && len(items) == 0 {
		err = trust.ErrNoCertificate
	}
	if err != nil {
		items = append(items, item{offset: c.pos, label: e.Label, err: err})
	}
	return items
}

// Is reports whether data looks like an upload that holds a PKCS#7 bundle, in
// any of the forms that [Parse] reads. It looks at the first bytes only or, in
// PEM, at the first bytes of each block.
func Is(data []byte) bool {
	if isBundle(data) || isBase64(data) {
		return true
	}
	for rest := data; ; {
		_, after, ok := bytes.Cut(rest, pemBegin)
		if !ok {
			return false
		}
		if isBlock(after) {
			return true
		}
		rest = after
	}
}

var pemBegin = []byte("-----BEGIN ")

// isBlock looks at a PEM block, from its label on.
func isBlock(block []byte) bool {
	label, body, ok := bytes.Cut(block[:min(len(block), sniffed)], []byte("-----"))
	switch {
	case !ok:
		return false
	case slices.Contains([]string{"PKCS7", "CMS", "PKCS #7 SIGNED DATA"}, string(label)):
		return true
	default:
		return isBase64(body) // a bundle under a certificate's name
	}
}

// isBase64 looks at text that may be the base64 of a bundle, or of PEM.
func isBase64(text []byte) bool {
	clean := make([]byte, 0, sniffedBase64)
	for _, c := range text[:min(len(text), sniffed)] {
		if len(clean) == cap(clean) {
			break
		}
		if bytes.IndexByte([]byte(" \t\r\n\xef\xbb\xbf"), c) < 0 {
			clean = append(clean, c)
		}
	}
	head, ok := trust.DecodeBase64(clean)
	if !ok || len(clean) < sniffedBase64 {
		return false
	}
	if block, ok := bytes.CutPrefix(head, pemBegin); ok {
		return isBlock(block)
	}
	return isBundle(head)
}

const (
	sniffed       = 256 // room for a label, some white space and the next
	sniffedBase64 = 64  // less than any bundle has, and whole groups of four
)

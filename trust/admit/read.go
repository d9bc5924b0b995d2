package admit

import (
	"errors"
	"fmt"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

// read takes an upload apart into entries, PKCS#7 bundles among them too.
func read(data []byte) ([]trust.Entry, error) {
	if pkcs7.Is(data) {
		return bundled(data, 0)
	}
	entries, err := trust.ReadEntries(data)
	if err != nil {
		return nil, err
	}
	var flat []trust.Entry
	for _, e := range entries {
		if !errors.Is(e.Err, trust.ErrPKCS7) {
			flat = append(flat, e)
			continue
		}
		inner, err := bundled(e.Body, e.Offset)
		if err != nil {
			e.Err = &trust.ParseError{Entry: e.Index, Offset: e.Offset, Err: err}
			inner = []trust.Entry{e}
		}
		flat = append(flat, inner...)
	}
	if len(flat) > trust.MaxBundleCertificates {
		return nil, fmt.Errorf("%w: more than %d certificates", trust.ErrTooLarge, trust.MaxBundleCertificates)
	}
	for i := range flat {
		flat[i].Index = i
	}
	return flat, nil
}

// bundled reads the certificates of a PKCS#7 bundle one by one, so that a bad
// one leaves the others unharmed.
func bundled(data []byte, offset int) ([]trust.Entry, error) {
	raw, err := pkcs7.Raw(data)
	if err != nil {
		return nil, err
	}
	entries := make([]trust.Entry, len(raw))
	for i, der := range raw {
		entries[i] = trust.Entry{Index: i, Offset: offset, Body: der}
		c, err := trust.ParseCertificate(der)
		if err != nil {
			entries[i].Err = &trust.ParseError{Entry: i, Offset: offset, Err: err}
			continue
		}
		entries[i].Certificate = c
	}
	return entries, nil
}

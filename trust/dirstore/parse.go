package dirstore

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/pkcs7"
)

// parse reads a file: one that the store wrote, or any that somebody dropped.
// It is read whole or not at all: a file cut short while it is copied must not
// pass for one that holds less.
func parse(d trust.Domain, data []byte, modified time.Time) ([]entry, error) {
	if cas, ok := parsePlain(d, data, modified); ok {
		return cas, nil
	}
	return parseAny(d, data, modified)
}

// parseAny reads every form, and says what is wrong and where.
func parseAny(d trust.Domain, data []byte, modified time.Time) ([]entry, error) {
	read := pkcs7.ReadEntries
	marked := bytes.Contains(data, []byte(mark))
	if marked {
		read = trust.ReadEntries // whose offsets are those of the file
	}
	found, err := read(data)
	if err != nil {
		return nil, err
	}
	var all collection
	from := 0
	for _, e := range found {
		if e.Err != nil {
			return nil, e.Err
		}
		ca, noted := trust.CA{Domain: d, AddedAt: modified}, false
		if marked && e.Offset >= from {
			ca, noted, err = note(ca, string(data[from:e.Offset]))
			from = e.Offset
		}
		if err == nil {
			err = all.add(ca, noted, e.Certificate.Raw)
		}
		if err != nil {
			return nil, &trust.ParseError{Entry: e.Index, Offset: e.Offset, Err: err}
		}
	}
	return all.cas, nil
}

const (
	plainBegin = "-----BEGIN CERTIFICATE-----\n"
	plainEnd   = "-----END CERTIFICATE-----"
)

// parsePlain reads the one form that a folder of very many CAs is made of, PEM
// as this store and most tools write it, at a fraction of the cost. Whatever
// looks different in any way, or is wrong, it leaves to parseAny.
func parsePlain(d trust.Domain, data []byte, modified time.Time) ([]entry, bool) {
	if len(data) == 0 {
		return nil, false
	}
	blocks := bytes.Count(data, []byte(plainEnd))
	if blocks > trust.MaxBundleCertificates {
		return nil, false
	}
	all := collection{cas: make([]entry, 0, blocks)}
	for len(data) > 0 {
		ca, noted := trust.CA{Domain: d, AddedAt: modified}, false
		if bytes.HasPrefix(data, []byte(mark)) {
			line, rest, _ := bytes.Cut(data, []byte("\n"))
			var err error
			if ca, noted, err = note(ca, string(line)); err != nil {
				return nil, false
			}
			data = rest
		}
		body, ok := bytes.CutPrefix(data, []byte(plainBegin))
		if !ok {
			return nil, false
		}
		body, rest, ok := bytes.Cut(body, []byte(plainEnd))
		if !ok || len(rest) > 0 && rest[0] != '\n' {
			return nil, false
		}
		data = bytes.TrimPrefix(rest, []byte("\n"))
		der := make([]byte, base64.StdEncoding.DecodedLen(len(body)))
		n, err := base64.StdEncoding.Decode(der, body)
		if err != nil || all.add(ca, noted, der[:n]) != nil {
			return nil, false
		}
	}
	return all.cas, true
}

// collection is what one file holds: every certificate once, because bundles
// repeat themselves, and every id once, or the file is at fault.
type collection struct {
	cas []entry
	at  map[key]bool // these two are made when there is a second one
	ids map[string]bool
}

// add judges one CA alone, so that what cannot be kept is this file's fault and
// stands in no other's way.
func (c *collection) add(ca trust.CA, noted bool, der []byte) error {
	if !noted {
		role, err := roleOf(der)
		if err != nil {
			return err
		}
		ca.Role = role
	}
	p, err := trust.PrepareDER(ca, der)
	if err != nil {
		return err
	}
	e := entry{p, noted}
	if len(c.cas) == 0 {
		c.cas = append(c.cas, e)
		return nil
	}
	if c.at == nil {
		c.at, c.ids = map[key]bool{c.cas[0].key(): true}, map[string]bool{c.cas[0].ca.Record().ID(): true}
	}
	if c.at[e.key()] {
		return nil
	}
	id := p.Record().ID()
	if c.ids[id] {
		return fmt.Errorf("%w: id %q twice in a file", trust.ErrExists, id)
	}
	c.at[e.key()], c.ids[id] = true, true
	c.cas = append(c.cas, e)
	return nil
}

func roleOf(der []byte) (trust.Role, error) {
	c, err := trust.ParseCertificate(der)
	if err != nil {
		return "", err
	}
	return trust.RoleOf(c), nil
}

// note reads the mark in the text above a certificate, if there is one.
func note(ca trust.CA, text string) (_ trust.CA, marked bool, _ error) {
	at := strings.LastIndex(text, mark)
	if at < 0 {
		return ca, false, nil
	}
	line, _, _ := strings.Cut(text[at+len(mark):], "\n")
	for field := range strings.FieldsSeq(line) {
		name, value, _ := strings.Cut(field, "=")
		switch name {
		case "id":
			ca.ID = value
		case "role":
			ca.Role = trust.Role(value)
		case "added":
			added, err := time.Parse(time.RFC3339Nano, value)
			if err != nil {
				return ca, false, fmt.Errorf("%w: the time it was added: %w", trust.ErrInvalidCA, err)
			}
			ca.AddedAt = added.UTC()
		default:
			return ca, false, fmt.Errorf("%w: unknown field %.32q", trust.ErrInvalidCA, name)
		}
	}
	if ca.ID == "" || ca.Role == "" {
		return ca, false, fmt.Errorf("%w: id or role is missing above the certificate", trust.ErrInvalidCA)
	}
	return ca, true, nil
}

package cli

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/mosip/partnertrust/trust/pkcs7"
)

// maxInput is more than the library reads of anything.
const maxInput = 64 << 20

var errTooLong = fmt.Errorf("more than %d bytes", maxInput)

// read reads a file, or the standard input for "-".
func (a *app) read(name string) ([]byte, error) {
	in, label := a.In, "standard input"
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in, label = f, name
	}
	data, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	if err == nil && len(data) > maxInput {
		err = errTooLong
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", label, err)
	}
	return data, nil
}

// certificates reads a file with a certificate and perhaps the CAs above it, as
// people hand them in: in any order.
func (a *app) certificates(name string) (leaf *x509.Certificate, others []*x509.Certificate, err error) {
	data, err := a.read(name)
	if err != nil {
		return nil, nil, err
	}
	certs, err := pkcs7.Parse(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	leaf = leafOf(certs)
	for _, c := range certs {
		if c != leaf {
			others = append(others, c)
		}
	}
	return leaf, others, nil
}

// leafOf is the only certificate that issued no other, or else the first: the
// choice of the gate for partners, package admit.
func leafOf(certs []*x509.Certificate) *x509.Certificate {
	issuers := map[string]bool{}
	for _, c := range certs {
		if string(c.RawIssuer) != string(c.RawSubject) {
			issuers[string(c.RawIssuer)] = true
		}
	}
	var leaves []*x509.Certificate
	for _, c := range certs {
		if !issuers[string(c.RawSubject)] {
			leaves = append(leaves, c)
		}
	}
	if len(leaves) == 1 {
		return leaves[0]
	}
	return certs[0]
}

// now is the time that is asked about.
func (a *app) now() (time.Time, error) {
	if a.at == "" {
		return a.Now(), nil
	}
	t, err := parseTime(a.at)
	if err != nil {
		return t, fmt.Errorf("--at %w", err)
	}
	return t, nil
}

// clock stands still at the time that is asked about, so that one answer has one
// time.
func (a *app) clock() func() time.Time {
	now, _ := a.now() // checked before the command began
	return func() time.Time { return now }
}

// parseTime reads a day (its first instant in UTC) or an instant.
func parseTime(s string) (time.Time, error) {
	for _, layout := range [...]string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q: neither 2006-01-02 nor RFC 3339", s)
}

// timeFlag is a flag that holds a time; the zero time where it is not given.
type timeFlag struct{ time.Time }

func (t *timeFlag) Type() string { return "time" }
func (t *timeFlag) String() string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
func (t *timeFlag) Set(s string) (err error) { t.Time, err = parseTime(s); return err }

// span is a flag that holds a time to come: days, weeks, months or years, by the
// calendar.
type span struct {
	n    int
	unit byte
}

var errSpan = errors.New("a span is a number of days, weeks, months or years: 90d, 12w, 6m, 1y")

func (s *span) Type() string   { return "span" }
func (s *span) String() string { return strconv.Itoa(s.n) + string(s.unit) }
func (s *span) Set(text string) error {
	if text == "" {
		return errSpan
	}
	unit := text[len(text)-1]
	n, err := strconv.Atoi(text[:len(text)-1])
	if err != nil || n < 0 || n > 100_000 || !strings.ContainsRune("dwmy", rune(unit)) {
		return errSpan
	}
	s.n, s.unit = n, unit
	return nil
}

// after is the end of the span that begins at t.
func (s *span) after(t time.Time) time.Time {
	switch s.unit {
	case 'w':
		return t.AddDate(0, 0, 7*s.n)
	case 'm':
		return t.AddDate(0, s.n, 0)
	case 'y':
		return t.AddDate(s.n, 0, 0)
	default:
		return t.AddDate(0, 0, s.n)
	}
}

package sqlstore

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/pem"
	"fmt"
	"strings"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// row is what the CAs' table says of one CA, unread.
type row struct {
	id           string
	data, domain sql.NullString
	role         sql.NullString // ca_cert_type
	added        timestamp      // cr_dtimes
	unreadable   error          // a column that holds what it cannot
}

// reading is a row that was read: a CA, the one that is served already, or
// why there is none.
type reading struct {
	id   string
	ca   trust.Prepared
	same *ref // what serves it already
	err  error
}

func (r *reading) added() time.Time {
	if r.same != nil || r.err != nil {
		return time.Time{}
	}
	return r.ca.Record().AddedAt()
}

// read makes a CA of a row. What it says is served already, under the same id,
// is not parsed again.
func (r *row) read(served trust.Snapshots) reading {
	out := reading{id: r.id, err: r.unreadable}
	if r.id == "" && out.err == nil {
		out.err = fmt.Errorf("%w: no id", trust.ErrInvalidCA)
	}
	if out.err != nil {
		return out
	}
	der, err := r.der()
	if err != nil {
		out.err = err
		return out
	}
	ca := trust.CA{
		ID:      r.id,
		Domain:  trust.Domain(upper(r.domain.String)),
		Role:    trust.Role(upper(r.role.String)),
		AddedAt: r.time(),
	}
	if snapshot, ok := served[ca.Domain]; ok {
		if known, ok := snapshot.RecordOf(r.id); ok && known.Fingerprint() == sha256.Sum256(der) {
			if ca.Role == "" {
				ca.Role = trust.RoleOf(known.CA().Certificate)
			}
			if ca.Role == known.Role() && ca.AddedAt.Equal(known.AddedAt()) {
				out.same = &ref{r.id, ca.Domain}
				return out
			}
		}
	}
	if ca.Role == "" {
		c, err := trust.ParseCertificate(der)
		if err != nil {
			out.err = err
			return out
		}
		ca.Role = trust.RoleOf(c)
	}
	out.ca, out.err = trust.PrepareDER(ca, der)
	return out
}

func (r *row) time() time.Time { return time.Time(r.added) }

// der takes the certificate out of cert_data. The platform writes one PEM
// block; what was put there by hand may be anything that package trust reads,
// with one certificate.
func (r *row) der() ([]byte, error) {
	if len(r.data.String) > maxData {
		return nil, fmt.Errorf("%w: cert_data of %d characters, the limit is %d", trust.ErrTooLarge, len(r.data.String), maxData)
	}
	data := []byte(r.data.String)
	if block, rest := pem.Decode(data); block != nil && block.Type == "CERTIFICATE" && len(bytes.TrimSpace(rest)) == 0 && bytes.HasPrefix(data, []byte("-----")) {
		return block.Bytes, nil
	}
	entries, err := trust.ReadEntries(data)
	if err != nil {
		return nil, err
	}
	if len(entries) != 1 {
		return nil, fmt.Errorf("%w: cert_data with %d entries, want one", trust.ErrMalformed, len(entries))
	}
	return entries[0].Body, entries[0].Err
}

// upper leaves letters beyond ASCII alone: some have an ASCII letter as their
// upper case.
func upper(s string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

// timestamp is a time in a column without zone, which is in UTC whatever zone
// the driver puts on it. NULL is the zero time.
type timestamp time.Time

// Scan implements [sql.Scanner].
func (t *timestamp) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*t = timestamp{}
	case time.Time:
		*t = timestamp(time.Date(v.Year(), v.Month(), v.Day(), v.Hour(), v.Minute(), v.Second(), v.Nanosecond(), time.UTC))
	case []byte:
		return t.Scan(string(v))
	case string:
		parsed, err := time.Parse(textTime, strings.TrimSuffix(strings.Replace(v, "T", " ", 1), "Z"))
		if err != nil {
			return fmt.Errorf("%w: time %.40q", trust.ErrInvalidCA, v)
		}
		*t = timestamp(parsed)
	default:
		return fmt.Errorf("%w: a time of type %T", trust.ErrInvalidCA, value)
	}
	return nil
}

// textTime is how a time stands in an SQLite file.
const textTime = "2006-01-02 15:04:05.999999"

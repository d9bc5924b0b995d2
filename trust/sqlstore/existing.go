package sqlstore

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/mosip/partnertrust/trust"
)

// existing is a row that stands in the way of an entry, or may be taken by it.
type existing struct {
	id       string
	deleted  bool
	readable bool // it holds a certificate
}

// certificate is what the table has one row for, deleted or not.
type certificate struct{ thumbprint, domain string }

func (e *entry) certificate() certificate { return certificate{e.thumbprint, string(e.Domain)} }

// rows are those that have an id or a certificate of the entries.
type rows struct {
	byID          map[string]*existing
	byCertificate map[certificate]*existing
}

func (r *rows) add(row *existing, c certificate) {
	r.byID[row.id] = row
	if old, twice := r.byCertificate[c]; !twice || old.deleted { // tables without the constraint
		r.byCertificate[c] = row
	}
}

func (s *Store) existing(ctx context.Context, tx *sql.Tx, entries []entry) (*rows, error) {
	var ids, thumbprints []string
	for _, e := range entries {
		ids, thumbprints = append(ids, e.id), append(thumbprints, e.thumbprint)
	}
	known := &rows{map[string]*existing{}, map[certificate]*existing{}}
	err := s.alike(ctx, tx, ids, thumbprints, func(row existing, c certificate) { known.add(&row, c) })
	return known, err
}

// alike finds the rows that have one of the ids, or a certificate with one of
// the thumbprints: whoever wrote them, in whatever form they wrote it, and also
// those that have no thumbprint at all.
func (s *Store) alike(ctx context.Context, tx *sql.Tx, ids, thumbprints []string, found func(existing, certificate)) error {
	var forms []string
	for _, t := range thumbprints {
		forms = append(forms, thumbprintForms(t)...)
	}
	var args []any
	byID, errID := s.among("cert_id", ids, &args)
	byThumbprint, errThumbprint := s.among("cert_thumbprint", forms, &args)
	if err := errors.Join(errID, errThumbprint); err != nil {
		return err
	}
	answer, err := tx.QueryContext(ctx, s.query(`SELECT cert_id, cert_thumbprint, {domain}, is_deleted, {data} FROM {cas}
		WHERE `+byID+` OR `+byThumbprint+` OR cert_thumbprint IS NULL ORDER BY cert_id`), args...)
	if err != nil {
		return unavailable(ctx, err)
	}
	defer func() { _ = answer.Close() }()
	for answer.Next() {
		var r row
		var thumbprint sql.NullString
		var deleted sql.NullBool
		if err := answer.Scan(&r.id, &thumbprint, &r.domain, &deleted, &r.data); err != nil {
			return unavailable(ctx, err)
		}
		c, err := r.certificate()
		if err == nil { // what it holds, and not what it says
			thumbprint.String = trust.SHA1(c)
		}
		found(existing{r.id, deleted.Bool, err == nil}, certificate{thumbprint.String, r.domain.String})
	}
	return unavailable(ctx, answer.Err())
}

// among is a condition that a column has one of the values, which it appends to
// the arguments: a few as they are, which is what databases plan for best, and
// many as one.
func (s *Store) among(column string, values []string, args *[]any) (string, error) {
	const few = 8
	if len(values) > few {
		list, err := json.Marshal(values)
		*args = append(*args, string(list))
		return s.dialect.inList(column, fmt.Sprintf("$%d", len(*args))), err
	}
	var places []string
	for _, v := range values {
		*args = append(*args, v)
		places = append(places, fmt.Sprintf("$%d", len(*args)))
	}
	return column + " IN (" + strings.Join(places, ", ") + ")", nil
}

// thumbprintForms are the ways in which a thumbprint may have been written by
// hand: in lower and upper case, with and without colons. The first is the
// platform's.
func thumbprintForms(thumbprint string) []string {
	sum, err := hex.DecodeString(thumbprint)
	if err != nil {
		return []string{thumbprint}
	}
	var pairs []string
	for _, octet := range sum {
		pairs = append(pairs, hex.EncodeToString([]byte{octet}))
	}
	colons := strings.Join(pairs, ":")
	return []string{thumbprint, strings.ToUpper(thumbprint), colons, strings.ToUpper(colons)}
}

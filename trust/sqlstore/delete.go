package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/mosip/partnertrust/trust"
)

// delete marks the rows of a CA as deleted and returns their ids.
func (s *Store) delete(ctx context.Context, tx *sql.Tx, d trust.Domain, id string) ([]string, error) {
	if len(id) > maxID {
		return nil, notFound(d, id)
	}
	if _, err := fit(id, maxID); err != nil {
		return nil, notFound(d, id) // no text of PostgreSQL's
	}
	var r row
	err := tx.QueryRowContext(ctx, s.query(`SELECT {data} FROM {cas}
		WHERE cert_id = $1 AND {domain} = $2 AND is_deleted IS NOT TRUE`), id, string(d)).Scan(&r.data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound(d, id)
	}
	if err != nil {
		return nil, unavailable(ctx, err)
	}
	gone := []string{id}
	if c, err := r.certificate(); err == nil { // or else the row holds none that another could hold, too
		thumbprint := trust.SHA1(c)
		err := s.alike(ctx, tx, nil, []string{thumbprint}, func(row existing, c certificate) {
			if !row.deleted && row.id != id && c == (certificate{thumbprint, string(d)}) {
				gone = append(gone, row.id)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	ids, err := json.Marshal(gone)
	if err != nil {
		return nil, err
	}
	now := s.dialect.time(s.now())
	_, err = tx.ExecContext(ctx, s.query(`UPDATE {cas} SET is_deleted = TRUE, del_dtimes = $1, upd_by = $2, upd_dtimes = $3
		WHERE `+s.dialect.inList("cert_id", "$4")), now, s.user, now, string(ids))
	return gone, unavailable(ctx, err)
}

func notFound(d trust.Domain, id string) error {
	return fmt.Errorf("%w: id %.64q in domain %s", trust.ErrNotFound, id, d)
}

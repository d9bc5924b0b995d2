package sqlstore

import (
	"context"
	"database/sql"
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
	var thumbprint sql.NullString
	err := tx.QueryRowContext(ctx, s.query(`SELECT cert_thumbprint FROM {cas}
		WHERE cert_id = $1 AND upper(partner_domain) = $2 AND is_deleted IS NOT TRUE`), id, string(d)).Scan(&thumbprint)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound(d, id)
	}
	if err != nil {
		return nil, unavailable(ctx, err)
	}
	now := s.dialect.time(s.now())
	rows, err := tx.QueryContext(ctx, s.query(`UPDATE {cas} SET is_deleted = TRUE, del_dtimes = $1, upd_by = $2, upd_dtimes = $3
		WHERE is_deleted IS NOT TRUE AND (cert_id = $4 OR cert_thumbprint = $5 AND upper(partner_domain) = $6) RETURNING cert_id`),
		now, s.user, now, id, thumbprint, string(d))
	if err != nil {
		return nil, unavailable(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	var gone []string
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, unavailable(ctx, err)
		}
		gone = append(gone, one)
	}
	return gone, unavailable(ctx, rows.Err())
}

func notFound(d trust.Domain, id string) error {
	return fmt.Errorf("%w: id %.64q in domain %s", trust.ErrNotFound, id, d)
}

package sqlstore

import (
	"context"
	"database/sql"
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
	// What is served tells which other rows to look for in the same question;
	// the database decides.
	thumbprint := ""
	if served, ok := s.state.Load().snapshots[d]; ok {
		if ca, ok := served.ByID(id); ok {
			thumbprint = trust.SHA1(ca.Certificate)
		}
	}
	alike := map[certificate][]string{}
	var wanted certificate
	found := false
	look := func() error {
		return s.alike(ctx, tx, []string{id}, []string{thumbprint}, func(row existing, c certificate) {
			switch {
			case row.deleted, !row.readable && row.id != id:
			case row.id == id && c.domain == string(d):
				wanted, found = c, true
				if !row.readable {
					wanted = certificate{} // nobody's
				}
			default:
				alike[c] = append(alike[c], row.id)
			}
		})
	}
	if err := look(); err != nil {
		return nil, err
	}
	if !found {
		return nil, notFound(d, id)
	}
	if wanted != (certificate{}) && wanted.thumbprint != thumbprint {
		thumbprint = wanted.thumbprint
		clear(alike)
		if err := look(); err != nil {
			return nil, err
		}
	}
	gone := append([]string{id}, alike[wanted]...)
	now := s.dialect.time(s.now())
	args := []any{now, s.user, now}
	these, err := s.among("cert_id", gone, &args)
	if err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, s.query(`UPDATE {cas} SET is_deleted = TRUE, del_dtimes = $1, upd_by = $2, upd_dtimes = $3 WHERE `+these), args...)
	return gone, unavailable(ctx, err)
}

func notFound(d trust.Domain, id string) error {
	return fmt.Errorf("%w: id %.64q in domain %s", trust.ErrNotFound, id, d)
}

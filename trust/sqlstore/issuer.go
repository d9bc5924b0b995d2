package sqlstore

import (
	"context"
	"crypto/x509"
	"database/sql"
	"errors"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// issuerID finds what stands in issuer_id: a root's own id, and for others the
// row of that subject, in whatever domain, that is valid and began first. It
// says nothing of trust. Where the issuer is unknown it is empty.
//
// PartnerCertManagerDBHelper.getIssuerCertId
func (s *Store) issuerID(ctx context.Context, tx *sql.Tx, entries []entry, i int) (string, error) {
	e := entries[i]
	if trust.RoleOf(e.Certificate) == trust.Root {
		return e.id, nil
	}
	if id := s.knownIssuer(e.Certificate); id != "" {
		return id, nil
	}
	// The column has no index, so the database is asked only for what is not
	// served: names that differ in what the column leaves out, rows of the same
	// call, of another writer.
	now := s.dialect.time(s.now())
	var id string
	err := tx.QueryRowContext(ctx, s.query(`SELECT cert_id FROM {cas}
		WHERE cert_subject = $1 AND is_deleted IS NOT TRUE AND cert_not_before <= $2 AND cert_not_after >= $3
		ORDER BY cert_not_before, cert_id LIMIT 1`), e.issuer, now, now).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, unavailable(ctx, err)
	}
	for _, other := range entries[i+1:] { // it may come with the same call
		if other.subject == e.issuer && valid(other.Certificate, s.now()) {
			return other.id, nil
		}
	}
	return "", nil
}

func (s *Store) knownIssuer(c *x509.Certificate) string {
	var first trust.CA
	for _, snapshot := range s.state.Load().snapshots {
		for ca := range snapshot.Issuers(c.RawIssuer, nil) {
			if !valid(ca.Certificate, s.now()) {
				continue
			}
			begins := ca.Certificate.NotBefore
			if first.ID == "" || begins.Before(first.Certificate.NotBefore) || begins.Equal(first.Certificate.NotBefore) && ca.ID < first.ID {
				first = ca
			}
		}
	}
	return first.ID
}

func valid(c *x509.Certificate, at time.Time) bool {
	return !at.Before(c.NotBefore) && !at.After(c.NotAfter)
}

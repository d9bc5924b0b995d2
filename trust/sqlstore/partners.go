package sqlstore

import (
	"context"
	"crypto/x509"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mosip/partnertrust/trust"
)

var _ trust.PartnerStore = (*Store)(nil)

// PutPartner implements [trust.PartnerStore] over the platform's
// partner_cert_store table. A row that is replaced stays, with is_deleted set,
// for who holds its id.
func (s *Store) PutPartner(ctx context.Context, p trust.PartnerCertificate, replaces string) (trust.PartnerCertificate, error) {
	if p.ID == "" {
		p.ID = p.DefaultID()
	}
	if p.AddedAt.IsZero() {
		p.AddedAt = s.now()
	}
	p.AddedAt = timeColumn(p.AddedAt)
	columns, values, err := s.partnerValues(p)
	if err != nil {
		return trust.PartnerCertificate{}, err
	}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if replaces != "" {
			if err := s.deletePartner(ctx, tx, p.Domain, replaces); err != nil {
				return err
			}
		}
		return s.insertPartner(ctx, tx, p, columns, values)
	})
	if err != nil {
		return trust.PartnerCertificate{}, err
	}
	return p, nil
}

// partnerValues formats the columns of a partner's certificate.
//
// PartnerCertManagerDBHelper.storePartnerCertificate
func (s *Store) partnerValues(p trust.PartnerCertificate) ([]string, []any, error) {
	if err := p.Validate(); err != nil {
		return nil, nil, err
	}
	n, err := namesOf(p.Certificate.Raw)
	if y := p.AddedAt.Year(); err == nil && (y < 1 || y > 9999) {
		err = fmt.Errorf("added in year %d", y)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", trust.ErrInvalidPartner, err)
	}
	var signed any
	if p.Signed != nil {
		signed = pemColumn(p.Signed.Raw)
	}
	c := n.parsed
	return []string{"cert_id", "cert_subject", "cert_issuer", "issuer_id", "cert_not_before", "cert_not_after", "partner_domain",
			"cert_data", "signed_cert_data", "key_usage", "organization_name", "cert_thumbprint", "cert_serial_no", "cr_by", "cr_dtimes"},
		[]any{p.ID, n.subject, n.issuer, s.knownIssuer(c), s.dialect.time(c.NotBefore), s.dialect.time(c.NotAfter), string(p.Domain),
			pemColumn(c.Raw), signed, keyUsageText, p.Organization, n.thumbprint, n.serial, s.user, s.dialect.time(p.AddedAt)}, nil
}

func (s *Store) insertPartner(ctx context.Context, tx *sql.Tx, p trust.PartnerCertificate, columns []string, values []any) error {
	rows, err := s.partnerRows(ctx, tx, `(cert_id = $1 OR cert_thumbprint = $2 AND {domain} = $3)`,
		p.ID, trust.SHA1(p.Certificate), string(p.Domain))
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		return fmt.Errorf("%w: partner certificate %q", trust.ErrExists, rows[0].id)
	}
	// Of a row that was deleted the id may be wanted again; the other one makes
	// room.
	if _, err := tx.ExecContext(ctx, s.query(`UPDATE {partners} SET cert_id = $1 WHERE cert_id = $2`), randomUUID(), p.ID); err != nil {
		return unavailable(ctx, err)
	}
	_, err = tx.ExecContext(ctx, s.query(insertion("{partners}", columns)), values...)
	if isUnique(err) {
		return fmt.Errorf("%w: %w", trust.ErrExists, err)
	}
	return unavailable(ctx, err)
}

// Partner implements [trust.PartnerStore].
func (s *Store) Partner(ctx context.Context, d trust.Domain, id string) (trust.PartnerCertificate, error) {
	if _, err := trust.NewSnapshot(d); err != nil {
		return trust.PartnerCertificate{}, err
	}
	if _, err := fit(id, maxID); err != nil {
		return trust.PartnerCertificate{}, notFound(d, id)
	}
	rows, err := s.partnerRows(ctx, s.db, `cert_id = $1 AND {domain} = $2`, id, string(d))
	if err != nil {
		return trust.PartnerCertificate{}, err
	}
	if len(rows) == 0 {
		return trust.PartnerCertificate{}, notFound(d, id)
	}
	return rows[0].read()
}

// RemovePartner implements [trust.PartnerStore].
func (s *Store) RemovePartner(ctx context.Context, d trust.Domain, id string) error {
	if _, err := trust.NewSnapshot(d); err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sql.Tx) error { return s.deletePartner(ctx, tx, d, id) })
}

func (s *Store) deletePartner(ctx context.Context, tx *sql.Tx, d trust.Domain, id string) error {
	if _, err := fit(id, maxID); err != nil {
		return notFound(d, id)
	}
	now := s.dialect.time(s.now())
	result, err := tx.ExecContext(ctx, s.query(`UPDATE {partners} SET is_deleted = TRUE, del_dtimes = $1, upd_by = $2, upd_dtimes = $3
		WHERE is_deleted IS NOT TRUE AND cert_id = $4 AND {domain} = $5`), now, s.user, now, id, string(d))
	if err != nil {
		return unavailable(ctx, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(notFound(d, id), err)
	}
	return nil
}

// ListPartners implements [trust.PartnerStore]. A row that cannot be read is an
// error that names it: a list that leaves out a partner would pass for whole.
func (s *Store) ListPartners(ctx context.Context, q trust.PartnerQuery) (trust.PartnerPage, error) {
	if err := q.Validate(); err != nil {
		return trust.PartnerPage{}, err
	}
	conditions, args := []string{"TRUE"}, []any(nil)
	add := func(condition string, value any) {
		args = append(args, value)
		conditions = append(conditions, strings.ReplaceAll(condition, "$", fmt.Sprintf("$%d", len(args))))
	}
	if q.Domain != "" {
		add("{domain} = $", string(q.Domain))
	}
	if q.Organization != "" {
		if _, err := fit(q.Organization, maxOrganization); err != nil {
			return trust.PartnerPage{}, ctx.Err() // no row can have it
		}
		add("organization_name = $", q.Organization)
	}
	rows, err := s.partnerRows(ctx, s.db, strings.Join(conditions, " AND "), args...)
	if err != nil {
		return trust.PartnerPage{}, err
	}
	var all []trust.PartnerCertificate
	for _, r := range rows {
		p, err := r.read()
		if err != nil {
			return trust.PartnerPage{}, err
		}
		if q.Selects(p) {
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b trust.PartnerCertificate) int { return a.AddedAt.Compare(b.AddedAt) })
	return q.Cut(all), nil
}

// partnerRow is a row of partner_cert_store, unread.
type partnerRow struct {
	row
	organization, signed sql.NullString
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// partnerRows returns live rows in the order of their ids.
func (s *Store) partnerRows(ctx context.Context, in querier, condition string, args ...any) ([]partnerRow, error) {
	found, err := in.QueryContext(ctx, s.query(`SELECT cert_id, {data}, partner_domain, cr_dtimes, organization_name, {signed} FROM {partners}
		WHERE is_deleted IS NOT TRUE AND `+condition+` ORDER BY cert_id`), args...)
	if err != nil {
		return nil, unavailable(ctx, err)
	}
	defer func() { _ = found.Close() }()
	var rows []partnerRow
	for found.Next() {
		if len(rows) == MaxRows {
			return nil, fmt.Errorf("%w: more than %d partner certificates", trust.ErrTooLarge, MaxRows)
		}
		var r partnerRow
		if err := found.Scan(&r.id, &r.data, &r.domain, &r.added, &r.organization, &r.signed); err != nil {
			if !errors.Is(err, trust.ErrInvalidCA) {
				return nil, unavailable(ctx, err)
			}
			r.unreadable = err
		}
		rows = append(rows, r)
	}
	return rows, unavailable(ctx, found.Err())
}

// read makes a partner's certificate of a row.
func (r *partnerRow) read() (trust.PartnerCertificate, error) {
	p := trust.PartnerCertificate{ID: r.id, Domain: trust.Domain(upper(r.domain.String)), Organization: r.organization.String}
	p.AddedAt = r.time()
	err := r.unreadable
	if err == nil {
		p.Certificate, err = r.certificate()
	}
	if err == nil && r.signed.String != "" {
		signed := row{data: r.signed}
		p.Signed, err = signed.certificate()
	}
	if err != nil {
		return trust.PartnerCertificate{}, Problem{ID: r.id, Err: err}
	}
	return p, nil
}

func (r *row) certificate() (*x509.Certificate, error) {
	der, err := r.der()
	if err != nil {
		return nil, err
	}
	return trust.ParseCertificate(der)
}

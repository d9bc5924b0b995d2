package sqlstore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mosip/partnertrust/trust"
)

// Add implements [trust.Store]. All CAs of a call are written in one
// transaction. A certificate that was removed before takes its old row again,
// because the table has one row for it.
func (s *Store) Add(ctx context.Context, cas ...trust.CA) error {
	entries := make([]entry, len(cas))
	for i, ca := range cas {
		if ca.AddedAt.IsZero() {
			ca.AddedAt = s.now()
		}
		ca.AddedAt = timeColumn(ca.AddedAt)
		var err error
		if entries[i], err = s.newEntry(ca); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil || len(entries) == 0 {
		return err
	}
	return s.change(ctx,
		func(tx *sql.Tx) error { return s.insert(ctx, tx, entries) },
		func(c *change) error {
			for _, e := range entries {
				if err := c.add(e); err != nil {
					return err
				}
			}
			return nil
		})
}

// errOutdated: what is served is older than a change of this store's own.
var errOutdated = errors.New("sqlstore: what is known of the table is outdated")

// add serves a CA that was added just now. Ids are unique in the table, so one
// that is known already shows that others changed it meanwhile.
func (c *change) add(e entry) error {
	if c.table.knows(e.id) {
		return errOutdated
	}
	if err := c.put(e.prepared); err != nil {
		return err
	}
	b := c.table.at(bucketOf(e.id))
	b.served = append(b.served, ref{e.id, e.Domain})
	b.summary = summary{} // not known before the next look
	return nil
}

// Remove implements [trust.Store]. The row stays, with is_deleted set; rows of
// other writers that hold the same certificate in the domain go with it.
func (s *Store) Remove(ctx context.Context, d trust.Domain, id string) error {
	if _, err := trust.NewSnapshot(d); err != nil {
		return err
	}
	var gone []string
	return s.change(ctx,
		func(tx *sql.Tx) (err error) {
			gone, err = s.delete(ctx, tx, d, id)
			return err
		},
		func(c *change) error {
			for _, id := range gone {
				c.forget(id)
			}
			return nil
		})
}

// forget serves a row no more, wherever it is served.
func (c *change) forget(id string) {
	b := c.table.at(bucketOf(id))
	for _, r := range b.served {
		if r.id == id {
			c.remove(r)
		}
	}
	b.served = slices.DeleteFunc(b.served, func(r ref) bool { return r.id == id })
	b.shadows = slices.DeleteFunc(b.shadows, func(r reading) bool { return r.id == id })
	b.bad = slices.DeleteFunc(b.bad, func(p Problem) bool { return p.ID == id })
	b.summary = summary{}
}

// change runs a change in a transaction of its own, alone among all writers of
// this library, and then serves what it did. Looks go on while it waits.
func (s *Store) change(ctx context.Context, do func(tx *sql.Tx) error, serve func(c *change) error) error {
	if err := take(ctx, s.writers); err != nil {
		return err
	}
	defer func() { <-s.writers }()
	if err := s.transact(ctx, do); err != nil {
		return err
	}
	// It is done; that ctx may end now changes nothing.
	ctx = context.WithoutCancel(ctx)
	if err := take(ctx, s.turn); err != nil {
		return err
	}
	defer s.release()
	last := s.state.Load()
	c := change{table: s.table, last: last.snapshots, edits: map[trust.Domain]*trust.Edit{}}
	if err := serve(&c); err == nil {
		next := c.state()
		next.checked, next.tried, next.err, next.failures = last.checked, last.tried, last.err, last.failures
		s.publish(next, true)
		return nil
	}
	// A look that came between has it already, or others changed the table since
	// it was looked at, so that the change does not fit what is served.
	s.table.distrust()
	if err := s.look(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrNotServed, err)
	}
	return nil
}

// transact runs a transaction that has the writers' turn. SQLite's writers may
// have to try again.
func (s *Store) transact(ctx context.Context, do func(tx *sql.Tx) error) error {
	for wait := time.Millisecond; ; wait = min(2*wait, 50*time.Millisecond) {
		err := s.tryTransact(ctx, do)
		if !isBusy(err) {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

func (s *Store) tryTransact(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, s.dialect.write)
	if err != nil {
		return unavailable(ctx, err)
	}
	defer func() { _ = tx.Rollback() }()
	patient, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	if _, err := tx.ExecContext(patient, s.query(s.dialect.lock)); err != nil {
		if patient.Err() != nil && ctx.Err() == nil {
			return fmt.Errorf("%w: another writer kept it for %s", ErrUnavailable, s.timeout)
		}
		return unavailable(ctx, err)
	}
	if err := do(tx); err != nil {
		return err
	}
	switch err := tx.Commit(); {
	case err == nil:
		return nil
	case isUnique(err):
		return fmt.Errorf("%w: %w", trust.ErrExists, err)
	case err == context.Canceled, err == context.DeadlineExceeded, errors.Is(err, sql.ErrTxDone), isBusy(err), isAnswer(err):
		// It was rolled back. Bare, the errors of ctx are database/sql's, which
		// did not ask the driver; wrapped, they are the driver's, whose COMMIT
		// may have arrived.
		return unavailable(ctx, err)
	default:
		return fmt.Errorf("%w: %w", ErrUnknownOutcome, err)
	}
}

// entry is a CA with all that its row says.
type entry struct {
	trust.CA
	names
	id       string
	prepared trust.Prepared
}

func (s *Store) newEntry(ca trust.CA) (entry, error) {
	if ca.ID == "" {
		ca.ID = ca.DefaultID()
	}
	e := entry{CA: ca, id: ca.ID}
	var err error
	if e.prepared, err = trust.Prepare(ca); err != nil {
		return e, err
	}
	if y := ca.AddedAt.Year(); y < 1 || y > 9999 {
		return e, fmt.Errorf("%w: added in year %d", trust.ErrInvalidCA, y)
	}
	if e.names, err = namesOf(ca.Certificate.Raw); err != nil {
		return e, fmt.Errorf("%w: %w", trust.ErrInvalidCA, err)
	}
	e.Certificate = e.parsed // not what a caller may have changed
	if own := trust.RoleOf(e.Certificate); !s.typed && own != ca.Role {
		return e, fmt.Errorf("%w: %s has no column for the role, and a certificate that is %s by itself would be read as that",
			trust.ErrInvalidCA, s.dialect.name, own)
	}
	return e, nil
}

func (s *Store) insert(ctx context.Context, tx *sql.Tx, entries []entry) error {
	known, err := s.existing(ctx, tx, entries)
	if err != nil {
		return err
	}
	for i, e := range entries {
		holder, held := known.byCertificate[e.certificate()]
		if held && !holder.deleted {
			return fmt.Errorf("%w: certificate %s in domain %s", trust.ErrExists, trust.SHA256(e.Certificate), e.Domain)
		}
		namesake, named := known.byID[e.id]
		if named && !namesake.deleted {
			return fmt.Errorf("%w: id %q", trust.ErrExists, e.id)
		}
		if named && namesake != holder {
			// The row of another certificate that was removed makes room.
			if namesake.id, err = s.moveAside(ctx, tx, namesake.id); err != nil {
				return err
			}
			known.byID[namesake.id] = namesake
		}
		issuerID, err := s.issuerID(ctx, tx, entries, i)
		if err != nil {
			return err
		}
		revived := ""
		if held {
			revived = holder.id
			delete(known.byID, holder.id)
		}
		if err := s.write(ctx, tx, e, issuerID, revived); err != nil {
			return err
		}
		known.add(&existing{id: e.id}, e.certificate())
	}
	return nil
}

// moveAside gives a deleted row another id.
func (s *Store) moveAside(ctx context.Context, tx *sql.Tx, id string) (string, error) {
	aside := randomUUID()
	_, err := tx.ExecContext(ctx, s.query(`UPDATE {cas} SET cert_id = $1 WHERE cert_id = $2`), aside, id)
	return aside, unavailable(ctx, err)
}

// randomUUID is what the platform gives to its rows (RFC 9562 version 4).
func randomUUID() string {
	var u [16]byte
	_, _ = rand.Read(u[:]) // never fails (crypto/rand)
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	s := hex.EncodeToString(u[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// write inserts the row, or lets it take the row of an id.
func (s *Store) write(ctx context.Context, tx *sql.Tx, e entry, issuerID, revived string) error {
	columns := []string{"cert_id", "cert_subject", "cert_issuer", "issuer_id", "cert_not_before", "cert_not_after",
		"cert_data", "cert_thumbprint", "cert_serial_no", "partner_domain", "cr_by", "cr_dtimes"}
	values := []any{e.id, e.subject, e.issuer, issuerID, s.dialect.time(e.Certificate.NotBefore), s.dialect.time(e.Certificate.NotAfter),
		pemColumn(e.Certificate.Raw), e.thumbprint, e.serial, string(e.Domain), s.user, s.dialect.time(e.AddedAt)}
	if s.typed {
		columns, values = append(columns, "ca_cert_type"), append(values, string(e.Role))
	}
	statement := insertion("{cas}", columns)
	if revived != "" {
		statement = revival("{cas}", columns)
		values = append(values, s.user, s.dialect.time(s.now()), revived)
	}
	_, err := tx.ExecContext(ctx, s.query(statement), values...)
	if isUnique(err) {
		return fmt.Errorf("%w: %w", trust.ErrExists, err)
	}
	return unavailable(ctx, err)
}

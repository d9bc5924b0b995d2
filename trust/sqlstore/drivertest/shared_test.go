package drivertest

import (
	"database/sql"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/sqlstore"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// pki gives roots and intermediates of every domain.
func pki(t testing.TB) *trusttest.PKI { return trusttest.New(t) }

func pemOf(id *trusttest.Identity) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: id.Certificate.Raw}))
}

// platformRow writes a row as the platform's services do.
func platformRow(t testing.TB, db *sql.DB, table, certID string, d trust.Domain, role any, id *trusttest.Identity, change map[string]any) {
	t.Helper()
	values := map[string]any{
		"cert_id": certID, "cert_subject": "CN=x", "cert_issuer": "CN=x", "issuer_id": certID,
		"cert_not_before": id.Certificate.NotBefore.UTC(), "cert_not_after": id.Certificate.NotAfter.UTC(),
		"cert_data": pemOf(id), "cert_thumbprint": trust.SHA1(id.Certificate), "cert_serial_no": id.Certificate.SerialNumber.String(),
		"partner_domain": string(d), "cr_by": "SYSTEM", "cr_dtimes": time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), "is_deleted": false,
		"ca_cert_type": role,
	}
	for k, v := range change {
		values[k] = v
	}
	if role == noColumn {
		delete(values, "ca_cert_type")
	}
	var names, places []string
	var args []any
	for k, v := range values {
		if at, ok := v.(time.Time); ok && !strings.Contains(table, ".") {
			v = at.Format("2006-01-02 15:04:05.999999")
		}
		args = append(args, v)
		names, places = append(names, k), append(places, fmt.Sprintf("$%d", len(args)))
	}
	_, err := db.ExecContext(ctx, "INSERT INTO "+table+" ("+strings.Join(names, ",")+") VALUES ("+strings.Join(places, ",")+")", args...)
	require.NoError(t, err)
}

const noColumn = "(no column)"

func snapshot(t testing.TB, s trust.Source, d trust.Domain) *trust.Snapshot {
	t.Helper()
	out, err := s.Snapshot(ctx, d)
	require.NoError(t, err)
	return out
}

// What other services wrote is read: their ids, roles missing or in any case,
// and rows that are marked as deleted are not there.
func TestReadsWhatOthersWrote(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		p := pki(t)
		root, inter := p.Root(trust.Auth), p.Intermediate(trust.Auth)
		platformRow(t, db, table, "6f0c1f4e-0d0b-4d64-9f2e-3f7d9a2b1c00", trust.Auth, "ROOT", root, nil)
		platformRow(t, db, table, "6f0c1f4e-0d0b-4d64-9f2e-3f7d9a2b1c01", trust.Auth, nil, inter, nil)
		platformRow(t, db, table, "6f0c1f4e-0d0b-4d64-9f2e-3f7d9a2b1c02", "ftm", "", root, map[string]any{"is_deleted": nil})
		platformRow(t, db, table, "6f0c1f4e-0d0b-4d64-9f2e-3f7d9a2b1c03", trust.FTM, "INTERMEDIATE", inter, map[string]any{"is_deleted": true})
		platformRow(t, db, table, "6f0c1f4e-0d0b-4d64-9f2e-3f7d9a2b1c04", trust.Device, nil, root, map[string]any{"cr_dtimes": nil})
		s := open()
		require.Empty(t, s.Problems())
		auth := snapshot(t, s, trust.Auth)
		require.Equal(t, 2, auth.Len())
		ca, ok := auth.Find(root.Certificate)
		require.True(t, ok)
		require.Equal(t, trust.CA{ID: "6f0c1f4e-0d0b-4d64-9f2e-3f7d9a2b1c00", Domain: trust.Auth, Role: trust.Root, AddedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
			trust.CA{ID: ca.ID, Domain: ca.Domain, Role: ca.Role, AddedAt: ca.AddedAt})
		ca, _ = auth.Find(inter.Certificate)
		require.Equal(t, trust.Intermediate, ca.Role, "a role that is missing follows from the certificate")
		ca, ok = snapshot(t, s, trust.FTM).Find(root.Certificate)
		require.True(t, ok, "domains are read in any case")
		require.Equal(t, trust.Root, ca.Role)
		require.Equal(t, 1, snapshot(t, s, trust.FTM).Len(), "a row marked as deleted is not there")
		ca, ok = snapshot(t, s, trust.Device).Find(root.Certificate)
		require.True(t, ok)
		require.True(t, ca.AddedAt.IsZero())

		// And what they change: a role set later, a certificate exchanged, a row
		// deleted for good, without any of the audit columns touched.
		_, err := db.Exec("UPDATE " + table + " SET ca_cert_type = 'INTERMEDIATE' WHERE cert_id LIKE '%1c04'")
		require.NoError(t, err)
		ca, _ = snapshot(t, s, trust.Device).Find(root.Certificate)
		require.Equal(t, trust.Intermediate, ca.Role)
		_, err = db.Exec("UPDATE "+table+" SET cert_data = $1, cert_thumbprint = $2 WHERE cert_id LIKE '%1c04'", pemOf(inter), trust.SHA1(inter.Certificate))
		require.NoError(t, err)
		_, ok = snapshot(t, s, trust.Device).Find(root.Certificate)
		require.False(t, ok)
		_, ok = snapshot(t, s, trust.Device).Find(inter.Certificate)
		require.True(t, ok)
		_, err = db.Exec("DELETE FROM " + table + " WHERE cert_id LIKE '%1c01'")
		require.NoError(t, err)
		require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
		_, err = db.Exec("UPDATE " + table + " SET is_deleted = FALSE WHERE cert_id LIKE '%1c03'")
		require.NoError(t, err)
		require.Equal(t, 2, snapshot(t, s, trust.FTM).Len())
		_, err = db.Exec("DELETE FROM " + table)
		require.NoError(t, err)
		for _, d := range []trust.Domain{trust.Auth, trust.FTM, trust.Device} {
			require.Zero(t, snapshot(t, s, d).Len())
		}
	})
}

// What others read: every column, as the platform formats it.
func TestWritesWhatOthersRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		p := pki(t)
		root, inter := p.Root(trust.Auth), p.Intermediate(trust.Auth)
		added := time.Date(2026, 5, 6, 7, 8, 9, 123456789, time.FixedZone("", 3600))
		now := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
		s := open(sqlstore.WithClock(func() time.Time { return now }), sqlstore.WithUser("admin"))
		require.NoError(t, s.Add(ctx,
			trust.CA{Domain: trust.Auth, Role: trust.Intermediate, Certificate: inter.Certificate, AddedAt: added},
			trust.CA{ID: "root-1", Domain: trust.Auth, Role: trust.Root, Certificate: root.Certificate}))
		row := func(id string) map[string]any {
			rows, err := db.Query("SELECT * FROM "+table+" WHERE cert_id = $1", id)
			require.NoError(t, err)
			defer func() { require.NoError(t, rows.Close()) }()
			names, err := rows.Columns()
			require.NoError(t, err)
			require.True(t, rows.Next(), id)
			values, into := make([]any, len(names)), make([]any, len(names))
			for i := range values {
				into[i] = &values[i]
			}
			require.NoError(t, rows.Scan(into...))
			out := map[string]any{}
			for i, n := range names {
				if at, ok := values[i].(time.Time); ok {
					values[i] = at.Format("2006-01-02 15:04:05.999999")
				}
				out[n] = values[i]
			}
			require.NoError(t, rows.Err())
			delete(out, "row_version")
			if n, ok := out["is_deleted"].(int64); ok {
				out["is_deleted"] = n != 0
			}
			return out
		}
		day := func(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05.999999") }
		want := map[string]any{
			"cert_id": "root-1", "cert_subject": "CN=" + root.Certificate.Subject.CommonName + ",O=" + root.Certificate.Subject.Organization[0],
			"issuer_id": "root-1", "cert_not_before": day(root.Certificate.NotBefore), "cert_not_after": day(root.Certificate.NotAfter),
			"crl_uri": nil, "cert_data": pemOf(root), "cert_thumbprint": trust.SHA1(root.Certificate),
			"cert_serial_no": root.Certificate.SerialNumber.String(), "partner_domain": "AUTH", "cr_by": "admin", "cr_dtimes": day(now),
			"upd_by": nil, "upd_dtimes": nil, "is_deleted": false, "del_dtimes": nil, "ca_cert_type": "ROOT",
		}
		want["cert_issuer"] = want["cert_subject"]
		require.Equal(t, want, row("root-1"))
		id := trust.CA{Domain: trust.Auth, Certificate: inter.Certificate}.DefaultID()
		got := row(id)
		require.Equal(t, "root-1", got["issuer_id"], "the issuer came later in the same call")
		require.Equal(t, want["cert_subject"], got["cert_issuer"])
		require.Equal(t, "2026-05-06 06:08:09.123457", got["cr_dtimes"], "UTC, to the microsecond")
		require.Equal(t, "INTERMEDIATE", got["ca_cert_type"])

		// Remove marks; a new Add takes the row again.
		now = now.Add(time.Hour)
		require.NoError(t, s.Remove(ctx, trust.Auth, id))
		got = row(id)
		require.Equal(t, true, got["is_deleted"])
		require.Equal(t, day(now), got["del_dtimes"])
		require.Equal(t, day(now), got["upd_dtimes"])
		require.Equal(t, "admin", got["upd_by"])
		require.NoError(t, s.Add(ctx, trust.CA{ID: "again", Domain: trust.Auth, Role: trust.Intermediate, Certificate: inter.Certificate}))
		got = row("again")
		require.Equal(t, false, got["is_deleted"])
		require.Nil(t, got["del_dtimes"])
		var n int
		require.NoError(t, db.QueryRow("SELECT count(*) FROM "+table).Scan(&n))
		require.Equal(t, 2, n, "one row for a certificate, whatever happened to it")
	})
}

// A row that cannot be served is named and keeps no other from being served;
// put right, it is served.
func TestBrokenRows(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		p := pki(t)
		good := p.Root(trust.Auth)
		platformRow(t, db, table, "good", trust.Auth, "ROOT", good, nil)
		bad := map[string]struct {
			change map[string]any
			want   error
		}{
			"empty":        {map[string]any{"cert_data": ""}, trust.ErrNoCertificate},
			"null":         {map[string]any{"cert_data": nil}, trust.ErrNoCertificate},
			"cut":          {map[string]any{"cert_data": pemOf(good)[:300]}, trust.ErrMalformed},
			"garbage":      {map[string]any{"cert_data": "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"}, trust.ErrMalformed},
			"two":          {map[string]any{"cert_data": pemOf(good) + pemOf(good)}, trust.ErrMalformed},
			"huge":         {map[string]any{"cert_data": strings.Repeat("A", 1<<20)}, trust.ErrTooLarge},
			"key":          {map[string]any{"cert_data": "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"}, trust.ErrPrivateKey},
			"domain":       {map[string]any{"partner_domain": "no domain"}, trust.ErrDomain},
			"nodomain":     {map[string]any{"partner_domain": nil}, trust.ErrDomain},
			"dotless":      {map[string]any{"partner_domain": "MıSP"}, trust.ErrDomain},
			"role":         {map[string]any{"ca_cert_type": "LEAF"}, trust.ErrInvalidCA},
			"an id of its": {nil, trust.ErrInvalidCA},
		}
		n := 0
		for id, b := range bad {
			n++
			change := map[string]any{"cert_thumbprint": fmt.Sprint("other ", n)}
			for k, v := range b.change {
				change[k] = v
			}
			platformRow(t, db, table, id, trust.FTM, "ROOT", p.Root(trust.FTM), change)
		}
		s := open()
		require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
		problems := s.Problems()
		require.Len(t, problems, len(bad))
		for _, problem := range problems {
			require.ErrorIs(t, problem, bad[problem.ID].want, problem.ID)
		}
		require.Zero(t, snapshot(t, s, trust.FTM).Len())
		require.Zero(t, snapshot(t, s, trust.MISP).Len())
		_, err := db.Exec("UPDATE "+table+" SET cert_data = $1 WHERE cert_id = 'cut'", pemOf(p.Root(trust.FTM)))
		require.NoError(t, err)
		require.Equal(t, 1, snapshot(t, s, trust.FTM).Len())
		require.Len(t, s.Problems(), len(bad)-1)
		// A good one that turns bad is not served any more.
		_, err = db.Exec("UPDATE " + table + " SET cert_data = 'nonsense' WHERE cert_id = 'good'")
		require.NoError(t, err)
		require.Zero(t, snapshot(t, s, trust.Auth).Len())
		require.Len(t, s.Problems(), len(bad))
	})
}

// Columns hold what base64 and DER they may.
func TestOtherForms(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		root := pki(t).Root(trust.Auth)
		bare := strings.Join(strings.Split(strings.TrimSpace(pemOf(root)), "\n")[1:], "\n")
		bare = strings.TrimSuffix(bare, "-----END CERTIFICATE-----")
		platformRow(t, db, table, "1", trust.Auth, "root", root, map[string]any{"cert_data": bare})
		platformRow(t, db, table, "2", trust.FTM, "Root", root, map[string]any{"cert_data": "\r\n some text\r\n" + strings.ReplaceAll(pemOf(root), "\n", "\r\n")})
		s := open()
		require.Empty(t, s.Problems())
		require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
		require.Equal(t, 1, snapshot(t, s, trust.FTM).Len())
	})
}

// Tables without the constraint may hold a certificate twice. The older row is
// served, the other one takes its place, and Remove takes out both.
func TestDuplicateRows(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	schema := newSchema(t, db)
	_, err := db.Exec("ALTER TABLE " + schema + ".ca_cert_store DROP CONSTRAINT cert_thumbprint_unique")
	require.NoError(t, err)
	table := schema + ".ca_cert_store"
	root := pki(t).Root(trust.Auth)
	platformRow(t, db, table, "younger-1", trust.Auth, "ROOT", root, map[string]any{"cr_dtimes": time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)})
	platformRow(t, db, table, "older-2", trust.Auth, "ROOT", root, map[string]any{"cr_dtimes": time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema), sqlstore.WithInterval(0))
	require.NoError(t, err)
	ca, ok := snapshot(t, s, trust.Auth).Find(root.Certificate)
	require.True(t, ok)
	require.Equal(t, "older-2", ca.ID)
	require.Equal(t, "younger-1", s.Problems()[0].ID)
	require.ErrorIs(t, s.Problems()[0], sqlstore.ErrDuplicate)
	require.ErrorIs(t, s.Add(ctx, trust.CA{ID: "third", Domain: trust.Auth, Role: trust.Root, Certificate: root.Certificate}), trust.ErrExists)

	_, err = db.Exec("DELETE FROM " + table + " WHERE cert_id = 'older-2'")
	require.NoError(t, err)
	ca, ok = snapshot(t, s, trust.Auth).Find(root.Certificate)
	require.True(t, ok, "a CA is not lost with one of its rows")
	require.Equal(t, "younger-1", ca.ID)
	require.Empty(t, s.Problems())

	platformRow(t, db, table, "again-3", trust.Auth, "ROOT", root, nil)
	require.NoError(t, s.Remove(ctx, trust.Auth, "younger-1"))
	require.Zero(t, snapshot(t, s, trust.Auth).Len(), "nothing brings it back")
	require.NoError(t, s.Refresh(ctx))
	require.Zero(t, snapshot(t, s, trust.Auth).Len())
	require.NoError(t, s.Add(ctx, trust.CA{ID: "fourth", Domain: trust.Auth, Role: trust.Root, Certificate: root.Certificate}))
	require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
}

// Before its release 1.3 the platform's table has no column for the role.
func TestWithoutType(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	schema := newSchema(t, db)
	_, err := db.Exec("ALTER TABLE " + schema + ".ca_cert_store DROP COLUMN ca_cert_type")
	require.NoError(t, err)
	p := pki(t)
	root, inter := p.Root(trust.Auth), p.Intermediate(trust.Auth)
	platformRow(t, db, schema+".ca_cert_store", "root", trust.Auth, noColumn, root, nil)
	s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema))
	require.NoError(t, err)
	require.NoError(t, s.Add(ctx, trust.CA{Domain: trust.Auth, Role: trust.Intermediate, Certificate: inter.Certificate}))
	again, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema))
	require.NoError(t, err)
	for c, want := range map[*trusttest.Identity]trust.Role{root: trust.Root, inter: trust.Intermediate} {
		ca, ok := snapshot(t, again, trust.Auth).Find(c.Certificate)
		require.True(t, ok)
		require.Equal(t, want, ca.Role)
	}
	err = s.Add(ctx, trust.CA{Domain: trust.FTM, Role: trust.Root, Certificate: inter.Certificate})
	require.ErrorIs(t, err, trust.ErrInvalidCA, "a role that would read otherwise")
	err = s.Add(ctx, trust.CA{Domain: trust.FTM, Role: trust.Intermediate, Certificate: root.Certificate})
	require.ErrorIs(t, err, trust.ErrInvalidCA)
}

func TestMissingTables(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	_, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema("there_is_none"))
	require.ErrorIs(t, err, sqlstore.ErrNoTable)
	_, err = sqlstore.OpenSQLite(ctx, openSQLite(t, t.TempDir()+"/empty.db"))
	require.ErrorIs(t, err, sqlstore.ErrNoTable)
	schema := newSchema(t, db)
	require.NoError(t, sqlstore.CreatePostgres(ctx, db, schema), "what exists is left as it is")
	require.NoError(t, sqlstore.InstallTrigger(ctx, db, schema))
	require.NoError(t, sqlstore.InstallTrigger(ctx, db, schema))
	require.NoError(t, sqlstore.RemoveTrigger(ctx, db, schema))
	require.NoError(t, sqlstore.RemoveTrigger(ctx, db, schema))
	require.ErrorIs(t, sqlstore.InstallTrigger(ctx, db, "there_is_none"), sqlstore.ErrUnavailable)
	require.ErrorIs(t, sqlstore.InstallTrigger(ctx, db, `x"; DROP TABLE y; --`), sqlstore.ErrOption)
}

// A name too long for its column is refused before anything is written.
func TestColumnsHaveWidths(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *sql.DB, _ string, open func(...sqlstore.Option) *sqlstore.Store) {
		s := open()
		p := pki(t)
		long := p.Partner(strings.Repeat("O", 600))
		err := s.Add(ctx, trust.CA{Domain: trust.Auth, Role: trust.Root, Certificate: p.Root(trust.Auth).Certificate},
			trust.CA{Domain: trust.Auth, Role: trust.Intermediate, Certificate: long.Certificate})
		require.ErrorIs(t, err, trust.ErrInvalidCA)
		require.False(t, errors.Is(err, sqlstore.ErrUnavailable))
		require.Zero(t, snapshot(t, s, trust.Auth).Len())
		for _, year := range []int{-1, 0, 10000} {
			err := s.Add(ctx, trust.CA{Domain: trust.Auth, Role: trust.Root, Certificate: p.Root(trust.Auth).Certificate, AddedAt: time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)})
			require.ErrorIs(t, err, trust.ErrInvalidCA, year)
		}
	})
}

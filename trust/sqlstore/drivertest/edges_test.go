package drivertest

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/sqlstore"
)

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, _ string, _ func(...sqlstore.Option) *sqlstore.Store) {
		for name, o := range map[string]sqlstore.Option{
			"no clock":                 sqlstore.WithClock(nil),
			"negative interval":        sqlstore.WithInterval(-1),
			"negative staleness":       sqlstore.MaxStaleness(-1),
			"no timeout":               sqlstore.WithTimeout(0),
			"stale before the next":    sqlstore.MaxStaleness(time.Millisecond),
			"no progress":              sqlstore.WithProgress(nil),
			"schema to be quoted":      sqlstore.WithSchema(`a"b`),
			"schema that is too long":  sqlstore.WithSchema(strings.Repeat("a", 64)),
			"empty schema":             sqlstore.WithSchema(""),
			"empty user":               sqlstore.WithUser(""),
			"user that is too long":    sqlstore.WithUser(strings.Repeat("ü", 257)),
			"user with a zero octet":   sqlstore.WithUser("a\x00"),
			"statement for the schema": sqlstore.WithSchema("x; DROP TABLE y"),
		} {
			_, err := sqlstore.OpenPostgres(ctx, db, o)
			require.ErrorIs(t, err, sqlstore.ErrOption, name)
			_, err = sqlstore.OpenSQLite(ctx, db, o)
			require.ErrorIs(t, err, sqlstore.ErrOption, name)
		}
		_, err := sqlstore.OpenPostgres(ctx, nil)
		require.ErrorIs(t, err, sqlstore.ErrOption)
		require.ErrorIs(t, sqlstore.CreateSQLite(ctx, nil), sqlstore.ErrOption)
		ended, cancel := context.WithCancel(ctx)
		cancel()
		_, err = sqlstore.OpenPostgres(ended, db)
		require.ErrorIs(t, err, context.Canceled)
	})
}

// A schema whose name has capitals is the one that PostgreSQL makes of it.
func TestSchemaInCapitals(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	schema := strings.ToUpper(newSchema(t, db))
	s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema))
	require.NoError(t, err)
	require.NoError(t, s.Add(ctx, rootCA(trust.Auth, pki(t))))
}

// Progress says how many rows there are, and ends with all of them.
func TestProgress(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *sql.DB, _ string, open func(...sqlstore.Option) *sqlstore.Store) {
		p := pki(t)
		cas := make([]trust.CA, 600)
		for i := range cas {
			cas[i] = trust.CA{Domain: trust.Auth, Role: trust.Intermediate, Certificate: p.Partner("Acme").Certificate}
		}
		require.NoError(t, open().Add(ctx, cas...))
		type step struct{ done, total int }
		var steps []step
		s := open(sqlstore.WithProgress(func(done, total int) { steps = append(steps, step{done, total}) }))
		require.Equal(t, []step{{256, 600}, {512, 600}, {600, 600}}, steps)
		require.Equal(t, 600, snapshot(t, s, trust.Auth).Len())
		require.NoError(t, s.Refresh(ctx))
		require.Len(t, steps, 3, "what did not change is not read")
	})
}

// An id that a removed CA had is free for another certificate, whose row the
// old one makes room for.
func TestIDsAreFreeAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		p := pki(t)
		first, second := rootCA(trust.Auth, p), rootCA(trust.FTM, p)
		first.ID, second.ID = "wanted", "wanted"
		s := open()
		require.NoError(t, s.Add(ctx, first))
		require.NoError(t, s.Remove(ctx, trust.Auth, "wanted"))
		require.NoError(t, s.Add(ctx, second))
		require.Equal(t, 1, snapshot(t, s, trust.FTM).Len())
		require.Zero(t, snapshot(t, s, trust.Auth).Len())
		require.ErrorIs(t, s.Add(ctx, first), trust.ErrExists)
		first.ID = "another"
		require.NoError(t, s.Add(ctx, first), "the row that made room is taken again")
		var n int
		require.NoError(t, db.QueryRow("SELECT count(*) FROM "+table).Scan(&n))
		require.Equal(t, 2, n)
		again := open()
		require.Equal(t, 1, snapshot(t, again, trust.FTM).Len())
		require.Equal(t, 1, snapshot(t, again, trust.Auth).Len())

		// Both in one call, the ids exchanged.
		require.NoError(t, s.Remove(ctx, trust.Auth, "another"))
		require.NoError(t, s.Remove(ctx, trust.FTM, "wanted"))
		first.ID, second.ID = "wanted", "another"
		require.NoError(t, s.Add(ctx, first, second))
		again = open()
		for d, id := range map[trust.Domain]string{trust.Auth: "wanted", trust.FTM: "another"} {
			_, ok := snapshot(t, again, d).ByID(id)
			require.True(t, ok, id)
		}
	})
}

// Others were first, and this store has not looked since: what it adds or
// removes is done over what is, and it serves that at once.
func TestChangesOverWhatOthersDid(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		p := pki(t)
		slow, quick := open(sqlstore.WithInterval(time.Hour)), open(sqlstore.WithInterval(time.Hour))
		ca := rootCA(trust.Auth, p)
		require.NoError(t, slow.Add(ctx, ca))
		require.ErrorIs(t, quick.Add(ctx, ca), trust.ErrExists, "although it does not serve it yet")
		require.NoError(t, quick.Remove(ctx, trust.Auth, ca.DefaultID()), "although it does not serve it yet")
		require.Zero(t, snapshot(t, quick, trust.Auth).Len())
		// The slow one still serves it; adding it again does not fit, and it
		// looks.
		renamed := ca
		renamed.ID = "renamed"
		require.NoError(t, slow.Add(ctx, renamed))
		found, ok := snapshot(t, slow, trust.Auth).Find(ca.Certificate)
		require.True(t, ok)
		require.Equal(t, "renamed", found.ID)
		require.Equal(t, 1, snapshot(t, slow, trust.Auth).Len())
		require.NoError(t, quick.Refresh(ctx))
		require.Equal(t, 1, snapshot(t, quick, trust.Auth).Len())
	})
}

// What a constraint refuses because another writer was first is ErrExists.
func TestOthersAreFirst(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	schema := newSchema(t, db)
	s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema))
	require.NoError(t, err)
	p := pki(t)
	tx, err := db.Begin()
	require.NoError(t, err)
	ca := rootCA(trust.Auth, p)
	_, err = tx.Exec("INSERT INTO "+schema+`.ca_cert_store (cert_id, cert_subject, cert_issuer, issuer_id, cert_data, cert_thumbprint, partner_domain)
		VALUES ('theirs', 'x', 'x', 'theirs', $1, $2, 'AUTH')`, pemOf(p.Root(trust.Auth)), trust.SHA1(ca.Certificate))
	require.NoError(t, err)
	result := make(chan error, 1)
	go func() { result <- s.Add(ctx, ca) }()
	waits := func() bool {
		var n int
		require.NoError(t, db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO "+schema+"%'").Scan(&n))
		return n > 0
	}
	require.Eventually(t, waits, patience, time.Millisecond, "it waits for the other transaction")
	require.NoError(t, tx.Commit())
	require.ErrorIs(t, <-result, trust.ErrExists)
	require.NoError(t, s.Refresh(ctx))
	_, ok := snapshot(t, s, trust.Auth).ByID("theirs")
	require.True(t, ok)
}

// Partners' rows that cannot be read fail by name, and never as "there is none".
func TestBrokenPartnerRows(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		s := open()
		partner := pki(t).Partner("Acme")
		kept, err := s.PutPartner(ctx, trust.PartnerCertificate{Domain: trust.Auth, Organization: "Acme", Certificate: partner.Certificate}, "")
		require.NoError(t, err)
		partners := strings.Replace(table, "ca_cert_store", "partner_cert_store", 1)
		for _, change := range []string{"cert_data = 'nonsense'", "cert_data = NULL", "signed_cert_data = 'nonsense'"} {
			_, err := db.Exec("UPDATE " + partners + " SET " + change)
			require.NoError(t, err)
			_, err = s.Partner(ctx, trust.Auth, kept.ID)
			var problem sqlstore.Problem
			require.ErrorAs(t, err, &problem, change)
			require.Equal(t, kept.ID, problem.ID)
			require.ErrorContains(t, err, kept.ID)
			_, err = s.ListPartners(ctx, trust.PartnerQuery{})
			require.ErrorAs(t, err, &problem, change)
		}
		_, err = db.Exec("DROP TABLE " + partners)
		require.NoError(t, err)
		_, err = s.Partner(ctx, trust.Auth, kept.ID)
		require.ErrorIs(t, err, sqlstore.ErrUnavailable)
		_, err = s.ListPartners(ctx, trust.PartnerQuery{})
		require.ErrorIs(t, err, sqlstore.ErrUnavailable)
		_, err = s.PutPartner(ctx, kept, "")
		require.ErrorIs(t, err, sqlstore.ErrUnavailable)
		require.ErrorIs(t, s.RemovePartner(ctx, trust.Auth, kept.ID), sqlstore.ErrUnavailable)
	})
}

// A column that holds what it cannot is that row's fault alone.
func TestUnreadableTimes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		p := pki(t)
		platformRow(t, db, table, "good-1", trust.Auth, "ROOT", p.Root(trust.Auth), nil)
		platformRow(t, db, table, "bad-2", trust.FTM, "ROOT", p.Root(trust.FTM), nil)
		never := "infinity"
		if !strings.Contains(table, ".") {
			never = "yesterday"
		}
		_, err := db.Exec("UPDATE " + table + " SET cr_dtimes = '" + never + "' WHERE cert_id = 'bad-2'")
		require.NoError(t, err)
		s := open()
		require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
		require.Len(t, s.Problems(), 1)
		require.Equal(t, "bad-2", s.Problems()[0].ID)
		require.ErrorIs(t, s.Problems()[0], trust.ErrInvalidCA)
	})
}

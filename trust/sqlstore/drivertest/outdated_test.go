package drivertest

import (
	"database/sql"
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/sqlstore"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// Others changed the table in ways that this store has not seen yet, and it is
// asked to change it itself. What was removed is served nowhere.

// An id that one replica removed in one domain is used by another in the next.
func TestIDMovesToAnotherDomain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		p := pki(t)
		x, y := rootCA(trust.Device, p), rootCA(trust.Auth, p)
		x.ID, y.ID = "n1", "n1"
		a, b := open(sqlstore.WithInterval(time.Hour)), open()
		require.NoError(t, a.Add(ctx, x))
		require.NoError(t, b.Remove(ctx, trust.Device, "n1"))
		require.NoError(t, a.Add(ctx, y), "it has not looked since the other removed its namesake")
		require.Zero(t, snapshot(t, a, trust.Device).Len(), "on the very next call")
		for range 3 {
			require.NoError(t, a.Refresh(ctx))
		}
		require.Zero(t, snapshot(t, a, trust.Device).Len(), "removed CA still served after refresh")
	})
}

// A row that was moved to another domain by hand is removed from there.
func TestRowMovesToAnotherDomain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		p := pki(t)
		x := rootCA(trust.Device, p)
		x.ID = "n1"
		s := open(sqlstore.WithInterval(time.Hour))
		require.NoError(t, s.Add(ctx, x))
		_, err := db.Exec("UPDATE " + table + " SET partner_domain = 'AUTH'")
		require.NoError(t, err)
		require.NoError(t, s.Remove(ctx, trust.Auth, "n1"))
		for range 3 {
			require.NoError(t, s.Refresh(ctx))
		}
		require.Zero(t, snapshot(t, s, trust.Device).Len(), "no live row, CA served")
	})
}

// A row without an id cannot be removed by it, and is not served.
func TestRowWithoutID(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		platformRow(t, db, table, "", trust.Auth, "ROOT", pki(t).Root(trust.Auth), nil)
		s := open()
		require.Zero(t, snapshot(t, s, trust.Auth).Len())
		require.Len(t, s.Problems(), 1)
		require.ErrorIs(t, s.Problems()[0], trust.ErrInvalidCA)
	})
}

// Rows that others wrote with the thumbprint in another form, or without one,
// hold their certificate all the same: it is there already, and Remove takes
// out all of them.
func TestThumbprintsInOtherForms(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		p := pki(t)
		root := p.Root(trust.Auth)
		sum := trust.SHA1(root.Certificate)
		colons := strings.TrimSuffix(regexp.MustCompile("..").ReplaceAllString(strings.ToUpper(sum), "$0:"), ":")
		for i, thumbprint := range []any{sum, nil, strings.ToUpper(sum), colons} {
			platformRow(t, db, table, fmt.Sprint("row-", i), trust.Auth, "ROOT", root, map[string]any{"cert_thumbprint": thumbprint})
		}
		platformRow(t, db, table, "other-domain", trust.FTM, "ROOT", root, map[string]any{"cert_thumbprint": nil})
		platformRow(t, db, table, "other-ca", trust.Auth, "ROOT", p.Root(trust.FTM), map[string]any{"cert_thumbprint": nil})
		s := open(sqlstore.WithInterval(time.Hour))
		require.Equal(t, 2, snapshot(t, s, trust.Auth).Len())
		require.Len(t, s.Problems(), 3)
		require.ErrorIs(t, s.Add(ctx, trust.CA{ID: "again", Domain: trust.Auth, Role: trust.Root, Certificate: root.Certificate}), trust.ErrExists)
		_, err := db.Exec("DELETE FROM " + table + " WHERE cert_id = 'row-0'")
		require.NoError(t, err)
		require.ErrorIs(t, s.Add(ctx, trust.CA{ID: "again", Domain: trust.Auth, Role: trust.Root, Certificate: root.Certificate}), trust.ErrExists, "although no row has the thumbprint")
		require.NoError(t, s.Refresh(ctx))
		ca, ok := snapshot(t, s, trust.Auth).Find(root.Certificate)
		require.True(t, ok)
		require.NoError(t, s.Remove(ctx, trust.Auth, ca.ID))
		require.NoError(t, s.Refresh(ctx))
		require.Equal(t, 1, snapshot(t, s, trust.Auth).Len(), "it came back")
		require.Empty(t, s.Problems())
		require.Equal(t, 1, snapshot(t, s, trust.FTM).Len(), "another domain's is another's")
	})
}

// Where upper case is that of another language, a domain is still a domain.
func TestLocale(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	schema := newSchema(t, db)
	if _, err := db.Exec("ALTER TABLE " + schema + `.ca_cert_store ALTER COLUMN partner_domain TYPE varchar(36) COLLATE "tr-x-icu"`); err != nil {
		t.Skip(err)
	}
	p := pki(t)
	platformRow(t, db, schema+".ca_cert_store", "java-1", "device", "ROOT", p.Root(trust.Device), nil)
	s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema), sqlstore.WithInterval(0))
	require.NoError(t, err)
	require.Equal(t, 1, snapshot(t, s, trust.Device).Len())
	ca := trust.CA{ID: "again", Domain: trust.Device, Role: trust.Root, Certificate: p.Root(trust.Device).Certificate}
	require.ErrorIs(t, s.Add(ctx, ca), trust.ErrExists)
	require.NoError(t, s.Remove(ctx, trust.Device, "java-1"))
}

// Another table in which a row has the same id and version, and another
// certificate: what a server may hold that was restored from a copy.
func TestRestoredServer(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	one, two := newSchema(t, db), newSchema(t, db)
	p := pki(t)
	tx, err := db.Begin()
	require.NoError(t, err)
	for schema, id := range map[string]*trusttest.Identity{one: p.Root(trust.Auth), two: p.Root(trust.FTM)} {
		_, err = tx.Exec("INSERT INTO "+schema+`.ca_cert_store (cert_id, cert_subject, cert_issuer, issuer_id, cert_data, cert_thumbprint, partner_domain)
		VALUES ('r1', 'x', 'x', 'r1', $1, $2, 'AUTH')`, pemOf(id), trust.SHA1(id.Certificate))
		require.NoError(t, err)
	}
	require.NoError(t, tx.Commit())
	s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(one), sqlstore.WithInterval(0))
	require.NoError(t, err)
	_, err = db.Exec("ALTER SCHEMA " + one + " RENAME TO " + one + "_x; ALTER SCHEMA " + two + " RENAME TO " + one + "; ALTER SCHEMA " + one + "_x RENAME TO " + two)
	require.NoError(t, err)
	require.NoError(t, s.Refresh(ctx))
	_, old := snapshot(t, s, trust.Auth).Find(p.Root(trust.Auth).Certificate)
	require.False(t, old, "what is not in the table any more is served")
}

// Of two rows with one certificate the older is served, whichever was seen
// first.
func TestOlderRowIsServedEverywhere(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	schema := newSchema(t, db)
	_, err := db.Exec("ALTER TABLE " + schema + ".ca_cert_store DROP CONSTRAINT cert_thumbprint_unique")
	require.NoError(t, err)
	root := pki(t).Root(trust.Auth)
	day := func(n int) map[string]any {
		return map[string]any{"cr_dtimes": time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC)}
	}
	platformRow(t, db, schema+".ca_cert_store", "one-1", trust.Auth, "ROOT", root, day(5))
	open := func() *sqlstore.Store {
		s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema), sqlstore.WithInterval(0))
		require.NoError(t, err)
		return s
	}
	a := open()
	platformRow(t, db, schema+".ca_cert_store", "two-2", trust.Auth, "INTERMEDIATE", root, day(1))
	b := open()
	for _, s := range []*sqlstore.Store{a, b} {
		ca, ok := snapshot(t, s, trust.Auth).Find(root.Certificate)
		require.True(t, ok)
		require.Equal(t, "two-2", ca.ID)
		require.Equal(t, trust.Intermediate, ca.Role)
		require.Equal(t, "one-1", s.Problems()[0].ID)
	}
}

// A row whose id is no id of ours is named as long as it is there.
func TestIDsOfOtherLetters(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		platformRow(t, db, table, "caféé", trust.Auth, "ROOT", pki(t).Root(trust.Auth), nil)
		s := open()
		require.Len(t, s.Problems(), 1)
		platformRow(t, db, table, "x-1", trust.FTM, "ROOT", pki(t).Root(trust.FTM), nil)
		require.NoError(t, s.Refresh(ctx))
		require.NoError(t, s.Refresh(ctx))
		require.Len(t, s.Problems(), 1)
	})
}

// Bytes that are no text name nothing.
func TestIDsThatAreNoText(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		s := open()
		err := s.Remove(ctx, trust.Auth, "a\xff")
		_, err2 := s.Partner(ctx, trust.Auth, "a\xff")
		_, err3 := s.ListPartners(ctx, trust.PartnerQuery{Organization: "a\xff"})
		require.ErrorIs(t, err, trust.ErrNotFound)
		require.ErrorIs(t, err2, trust.ErrNotFound)
		require.NoError(t, err3)
	})
}

// A row of fifty megabytes is not fetched. It measures memory, so it runs alone.
func TestHugeRow(t *testing.T) {
	db := openPostgres(t)
	schema := newSchema(t, db)
	_, err := db.Exec("INSERT INTO " + schema + ".ca_cert_store (cert_id, cert_subject, cert_issuer, issuer_id, cert_data, cert_thumbprint, partner_domain) VALUES ('huge','x','x','x', repeat('A', 50000000), 'x', 'AUTH')")
	require.NoError(t, err)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema))
	runtime.ReadMemStats(&after)
	require.NoError(t, err)
	require.ErrorIs(t, s.Problems()[0], trust.ErrTooLarge)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(20<<20), "it was fetched whole")
}

// A row that holds no certificate goes alone, whatever it says of itself.
func TestRemoveOfARowWithoutCertificate(t *testing.T) {
	t.Parallel()
	db := openPostgres(t)
	schema := newSchema(t, db)
	_, err := db.Exec("ALTER TABLE " + schema + ".ca_cert_store DROP CONSTRAINT cert_thumbprint_unique")
	require.NoError(t, err)
	root := pki(t).Root(trust.Auth)
	platformRow(t, db, schema+".ca_cert_store", "good", trust.Auth, "ROOT", root, nil)
	platformRow(t, db, schema+".ca_cert_store", "garbage", trust.Auth, "ROOT", root, map[string]any{"cert_data": "nonsense"})
	s, err := sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema(schema), sqlstore.WithInterval(0))
	require.NoError(t, err)
	require.NoError(t, s.Remove(ctx, trust.Auth, "garbage"))
	require.Equal(t, 1, snapshot(t, s, trust.Auth).Len())
	require.Empty(t, s.Problems())
	require.ErrorIs(t, s.Remove(ctx, trust.Auth, "garbage"), trust.ErrNotFound)
}

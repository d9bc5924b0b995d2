package drivertest

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/sqlstore"
	"github.com/mosip/partnertrust/trust/trusttest"
)

// served is all that a store serves: domain, certificate, id and role.
func served(t *testing.T, s *sqlstore.Store) []string {
	t.Helper()
	out := []string{}
	for _, d := range []trust.Domain{trust.Auth, trust.Device, trust.FTM} {
		for r := range snapshot(t, s, d).Records() {
			out = append(out, fmt.Sprintf("%s %x %s %s", d, r.Fingerprint(), r.ID(), r.Role()))
		}
	}
	slices.Sort(out)
	return out
}

// Two replicas and a hand with SQL change one table at random. Each replica sees
// its own changes at once, and after a look both serve what a store does that is
// opened at that moment.
func TestAgainstFreshlyOpened(t *testing.T) {
	t.Parallel()
	steps := 3000
	if testing.Short() {
		steps = 300
	}
	each(t, func(t *testing.T, db *sql.DB, table string, open func(...sqlstore.Option) *sqlstore.Store) {
		p := pki(t)
		var certs []*trusttest.Identity
		for _, d := range []trust.Domain{trust.Auth, trust.Device, trust.FTM} {
			certs = append(certs, p.Root(d), p.Intermediate(d))
		}
		domains := []trust.Domain{trust.Auth, trust.Device, trust.FTM}
		ids := []string{"n1", "n2", "m1", "k-1", "z", ""}
		seed := rand.Uint64()
		rng := rand.New(rand.NewPCG(seed, 2))
		t.Log("seed", seed)
		a, b := open(sqlstore.WithInterval(time.Hour)), open(sqlstore.WithInterval(time.Hour))
		var log []string
		for step := range steps {
			s, name := a, "A"
			if rng.IntN(2) == 0 {
				s, name = b, "B"
			}
			d, c, id := domains[rng.IntN(3)], certs[rng.IntN(len(certs))], ids[rng.IntN(len(ids))]
			role := []trust.Role{trust.Root, trust.Intermediate}[rng.IntN(2)]
			note := func(what string, err error) {
				log = append(log, fmt.Sprint(name, " ", what, " ", d, " ", id, " ", trust.SHA256(c.Certificate)[:6], " ", role, " ", err))
			}
			ca := trust.CA{ID: id, Domain: d, Role: role, Certificate: c.Certificate}
			switch rng.IntN(16) {
			case 14:
				_, err := db.Exec("UPDATE "+table+" SET cert_thumbprint = NULL WHERE cert_id = $1", id)
				note("sql null", err)
			case 15:
				_, err := db.Exec("UPDATE "+table+" SET partner_domain = lower(partner_domain), ca_cert_type = NULL WHERE cert_id = $1", id)
				note("sql lower", err)
			case 0, 1, 2, 3:
				before := snapshot(t, s, d).Version()
				err := s.Add(ctx, ca)
				note("add", err)
				if err == nil {
					_, ok := snapshot(t, s, d).Find(c.Certificate)
					require.True(t, ok, "read your writes: %v", log)
				}
				require.GreaterOrEqual(t, snapshot(t, s, d).Version(), before)
			case 4, 5, 6:
				if id == "" {
					id = ca.DefaultID()
				}
				err := s.Remove(ctx, d, id)
				note("remove", err)
				if err == nil {
					_, ok := snapshot(t, s, d).ByID(id)
					require.False(t, ok, "read your writes: %v", log)
				}
			case 7:
				_, err := db.Exec("UPDATE "+table+" SET partner_domain = $1 WHERE cert_id = $2", string(d), id)
				note("sql domain", err)
			case 8:
				_, err := db.Exec("UPDATE "+table+" SET is_deleted = NOT is_deleted WHERE cert_id = $1", id)
				note("sql toggle", err)
			case 9:
				_, err := db.Exec("DELETE FROM "+table+" WHERE cert_id = $1", id)
				note("sql delete", err)
			case 10:
				_, err := db.Exec("UPDATE "+table+" SET cert_data = $1, cert_thumbprint = $2 WHERE cert_id = $3", pemOf(c), trust.SHA1(c.Certificate), id)
				note("sql cert", err)
			case 11:
				_, err := db.Exec("UPDATE "+table+" SET cert_id = $1 WHERE cert_id = $2", ids[rng.IntN(5)], id)
				note("sql id", err)
			case 12, 13:
				require.NoError(t, s.Refresh(ctx))
				note("refresh", nil)
			}
			if step%7 == 0 {
				require.NoError(t, a.Refresh(ctx))
				require.NoError(t, b.Refresh(ctx))
				c := open()
				want := served(t, c)
				if !slices.Equal(want, served(t, a)) || !slices.Equal(want, served(t, b)) {
					if len(log) > 40 {
						log = log[len(log)-40:]
					}
					for _, l := range log {
						t.Log(l)
					}
					t.Fatalf("want %v\nA %v\nB %v", want, served(t, a), served(t, b))
				}
				log = append(log, "--- all equal")
			}
		}
	})
}

package cli

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/spf13/cobra"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/mosip/partnertrust/trust"
	"github.com/mosip/partnertrust/trust/dirstore"
	"github.com/mosip/partnertrust/trust/sqlstore"
)

// storeFlags say which store a command asks.
type storeFlags struct {
	dir, sqlite, postgres, schema string
	cas                           []string // files taken as trusted
	create                        bool     // what is not there yet
}

// addTo gives a command the flags, of which exactly one is needed.
func (s *storeFlags) addTo(cmd *cobra.Command, files bool) {
	flags := cmd.Flags()
	flags.StringVar(&s.dir, "store", "", "the store is this `folder`, with a sub-folder of certificate files for each domain")
	flags.StringVar(&s.sqlite, "sqlite", "", "the store is in this SQLite `file`")
	flags.StringVar(&s.postgres, "postgres", "", "the store is the platform's tables in the database at this `URL`; the password may stand in PGPASSWORD or ~/.pgpass")
	flags.StringVar(&s.schema, "schema", sqlstore.DefaultSchema, "the `schema` of these tables: keymgr, or ida for the authentication service's")
	names := []string{"store", "sqlite", "postgres"}
	if files {
		flags.StringArrayVar(&s.cas, "ca", nil, "take the CAs in this `file` as trusted, as far as they pass the gate; DOMAIN=FILE for another domain than --domain; may be given again")
		names = append(names, "ca")
	}
	cmd.MarkFlagsOneRequired(names...)
	cmd.MarkFlagsMutuallyExclusive(names...)
	if err := cmd.MarkFlagDirname("store"); err != nil {
		panic(err) // the flag is defined above
	}
}

// open opens the store. What in it is not served is told and no error.
func (s *storeFlags) open(ctx context.Context, a *app, d trust.Domain) (trust.Store, func(), error) {
	switch {
	case s.dir != "":
		return s.openDir(a)
	case s.sqlite != "":
		return s.openSQLite(ctx, a)
	case s.postgres != "":
		return s.openPostgres(ctx, a)
	}
	store, err := a.fromFiles(ctx, d, s.cas)
	return store, func() {}, err
}

func (s *storeFlags) openDir(a *app) (trust.Store, func(), error) {
	if s.create {
		if err := os.MkdirAll(s.dir, 0o755); err != nil {
			return nil, nil, err
		}
	}
	p := a.progress("reading " + s.dir)
	store, err := dirstore.Open(s.dir, dirstore.WithClock(a.Now), dirstore.WithProgress(p.report))
	p.end()
	if err != nil {
		return nil, nil, err
	}
	for _, problem := range store.Problems() {
		a.warn("not served as it stands: %v", problem)
	}
	return store, func() {}, nil
}

func (s *storeFlags) openSQLite(ctx context.Context, a *app) (trust.Store, func(), error) {
	path, err := filepath.Abs(s.sqlite)
	if err != nil {
		return nil, nil, err
	}
	// The driver would make an empty database of a mistyped name.
	if _, err := os.Stat(path); err != nil && !s.create {
		return nil, nil, err
	}
	dsn := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: "_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)"}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, nil, err
	}
	if s.create {
		if err := sqlstore.CreateSQLite(ctx, db); err != nil {
			return nil, nil, errors.Join(err, db.Close())
		}
	}
	return a.openSQL(db, "reading "+s.sqlite, func(opts ...sqlstore.Option) (*sqlstore.Store, error) {
		return sqlstore.OpenSQLite(ctx, db, opts...)
	})
}

func (s *storeFlags) openPostgres(ctx context.Context, a *app) (trust.Store, func(), error) {
	db, err := sql.Open("pgx", s.postgres)
	if err != nil {
		return nil, nil, err
	}
	if s.create {
		if err := sqlstore.CreatePostgres(ctx, db, s.schema); err != nil {
			return nil, nil, errors.Join(err, db.Close())
		}
	}
	return a.openSQL(db, "reading the table", func(opts ...sqlstore.Option) (*sqlstore.Store, error) {
		return sqlstore.OpenPostgres(ctx, db, append(opts, sqlstore.WithSchema(s.schema))...)
	})
}

func (a *app) openSQL(db *sql.DB, what string, open func(...sqlstore.Option) (*sqlstore.Store, error)) (trust.Store, func(), error) {
	p := a.progress(what)
	store, err := open(sqlstore.WithClock(a.Now), sqlstore.WithProgress(p.report))
	p.end()
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	for _, problem := range store.Problems() {
		a.warn("row %v", problem)
	}
	return store, func() { db.Close() }, nil
}

// hintFor says what to do about an error that the command line can mend.
func hintFor(err error) string {
	switch {
	case errors.Is(err, sqlstore.ErrNoTable):
		return "Is it the right --schema? admit --create makes the tables where there are none."
	case errors.Is(err, os.ErrNotExist):
		return "admit --create makes a store that is not there yet."
	}
	return ""
}

// domainOf reads --domain: one of the platform's, or one of a country's own that
// the store knows.
func domainOf(ctx context.Context, name string, store trust.Store) (trust.Domain, error) {
	d, err := trust.ParseDomain(name)
	if err == nil {
		return d, nil
	}
	own, ownErr := trust.NewDomains(name)
	lister, ok := store.(trust.DomainLister)
	if ownErr != nil || !ok {
		return "", fmt.Errorf("--domain: %w", err)
	}
	domains, listErr := lister.Domains(ctx)
	if listErr != nil {
		return "", listErr
	}
	for _, known := range domains {
		if parsed, _ := own.Parse(name); parsed == known {
			return known, nil
		}
	}
	return "", fmt.Errorf("--domain: %w", err)
}

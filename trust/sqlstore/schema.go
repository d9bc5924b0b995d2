package sqlstore

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"strings"
)

//go:embed schema/postgres.sql
var postgresSchema string

//go:embed schema/sqlite.sql
var sqliteSchema string

//go:embed schema/trigger.sql
var triggerSchema string

// CreatePostgres creates the platform's tables in a schema, and the schema,
// where they are missing: for hosts and tests without the platform's scripts.
// What exists is left as it is. The layout is that of the platform's release
// 1.3.
func CreatePostgres(ctx context.Context, db *sql.DB, schema string) error {
	return execute(ctx, db, schema, postgresSchema, postgres(schema).lock)
}

// InstallTrigger adds to the platform's ca_cert_store table a trigger that
// notifies everybody who listens whenever anything in it changes, whoever
// changed it. It is for [WithListener]. Installing it again changes nothing;
// [RemoveTrigger] takes it out.
func InstallTrigger(ctx context.Context, db *sql.DB, schema string) error {
	return execute(ctx, db, schema, triggerSchema, postgres(schema).lock)
}

// RemoveTrigger undoes [InstallTrigger].
func RemoveTrigger(ctx context.Context, db *sql.DB, schema string) error {
	return execute(ctx, db, schema, `
		DROP TRIGGER IF EXISTS partnertrust_notify ON {schema}.ca_cert_store;
		DROP FUNCTION IF EXISTS {schema}.partnertrust_notify();`, postgres(schema).lock)
}

// CreateSQLite creates the tables in an SQLite file where they are missing.
func CreateSQLite(ctx context.Context, db *sql.DB) error {
	return execute(ctx, db, "main", sqliteSchema, "")
}

// execute runs a script as a whole or not at all. Statements end with a
// semicolon at the end of a line that is not indented.
func execute(ctx context.Context, db *sql.DB, schema, script, lock string) (err error) {
	if db == nil {
		return errors.Join(ErrOption, errors.New("no database"))
	}
	if err := validSchema(schema); err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return unavailable(ctx, err)
	}
	defer func() { _ = tx.Rollback() }()
	if lock != "" { // replicas may begin together
		if _, err := tx.ExecContext(ctx, lock); err != nil {
			return unavailable(ctx, err)
		}
	}
	for statement := range strings.SplitSeq(strings.ReplaceAll(script, "{schema}", schema), ";\n\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return unavailable(ctx, err)
		}
	}
	return unavailable(ctx, tx.Commit())
}

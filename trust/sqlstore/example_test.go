package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/mosip/partnertrust/trust/sqlstore"
)

// A host brings its own driver: github.com/jackc/pgx/v5/stdlib registers "pgx",
// modernc.org/sqlite "sqlite". Without one there is no database to give.
func ExampleOpenPostgres() {
	ctx := context.Background()
	db, err := sql.Open("pgx", "postgres://localhost/mosip_keymanager")
	if err != nil {
		fmt.Println("no driver:", err)
	}
	_, err = sqlstore.OpenPostgres(ctx, db, sqlstore.WithSchema("keymgr"))
	fmt.Println(errors.Is(err, sqlstore.ErrOption), err)
	// Output:
	// no driver: sql: unknown driver "pgx" (forgotten import?)
	// true sqlstore: invalid option: no database
}

// Package sqlstore keeps trusted CAs, and the certificates of partners, in a
// database: in PostgreSQL, where it shares the platform's own ca_cert_store and
// partner_cert_store tables with the services that have always used them, or in
// an SQLite file of a single service.
//
//	db, err := sql.Open("pgx", "postgres://…") // the host's driver
//	store, err := sqlstore.OpenPostgres(ctx, db)
//	go store.Watch(ctx, nil) // follow what others change
//	verifier := certchain.New(store)
//
// PostgreSQL must be of version 11 or newer, SQLite of 3.38. The connection must
// lead to the primary: a standby that lags behind would bring back what was
// removed.
//
// It imports no driver and opens no connection of its own: the host gives it a
// [*sql.DB].
//
// # The platform's tables
//
// Each service reads what the other wrote. Columns are formatted as the
// platform formats them, is_deleted is how [Store.Remove] deletes and is
// honoured on every read, and a row is found again by (cert_thumbprint,
// partner_domain), of which the table has one, deleted or not. Tables with and
// without the ca_cert_type column are served; where it is missing or empty, a
// certificate that its own key signed is a root, and a CA whose role would read
// otherwise is refused with [trust.ErrInvalidCA].
//
// Nothing is created unless asked: [CreatePostgres] makes the tables where the
// platform's scripts have not, [InstallTrigger] adds the trigger that makes
// changes known at once, [CreateSQLite] makes a file's tables.
//
// # Snapshots
//
// The whole table is kept in memory as [trust.Snapshots]; verification never
// waits for the database. Others' changes are found by a summary of the table
// (one row per 1/256 of it, with what PostgreSQL knows of every row's last
// change), and only what changed is read. They are looked for
//
//   - while [Store.Watch] runs: when the trigger says so, and at every interval
//     where it is not installed;
//   - otherwise when somebody asks and the last look is older than the
//     interval.
//
// A row that cannot be served (no certificate, an unknown domain) is named by
// [Store.Problems] and keeps no other row from being served.
//
// While the database is away the last snapshots are served on, and
// [Store.Freshness] says since when; with [MaxStaleness] there is an end to
// that: then every Snapshot fails with [trust.ErrStale]. Changes fail with
// [ErrUnavailable].
package sqlstore

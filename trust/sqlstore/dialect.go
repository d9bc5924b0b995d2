package sqlstore

import (
	"database/sql"
	"fmt"
	"regexp"
	"time"
	"unicode/utf8"
)

// dialect is what differs between the databases. Statements are written once,
// with PostgreSQL's $1.
type dialect struct {
	cas, partners string // the tables, in their schema
	name          string // of the CAs' table, for people

	// columns lists the columns of the CAs' table.
	columns string
	// bucket puts a row into one of a few hundred buckets, as [bucketOf] does
	// for an id. sum tells, with the number of rows, whether any row of a
	// bucket was added, removed or changed.
	bucket, sum string
	// probe, where there is one, returns another value after every change of the
	// table, so that nothing else need be asked while it stays.
	probe string
	// inList is true of an expression that is in a JSON array of strings.
	inList func(expression, parameter string) string
	// domain is partner_domain in upper case, of ASCII letters alone, whatever
	// the locale of the database.
	domain string
	// prefix cuts a column that is longer than is read. Octets are counted,
	// which costs nothing, where counting characters reads every row.
	prefix func(column string) string
	// write begins a transaction whose statements see what others committed.
	write *sql.TxOptions
	// trigger asks whether [InstallTrigger]'s trigger is there and enabled.
	trigger string
	// lock takes the writers' turn until the transaction ends.
	lock string
	// read begins a transaction that sees one moment.
	read *sql.TxOptions
	// time is what a time is stored as.
	time func(time.Time) any
	// parameters rewrites $1 where the database has it otherwise.
	parameters func(query string) string
}

// PostgreSQL's system column xmin is the transaction that wrote the row's
// present version, whoever it was and whatever other columns say: the platform
// changes rows without touching upd_dtimes. A server that was restored from a
// copy may give a number twice, so what tells certificates apart is summed too.
func postgres(schema string) *dialect {
	return &dialect{
		cas: schema + ".ca_cert_store", partners: schema + ".partner_cert_store", name: schema + ".ca_cert_store",
		columns: `SELECT column_name FROM information_schema.columns WHERE table_schema = '` + foldName(schema) + `' AND table_name = 'ca_cert_store'`,
		bucket:  `right(cert_id, 2)`,
		sum:     `sum(hashtextextended(concat_ws(':', cert_id, xmin, cert_thumbprint, partner_domain), 0))`,
		inList: func(expression, parameter string) string {
			// An array, and not the set itself, is what the planner uses indexes for.
			return expression + ` = ANY (ARRAY (SELECT jsonb_array_elements_text(` + parameter + `::jsonb)))`
		},
		domain: `upper(partner_domain COLLATE "C")`,
		prefix: func(column string) string {
			return fmt.Sprintf("CASE WHEN octet_length(%s) > %d THEN left(%[1]s, %[3]d) ELSE %[1]s END", column, maxData, maxData+1)
		},
		write:      &sql.TxOptions{Isolation: sql.LevelReadCommitted},
		trigger:    `SELECT count(*) FROM pg_trigger WHERE tgrelid = '` + schema + `.ca_cert_store'::regclass AND tgname = 'partnertrust_notify' AND tgenabled <> 'D'`,
		lock:       `SELECT pg_advisory_xact_lock(hashtextextended('partnertrust ` + foldName(schema) + `', 0))`,
		read:       &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
		time:       func(t time.Time) any { return timeColumn(t) },
		parameters: func(query string) string { return query },
	}
}

// foldName is the name that PostgreSQL knows a schema by whose name is not
// quoted.
func foldName(schema string) string {
	b := []byte(schema)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c - 'A' + 'a'
		}
	}
	return string(b)
}

// In SQLite, triggers number the versions of all rows.
func sqlite() *dialect {
	return &dialect{
		cas: "ca_cert_store", partners: "partner_cert_store", name: "ca_cert_store",
		columns: `SELECT name FROM pragma_table_info('ca_cert_store')`,
		bucket:  `substr(cert_id, -2)`,
		sum:     `sum(row_version)`,
		probe:   `SELECT version FROM ca_cert_store_version`,
		inList: func(expression, parameter string) string {
			return expression + ` IN (SELECT value FROM json_each(` + parameter + `))`
		},
		domain: `upper(partner_domain)`,
		prefix: func(column string) string {
			return fmt.Sprintf("CASE WHEN length(CAST(%s AS BLOB)) > %d THEN substr(%[1]s, 1, %[3]d) ELSE %[1]s END", column, maxData, maxData+1)
		},
		trigger: `SELECT 0`,
		// A write, so that the transaction has the file's only writer's turn
		// before it reads.
		lock:       `UPDATE ca_cert_store_version SET version = version`,
		time:       func(t time.Time) any { return timeColumn(t).Format(textTime) },
		parameters: func(query string) string { return parameter.ReplaceAllString(query, `?$1`) },
	}
}

var parameter = regexp.MustCompile(`\$(\d+)`)

// bucketOf is the bucket of a row, see [dialect].
func bucketOf(id string) string {
	_, last := utf8.DecodeLastRuneInString(id)
	_, before := utf8.DecodeLastRuneInString(id[:len(id)-last])
	return id[len(id)-last-before:]
}

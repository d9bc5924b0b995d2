package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// What can go wrong beside the errors of package trust.
var (
	// ErrOption: options that make no sense.
	ErrOption = errors.New("sqlstore: invalid option")
	// ErrNoTable: the database has no such table, or one without the columns
	// that are needed.
	ErrNoTable = errors.New("sqlstore: table is missing")
	// ErrUnavailable: the database did not answer. Nothing was changed.
	ErrUnavailable = errors.New("sqlstore: the database is unavailable")
	// ErrUnknownOutcome: the database went away while it was to commit. The
	// change is made as a whole or not at all; a look at the store tells.
	ErrUnknownOutcome = errors.New("sqlstore: unknown whether the change was made")
	// ErrNotServed: a change was made, but the database could not be read
	// afterwards, and what is served does not show it yet.
	ErrNotServed = errors.New("sqlstore: a change was made and is not served yet")
	// ErrDuplicate: another row of the domain holds the same certificate, and
	// is the one that is served.
	ErrDuplicate = errors.New("sqlstore: another row holds the same certificate")
)

// Problem is a row that is not served, and why. It is an error.
type Problem struct {
	ID  string // cert_id
	Err error
}

func (p Problem) Error() string { return fmt.Sprintf("sqlstore: row %.64q: %v", p.ID, p.Err) }

// Unwrap returns the cause.
func (p Problem) Unwrap() error { return p.Err }

// unavailable wraps what the driver says, unless it says that the caller gave
// up.
func unavailable(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// isUnique tells that a row of another writer was first. The interfaces are
// those of the PostgreSQL drivers (SQLSTATE 23505) and of SQLite's (result
// codes SQLITE_CONSTRAINT_UNIQUE and _PRIMARYKEY).
func isUnique(err error) bool {
	var state interface{ SQLState() string }
	if errors.As(err, &state) {
		return state.SQLState() == "23505"
	}
	var code interface{ Code() int }
	if errors.As(err, &code) {
		return code.Code() == 2067 || code.Code() == 1555
	}
	return err != nil && strings.Contains(err.Error(), "UNIQUE constraint failed")
}

// isAnswer tells that PostgreSQL itself refused, and did not break off: SQLSTATE
// classes 08 and 57 are lost connections and a server that shuts down.
func isAnswer(err error) bool {
	var state interface{ SQLState() string }
	if !errors.As(err, &state) {
		return false
	}
	code := state.SQLState()
	return !strings.HasPrefix(code, "08") && !strings.HasPrefix(code, "57")
}

// isBusy tells that another connection writes to the SQLite file.
func isBusy(err error) bool {
	var code interface{ Code() int }
	if errors.As(err, &code) {
		return code.Code()&0xff == 5
	}
	return err != nil && strings.Contains(err.Error(), "database is locked")
}

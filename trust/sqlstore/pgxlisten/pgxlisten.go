// Package pgxlisten hears of changes in a PostgreSQL trust store through pgx.
// It is a module of its own, so that only hosts that use pgx depend on it.
//
//	config, err := pgx.ParseConfig("postgres://…")
//	err = sqlstore.InstallTrigger(ctx, stdlib.OpenDB(*config), "keymgr") // once, by whoever may alter the table
//	store, err := sqlstore.OpenPostgres(ctx, stdlib.OpenDB(*config),
//		sqlstore.WithListener(pgxlisten.New(config)))
//	go store.Watch(ctx, nil)
package pgxlisten

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/mosip/partnertrust/trust/sqlstore"
)

// Listener implements [sqlstore.Listener] with a connection of its own, which
// is open while Listen runs.
type Listener struct{ config *pgx.ConnConfig }

var _ sqlstore.Listener = (*Listener)(nil)

// New returns a listener that connects as the config says. The config is
// copied.
func New(config *pgx.ConnConfig) *Listener { return &Listener{config.Copy()} }

// probe is how long a connection may be silent before it is asked whether it
// still stands: a network that fails in silence sends no end.
const probe = 30 * time.Second

// Listen implements [sqlstore.Listener].
func (l *Listener) Listen(ctx context.Context, channel string, ready, heard func()) error {
	conn, err := pgx.ConnectConfig(ctx, l.config)
	if err != nil {
		return err
	}
	defer func() {
		// ctx may have ended; the server is told anyway, but not waited for.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(ctx)
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return err
	}
	ready()
	for {
		if err := l.wait(ctx, conn); err != nil {
			return err
		}
		heard()
	}
}

// wait returns at the next notification.
func (l *Listener) wait(ctx context.Context, conn *pgx.Conn) error {
	for {
		silent, cancel := context.WithTimeout(ctx, probe)
		_, err := conn.WaitForNotification(silent)
		cancel()
		if err == nil || ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		answer, cancel := context.WithTimeout(ctx, probe)
		err = conn.Ping(answer)
		cancel()
		if err != nil {
			return err
		}
	}
}

package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/mosip/partnertrust/trust"
)

// look compares the table with what is known of it, with the turn held, and
// reads what changed. A database that does not answer leaves the last state,
// and the reason in it. The error is the caller's end, or that reason.
func (s *Store) look(ctx context.Context) error {
	began := s.now()
	limited, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	next, changed, err := s.compare(limited)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if limited.Err() != nil {
			err = fmt.Errorf("%w: no answer within %s", ErrUnavailable, s.timeout)
		}
		s.fail(err)
		return err
	}
	next.checked, next.tried = began, began
	s.publish(next, changed)
	return nil
}

// fail notes that the table could not be looked at, with the turn held. After
// an outage nothing that was known of it counts: a server that was restored may
// give old numbers to new rows.
func (s *Store) fail(err error) {
	failed := *s.state.Load()
	failed.err, failed.tried, failed.failures = err, s.now(), failed.failures+1
	s.state.Store(&failed)
	s.table.distrust()
	s.probed = ""
}

// compare returns the state that the table leads to, and whether it is another
// one.
func (s *Store) compare(ctx context.Context) (*state, bool, error) {
	tx, err := s.db.BeginTx(ctx, s.dialect.read)
	if err != nil {
		return nil, false, unavailable(ctx, err)
	}
	defer func() { _ = tx.Rollback() }()
	last := s.state.Load()
	probed, err := s.probe(ctx, tx)
	if err != nil {
		return nil, false, err
	}
	if probed != "" && probed == s.probed {
		return &state{snapshots: last.snapshots, problems: last.problems}, false, nil
	}
	sums, err := s.sums(ctx, tx)
	if err != nil {
		return nil, false, err
	}
	changed, gone, total := s.table.differing(sums)
	if len(changed)+len(gone) == 0 {
		s.probed = probed
		return &state{snapshots: last.snapshots, problems: last.problems}, false, nil
	}
	var readings []reading
	if len(changed) > 0 {
		readings, err = s.readings(ctx, tx, changed, len(changed) == len(sums), total, last.snapshots)
		if err != nil {
			return nil, false, err
		}
	}
	c := change{table: s.table, last: last.snapshots, edits: map[trust.Domain]*trust.Edit{}}
	c.apply(append(gone, changed...), readings)
	s.probed = probed
	for _, key := range changed {
		s.table.at(key).summary = sums[key]
	}
	for _, key := range gone {
		delete(s.table, key)
	}
	return c.state(), true, nil
}

func (s *Store) probe(ctx context.Context, tx *sql.Tx) (value string, err error) {
	if s.dialect.probe != "" {
		err = unavailable(ctx, tx.QueryRowContext(ctx, s.dialect.probe).Scan(&value))
	}
	return value, err
}

// sums returns the summary of every bucket of the table.
func (s *Store) sums(ctx context.Context, tx *sql.Tx) (map[string]summary, error) {
	rows, err := tx.QueryContext(ctx, s.query(`SELECT {bucket}, count(*), {sum} FROM {cas} WHERE is_deleted IS NOT TRUE GROUP BY 1`))
	if err != nil {
		return nil, unavailable(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	sums := map[string]summary{}
	total := 0
	for rows.Next() {
		var key string
		var one summary
		if err := rows.Scan(&key, &one.count, &one.sum); err != nil {
			return nil, unavailable(ctx, err)
		}
		sums[key] = one
		if total += one.count; total > MaxRows {
			return nil, fmt.Errorf("%w: more than %d rows in %s", trust.ErrTooLarge, MaxRows, s.dialect.name)
		}
	}
	return sums, unavailable(ctx, rows.Err())
}

// batch is how many rows are read at a time.
const batch = 256

// readings reads the rows of some buckets, all processors sharing the parsing.
func (s *Store) readings(ctx context.Context, tx *sql.Tx, buckets []string, all bool, total int, served trust.Snapshots) ([]reading, error) {
	where, args := "", []any(nil)
	if !all {
		keys, err := json.Marshal(buckets)
		if err != nil {
			return nil, err
		}
		where, args = " AND "+s.dialect.inList("{bucket}", "$1"), []any{string(keys)}
	}
	rows, err := tx.QueryContext(ctx, s.query(`SELECT cert_id, {data}, partner_domain, {type}, cr_dtimes FROM {cas}
		WHERE is_deleted IS NOT TRUE`+where+``), args...)
	if err != nil {
		return nil, unavailable(ctx, err)
	}
	defer func() { _ = rows.Close() }()

	var group sync.WaitGroup
	defer group.Wait()
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var batches [][]reading
	var raw []row
	read := func() {
		out, in := make([]reading, len(raw)), raw
		raw = nil
		batches = append(batches, out)
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			for i := range in {
				out[i] = in[i].read(served)
			}
		})
	}
	done := 0
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.id, &r.data, &r.domain, &r.role, &r.added); err != nil {
			if !errors.Is(err, trust.ErrInvalidCA) {
				return nil, unavailable(ctx, err)
			}
			r.unreadable = err
		}
		raw = append(raw, r)
		if done++; len(raw) == batch {
			read()
			s.progress(done, total)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, unavailable(ctx, err)
	}
	read()
	s.progress(done, total)
	group.Wait()
	readings := make([]reading, 0, done)
	for _, b := range batches {
		readings = append(readings, b...)
	}
	return readings, nil
}

package durable

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tensorslab/tensorslab-go/batch"
)

// created records the task of a submission, and has it waited for. The row may have become in
// doubt meanwhile; if a person has decided about it, the id is kept as a stray.
func (s *Store) created(ctx context.Context, c claim, taskID string) (stray bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `UPDATE tensorslab_job SET state = 'submitted', task_id = $3, submitted_at = clock_timestamp(),
			changed_at = clock_timestamp(), lease_until = NULL, ended = false, missing_since = NULL, failures = 0, error = ''
			WHERE key = $1 AND attempt = $2 AND state IN ('submitting', 'in-doubt')`, c.key, c.attempt, taskID)
		if err == nil && done.RowsAffected() > 0 {
			err = dispatch(ctx, tx, []string{c.key}, toWait)
		} else if err == nil {
			stray, err = putStray(ctx, tx, c.key, taskID)
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, durably)
		return err
	})
	return stray, err
}

// putStray keeps the id of a task that is not the one of the row, and reports whether it is not.
func putStray(ctx context.Context, tx pgx.Tx, key, taskID string) (bool, error) {
	done, err := tx.Exec(ctx, `INSERT INTO tensorslab_stray (task_id, key)
		SELECT $2, $1 WHERE NOT EXISTS (SELECT FROM tensorslab_job WHERE key = $1 AND task_id = $2)
		ON CONFLICT DO NOTHING`, key, taskID)
	return done.RowsAffected() > 0, err
}

// ended records that a submission has ended without a task that is known: as planned, refused
// or in doubt.
func (s *Store) ended(ctx context.Context, c claim, state batch.State, reason string) error {
	unpaid := 1
	if state == batch.InDoubt {
		unpaid = 0
	}
	_, err := s.pool.Exec(ctx, `UPDATE tensorslab_job SET state = $3, changed_at = clock_timestamp(), lease_until = NULL, error = $4,
		submissions = submissions - $5, crowded = $6,
		request = CASE WHEN $7 THEN '{}' ELSE request END, prompt = CASE WHEN $7 THEN '' ELSE prompt END
		WHERE key = $1 AND attempt = $2 AND (state = 'submitting' OR state = 'in-doubt' AND $3 <> 'in-doubt')`,
		c.key, c.attempt, state.String(), reason, unpaid, c.crowded, c.remove)
	return err
}

// limits are how long an outcome is tried to be recorded.
type limits struct {
	record time.Duration // while the process runs
	grace  time.Duration // after it was told to stop; also for the response of a submission
	try    time.Duration // of each attempt
}

var defaultLimits = limits{record: 10 * time.Minute, grace: 30 * time.Second, try: 15 * time.Second}

// insist repeats record, which may be interrupted, until it succeeds or the time is over. It goes on
// for a while after the end of ctx.
func (l limits) insist(ctx context.Context, record func(ctx context.Context) error) error {
	limited, cancel := l.outliving(ctx, l.record)
	defer cancel()
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		try, done := context.WithTimeout(limited, l.try)
		err := record(try)
		done()
		if err == nil {
			return nil
		}
		if !sleep(limited, wait) {
			return err
		}
	}
}

// outliving returns a context that ends after timeout, or a grace after the end of ctx.
func (l limits) outliving(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		if sleep(limited, l.grace) {
			cancel()
		}
	})
	return limited, sync.OnceFunc(func() {
		cancel()
		if !stop() {
			<-ended
		}
	})
}

// sleep reports whether the time passed before the end of ctx.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

package durable

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tensorslab/tensorslab-go/batch"
)

// creation is what became of the id of a task.
type creation struct {
	stray  bool   // a person has decided about the job meanwhile, and the id is kept as a stray
	reason string // of the doubt, if another job has the task
	row    bool   // the row says so
}

// created records the task of a submission, and has it waited for. The row may have become in
// doubt meanwhile; if a person has decided about it, the id is kept as a stray. The images of a
// task are those of one job: if another one has it, the row becomes in doubt.
func (s *Store) created(ctx context.Context, c claim, taskID string) (made creation, err error) {
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		made = creation{}
		if made.reason, err = repeated(ctx, tx, c, taskID); err == nil && made.reason != "" {
			err = made.doubted(ctx, tx, c)
		} else if err == nil {
			err = made.submitted(ctx, tx, c, taskID)
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, durably)
		return err
	})
	return made, err
}

// submitted records a task that no other job has.
func (m *creation) submitted(ctx context.Context, tx pgx.Tx, c claim, taskID string) error {
	done, err := tx.Exec(ctx, `UPDATE tensorslab_job SET state = 'submitted', task_id = $3, submitted_at = clock_timestamp(),
		changed_at = clock_timestamp(), lease_until = NULL, ended = false, missing_since = NULL, failures = 0, error = ''
		WHERE key = $1 AND attempt = $2 AND state IN ('submitting', 'in-doubt')`, c.key, c.attempt, taskID)
	if err != nil {
		return err
	}
	if m.row = done.RowsAffected() > 0; m.row {
		return dispatch(ctx, tx, []string{c.key}, toWait)
	}
	return m.putStray(ctx, tx, c.key, taskID)
}

// doubted makes the row in doubt, unless a person has decided about it.
func (m *creation) doubted(ctx context.Context, tx pgx.Tx, c claim) error {
	done, err := tx.Exec(ctx, `UPDATE tensorslab_job SET state = 'in-doubt', changed_at = clock_timestamp(), lease_until = NULL, error = $3
		WHERE key = $1 AND attempt = $2 AND state IN ('submitting', 'in-doubt')`, c.key, c.attempt, m.reason)
	m.row = done.RowsAffected() > 0
	return err
}

// putStray keeps the id of a task, unless it is that of the row: an earlier try has recorded it then, or
// a person has named it.
func (m *creation) putStray(ctx context.Context, tx pgx.Tx, key, taskID string) error {
	err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM tensorslab_job WHERE key = $1 AND task_id = $2)", key, taskID).Scan(&m.row)
	if err != nil || m.row {
		return err
	}
	m.stray = true
	_, err = tx.Exec(ctx, "INSERT INTO tensorslab_stray (task_id, key) VALUES ($2, $1) ON CONFLICT DO NOTHING", key, taskID)
	return err
}

// lockTask keeps others from giving the task to a job until the end of the transaction.
func lockTask(ctx context.Context, tx pgx.Tx, taskID string) error {
	_, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1, hashtext($2))", taskLock, taskID)
	return err
}

// taskLock is the class of the advisory locks of tasks. Those with a class do not meet [claimLock].
const taskLock = 0x7465_6e73

// repeated returns why a task can't be that of a submission: another job has it, or had it, or the
// job itself before it was submitted again. Otherwise the reason is empty.
func repeated(ctx context.Context, tx pgx.Tx, c claim, taskID string) (reason string, err error) {
	if err := lockTask(ctx, tx, taskID); err != nil {
		return "", err
	}
	var other string
	err = tx.QueryRow(ctx, `SELECT key FROM tensorslab_job WHERE task_id = $1 AND key <> $2
		UNION ALL SELECT key FROM tensorslab_stray WHERE task_id = $1 AND (key <> $2 OR EXISTS (
			SELECT FROM tensorslab_job WHERE key = $2 AND attempt = $3 AND state IN ('submitting', 'in-doubt')))
		LIMIT 1`, taskID, c.key, c.attempt).Scan(&other)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return fmt.Sprintf("the service named the task of the job %.80q, so that this one may have another task", other), err
}

// ended records that a submission has ended without a task that is known: as planned, refused
// or in doubt. It reports whether it did: a person, or a sweep, may have been earlier.
func (s *Store) ended(ctx context.Context, c claim, state batch.State, reason string) (bool, error) {
	unpaid := 1
	if state == batch.InDoubt {
		unpaid = 0
	}
	done, err := s.pool.Exec(ctx, `UPDATE tensorslab_job SET state = $3, changed_at = clock_timestamp(), lease_until = NULL, error = $4,
		submissions = submissions - $5, crowded = $6,
		request = CASE WHEN $7 THEN '{}' ELSE request END, prompt = CASE WHEN $7 THEN '' ELSE prompt END
		WHERE key = $1 AND attempt = $2 AND (state = 'submitting' OR state = 'in-doubt' AND $3 <> 'in-doubt')`,
		c.key, c.attempt, state.String(), reason, unpaid, c.crowded, c.remove)
	return done.RowsAffected() > 0, err
}

// renamed gives a job that was not sent another key, also for River, and makes it refused. Its request is
// removed.
func (s *Store) renamed(ctx context.Context, c claim, key, reason string) (changed bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `UPDATE tensorslab_job SET key = $3, state = 'refused', changed_at = clock_timestamp(), lease_until = NULL,
			error = $4, submissions = submissions - 1, request = '{}', prompt = ''
			WHERE key = $1 AND attempt = $2 AND state IN ('submitting', 'in-doubt')`, c.key, c.attempt, key, reason)
		if changed = done.RowsAffected() > 0; err != nil || !changed {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE river_job SET args = jsonb_build_object('key', $2::text) WHERE kind LIKE 'tensorslab_%' AND args->>'key' = $1", c.key, key)
		return err
	})
	return changed, err
}

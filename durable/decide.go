package durable

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tensorslab/tensorslab-go/batch"
)

// ErrOtherJob: the task that a person names belongs to another job.
var ErrOtherJob = errors.New("another job has this task")

// undecided is the condition of rows that are in doubt, or that the next look makes so.
const undecided = "(state = 'in-doubt' OR state = 'submitting' AND lease_until < clock_timestamp())"

// Resolve says which task belongs to a job that is in doubt: it is waited for, and its images
// are saved. It also gives a job that has failed this task, at no cost: its own, which the service may
// not have known for a while, or another one, if the id was mistyped; then the former id is kept as a
// [Stray]. The error matches [ErrNoJob], [ErrOtherJob], or [batch.ErrNoDecision] if the job is in
// another state.
func (s *Store) Resolve(ctx context.Context, key, taskID string) error {
	if taskID == "" || len(taskID) > maxTaskID || !isText(taskID) {
		return fmt.Errorf("durable: %w: the task id is empty, longer than %d bytes, or no text", batch.ErrInvalidEntry, maxTaskID)
	}
	return s.decide(ctx, key, toWait, func(tx pgx.Tx) (int64, error) {
		if err := lockTask(ctx, tx, taskID); err != nil {
			return 0, err
		}
		var other string
		err := tx.QueryRow(ctx, "SELECT key FROM tensorslab_job WHERE task_id = $1 AND key <> $2 LIMIT 1", taskID, key).Scan(&other)
		if !errors.Is(err, pgx.ErrNoRows) {
			if err == nil {
				err = fmt.Errorf("durable: %w: job %.80q", ErrOtherJob, other)
			}
			return 0, err
		}
		if err := keepFormer(ctx, tx, key, "state = 'failed' AND task_id <> $2", taskID); err != nil {
			return 0, err
		}
		done, err := tx.Exec(ctx, `UPDATE tensorslab_job SET state = 'submitted', task_id = $2, submitted_at = coalesce(submitted_at, clock_timestamp()), changed_at = clock_timestamp(),
			attempt = NULL, lease_until = NULL, ended = false, missing_since = NULL, failures = 0, error = ''
			WHERE key = $1 AND (state = 'failed' OR `+undecided+")", key, taskID)
		return done.RowsAffected(), err
	})
}

// Resubmit lets a job be sent again that is in doubt, because its task does not exist, that has
// failed, or that was refused. It costs credits a second time if it was paid before. The
// id of a task that has failed is kept as a [Stray]. The error matches [ErrNoJob], or
// [batch.ErrNoDecision] if the job is in another state.
func (s *Store) Resubmit(ctx context.Context, key string) error {
	return s.decide(ctx, key, toSubmit, func(tx pgx.Tx) (int64, error) {
		const which = "(state IN ('failed', 'refused') OR " + undecided + ")"
		if err := keepFormer(ctx, tx, key, which); err != nil {
			return 0, err
		}
		done, err := tx.Exec(ctx, `UPDATE tensorslab_job SET state = 'planned', task_id = NULL, submitted_at = NULL, changed_at = clock_timestamp(),
			attempt = NULL, lease_until = NULL, crowded = 0, ended = false, missing_since = NULL, failures = 0, error = '', files = '{}',
			deletion = NULL, deletion_error = '' WHERE key = $1 AND `+which, key)
		return done.RowsAffected(), err
	})
}

// keepFormer keeps the task of a job that is about to have none, or another one, as a [Stray] if
// the condition holds, whose parameters begin with $2.
func keepFormer(ctx context.Context, tx pgx.Tx, key, condition string, args ...any) error {
	// The id that is kept must be the one that the update removes, whatever others do meanwhile.
	if _, err := tx.Exec(ctx, "SELECT FROM tensorslab_job WHERE key = $1 FOR UPDATE", key); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO tensorslab_stray (task_id, key) SELECT task_id, key FROM tensorslab_job
		WHERE key = $1 AND task_id IS NOT NULL AND `+condition+` ON CONFLICT DO NOTHING`, append([]any{key}, args...)...)
	return err
}

// Cancel makes a planned job refused, so that it is not submitted. Resubmit takes that back. The error
// matches [ErrNoJob], or [batch.ErrNoDecision] if the job is not planned: one that was submitted
// is paid for already.
func (s *Store) Cancel(ctx context.Context, key string) error {
	return s.decide(ctx, key, nil, func(tx pgx.Tx) (int64, error) {
		done, err := tx.Exec(ctx, `UPDATE tensorslab_job SET state = 'refused', changed_at = clock_timestamp(), error = 'the job was cancelled'
			WHERE key = $1 AND state = 'planned'`, key)
		return done.RowsAffected(), err
	})
}

// decide changes the row of a job, durably, and lets the next step be done.
func (s *Store) decide(ctx context.Context, key string, next step, change func(pgx.Tx) (int64, error)) error {
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, durably); err != nil {
			return err
		}
		n, err := change(tx)
		switch {
		case err != nil:
			return err
		case n == 0:
			return noDecision(ctx, tx, key)
		case next == nil:
			return nil
		}
		return dispatch(ctx, tx, []string{key}, next)
	})
	if err == nil || errors.Is(err, ErrOtherJob) || errors.Is(err, ErrNoJob) || errors.Is(err, batch.ErrNoDecision) {
		return err
	}
	return failed(err)
}

// noDecision is the error for a job that is in another state.
func noDecision(ctx context.Context, tx pgx.Tx, key string) error {
	var state string
	err := tx.QueryRow(ctx, "SELECT state FROM tensorslab_job WHERE key = $1", key).Scan(&state)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("durable: job %.80q: %w", key, ErrNoJob)
	case err != nil:
		return err
	}
	return fmt.Errorf("durable: %w: the job %.80q is %s", batch.ErrNoDecision, key, state)
}

// Put takes the decisions that are made of a [batch.Journal] with [batch.Resolve] and
// [batch.Resubmit], and records that a task was deleted: an entry that is [batch.Submitted] is a
// [Store.Resolve], one that is [batch.Planned] a [Store.Resubmit]. All other states are recorded by
// the workers, so that the error matches [batch.ErrInvalidEntry]; a [batch.Run] is refused by
// that before it sends anything. Only State, Key and TaskID of the entry are looked at.
func (s *Store) Put(ctx context.Context, e batch.Entry) error {
	switch e.State { //nolint:exhaustive // the others are the workers'
	case batch.Submitted:
		return s.Resolve(ctx, e.Key, e.TaskID)
	case batch.Planned:
		return s.Resubmit(ctx, e.Key)
	case batch.Deleted:
		return s.decide(ctx, e.Key, nil, func(tx pgx.Tx) (int64, error) {
			done, err := tx.Exec(ctx, `UPDATE tensorslab_job SET state = 'deleted', changed_at = clock_timestamp(), error = '', deletion = NULL, deletion_error = ''
				WHERE key = $1 AND task_id = $2`, e.Key, e.TaskID)
			return done.RowsAffected(), err
		})
	}
	return fmt.Errorf("durable: %w: only the workers record that a job is %v; to add one, use Enqueue", batch.ErrInvalidEntry, e.State)
}

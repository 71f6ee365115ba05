package durable

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tensorslab/tensorslab-go/batch"
)

// task is a row whose task exists at the service.
type task struct {
	batch.Entry
	age      time.Duration // since it was created
	missing  time.Duration // since the service does not know it; 0 if it does
	failures int
}

// task returns the row of a job. If there is none, its state is deleted: nothing is to be done.
func (s *Store) task(ctx context.Context, key string) (t task, err error) {
	rows, _ := s.pool.Query(ctx, `SELECT coalesce(clock_timestamp() - submitted_at, '0'), coalesce(clock_timestamp() - missing_since, '0'), failures, `+
		entryColumns+` FROM tensorslab_job WHERE key = $1`, key) // CollectRows returns the error
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (task, error) {
		var t task
		e, err := scanEntry(prefixed{row, []any{&t.age, &t.missing, &t.failures}})
		t.Entry = e
		return t, err
	})
	if err != nil {
		return task{}, err
	}
	if len(found) == 0 {
		return task{Entry: batch.Entry{Key: key, State: batch.Deleted}}, nil
	}
	return found[0], nil
}

// taskEnded records that a task has completed or failed, has its images saved, and reports whether
// it did.
func (s *Store) taskEnded(ctx context.Context, t task, state batch.State, reason string, save bool) (changed bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `UPDATE tensorslab_job SET state = $3, changed_at = clock_timestamp(), error = $4, failures = 0, missing_since = NULL
			WHERE key = $1 AND task_id = $2 AND state = 'submitted'`, t.Key, t.TaskID, state.String(), reason)
		if changed = done.RowsAffected() > 0; err != nil || !changed || !save || state != batch.Completed {
			return err
		}
		return dispatch(ctx, tx, []string{t.Key}, toSave)
	})
	return changed, err
}

// found records that the service knows a task, and whether it has ended without an image so far.
func (s *Store) found(ctx context.Context, t task, ended bool, reason string) error {
	_, err := s.pool.Exec(ctx, `UPDATE tensorslab_job SET failures = 0, missing_since = NULL, ended = $3, error = $4
		WHERE key = $1 AND task_id = $2 AND state = 'submitted'`, t.Key, t.TaskID, ended, reason)
	return err
}

// queryFailed records that a query has failed.
func (s *Store) queryFailed(ctx context.Context, t task, unknown bool, reason string) error {
	_, err := s.pool.Exec(ctx, `UPDATE tensorslab_job SET failures = failures + 1, error = $4,
		missing_since = CASE WHEN $3 THEN coalesce(missing_since, clock_timestamp()) END
		WHERE key = $1 AND task_id = $2 AND state = 'submitted'`, t.Key, t.TaskID, unknown, reason)
	return err
}

// told tells OnChange of a change that was recorded.
func (s *WorkerSet) told(t task, state batch.State, reason error) {
	if s.opts.OnChange != nil {
		r := resultOf(t)
		r.State, r.Err = state, reason
		s.opts.OnChange(r)
	}
}

func resultOf(t task) batch.Result {
	return batch.Result{Key: t.Key, TaskID: t.TaskID, State: t.State, Model: t.Model, Prompt: t.Prompt, Files: t.Files}
}

func isBlank(text string) bool { return strings.TrimSpace(text) == "" }

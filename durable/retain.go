package durable

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// retainTime is how long one run pulls ids. What is left is done by a run that follows at once.
const retainTime = upkeepBound / 2

// retainWorker deletes tasks at the service that are older than Options.KeepFor.
type retainWorker struct {
	river.WorkerDefaults[retainArgs]
	set *WorkerSet
}

func (w *retainWorker) Timeout(*river.Job[retainArgs]) time.Duration { return upkeepBound }

// Work deletes tasks, and records for each id whether it is deleted, why it is not, or that nobody
// knows. What is not deleted is tried again by the next run.
func (w *retainWorker) Work(ctx context.Context, _ *river.Job[retainArgs]) (err error) {
	defer w.set.recovered(&err)
	s := w.set
	if s.opts.KeepFor <= 0 {
		return nil
	}
	var pulled error
	more := false
	ids := s.store.old(ctx, s.opts.KeepFor, s.opts.Save != nil, time.Now().Add(retainTime), &more, &pulled)
	deleted, kept := 0, 0
	var unrecorded, reason error
	for batch, err := range s.client.PurgeImagesTasks(ctx, ids, wrapper.PurgeOptions{Isolate: true}) {
		if recorded := s.recordDeletion(ctx, batch, err); recorded != nil {
			unrecorded = recorded
		}
		if err == nil {
			deleted += len(batch)
		} else {
			kept += len(batch)
			reason = err
		}
	}
	if deleted+kept > 0 {
		s.opts.Logger.InfoContext(ctx, "old tasks were deleted at the service", slog.Int("deleted", deleted), slog.Int("kept", kept), slog.String("error", s.text(reason)))
	}
	switch err := errors.Join(pulled, unrecorded); {
	case err != nil:
		return s.plain(err)
	case more && reason == nil:
		return river.JobSnooze(0)
	}
	return nil
}

// recordDeletion records what became of a batch.
func (s *WorkerSet) recordDeletion(ctx context.Context, ids []string, err error) error {
	outcome := ""
	switch {
	case errors.Is(err, wrapper.ErrOutcomeUnknown):
		outcome = "unknown"
	case err != nil:
		outcome = "failed"
	}
	text := s.text(err)
	return s.limits.insist(ctx, func(ctx context.Context) error { return s.store.deletion(ctx, ids, outcome, text) })
}

// deletion records the outcome of a deletion; an empty one is success.
func (s *Store) deletion(ctx context.Context, ids []string, outcome, reason string) error {
	query := `UPDATE tensorslab_job SET state = 'deleted', changed_at = clock_timestamp(), error = '', deletion = NULL, deletion_error = '' WHERE task_id = ANY($1) AND state <> 'deleted'`
	args := []any{ids}
	if outcome != "" {
		query = `UPDATE tensorslab_job SET deletion = $2, deletion_error = $3 WHERE task_id = ANY($1) AND state <> 'deleted'`
		args = append(args, outcome, reason)
	}
	_, err := s.pool.Exec(ctx, query, args...)
	return err
}

// old yields the ids of the tasks that are older than an age and have ended, page by page, until a
// time. It sets more if it has left some out, and err if the database failed.
func (s *Store) old(ctx context.Context, age time.Duration, save bool, until time.Time, more *bool, failure *error) iter.Seq[string] {
	states := []string{"completed", "saved", "failed"}
	if save {
		states = states[1:] // those that are completed are still to be saved
	}
	return func(yield func(string) bool) {
		for last := int64(0); ; {
			rows, _ := s.pool.Query(ctx, `SELECT id, task_id FROM tensorslab_job WHERE task_id IS NOT NULL AND state <> 'deleted' AND state = ANY($1)
				AND submitted_at < clock_timestamp() - $2::interval AND id > $3 ORDER BY id LIMIT $4`, states, age, last, page) // CollectRows returns the error
			type found struct {
				ID     int64
				TaskID string
			}
			tasks, err := pgx.CollectRows(rows, pgx.RowToStructByPos[found])
			if *failure = err; err != nil || len(tasks) == 0 {
				return
			}
			if *more = time.Now().After(until); *more {
				return
			}
			for _, t := range tasks {
				if last = t.ID; !yield(t.TaskID) {
					return
				}
			}
		}
	}
}

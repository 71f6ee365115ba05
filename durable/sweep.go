package durable

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/tensorslab/tensorslab-go/batch"
)

const (
	// sweepPeriod is the time between two searches for jobs that a crash has left.
	sweepPeriod = time.Minute
	// sweepPage is how many jobs one statement of a sweep changes at most.
	sweepPage = 1000
	// sweepMargin is for clocks that differ, and for jobs that end late.
	sweepMargin = time.Second
	// upkeepBound bounds a run of a periodic job.
	upkeepBound = 10 * time.Minute
)

// unfinalized are the states of periodic jobs of which one at a time is enough.
var unfinalized = []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
	rivertype.JobStateRunning, rivertype.JobStateScheduled}

// periodic returns the periodic jobs, which the leader of River's clients inserts.
func (s *WorkerSet) periodic() []*river.PeriodicJob {
	every := func(period time.Duration, args river.JobArgs) *river.PeriodicJob {
		unique := river.UniqueOpts{ByPeriod: max(period, time.Second), ByState: unfinalized}
		return river.NewPeriodicJob(river.PeriodicInterval(period), func() (river.JobArgs, *river.InsertOpts) {
			return args, &river.InsertOpts{UniqueOpts: unique, MaxAttempts: 3}
		}, &river.PeriodicJobOpts{RunOnStart: true})
	}
	jobs := []*river.PeriodicJob{every(s.sweepPeriod(), sweepArgs{})}
	if s.opts.KeepFor > 0 {
		jobs = append(jobs, every(s.opts.RetentionPeriod, retainArgs{}))
	}
	return jobs
}

// sweepPeriod is shorter where submissions are.
func (s *WorkerSet) sweepPeriod() time.Duration { return max(min(sweepPeriod, s.lease()), time.Second) }

// sweepWorker makes jobs in doubt that a crash has left as submitting. It gives jobs to River again that a
// process had which has died, long before River rescues them, and jobs that River does not have
// any more because a person has deleted or cancelled them there.
type sweepWorker struct {
	river.WorkerDefaults[sweepArgs]
	set *WorkerSet
}

func (w *sweepWorker) Timeout(*river.Job[sweepArgs]) time.Duration { return upkeepBound }

func (w *sweepWorker) Work(ctx context.Context, _ *river.Job[sweepArgs]) (err error) {
	defer w.set.recovered(&err)
	keys, err := w.set.store.doubtAll(ctx)
	for _, key := range keys {
		w.set.inDoubt(ctx, key, errors.New(abandoned))
		if w.set.opts.OnChange != nil {
			w.set.opts.OnChange(batch.Result{Key: key, State: batch.InDoubt, Err: errors.New(abandoned)})
		}
	}
	for _, lost := range w.set.redispatches() {
		if err == nil {
			err = w.set.store.redispatch(ctx, lost)
		}
	}
	if err != nil {
		return w.set.plain(err)
	}
	return nil
}

// redispatch says which rows are to be given to River again.
type redispatch struct {
	state batch.State
	next  step
	bound time.Duration // River's job has lost its process if it has been running for longer
}

func (s *WorkerSet) redispatches() []redispatch {
	all := []redispatch{{batch.Planned, toSubmit, s.submitBound()}, {batch.Submitted, toWait, s.waitBound()}}
	if s.opts.Save != nil {
		all = append(all, redispatch{batch.Completed, toSave, s.opts.SaveTimeout})
	}
	return all
}

// doubtAll makes all rows in doubt whose submissions have not recorded their outcomes although
// their leases have ended, and returns their keys.
func (s *Store) doubtAll(ctx context.Context) ([]string, error) {
	rows, _ := s.pool.Query(ctx, `UPDATE tensorslab_job SET state = 'in-doubt', changed_at = clock_timestamp(), error = $1
		WHERE state = 'submitting' AND lease_until < clock_timestamp() RETURNING key`, abandoned) // CollectRows returns the error
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// redispatch gives the rows in a state to River whose jobs River does not have any more, or that
// a process has taken which has died since. If it lives after all, two workers look at one row,
// which does no harm.
func (s *Store) redispatch(ctx context.Context, lost redispatch) error {
	for n := sweepPage; n == sweepPage; {
		err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
			rows, _ := tx.Query(ctx, `SELECT key FROM tensorslab_job j WHERE state = $1 AND NOT EXISTS (
				SELECT FROM river_job r WHERE r.id = j.river_job AND r.finalized_at IS NULL
				AND (r.state <> 'running' OR r.attempted_at > clock_timestamp() - $2::interval))
				LIMIT $3 FOR UPDATE OF j SKIP LOCKED`, lost.state.String(), lost.bound+sweepMargin, sweepPage) // CollectRows returns the error
			keys, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if n = len(keys); err != nil || n == 0 {
				return err
			}
			return dispatch(ctx, tx, keys, lost.next)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

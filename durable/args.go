package durable

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// The queues of River that the workers of this package take their jobs from. Each step has a
// queue of its own, so that those that wait for a place of the plan never keep
// others from ending a task, which frees a place.
const (
	QueueSubmit = "tensorslab_submit" // requests that are paid
	QueueWait   = "tensorslab_wait"   // queries of tasks
	QueueSave   = "tensorslab_save"   // downloads
	QueueUpkeep = "tensorslab_upkeep" // periodic work: jobs that a crash has left, and retention
)

// The arguments of the jobs of River. They name the job and hold nothing of the request.
type (
	submitArgs struct {
		Key string `json:"key"`
	}
	waitArgs struct {
		Key string `json:"key"`
	}
	saveArgs struct {
		Key string `json:"key"`
	}
	sweepArgs  struct{}
	retainArgs struct{}
)

func (submitArgs) Kind() string { return "tensorslab_submit" }
func (waitArgs) Kind() string   { return "tensorslab_wait" }
func (saveArgs) Kind() string   { return "tensorslab_save" }
func (sweepArgs) Kind() string  { return "tensorslab_sweep" }
func (retainArgs) Kind() string { return "tensorslab_retain" }

func (submitArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: QueueSubmit} }
func (waitArgs) InsertOpts() river.InsertOpts   { return river.InsertOpts{Queue: QueueWait} }
func (saveArgs) InsertOpts() river.InsertOpts   { return river.InsertOpts{Queue: QueueSave} }
func (sweepArgs) InsertOpts() river.InsertOpts  { return river.InsertOpts{Queue: QueueUpkeep} }
func (retainArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: QueueUpkeep} }

// inserter returns a client of River that only inserts jobs, in transactions of others.
var inserter = sync.OnceValues(func() (*river.Client[pgx.Tx], error) {
	return river.NewClient(riverpgxv5.New(nil), &river.Config{Logger: slog.New(slog.DiscardHandler)})
})

// step makes the arguments of the job of River that does the next step for a job.
type step func(key string) river.JobArgs

// dispatch inserts jobs of River that do the next step, one for each of keys, and notes
// them in the rows.
func dispatch(ctx context.Context, tx pgx.Tx, keys []string, next step) error {
	client, err := inserter()
	if err != nil {
		return err
	}
	params := make([]river.InsertManyParams, len(keys))
	for i, key := range keys {
		params[i].Args = next(key)
	}
	inserted, err := client.InsertManyTx(ctx, tx, params)
	if err != nil {
		return err
	}
	if len(inserted) != len(keys) {
		return fmt.Errorf("%d of %d jobs of River were inserted", len(inserted), len(keys))
	}
	ids, names := make([]int64, len(keys)), make([]string, len(keys)) // River promises no order
	for i, result := range inserted {
		var args struct{ Key string }
		if err := json.Unmarshal(result.Job.EncodedArgs, &args); err != nil {
			return err
		}
		ids[i], names[i] = result.Job.ID, args.Key
	}
	_, err = tx.Exec(ctx, `UPDATE tensorslab_job SET river_job = n.id
		FROM unnest($1::text[], $2::bigint[]) AS n(key, id) WHERE tensorslab_job.key = n.key`, names, ids)
	return err
}

func toSubmit(key string) river.JobArgs { return submitArgs{key} }
func toWait(key string) river.JobArgs   { return waitArgs{key} }
func toSave(key string) river.JobArgs   { return saveArgs{key} }

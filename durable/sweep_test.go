package durable

import (
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func sweepOnce(t *testing.T, set *WorkerSet) {
	t.Helper()
	if err := (&sweepWorker{set: set}).Work(t.Context(), &river.Job[sweepArgs]{}); err != nil {
		t.Fatal(err)
	}
}

// States of a job of River, as changes of its row.
const (
	riverAvailable = "state = 'available'"
	riverRunning   = "state = 'running', attempted_at = now() - interval '1 second'"
	riverLost      = "state = 'running', attempted_at = now() - interval '1 hour'"
	riverDone      = "state = 'completed', finalized_at = now()"
	riverDiscarded = "state = 'discarded', finalized_at = now()"
	riverCancelled = "state = 'cancelled', finalized_at = now()"
)

// sweepFinds are rows, the jobs of River that are theirs, and what River gets again.
var sweepFinds = map[string]struct {
	state batch.State
	more  string
	river string // empty: it is deleted
	kind  string // of what River gets
}{
	"planned, available":   {batch.Planned, "", riverAvailable, ""},
	"planned, running":     {batch.Planned, "", riverRunning, ""},
	"planned, lost":        {batch.Planned, "", riverLost, "tensorslab_submit"},
	"planned, deleted":     {batch.Planned, "", "", "tensorslab_submit"},
	"planned, discarded":   {batch.Planned, "", riverDiscarded, "tensorslab_submit"},
	"planned, cancelled":   {batch.Planned, "", riverCancelled, "tensorslab_submit"},
	"submitting, lost":     {batch.Submitting, leased, riverLost, ""},
	"submitted, available": {batch.Submitted, aTask, riverAvailable, ""},
	"submitted, lost":      {batch.Submitted, aTask, riverLost, "tensorslab_wait"},
	"submitted, done":      {batch.Submitted, aTask, riverDone, "tensorslab_wait"},
	"completed, lost":      {batch.Completed, aTask, riverLost, "tensorslab_save"},
	"completed, deleted":   {batch.Completed, aTask, "", "tensorslab_save"},
	"saved, done":          {batch.Saved, aTask, riverDone, ""},
	"failed, done":         {batch.Failed, aTask, riverDone, ""},
	"in doubt, lost":       {batch.InDoubt, expired, riverLost, ""},
	"refused, done":        {batch.Refused, "", riverDone, ""},
}

// What is given to River again, by the state of the row and of River's job.
func TestWhatASweepFinds(t *testing.T) {
	t.Parallel()
	for name, tt := range sweepFinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			_, c := start(t)
			enqueue(t, s, "a")
			put(t, s, "a", tt.state, tt.more)
			change := "DELETE FROM river_job"
			if tt.river != "" {
				change = "UPDATE river_job SET " + tt.river
			}
			if _, err := s.pool.Exec(t.Context(), change); err != nil {
				t.Fatal(err)
			}
			before := count(t, s, "river_job")
			set := workersOf(t, s, c, keeping(0))
			for range 2 { // the second time there is nothing to do
				sweepOnce(t, set)
				if n := count(t, s, "river_job") - before; (n == 1) != (tt.kind != "") || n > 1 {
					t.Errorf("River has got %d jobs", n)
				}
			}
			if n := count(t, s, "river_job WHERE state = 'available' AND kind = $1", tt.kind); n != 1 && tt.kind != "" {
				t.Errorf("%d jobs of the kind %s", n, tt.kind)
			}
			if e := entryOf(t, s, "a"); e.State != tt.state {
				t.Errorf("%+v", e)
			}
		})
	}
}

// What a dead process has left as submitting is in doubt, and told.
func TestASweepFindsDoubts(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	enqueue(t, s, "a", "b")
	put(t, s, "a", batch.Submitting, expired)
	put(t, s, "b", batch.Submitting, leased)
	var told []batch.Result
	opts := soon()
	opts.OnChange = func(r batch.Result) { told = append(told, r) }
	set := workersOf(t, s, c, opts)
	sweepOnce(t, set)
	sweepOnce(t, set)
	if len(told) != 1 || told[0].Key != "a" || told[0].State != batch.InDoubt || told[0].Err == nil {
		t.Errorf("%+v", told)
	}
	if a, b := entryOf(t, s, "a"), entryOf(t, s, "b"); a.State != batch.InDoubt || a.Error != abandoned || b.State != batch.Submitting || len(srv.Requests()) > 0 {
		t.Errorf("%+v %+v", a, b)
	}
}

// Jobs that a person has deleted in River go on all the same.
func TestJobsThatRiverHasLost(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	enqueue(t, s, numbered(5)...)
	if _, err := s.pool.Exec(t.Context(), "DELETE FROM river_job"); err != nil {
		t.Fatal(err)
	}
	opts := brief()
	opts.SubmitTimeout = time.Second
	work(t, s, c, opts)
	until(t, s, 5, batch.Completed)
	if len(srv.Tasks()) != 5 {
		t.Errorf("%d tasks", len(srv.Tasks()))
	}
}

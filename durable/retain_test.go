package durable

import (
	"slices"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// shelved returns a store with jobs that are saved, whose tasks the service has and which are
// two hours old.
func shelved(t *testing.T, srv *fakeapi.Server, keys ...string) *Store {
	t.Helper()
	s := newStore(t)
	enqueue(t, s, keys...)
	for _, key := range keys {
		srv.AddTasks("task-" + key)
		put(t, s, key, batch.Saved, "task_id = 'task-' || key, submitted_at = now() - interval '2 hours'")
	}
	return s
}

func retainOnce(t *testing.T, set *WorkerSet) error {
	t.Helper()
	return (&retainWorker{set: set}).Work(t.Context(), &river.Job[retainArgs]{})
}

func keeping(d time.Duration) Options {
	opts := soon()
	opts.KeepFor, opts.Save = d, new(shelf).save
	return opts
}

// Only tasks that are old, have ended and are saved are deleted.
func TestWhatIsDeleted(t *testing.T) {
	t.Parallel()
	old := "task_id = 'task-' || key, submitted_at = now() - interval '2 hours'"
	young := "task_id = 'task-' || key, submitted_at = now() - interval '30 minutes'"
	for name, tt := range map[string]struct {
		state          batch.State
		more           string
		saves, deleted bool
	}{
		"saved":                    {batch.Saved, old, true, true},
		"saved lately":             {batch.Saved, young, true, false},
		"failed":                   {batch.Failed, old, true, true},
		"to be saved":              {batch.Completed, old, true, false},
		"completed, nobody saves":  {batch.Completed, old, false, true},
		"under way":                {batch.Submitted, old, true, false},
		"in doubt":                 {batch.InDoubt, "", true, false},
		"refused":                  {batch.Refused, "", true, false},
		"deleted before":           {batch.Deleted, old, true, false},
		"failed, and no longer id": {batch.Failed, "task_id = NULL", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c := start(t)
			s := shelved(t, srv, "a")
			put(t, s, "a", tt.state, tt.more)
			opts := keeping(time.Hour)
			if !tt.saves {
				opts.Save = nil
			}
			if err := retainOnce(t, workersOf(t, s, c, opts)); err != nil {
				t.Fatal(err)
			}
			if left := len(srv.Tasks()); (left == 0) != tt.deleted || (entryOf(t, s, "a").State == batch.Deleted) != (tt.deleted || tt.state == batch.Deleted) {
				t.Errorf("%d tasks left, %+v", left, entryOf(t, s, "a"))
			}
		})
	}
}

// Each id is accounted for, whatever the service says, and what is not deleted is tried again.
func TestEachDeletionIsAccountedFor(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault           fakeapi.Fault
		n               int
		deletion, error string
	}{
		"success":           {fakeapi.Fault{}, 0, "", ""},
		"a lost response":   {fakeapi.DropAnswer(), 3, "unknown", "may have acted"},
		"a failing service": {fakeapi.Respond(500, "text/html", "no"), 3, "unknown", "500"},
		"a rejected key":    {fakeapi.Respond(401, "application/json", `{"code":401,"msg":"no"}`), 1, "failed", "key"},
		"too many requests": {fakeapi.RateLimit(0), 3, "failed", "429"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c := start(t)
			s := shelved(t, srv, numbered(5)...)
			set := workersOf(t, s, c, keeping(time.Hour))
			srv.FailNextOn("deleteImagesTask", tt.n, tt.fault)
			if err := retainOnce(t, set); err != nil {
				t.Fatal(err)
			}
			query := "tensorslab_job WHERE state = 'saved' AND deletion = $1 AND deletion_error LIKE '%' || $2 || '%'"
			if tt.n == 0 {
				query = "tensorslab_job WHERE state = 'deleted' AND deletion IS NULL AND $1 || $2 = ''"
			}
			if n := count(t, s, query, tt.deletion, tt.error); n != 5 {
				t.Errorf("%d of 5 rows are as they should be", n)
			}
			if err := retainOnce(t, set); err != nil || count(t, s, "tensorslab_job WHERE state = 'deleted' AND deletion IS NULL AND deletion_error = ''") != 5 || len(srv.Tasks()) > 0 {
				t.Errorf("the second time: %v, %d tasks left", err, len(srv.Tasks()))
			}
		})
	}
}

// One id that the service refuses does not keep the others.
func TestOneTaskThatCannotBeDeleted(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	s := shelved(t, srv, numbered(page+100)...)
	srv.RefuseTasks("task-007")
	if err := retainOnce(t, workersOf(t, s, c, keeping(time.Hour))); err != nil {
		t.Fatal(err)
	}
	if left := srv.Tasks(); !slices.Equal(left, []string{"task-007"}) || count(t, s, "tensorslab_job WHERE state = 'deleted'") != page+99 ||
		count(t, s, "tensorslab_job WHERE key = '007' AND state = 'saved' AND deletion = 'failed' AND deletion_error <> ''") != 1 {
		t.Errorf("%d left", len(left))
	}
}

// The periodic job deletes without being asked, and nothing without KeepFor.
func TestRetentionIsPeriodic(t *testing.T) {
	t.Parallel()
	for _, keepFor := range []time.Duration{0, time.Hour} {
		srv, c := start(t)
		s := shelved(t, srv, "a")
		opts := keeping(keepFor)
		opts.RetentionPeriod = time.Second
		work(t, s, c, opts)
		if keepFor > 0 {
			until(t, s, 1, batch.Deleted)
			continue
		}
		time.Sleep(3 * time.Second)
		if e := entryOf(t, s, "a"); e.State != batch.Saved || len(srv.Tasks()) != 1 {
			t.Errorf("%+v", e)
		}
	}
}

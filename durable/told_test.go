package durable

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// What a process could not record, because somebody else has decided, it does not report either.
func TestNothingIsToldOfWhatWasNotRecorded(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		from batch.State
		work func(s *WorkerSet, c claim, tk task) error
	}{
		"in doubt": {batch.Planned, func(s *WorkerSet, c claim, _ task) error {
			return s.settle(context.Background(), c, batch.InDoubt, context.Canceled)
		}},
		"refused": {batch.Planned, func(s *WorkerSet, c claim, _ task) error {
			return s.settle(context.Background(), c, batch.Refused, context.Canceled)
		}},
		"put back": {batch.Refused, func(s *WorkerSet, c claim, _ task) error {
			return s.putBack(context.Background(), c, context.Canceled, 0)
		}},
		"completed": {batch.Planned, func(s *WorkerSet, _ claim, tk task) error {
			return s.taskEnded(context.Background(), tk, batch.Completed, nil)
		}},
		"not saved": {batch.Saved, func(s *WorkerSet, _ claim, tk task) error {
			return s.notSaved(context.Background(), tk, context.Canceled)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, plain := submitted(t, soon(), time.Minute, fakeapi.TaskLife{})
			tk, err := s.task(t.Context(), "a")
			if err != nil {
				t.Fatal(err)
			}
			put(t, s, "a", tt.from, "attempt = NULL")
			var log syncedLog
			opts := soon()
			opts.Logger = slog.New(slog.NewTextHandler(&log, nil))
			opts.OnChange = func(r batch.Result) { t.Errorf("OnChange is told of %+v", r) }
			if err := tt.work(workersOf(t, s, plain.client, opts), claim{key: "a", attempt: "first"}, tk); err != nil && snoozed(err) < 0 {
				t.Error(err)
			}
			if e := entryOf(t, s, "a"); e.State != tt.from || log.String() != "" {
				t.Errorf("%+v\n%s", e, log.String())
			}
		})
	}
}

// The images that are saved late, after the task was deleted, are no change either.
func TestALateSaveIsNotTold(t *testing.T) {
	t.Parallel()
	opts := soon()
	var s *Store
	opts.Save = func(context.Context, batch.Result, int, opener) error {
		_, err := s.pool.Exec(context.Background(), "UPDATE tensorslab_job SET state = 'deleted'")
		return err
	}
	told := 0
	opts.OnChange = func(r batch.Result) {
		if r.State == batch.Saved {
			told++
		}
	}
	store, _, set := completed(t, opts)
	s = store
	if err := saveOnce(t.Context(), set); err != nil || told > 0 || entryOf(t, s, "a").State != batch.Deleted {
		t.Errorf("%v, told %d times, %+v", err, told, entryOf(t, s, "a"))
	}
}

package durable

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable/internal/pgtest"
)

// The database is lost between a request and the recording of its task, and comes back.
func TestADatabaseThatComesBack(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*pgtest.Proxy){"cut": (*pgtest.Proxy).Cut, "stalled": (*pgtest.Proxy).Stall} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := pgtest.Database(t)
			direct, proxy := storeAt(t, address), pgtest.NewProxy(t, address)
			srv, c, gate := startGated(t)
			enqueue(t, direct, "a")
			set := workersOf(t, NewStore(poolAt(t, proxy.Address())), c, soon())
			var worker sync.WaitGroup
			worker.Go(func() {
				if err := submitOnce(t, set, "a"); err != nil {
					t.Error(err)
				}
			})
			gate.await(t, 1)
			lose(proxy)
			gate.open()
			time.Sleep(500 * time.Millisecond)
			if e := entryOf(t, direct, "a"); e.State != batch.Submitting {
				t.Errorf("%+v", e)
			}
			proxy.Restore()
			worker.Wait()
			if e := entryOf(t, direct, "a"); e.State != batch.Submitted || e.TaskID != srv.Tasks()[0] {
				t.Errorf("%+v", e)
			}
			if n := count(t, direct, "river_job WHERE kind = 'tensorslab_wait'"); n != 1 {
				t.Errorf("%d jobs of River wait for the task", n)
			}
		})
	}
}

// An id that can't be recorded before the process has to end is in the log and in the error, and the
// row becomes in doubt.
func TestAnIdThatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	address := pgtest.Database(t)
	direct, proxy := storeAt(t, address), pgtest.NewProxy(t, address)
	srv, c, gate := startGated(t)
	enqueue(t, direct, "a")
	var log bytes.Buffer
	opts := soon()
	opts.Logger = slog.New(slog.NewTextHandler(&log, nil))
	set := workersOf(t, NewStore(poolAt(t, proxy.Address())), c, opts)
	set.limits.grace = time.Second
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var err error
	var worker sync.WaitGroup
	worker.Go(func() {
		err = (&submitWorker{set: set}).Work(ctx, &river.Job[submitArgs]{JobRow: &rivertype.JobRow{Attempt: 1}, Args: submitArgs{"a"}})
	})
	gate.await(t, 1)
	proxy.Cut()
	cancel()
	gate.open()
	worker.Wait()
	id := srv.Tasks()[0]
	if !errors.Is(err, batch.ErrUnrecorded) || !strings.Contains(err.Error(), id) || strings.Contains(err.Error(), "\n") || !strings.Contains(log.String(), id) {
		t.Errorf("%v\n%s", err, &log)
	}
	put(t, direct, "a", batch.Submitting, "lease_until = now() - interval '1 second'") // nobody can be working on it any more
	other := workersOf(t, direct, c, opts)
	if err := submitOnce(t, other, "a"); err != nil {
		t.Error(err)
	}
	if e := entryOf(t, direct, "a"); e.State != batch.InDoubt || len(srv.Requests()) != 1 {
		t.Errorf("%+v, %d requests", e, len(srv.Requests()))
	}
}

// A process that is told to stop waits for the responses of its submissions, and submits nothing more.
func TestStopDuringASubmission(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c, gate := startGated(t)
	enqueue(t, s, numbered(10)...)
	_, stop := work(t, s, c, soon())
	gate.await(t, 4)
	var stopping sync.WaitGroup
	stopping.Go(stop)
	time.Sleep(100 * time.Millisecond)
	gate.open()
	stopping.Wait()
	if counts := until(t, s, 10, batch.Submitted, batch.Planned); counts[batch.Submitted] != 4 || len(srv.Tasks()) != 4 {
		t.Errorf("%v, %d tasks", counts, len(srv.Tasks()))
	}
}

// StopSubmitting does the same without ending the rest of the work.
func TestStopSubmitting(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c, gate := startGated(t)
	enqueue(t, s, numbered(10)...)
	set, _ := work(t, s, c, soon())
	gate.await(t, 4)
	set.StopSubmitting()
	set.StopSubmitting()
	gate.open()
	until(t, s, 4, batch.Completed)
	if counts := until(t, s, 10, batch.Completed, batch.Planned); counts[batch.Completed] != 4 || len(srv.Tasks()) != 4 {
		t.Errorf("%v, %d tasks", counts, len(srv.Tasks()))
	}
}

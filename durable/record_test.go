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
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// The database is lost between a request and the recording of its task, and comes back.
func TestADatabaseThatComesBack(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*pgtest.Proxy){"cut": (*pgtest.Proxy).Cut, "stalled": (*pgtest.Proxy).Stall} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := pgtest.Database(t)
			direct, proxy := storeAt(t, address), pgtest.NewProxy(t, address)
			srv, c := start(t)
			enqueue(t, direct, "a")
			srv.FailNextOn("seeDreamV45", 1, fakeapi.DelayAnswer(300*time.Millisecond))
			set := workersOf(t, NewStore(poolAt(t, proxy.Address())), c, soon())
			var worker sync.WaitGroup
			worker.Go(func() {
				if err := submitOnce(t, set, "a"); err != nil {
					t.Error(err)
				}
			})
			until(t, direct, 1, batch.Submitting)
			lose(proxy)
			time.Sleep(time.Second)
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
	srv, c := start(t)
	enqueue(t, direct, "a")
	srv.FailNextOn("seeDreamV45", 1, fakeapi.DelayAnswer(300*time.Millisecond))
	var log bytes.Buffer
	opts := soon()
	opts.Logger, opts.SubmitTimeout = slog.New(slog.NewTextHandler(&log, nil)), 2*time.Second
	set := workersOf(t, NewStore(poolAt(t, proxy.Address())), c, opts)
	set.limits.grace = time.Second
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var err error
	var worker sync.WaitGroup
	worker.Go(func() {
		err = (&submitWorker{set: set}).Work(ctx, &river.Job[submitArgs]{JobRow: &rivertype.JobRow{Attempt: 1}, Args: submitArgs{"a"}})
	})
	until(t, direct, 1, batch.Submitting)
	proxy.Cut()
	cancel()
	worker.Wait()
	id := srv.Tasks()[0]
	if !errors.Is(err, batch.ErrUnrecorded) || !strings.Contains(err.Error(), id) || strings.Contains(err.Error(), "\n") || !strings.Contains(log.String(), id) {
		t.Errorf("%v\n%s", err, &log)
	}
	time.Sleep(set.lease()) // until nobody is believed to work on it
	other := workersOf(t, direct, c, opts)
	if err := submitOnce(t, other, "a"); err != nil {
		t.Error(err)
	}
	if e := entryOf(t, direct, "a"); e.State != batch.InDoubt || len(srv.Requests()) != 1 {
		t.Errorf("%+v, %d requests", e, len(srv.Requests()))
	}
}

// A process that is told to stop waits for the response of its submission, and submits nothing more.
func TestStopDuringASubmission(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	enqueue(t, s, numbered(10)...)
	srv.FailNextOn("seeDreamV45", 100, fakeapi.DelayAnswer(time.Second))
	opts := soon()
	_, stop := work(t, s, c, opts)
	until(t, s, 4, batch.Submitting)
	stop()
	if counts := until(t, s, 10, batch.Submitted, batch.Planned); counts[batch.Submitted] != 4 || len(srv.Tasks()) != 4 {
		t.Errorf("%v, %d tasks", counts, len(srv.Tasks()))
	}
}

// StopSubmitting does the same without ending the rest of the work.
func TestStopSubmitting(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	enqueue(t, s, numbered(10)...)
	srv.FailNextOn("seeDreamV45", 100, fakeapi.DelayAnswer(500*time.Millisecond))
	set, _ := work(t, s, c, soon())
	until(t, s, 4, batch.Submitting)
	set.StopSubmitting()
	set.StopSubmitting()
	until(t, s, 4, batch.Completed)
	if counts := until(t, s, 10, batch.Completed, batch.Planned); counts[batch.Completed] != 4 || len(srv.Tasks()) != 4 {
		t.Errorf("%v, %d tasks", counts, len(srv.Tasks()))
	}
}

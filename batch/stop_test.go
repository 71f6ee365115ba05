package batch

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// The end of the context stops submitting, and waits for the responses of the
// submissions under way: no paid task is lost, and no job is in doubt.
func TestTheEndOfTheContextLosesNoTask(t *testing.T) {
	t.Parallel()
	srv, c := start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{Processing: 1000}))
	j := newJournal(t)
	srv.FailNext(4, fakeapi.Delay(300*time.Millisecond))
	reason := errors.New("SIGTERM")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(100*time.Millisecond, func() { cancel(reason) })
	o := collect(ctx, t, c, j, numbered(50), Options{Parallel: 4, Wait: soon})
	if !errors.Is(o.err, context.Canceled) || !errors.Is(o.err, reason) || len(srv.Tasks()) != 4 || o.count(Submitted) != 4 || len(o.results) != 4 {
		t.Fatalf("%d tasks, %+v", len(srv.Tasks()), o)
	}
	for key, r := range o.results {
		if e := entryOf(t, j, key); e.State != Submitted || e.TaskID != r.TaskID || r.Err == nil {
			t.Errorf("%+v, %+v", r, e)
		}
	}
}

// A service that never responds is waited for no longer than the grace.
func TestTheGraceIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := silentClient(t)
		j := new(memoryJournal)
		ctx, cancel := context.WithCancel(t.Context())
		begin := time.Now()
		time.AfterFunc(10*time.Second, cancel)
		o := collect(ctx, t, c, j, numbered(50), Options{Parallel: 2})
		if took := time.Since(begin); took != 10*time.Second+grace {
			t.Errorf("the run ended after %v", took)
		}
		if !errors.Is(o.err, context.Canceled) || o.count(InDoubt) != 2 || len(o.results) != 2 {
			t.Errorf("%+v", o)
		}
	})
}

// Breaking out of the loop records what is under way, and leaves no goroutine.
func TestBreak(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	j := newJournal(t)
	seen := 0
	for r, err := range Run(t.Context(), c, j, numbered(50), Options{Parallel: 4, Wait: soon}) {
		if err != nil {
			t.Fatal(err)
		}
		if seen++; r.Key == "" || seen == 5 {
			break
		}
	}
	checkTasks(t, j, srv.Tasks())
	o := collect(t.Context(), t, c, j, numbered(50), Options{Parallel: 4, Wait: soon})
	if o.err != nil || o.count(Completed) != 50 || len(srv.Tasks()) != 50 {
		t.Errorf("%+v", o)
	}
}

// checkTasks checks that the journal has each task of the service.
func checkTasks(t *testing.T, j Journal, tasks []string) {
	t.Helper()
	known := map[string]bool{}
	for e, err := range j.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if e.State == Submitting || e.State == InDoubt {
			t.Errorf("in doubt: %+v", e)
		}
		known[e.TaskID] = true
	}
	for _, id := range tasks {
		if !known[id] {
			t.Errorf("the journal does not have %s", id)
		}
	}
}

func TestAPanicInTheLoop(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	j := newJournal(t)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic is gone")
			}
		}()
		for range Run(t.Context(), c, j, numbered(50), Options{Parallel: 4, Wait: soon}) {
			panic("in the loop")
		}
	}()
	checkTasks(t, j, srv.Tasks())
	if o := collect(t.Context(), t, c, j, numbered(3), Options{Wait: soon}); o.err != nil { // the journal is free again
		t.Error(o.err)
	}
}

func TestAnEndedContextSendsNothing(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o := collect(ctx, t, c, newJournal(t), numbered(5), Options{Wait: soon})
	if !errors.Is(o.err, context.Canceled) || len(srv.Requests()) != 0 {
		t.Errorf("%+v", o)
	}
}

func TestOneRunAtATime(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	j := newJournal(t)
	for range Run(t.Context(), c, j, numbered(2), Options{Wait: soon}) {
		if o := collect(t.Context(), t, c, j, numbered(2), Options{Wait: soon}); !errors.Is(o.err, ErrLocked) {
			t.Errorf("%+v", o)
		}
	}
}

// Jobs are pulled as places become free, and not ahead of them.
func TestJobsArePulledAsTheyAreNeeded(t *testing.T) {
	t.Parallel()
	srv, c := start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{Processing: 3}))
	pulled, ended := 0, 0
	jobs := func(yield func(Job, error) bool) {
		for i := range 40 {
			pulled++
			if pulled > ended+3+17 { // three places, and what is about to be yielded
				t.Errorf("%d jobs were pulled when %d had ended", pulled, ended)
			}
			if !yield(job(fmt.Sprint(i), "p"), nil) {
				return
			}
		}
	}
	for _, err := range Run(t.Context(), c, newJournal(t), jobs, Options{Parallel: 3, Wait: soon}) {
		if err != nil {
			t.Fatal(err)
		}
		ended++
	}
	if ended != 40 || len(srv.Tasks()) != 40 {
		t.Errorf("%d results, %d tasks", ended, len(srv.Tasks()))
	}
}

// Saving happens beside the places: a slow disk does not hold up the tasks.
func TestSavingTakesNoPlace(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	var saved atomic.Int32
	opts := Options{Parallel: 1, Wait: soon, Save: func(ctx context.Context, _ Result, _ int, _ func(w writer) (wrapper.Downloaded, error)) error {
		for len(srv.Tasks()) < 2 { // the next job is submitted meanwhile
			if !sleep(ctx, time.Millisecond) {
				return ctx.Err()
			}
		}
		saved.Add(1)
		return nil
	}}
	o := collect(t.Context(), t, c, newJournal(t), numbered(2), opts)
	if o.err != nil || o.count(Saved) != 2 || saved.Load() != 2 {
		t.Errorf("%+v", o)
	}
}

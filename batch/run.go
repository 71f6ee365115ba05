package batch

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Run generates images for jobs, each of which is paid once however often the run
// is repeated with the same journal. It yields a result for each job when the job
// has ended, first those that the journal has as unfinished, whether or not they are among
// jobs. A job that has ended in an earlier run is yielded as the journal has it; one
// that is [InDoubt] is yielded with [ErrInDoubt]; neither is sent. What concerns one
// job is in Result.Err, and does not end the run.
//
// The error beside a result is that of the run, and comes last: the options or the
// journal can't be used, jobs yielded an error, the service rejects the key or has no
// more credits, can't be reached, images can't be saved, or ctx has ended. Nothing more is submitted then,
// but what is under way is finished first, unless ctx has ended.
//
// jobs may read a file or a database, one job at a time. If that fails, it yields a Job{}
// with the error, once, and stops; the jobs before it are still done.
//
// Jobs are pulled by the goroutine of the loop as places become free; the loop's body
// runs between them and should be short. When ctx ends, Run waits for the responses of
// submissions under way, up to 30 seconds, so that no paid task is lost, and yields
// the jobs under way as they are. Breaking out of the loop does the same without yielding
// them. No goroutine outlives the loop.
func Run(ctx context.Context, c *wrapper.Client, j Journal, jobs iter.Seq2[Job, error], opts Options) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		r, err := newRun(ctx, c, j, jobs, opts)
		if err != nil {
			yield(Result{}, err)
			return
		}
		defer r.close()
		r.yield = yield
		if r.resume() {
			r.pull(jobs)
		}
		r.finish()
	}
}

// run is one Run. What is not said to be shared belongs to the goroutine of the loop.
type run struct {
	client  *wrapper.Client // shared
	journal Journal         // shared
	opts    Options         // shared
	yield   func(Result, error) bool
	seen    *snapshot  // of dir, for a preview
	dir     *directory // where images are saved; nil unless that is by ToDir

	caller context.Context // shared, as are all contexts
	ctx    context.Context // of waits and downloads: ends with caller or the loop
	end    context.CancelFunc
	sub    context.Context // of new submissions: ends also when the run has to stop
	endSub context.CancelCauseFunc
	paid   context.Context // of submissions under way: outlives ctx by the grace
	endNow context.CancelFunc

	events  chan event    // shared
	freed   chan struct{} // shared: a place became free
	turn    chan struct{} // shared: a semaphore of those that wait for a place of the service
	saving  chan struct{} // shared: a semaphore
	waiting atomic.Int32  // shared: jobs that hold a place and wait for one of the service
	unsaved atomic.Int32  // shared: tasks in a row whose images could not be saved
	workers sync.WaitGroup
	release func()

	places    int // taken
	open      int // jobs that have a goroutine
	reserved  int // submissions that were made, or may be
	uncertain int // of reserved, those that may turn out to be none
	broken    bool
	err       error // of the run; the first one

	keys    keys
	known   knownTasks        // shared
	resumed map[string]string // request digests by key
}

// event is what the goroutine of a job tells the goroutine of the loop.
type event struct {
	change  *Result // of the state
	result  *Result // the job has ended, and so has its goroutine
	freed   bool    // its place is free
	settled bool    // it is known whether there was a submission,
	paid    bool    // and whether it counts
	stop    error   // the run must not submit anything more
}

// begin makes the contexts.
func (r *run) begin() {
	var endNow context.CancelFunc
	r.ctx, r.end = context.WithCancel(r.caller)
	r.sub, r.endSub = context.WithCancelCause(r.ctx)
	r.paid, endNow = context.WithCancel(context.WithoutCancel(r.caller))
	r.workers.Add(1)
	unused := context.AfterFunc(r.ctx, func() {
		defer r.workers.Done()
		select {
		case <-time.After(grace):
			endNow()
		case <-r.paid.Done():
		}
	})
	r.endNow = func() {
		if endNow(); unused() {
			r.workers.Done()
		}
	}
}

// close ends everything that the loop has left, also if its body panics.
func (r *run) close() {
	r.broken = true
	r.end()
	for r.open > 0 {
		r.handle(<-r.events)
	}
	r.endSub(nil)
	r.endNow()
	r.workers.Wait()
	r.release()
}

// finish waits for the jobs under way, and yields the error of the run.
func (r *run) finish() {
	for r.open > 0 && !r.broken {
		r.handle(<-r.events)
	}
	if r.err == nil && r.caller.Err() != nil {
		r.err = r.interrupted()
	}
	if r.err != nil && !r.broken {
		r.yield(Result{}, r.err)
	}
}

// interrupted is the error of a run whose context has ended. It matches the
// context's error and its cause.
func (r *run) interrupted() error {
	err, cause := r.caller.Err(), context.Cause(r.caller)
	if errors.Is(cause, err) {
		return fmt.Errorf("batch: the run ended early, and can be repeated: %w", cause)
	}
	return fmt.Errorf("batch: the run ended early, and can be repeated: %w: %w", err, cause)
}

// stop keeps the run from submitting anything more. The first reason counts.
func (r *run) stop(reason error) {
	if r.caller.Err() != nil && errors.Is(reason, context.Cause(r.caller)) {
		reason = r.interrupted()
	}
	if r.err == nil {
		r.err = reason
	}
	r.endSub(reason)
}

// handle takes in an event, and yields its result.
func (r *run) handle(e event) {
	if e.stop != nil {
		r.stop(e.stop)
	}
	if e.freed {
		r.places--
	}
	if e.settled {
		r.uncertain--
		if !e.paid {
			r.reserved--
		}
	}
	if e.change != nil && r.opts.OnChange != nil && !r.broken {
		r.opts.OnChange(*e.change)
	}
	if e.result != nil {
		r.open--
		r.give(*e.result)
	}
}

// give yields a result, unless the loop has ended.
func (r *run) give(result Result) {
	if !r.broken && !r.yield(result, nil) {
		r.broken = true
		r.end()
	}
}

// stopped reports whether nothing more is to be submitted.
func (r *run) stopped() bool { return r.broken || r.sub.Err() != nil }

// await handles events until ready, and reports false if the run has stopped before.
func (r *run) await(ready func() bool) bool {
	for {
		select {
		case e := <-r.events: // first, so that results are not held up
			r.handle(e)
			continue
		default:
		}
		if r.stopped() {
			return false
		}
		if ready() {
			return true
		}
		select {
		case e := <-r.events:
			r.handle(e)
		case <-r.sub.Done():
		}
	}
}

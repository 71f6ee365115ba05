package batch

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// task is a job under way. It belongs to a goroutine of its own, which ends when
// the run has nothing more to do for the job.
type task struct {
	run     *run
	entry   Entry
	was     Entry // what the journal has of the job; zero if it does not have it yet
	request wrapper.GenerateRequest
	isNew   bool                     // to be submitted
	isAgain bool                     // saved before, and to be saved again
	data    *generated.ImageInfoData // of a task that has completed in this run
	err     error                    // for the result
}

// start gives a job a goroutine. The goroutine of the loop has made sure that
// there is room.
func (r *run) start(t *task) {
	r.open++
	r.places++
	r.workers.Add(1)
	go func() {
		defer r.workers.Done()
		t.work()
	}()
}

// work takes a job as far as it goes. The events come in this order: settled,
// freed, result.
func (t *task) work() {
	if t.isNew {
		t.submit()
		t.run.events <- event{settled: true, paid: t.entry.State != Planned && t.entry.State != Refused}
	}
	if t.err == nil && t.entry.State == Submitted {
		t.wait()
	}
	t.run.events <- event{freed: true}
	select { // a job that waits for a place of the service
	case t.run.freed <- struct{}{}:
	default:
	}
	if t.err == nil && t.entry.State == Completed && t.run.opts.Save != nil {
		t.save()
	}
	result := resultOf(t.entry, t.err)
	result.Data = t.data
	t.run.events <- event{result: &result}
}

// putTimeout bounds the recording of what has happened, which must not end with
// the context of the run.
const putTimeout = time.Minute

// record puts a change of the job into the journal. If that fails, the job stays
// as it was, its result says why, and the run stops. If another program has changed the
// job meanwhile, as a person does who says which task it has, the job is what that one has
// made of it, and isMine is false.
func (t *task) record(state State, reason error) (isMine bool, err error) {
	next := t.entry
	next.State, next.Time, next.Error = state, time.Now().Truncate(time.Millisecond), ""
	if reason != nil {
		next.Error = oneLine(reason.Error(), maxError)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.run.caller), putTimeout)
	defer cancel()
	now, isMine, err := replace(ctx, t.run.journal, t.was, next)
	if err != nil {
		return false, err
	}
	t.was, t.entry.State, t.entry.Time, t.entry.Error = now, now.State, now.Time, now.Error
	t.entry.TaskID, t.entry.Files = now.TaskID, now.Files
	return isMine, nil
}

// change records a change and tells the loop. It reports whether the job may go on.
func (t *task) change(state State, reason error) bool {
	before := t.was.State
	isMine, err := t.record(state, reason)
	if err != nil {
		t.err = fmt.Errorf("batch: the journal can't say that the job is %v: %w", state, err)
		t.run.events <- event{stop: err}
		return false
	}
	if !isMine {
		reason = t.run.outcomeOf(t.entry)
		if isNamed := before == Submitting && t.entry.State == Submitted; !isNamed { // otherwise it is waited for
			t.err = cmp.Or(reason, fmt.Errorf("batch: another program has changed the job, which is %v now; the next run goes on", t.entry.State))
		}
	}
	result := resultOf(t.entry, reason)
	t.run.events <- event{change: &result}
	return isMine
}

// sleep reports whether d has passed before the end of ctx.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

package poll

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/send"
)

// The statuses that end a task. All services number them in the same way.
const (
	Completed = 3
	Failed    = 4
)

// State is what a query found out about a task.
type State struct {
	Status    int // 0 if the response had none
	HasImages bool
}

// Task is a task to wait for, whatever service it is of.
type Task struct {
	Query func(context.Context) (State, error)
	// FailureOf says what an error of Query means.
	FailureOf func(error) Failure
	// OnStatus, if not nil, is called with each status that differs from the one before.
	OnStatus func(status int)
}

// Failure says what the error of a query means for the wait.
type Failure struct {
	Retryable   bool          // a later query may succeed
	NoSuchTask  bool          // the service knows no such task, which may be too new to be visible
	HasResponse bool          // the service responded, even if the context ended meanwhile
	RetryAfter  time.Duration // how long the service asked to wait, or 0
}

// End is how a wait ended.
type End struct {
	Status  int // the last one that is known, or 0
	Elapsed time.Duration
	// IsEarly says that the task had not ended, as far as is known, when the
	// context or the Timeout ended the wait.
	IsEarly bool
	// Err is nil if the task has ended, with Status. If IsEarly, it is the error of
	// [Until] and wraps that of the last query, if there was one. Otherwise it is the
	// permanent error of the last query.
	Err error
}

// Wait queries a task until it has failed, or is completed and has images. It keeps
// polling through retryable errors, and, for the first 10 seconds of a wait that has
// not seen the task, through those that know no such task.
func Wait(ctx context.Context, o Options, t Task) End {
	w := &wait{Task: t, start: time.Now()}
	early := Until(ctx, o, w.query)
	end := End{Status: w.status, Elapsed: time.Since(w.start), IsEarly: early != nil, Err: w.err}
	switch {
	case early != nil && w.err != nil:
		end.Err = fmt.Errorf("%w; the last query: %w", early, w.err)
	case early != nil:
		end.Err = early
	}
	return end
}

// wait is one wait for a task.
type wait struct {
	Task
	start  time.Time
	seen   bool // a query found the task
	status int
	err    error // of the last query, unless the context ended it
}

// errNoImage is why the wait for a completed task goes on.
var errNoImage = errors.New("the task is completed, and the response names no image")

// query makes one query. It is done if the task has ended, or if no further query
// can tell.
func (w *wait) query(ctx context.Context) (done bool, retryAfter time.Duration) {
	state, err := w.Query(ctx)
	if err != nil {
		return w.failed(ctx, err)
	}
	w.seen, w.err = true, nil
	if state.Status != 0 && state.Status != w.status {
		w.status = state.Status
		if w.OnStatus != nil {
			w.OnStatus(w.status)
		}
	}
	if state.Status == Completed && !state.HasImages {
		w.err = errNoImage
		return false, 0
	}
	return state.Status == Completed || state.Status == Failed, 0
}

// invisibleFor is how long a task that was just created may be unknown.
const invisibleFor = 10 * time.Second

// failed notes the error of a query, and reports whether it is permanent. An error
// that only says that ctx has ended does not replace an earlier one that says more.
func (w *wait) failed(ctx context.Context, err error) (permanent bool, retryAfter time.Duration) {
	f := w.FailureOf(err)
	if !f.HasResponse && send.IsEndOf(ctx, err) {
		return false, 0
	}
	w.err = err
	if f.NoSuchTask && !w.seen {
		f.Retryable = time.Since(w.start) < invisibleFor
	}
	return !f.Retryable, f.RetryAfter
}

package batch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// ErrNoDecision: a job that needs no decision, because the journal does not have
// it or knows its outcome.
var ErrNoDecision = errors.New("there is nothing to decide")

// byHand is the reason in the entry of a task that a person has named, perhaps wrongly.
const byHand = "its id was given by hand"

// Resolve says which task belongs to a job that is [InDoubt]: the next run waits for it and
// saves its images. That costs nothing. It also gives a job that has [Failed], or whose
// task was named by Resolve, this task in place of the one before: to wait for its own task
// again, which the service may not have known for a while, or to correct an id that was
// mistyped. A former id is then only in an earlier line of the file.
//
// The error matches [ErrLocked] for a job that is [Submitting], or Submitted, while a [Run]
// has the [FileJournal]: it may record the task itself at any moment.
func Resolve(ctx context.Context, j Journal, key, taskID string) error {
	return decide(ctx, j, key, func(e *Entry) bool {
		ok := e.State.mayLackTask() || e.State == Submitted && e.Error == byHand
		e.State, e.TaskID, e.Error = Submitted, taskID, byHand
		return ok
	})
}

// Resubmit allows the next run to send a job again that is [InDoubt], because its
// task does not exist, or that has [Failed]. That costs credits a second time if
// it was paid before. The error matches [ErrLocked] for a job that is [Submitting] while a
// [Run] has the [FileJournal].
func Resubmit(ctx context.Context, j Journal, key string) error {
	return decide(ctx, j, key, func(e *Entry) bool {
		ok := e.State.mayLackTask()
		e.State, e.TaskID, e.Error, e.Files = Planned, "", "", nil
		return ok
	})
}

// mayLackTask reports whether a person may say which task a job has, or that it has none.
func (s State) mayLackTask() bool { return s == InDoubt || s == Submitting || s == Failed }

// decide changes a job by what the journal knows at this moment, unless the job is in no state
// for it.
func decide(ctx context.Context, j Journal, key string, set func(e *Entry) (ok bool)) error {
	e, _, err := j.Get(ctx, key)
	if err != nil {
		return err
	}
	file, isFile := j.(*FileJournal)
	isKept := !isFile
	if isFile && mayBeUnderWay(e) {
		release, err := file.keepRunsOut()
		if err != nil {
			return fmt.Errorf("batch: the job %.80q is %v, and what becomes of it may be recorded at any moment: %w; wait for that to end", key, e.State, err)
		}
		defer release()
		isKept = true
	}
	var refused error
	_, err = change(ctx, j, key, func(e Entry, known bool) (Entry, bool) {
		before := e.State
		switch {
		case !known:
			refused = fmt.Errorf("batch: %w: the journal has no job %.80q", ErrNoDecision, key)
		case !isKept && mayBeUnderWay(e), !set(&e):
			refused = fmt.Errorf("batch: %w: the job %.80q is %v", ErrNoDecision, key, before)
		}
		e.Time = time.Time{}
		return e, refused == nil
	})
	return cmp.Or(refused, err)
}

// mayBeUnderWay reports whether a run may record at any moment what becomes of a job.
func mayBeUnderWay(e Entry) bool { return e.State == Submitting || e.State == Submitted }

// keepRunsOut keeps a Run from the journal until release, or returns an error that says which
// process has one.
func (j *FileJournal) keepRunsOut() (release func(), err error) {
	j.mu.RLock()
	inUse := j.inUse
	j.mu.RUnlock()
	switch {
	case inUse:
		return nil, fmt.Errorf("%w by a Run of this process", ErrLocked)
	case !j.shared: // the lock is this one's, and a Run would be one of this process
		return func() {}, nil
	}
	lock, err := lockSoon(j.path + ".lock")
	if err != nil {
		return nil, err
	}
	return func() { _ = lock.Close() }, nil
}

// InUse reports whether a process has the journal open for a [Run], by [OpenJournal].
func (j *FileJournal) InUse() bool {
	path, err := resolve(j.path)
	if err != nil {
		return false
	}
	if _, err := os.Stat(path + ".lock"); err != nil { // which lockFile would make
		return false
	}
	lock, err := lockFile(path + ".lock")
	if err == nil {
		_ = lock.Close()
	}
	return errors.Is(err, ErrLocked)
}

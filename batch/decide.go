package batch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrNoDecision: a job that needs no decision, because the journal does not have
// it or knows its outcome.
var ErrNoDecision = errors.New("there is nothing to decide")

// Resolve says which task belongs to a job that is [InDoubt]: the next run waits
// for it and saves its images. A job that has [Failed] can be waited for again so, at no
// cost, if taskID is its own: the service may not have known the task for a while.
func Resolve(ctx context.Context, j Journal, key, taskID string) error {
	return decide(ctx, j, key, func(e *Entry) error {
		if e.State == Failed && e.TaskID != taskID {
			return fmt.Errorf("batch: %w: the job %.80q is %v, and has another task", ErrNoDecision, key, e.State)
		}
		e.State, e.TaskID = Submitted, taskID
		return nil
	})
}

// Resubmit allows the next run to send a job again that is [InDoubt], because its
// task does not exist, or that has [Failed]. That costs credits a second time if
// it was paid before.
func Resubmit(ctx context.Context, j Journal, key string) error {
	return decide(ctx, j, key, func(e *Entry) error {
		e.State, e.TaskID, e.Files = Planned, "", nil
		return nil
	})
}

// decide changes a job that needs a decision, by what the journal knows at this moment.
func decide(ctx context.Context, j Journal, key string, set func(e *Entry) error) (err error) {
	_, failed := change(ctx, j, key, func(e Entry, known bool) (Entry, bool) {
		switch {
		case !known:
			err = fmt.Errorf("batch: %w: the journal has no job %.80q", ErrNoDecision, key)
		case e.State != InDoubt && e.State != Submitting && e.State != Failed:
			err = fmt.Errorf("batch: %w: the job %.80q is %v", ErrNoDecision, key, e.State)
		default:
			e.Time, e.Error = time.Time{}, ""
			err = set(&e)
		}
		return e, err == nil
	})
	return cmp.Or(err, failed)
}

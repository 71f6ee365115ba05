package batch

import (
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
	e, err := undecided(ctx, j, key, InDoubt, Submitting, Failed)
	if err != nil {
		return err
	}
	if e.State == Failed && e.TaskID != taskID {
		return fmt.Errorf("batch: %w: the job %.80q is %v, and has another task", ErrNoDecision, key, e.State)
	}
	e.State, e.TaskID = Submitted, taskID
	return j.Put(ctx, e)
}

// Resubmit allows the next run to send a job again that is [InDoubt], because its
// task does not exist, or that has [Failed]. That costs credits a second time if
// it was paid before.
func Resubmit(ctx context.Context, j Journal, key string) error {
	e, err := undecided(ctx, j, key, InDoubt, Submitting, Failed)
	if err != nil {
		return err
	}
	e.State, e.TaskID, e.Files = Planned, "", nil
	return j.Put(ctx, e)
}

func undecided(ctx context.Context, j Journal, key string, states ...State) (Entry, error) {
	e, ok, err := j.Get(ctx, key)
	if err != nil {
		return e, err
	}
	if !ok {
		return e, fmt.Errorf("batch: %w: the journal has no job %.80q", ErrNoDecision, key)
	}
	for _, s := range states {
		if e.State == s {
			e.Time, e.Error = time.Time{}, ""
			return e, nil
		}
	}
	return e, fmt.Errorf("batch: %w: the job %.80q is %v", ErrNoDecision, key, e.State)
}

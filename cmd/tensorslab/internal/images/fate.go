package images

import (
	"context"
	"errors"
	"sync"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// deletions is how many entries of a batch are written at once. They share the waits for
// the disk, without which a thousand deletions would take many seconds.
const deletions = 32

// deleted records that tasks were deleted. It returns an error if some could not be
// recorded, which a later deletion of the same tasks makes good.
func (t *tracker) deleted(ctx context.Context, batchIDs []string) error {
	if t == nil || t.journal == nil {
		return nil
	}
	slots := make(chan struct{}, deletions)
	var all sync.WaitGroup
	for _, id := range batchIDs {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			t.record(ctx, id, func(e *batch.Entry) bool {
				changed := e.State != batch.Deleted
				e.State, e.Error = batch.Deleted, ""
				return changed
			})
		})
	}
	all.Wait()
	return t.failed()
}

// ended records how a wait for a task has ended, if it has. What a batch has recorded
// already stays.
func (t *tracker) ended(ctx context.Context, id string, err error) {
	state, reason := batch.Completed, ""
	if failure := new(wrapper.TaskFailedError); errors.As(err, &failure) {
		state, reason = batch.Failed, failure.Message
	} else if err != nil {
		return
	}
	t.record(ctx, id, func(e *batch.Entry) bool {
		changed := e.State == batch.Submitted
		e.State, e.Error = state, reason
		return changed
	})
}

// saved records where all images of a task are. Where a batch has saved them stays.
func (t *tracker) saved(ctx context.Context, id string, files []string) {
	t.record(ctx, id, func(e *batch.Entry) bool {
		changed := e.State == batch.Submitted || e.State == batch.Completed
		e.State, e.Error, e.Files = batch.Saved, "", files
		return changed
	})
}

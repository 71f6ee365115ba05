package images

import (
	"context"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// ownEntry records a task that is created on its own, and says so if that fails. A nil
// ownEntry records nothing.
type ownEntry struct {
	cli.Env
	journal *batch.FileJournal
	entry   *journal.Own
}

// newOwnEntry opens the journal for one task, unless there is to be none.
func newOwnEntry(ctx context.Context, e cli.Env, f *generateFlags, req wrapper.GenerateRequest) (*ownEntry, error) {
	if f.Demo {
		return nil, nil
	}
	j, err := f.journal.Shared(ctx, e)
	if j == nil || err != nil {
		return nil, err
	}
	return &ownEntry{e, j, journal.NewOwn(j, e.Secret, req)}, nil
}

func (o *ownEntry) close() {
	if o != nil {
		_ = o.journal.Close() // everything in it is synced
	}
}

func (o *ownEntry) key() string {
	if o == nil {
		return ""
	}
	return o.entry.Key()
}

// begin records that the request is about to be sent. Without that nothing is sent.
func (o *ownEntry) begin() error {
	if o == nil {
		return nil
	}
	if err := o.entry.Begin(); err != nil {
		return cli.Failf(cli.Failed, "the journal of tasks cannot be written: %w; nothing was sent (--no-journal does without)", err)
	}
	return nil
}

// submitted records the outcome of the submission.
func (o *ownEntry) submitted(id string, err error) {
	if o != nil {
		o.warn(o.entry.Submitted(id, err))
	}
}

// ended records that the task has ended, and where its images are.
func (o *ownEntry) ended(state batch.State, reason error, files ...string) {
	if o != nil {
		o.warn(o.entry.Ended(state, reason, files...))
	}
}

// warn says that the journal has fallen behind. What was paid for goes on all the same.
func (o *ownEntry) warn(err error) {
	if err != nil {
		o.Warn("the journal of tasks could not be written, so keep the id of the task yourself: " + err.Error())
	}
}

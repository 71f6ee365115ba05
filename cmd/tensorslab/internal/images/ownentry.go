package images

import (
	"context"
	"errors"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// ownEntry is what the journal knows of a task that is created on its own. A nil ownEntry
// records nothing.
type ownEntry struct {
	cli.Env
	journal *batch.FileJournal
	entry   batch.Entry
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
	return &ownEntry{e, j, batch.Entry{Key: journal.NewKey(time.Now()), Model: req.Model, Prompt: e.Secret.Text(req.Prompt)}}, nil
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
	return o.entry.Key
}

// put records a change durably.
func (o *ownEntry) put(state batch.State, reason error) error {
	if o == nil {
		return nil
	}
	o.entry.State, o.entry.Time, o.entry.Error = state, time.Time{}, ""
	if reason != nil {
		o.entry.Error = o.Secret.Text(reason.Error())
	}
	return o.journal.Put(context.Background(), o.entry) // what has happened is recorded in any case
}

// begin records that the request is about to be sent. Without that nothing is sent.
func (o *ownEntry) begin() error {
	if err := o.put(batch.Submitting, nil); err != nil {
		return cli.Failf(cli.Failed, "the journal of tasks cannot be written: %w; nothing was sent (--no-journal does without)", err)
	}
	return nil
}

// submitted records the outcome of the submission.
func (o *ownEntry) submitted(id string, err error) {
	if o == nil {
		return
	}
	if id == "" {
		id = cli.FactsOf(err).TaskID
	}
	o.entry.TaskID = id
	switch {
	case id != "":
		err = o.put(batch.Submitted, nil)
	case errors.Is(err, wrapper.ErrOutcomeUnknown):
		err = o.put(batch.InDoubt, err)
	case errors.Is(err, wrapper.ErrNotSent):
		err = o.put(batch.Planned, err)
	default:
		err = o.put(batch.Refused, err)
	}
	o.warn(err)
}

// ended records that the task has ended, and where its images are.
func (o *ownEntry) ended(state batch.State, reason error, files ...string) {
	if o == nil {
		return
	}
	o.entry.Files = files
	o.warn(o.put(state, reason))
}

// warn says that the journal has fallen behind. What was paid for goes on all the same.
func (o *ownEntry) warn(err error) {
	if err != nil {
		o.Warn("the journal of tasks could not be written, so keep the id of the task yourself: " + err.Error())
	}
}

package journal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Own is the entry of a task that is created on its own, and not by a batch. A nil Own,
// and one without a journal, records nothing. Its methods are called one after the other.
type Own struct {
	journal *batch.FileJournal
	secret  *cli.Secret
	entry   batch.Entry
	was     batch.Entry // what the journal has
}

// NewOwn returns the entry of a task that req is to create, under a new key. Nothing is
// recorded yet, and nothing ever is if j is nil.
func NewOwn(j *batch.FileJournal, secret *cli.Secret, req wrapper.GenerateRequest) *Own {
	return &Own{journal: j, secret: secret, entry: batch.Entry{Key: NewKey(time.Now()), Model: req.Model, Prompt: secret.Text(req.Prompt)}}
}

// Key returns the key of the entry, or an empty string if there is no journal.
func (o *Own) Key() string {
	if o == nil || o.journal == nil {
		return ""
	}
	return o.entry.Key
}

// put records a change durably, unless another program has changed the entry meanwhile, as a
// person does who says which task it has.
func (o *Own) put(state batch.State, reason error) error {
	if o == nil || o.journal == nil {
		return nil
	}
	o.entry.State, o.entry.Time, o.entry.Error = state, time.Time{}, ""
	if reason != nil {
		o.entry.Error = o.secret.Text(reason.Error())
	}
	latest, _, err := o.journal.Replace(context.Background(), o.was, o.entry) // what has happened is recorded also if ctx has ended
	if err == nil {
		o.was = latest
	}
	return err
}

// Begin records that the request is about to be sent. After an error it must not be sent.
func (o *Own) Begin() error { return o.put(batch.Submitting, nil) }

// Outcome is what is known of a task after the submission.
type Outcome struct {
	TaskID string
	Err    error // why there is no task, or why that is unknown
	Record error // why it could not be recorded
}

// Submitted records the outcome of a submission that ended with id and err, and returns it. It
// is unknown if the id holds the key, or if another entry has the task: whatever stores
// responses may have given the response to an earlier request. The id is recorded before
// other entries are read, so that it is not lost if the process ends meanwhile.
func (o *Own) Submitted(id string, err error) Outcome {
	named := cmp.Or(id, cli.FactsOf(err).TaskID)
	if o.secret.Text(named) != named { // the file outlives the key's secrecy, and nobody can ask for such a task
		id, named, err = "", "", fmt.Errorf("the response has the key in place of the id of a task: %w", wrapper.ErrOutcomeUnknown)
	}
	record := o.record(named, err)
	other := o.other(named)
	if other == "" {
		return Outcome{id, err, record}
	}
	err = fmt.Errorf("the service named the task of the job %q, so that this one may have another task: %w", other, wrapper.ErrOutcomeUnknown)
	return Outcome{"", err, cmp.Or(record, o.record("", err))}
}

// record records the id of the task, or err if there is none.
func (o *Own) record(id string, err error) error {
	o.entry.TaskID = id
	switch {
	case id != "":
		return o.put(batch.Submitted, nil)
	case errors.Is(err, wrapper.ErrOutcomeUnknown):
		return o.put(batch.InDoubt, err)
	case errors.Is(err, wrapper.ErrNotSent):
		return o.put(batch.Planned, err)
	}
	return o.put(batch.Refused, err)
}

// other returns the key of another entry that has the task, or an empty string. The id is
// worth more than a doubt, so that a journal that cannot be read has none.
func (o *Own) other(id string) string {
	if id == "" || o.journal == nil {
		return ""
	}
	for e, err := range o.journal.All(context.Background()) {
		if err != nil {
			return ""
		}
		if e.TaskID == id && e.Key != o.entry.Key {
			return e.Key
		}
	}
	return ""
}

// Ended records that the task has ended, and where its images are. The error is that of
// the journal.
func (o *Own) Ended(state batch.State, reason error, files ...string) error {
	if o == nil {
		return nil
	}
	o.entry.Files = files
	return o.put(state, reason)
}

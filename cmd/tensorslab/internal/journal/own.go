package journal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Own is the entry of a task that is created on its own, and not by a batch. A nil Own
// records nothing. Its methods are called one after the other.
type Own struct {
	journal *batch.FileJournal
	secret  *cli.Secret
	entry   batch.Entry
}

// NewOwn returns the entry of a task that req is to create, under a new key. It is nil if
// there is no journal. Nothing is recorded yet.
func NewOwn(j *batch.FileJournal, secret *cli.Secret, req wrapper.GenerateRequest) *Own {
	if j == nil {
		return nil
	}
	return &Own{j, secret, batch.Entry{Key: NewKey(time.Now()), Model: req.Model, Prompt: secret.Text(req.Prompt)}}
}

// Key returns the key of the entry, or an empty string if there is no journal.
func (o *Own) Key() string {
	if o == nil {
		return ""
	}
	return o.entry.Key
}

// put records a change durably.
func (o *Own) put(state batch.State, reason error) error {
	if o == nil {
		return nil
	}
	o.entry.State, o.entry.Time, o.entry.Error = state, time.Time{}, ""
	if reason != nil {
		o.entry.Error = o.secret.Text(reason.Error())
	}
	return o.journal.Put(context.Background(), o.entry) // what has happened is recorded in any case
}

// Begin records that the request is about to be sent. After an error it must not be sent.
func (o *Own) Begin() error { return o.put(batch.Submitting, nil) }

// Submitted records the outcome of the submission. The error is that of the journal.
func (o *Own) Submitted(id string, err error) error {
	if o == nil {
		return nil
	}
	if id == "" {
		id = cli.FactsOf(err).TaskID
	}
	if reason := NoID(o.secret, id); reason != nil { // and the file outlives the key's secrecy
		id, err = "", reason
	}
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

// NoID returns an error if id, which a response gives to a task, holds the key. Nobody can ask
// for such a task, so that its outcome is unknown.
func NoID(secret *cli.Secret, id string) error {
	if secret.Text(id) == id {
		return nil
	}
	return fmt.Errorf("the response has the key in place of the id of a task: %w", wrapper.ErrOutcomeUnknown)
}

// Outcome returns the outcome of a submission that the service answered with id, or with
// err. It is unknown if the id holds the key, or if another entry of j, which may be nil, has
// the task: whatever stores responses may have given the response to an earlier request.
func Outcome(ctx context.Context, j *batch.FileJournal, secret *cli.Secret, id string, err error) (string, error) {
	if err != nil {
		return id, err
	}
	if err := NoID(secret, id); err != nil {
		return "", err
	}
	if j == nil {
		return id, nil
	}
	for e, err := range j.All(ctx) {
		if err != nil {
			break // the id is worth more than the doubt
		}
		if e.TaskID == id {
			return "", fmt.Errorf("the service named the task %.200q, which is that of the job %.80q, so that this one may have another task: %w", id, e.Key, wrapper.ErrOutcomeUnknown)
		}
	}
	return id, nil
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

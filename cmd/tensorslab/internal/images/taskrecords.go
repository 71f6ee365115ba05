package images

import (
	"errors"
	"fmt"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// taskObject is a record about a task in JSON. The help of images info, download and
// generate documents the fields.
type taskObject struct {
	Type         string `json:"type"`
	ID           string `json:"id,omitempty"`
	Model        string `json:"model,omitempty"`
	Key          string `json:"key,omitempty"`
	Prompt       string `json:"prompt,omitempty"`
	Status       string `json:"status,omitempty"`
	ErrorMessage string `json:"error_message,omitempty"`
	Error        string `json:"error,omitempty"`
	Outcome      string `json:"outcome,omitempty"`
	Code         int    `json:"code,omitempty"`
	HTTPStatus   int    `json:"http_status,omitempty"`
	RequestID    string `json:"request_id,omitempty"`
}

// createdRecord is a task that the service has created. Its key is that in the journal.
type createdRecord struct {
	id, model, key, prompt string
	many                   bool // it is one of many, which people know by their keys
	named                  bool // an earlier line has the prompt
}

// BareID returns the id.
func (r createdRecord) BareID() string { return cli.Printable(r.id) }

func (r createdRecord) Text() string {
	if r.many {
		text := fmt.Sprintf("%s: submitted, task %s", cli.Printable(r.key), cli.Printable(r.id))
		if !r.named {
			text += beginning(r.prompt)
		}
		return text
	}
	return fmt.Sprintf("%s: created by %s", cli.Printable(r.id), r.model)
}

func (r createdRecord) Objects(yield func(any) bool) {
	yield(taskObject{Type: "task", ID: r.id, Model: r.model, Key: r.key, Prompt: r.prompt})
}

// failedRecord is a task that something failed for, or a submission, whose error is the
// last line on standard error and which seldom has an id.
type failedRecord struct {
	id         string
	err        error
	submission bool
}

func (r failedRecord) Text() string {
	switch {
	case r.submission:
		return ""
	case isKept(r.err):
		return fmt.Sprintf("%s: not saved: %s", cli.Printable(r.id), cli.OneLine(r.err.Error()))
	case isUnfinished(r.err):
		return fmt.Sprintf("%s: %s", cli.Printable(r.id), cli.OneLine(r.err.Error()))
	}
	return fmt.Sprintf("%s: %s%s", cli.Printable(r.id), failureOf(r.err).prefix(), cli.OneLine(r.err.Error()))
}

func (r failedRecord) Objects(yield func(any) bool) {
	f := cli.FactsOf(r.err)
	object := taskObject{
		Type: "error", ID: r.id, Error: cli.OneLine(r.err.Error()),
		Code: f.Code, HTTPStatus: f.HTTPStatus, RequestID: f.RequestID,
	}
	var failed *wrapper.TaskFailedError
	var wait *wrapper.WaitError
	switch {
	case r.submission:
		object.Outcome = outcomeOf(r.err).String()
	case errors.As(r.err, &failed):
		object.Status, object.ErrorMessage = cli.StatusName(cli.StatusFailed), failed.Message
	case errors.As(r.err, &wait) && wait.Status != 0:
		object.Status = cli.StatusName(wait.Status)
	}
	yield(object)
}

// skippedRecord names the tasks that were not tried.
type skippedRecord struct {
	ids    []string
	reason string
}

func (r skippedRecord) Text() string {
	return fmt.Sprintf("not requested: %s: %s", cli.NameIDs(r.ids), r.reason)
}

func (r skippedRecord) Objects(yield func(any) bool) {
	for _, id := range r.ids {
		if !yield(taskObject{Type: "error", ID: id, Error: r.reason, Outcome: notSent.String()}) {
			return
		}
	}
}

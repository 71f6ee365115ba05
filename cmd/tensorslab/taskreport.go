package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// taskReporter tells what is known of tasks. Each method returns the error of
// the write.
type taskReporter interface {
	created(id, model string) error
	info(id string, data *generated.ImageInfoData) error
	image(id string, index int, file string, bytes int64) error
	// failed is called without an id for a submission.
	failed(id string, err error) error
	// skipped is called once for the ids that were not even tried, if any.
	skipped(ids []string, reason string) error
	note(text string) error // for people
}

func newTaskReporter(out io.Writer, f serviceFlags) taskReporter {
	if f.asText() {
		return textTasks{out}
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return jsonTasks{enc}
}

// The statuses of the contract, which the generated constants may not be named
// after for ever.
const (
	statusQueued generated.ImageStatus = iota + 1
	statusProcessing
	statusCompleted
	statusTaskFailed
)

var statusNames = map[generated.ImageStatus]string{
	statusQueued: "queued", statusProcessing: "processing", statusCompleted: "completed", statusTaskFailed: "failed",
}

// statusName is the name of a status, or its number where it has none.
func statusName(s generated.ImageStatus) string {
	if name, ok := statusNames[s]; ok {
		return name
	}
	return fmt.Sprintf("status %d", s)
}

// because is the service's reason, if it gave one, on one line.
func because(reason string) string {
	if reason = strings.TrimSpace(reason); reason == "" {
		return ""
	}
	return fmt.Sprintf(": %.300q", reason)
}

type textTasks struct{ out io.Writer }

func (r textTasks) line(format string, args ...any) error {
	_, err := fmt.Fprintf(r.out, format+"\n", args...)
	return err
}

func (r textTasks) note(text string) error { return r.line("%s", text) }

func (r textTasks) created(id, model string) error {
	return r.line("%s: created by %s", printable(id), model)
}

func (r textTasks) info(id string, data *generated.ImageInfoData) error {
	text := fmt.Sprintf("%s: %s%s", printable(id), statusName(data.ImageStatus), because(data.ErrorMessage))
	if data.Width > 0 && data.Height > 0 {
		text += fmt.Sprintf(", %d by %d pixels", data.Width, data.Height)
	}
	for _, address := range data.URL {
		text += "\n  " + printable(address)
	}
	return r.line("%s", text)
}

func (r textTasks) image(id string, _ int, file string, bytes int64) error {
	return r.line("%s: %s (%s)", printable(id), printable(file), count(int(bytes), "byte"))
}

func (r textTasks) failed(id string, err error) error {
	switch {
	case id == "":
		return nil // the last line on stderr says it
	case errors.As(err, new(*wrapper.WaitError)):
		return r.line("%s: %s", printable(id), plain(err)) // it did not fail
	}
	return r.line("%s: failed: %s", printable(id), plain(err))
}

func (r textTasks) skipped(ids []string, reason string) error {
	return r.line("not asked: %s: %s", named(ids), reason)
}

type jsonTasks struct{ enc *json.Encoder }

// taskObject is one line; images info, download and generate document it.
type taskObject struct {
	Type         string   `json:"type"`
	ID           string   `json:"id,omitempty"`
	Model        string   `json:"model,omitempty"`
	Status       string   `json:"status,omitempty"`
	URL          []string `json:"url,omitempty"`
	Width        int      `json:"width,omitempty"`
	Height       int      `json:"height,omitempty"`
	StartTime    string   `json:"start_time,omitempty"`
	ErrorMessage string   `json:"error_message,omitempty"`
	Index        int      `json:"index,omitempty"`
	File         string   `json:"file,omitempty"`
	Bytes        int64    `json:"bytes,omitempty"`
	Error        string   `json:"error,omitempty"`
	Outcome      string   `json:"outcome,omitempty"`
	Code         int      `json:"code,omitempty"`
	HTTPStatus   int      `json:"http_status,omitempty"`
	RequestID    string   `json:"request_id,omitempty"`
}

func (r jsonTasks) note(string) error { return nil }

func (r jsonTasks) created(id, model string) error {
	return r.enc.Encode(taskObject{Type: "task", ID: id, Model: model})
}

func (r jsonTasks) info(id string, d *generated.ImageInfoData) error {
	return r.enc.Encode(taskObject{
		Type: "info", ID: id, Status: statusName(d.ImageStatus), URL: d.URL, Width: d.Width, Height: d.Height,
		StartTime: d.Starttime, ErrorMessage: d.ErrorMessage,
	})
}

func (r jsonTasks) image(id string, index int, file string, bytes int64) error {
	return r.enc.Encode(taskObject{Type: "image", ID: id, Index: index, File: file, Bytes: bytes})
}

func (r jsonTasks) failed(id string, err error) error {
	f := factsOf(err)
	o := taskObject{Type: "error", ID: id, Error: plain(err), Code: f.code, HTTPStatus: f.httpStatus, RequestID: f.requestID}
	var failed *wrapper.TaskFailedError
	var wait *wrapper.WaitError
	switch {
	case id == "":
		o.Outcome = outcomeOf(err).String()
	case errors.As(err, &failed):
		o.Status, o.ErrorMessage = statusNames[statusTaskFailed], failed.Message
	case errors.As(err, &wait) && wait.Status != 0:
		o.Status = statusName(wait.Status)
	}
	return r.enc.Encode(o)
}

func (r jsonTasks) skipped(ids []string, reason string) error {
	for _, id := range ids {
		if err := r.enc.Encode(taskObject{Type: "error", ID: id, Error: reason, Outcome: notSent.String()}); err != nil {
			return err
		}
	}
	return nil
}

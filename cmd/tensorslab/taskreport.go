package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/tensorslab/tensorslab-go/generated"
)

// taskReporter tells what is known of tasks. Each method returns the error of
// the write.
type taskReporter interface {
	created(id, model string) error
	info(id string, data *generated.ImageInfoData) error
	image(id string, index int, file string, bytes int64) error
	failed(id string, err error) error
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
	return r.line("%s: failed: %s", printable(id), plain(err))
}

// printable keeps what the service sent from steering a terminal.
func printable(s string) string {
	quoted := fmt.Sprintf("%q", s)
	if quoted == `"`+s+`"` {
		return s
	}
	return quoted
}

type jsonTasks struct{ enc *json.Encoder }

// taskObject is one line; images info, download and generate document it.
type taskObject struct {
	Type         string   `json:"type"`
	ID           string   `json:"id"`
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
	return r.enc.Encode(taskObject{Type: "error", ID: id, Error: plain(err), Code: f.code, HTTPStatus: f.httpStatus, RequestID: f.requestID})
}

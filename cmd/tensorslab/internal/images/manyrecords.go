package images

import (
	"fmt"
	"strings"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// changeRecord is a change of a job under way, for a log.
type changeRecord struct {
	result batch.Result
	err    error
	prompt string // of a job that had no line yet, whose key may be a digest
}

func (r changeRecord) Text() string {
	text := fmt.Sprintf("%s: %s", cli.Printable(r.result.Key), r.result.State)
	if r.result.TaskID != "" {
		text += ", task " + cli.Printable(r.result.TaskID)
	}
	text += beginning(r.prompt)
	if r.err != nil {
		text += ": " + cli.OneLine(r.err.Error())
	}
	return text
}

// shownPrompt is how much of a prompt a line shows, in characters.
const shownPrompt = 40

// beginning returns the start of a prompt in quotes, after a comma, or nothing without one.
func beginning(prompt string) string {
	if prompt == "" {
		return ""
	}
	if runes := []rune(prompt); len(runes) > shownPrompt {
		prompt = string(runes[:shownPrompt-1]) + "…"
	}
	return ", " + cli.Quote(prompt)
}

// Objects yields nothing: programs get a record of each task that is created, and of each
// result.
func (r changeRecord) Objects(func(any) bool) {}

// resultRecord is what has become of a job.
type resultRecord struct {
	result    batch.Result
	err       error
	isPrinted bool // the id was reported when the task was created
}

// resultObject is a resultRecord in JSON. The help of images generate documents the fields.
type resultObject struct {
	Type       string   `json:"type"`
	Key        string   `json:"key"`
	ID         string   `json:"id,omitempty"`
	State      string   `json:"state"`
	Model      string   `json:"model,omitempty"`
	Prompt     string   `json:"prompt,omitempty"`
	Files      []string `json:"files,omitempty"`
	Task       any      `json:"task,omitempty"`
	Error      string   `json:"error,omitempty"`
	Code       int      `json:"code,omitempty"`
	HTTPStatus int      `json:"http_status,omitempty"`
	RequestID  string   `json:"request_id,omitempty"`
}

// BareID returns the id of a task that an earlier run has created.
func (r resultRecord) BareID() string {
	if r.isPrinted || r.result.TaskID == "" {
		return ""
	}
	return cli.Printable(r.result.TaskID)
}

// Text returns where the images are, or what is wrong. Those in doubt are told at the end,
// and those that were done before are only counted.
func (r resultRecord) Text() string {
	key := cli.Printable(r.result.Key)
	switch {
	case r.result.State == batch.InDoubt:
		return ""
	case r.err != nil:
		return fmt.Sprintf("%s: %s: %s", key, r.result.State, cli.OneLine(r.err.Error()))
	case r.result.Data == nil || len(r.result.Files) == 0:
		return ""
	}
	var files []string
	for _, file := range r.result.Files {
		files = append(files, cli.Printable(file))
	}
	return fmt.Sprintf("%s: %s %s", key, r.result.State, strings.Join(files, ", "))
}

func (r resultRecord) Objects(yield func(any) bool) {
	f := cli.FactsOf(r.err)
	object := resultObject{
		Type: "result", Key: r.result.Key, ID: r.result.TaskID, State: r.result.State.String(), Model: string(r.result.Model),
		Prompt: r.result.Prompt, Files: r.result.Files, Code: f.Code, HTTPStatus: f.HTTPStatus, RequestID: f.RequestID,
	}
	if r.err != nil {
		object.Error = cli.OneLine(r.err.Error())
	}
	if r.result.Data != nil {
		infoRecord{r.result.TaskID, r.result.Data}.Objects(func(info any) bool { object.Task = info; return true })
	}
	yield(object)
}

// doubtRecord is a job that may have been paid for, told at the end.
type doubtRecord struct {
	key, prompt string
	err         error
}

func (r doubtRecord) Text() string {
	return fmt.Sprintf("in doubt: %s (%s): %s", cli.Printable(r.key), cli.Quote(r.prompt), cli.OneLine(r.err.Error()))
}

// Objects yields nothing: it was a result.
func (r doubtRecord) Objects(func(any) bool) {}

// manySummary comes last.
type manySummary struct {
	manyCounts
	interrupted bool
}

func (r manySummary) Text() string {
	text := fmt.Sprintf("%s: %s", cli.Count(r.Total, "prompt"), r.text())
	if r.Skipped > 0 {
		text += fmt.Sprintf(" (%d done before)", r.Skipped)
	}
	return text + fmt.Sprintf("; paid for in this run: %s; images completed: %d", cli.Count(r.Submitted, "task"), r.Images)
}

func (r manySummary) Objects(yield func(any) bool) {
	yield(struct {
		Type string `json:"type"`
		manyCounts
		Interrupted bool `json:"interrupted"`
	}{"summary", r.manyCounts, r.interrupted})
}

// dryRunRecord is all that a dry run reports.
type dryRunRecord struct {
	manyPlan
	text string
}

func (r dryRunRecord) Text() string { return "dry run: would pay for " + r.text + "; nothing was sent" }

func (r dryRunRecord) Objects(yield func(any) bool) {
	yield(struct {
		Type    string `json:"type"`
		Total   int    `json:"total"`
		Submit  int    `json:"submit"`
		Images  int    `json:"images"`
		Repeats int    `json:"repeats,omitempty"`
		Resume  int    `json:"resume"`
		Done    int    `json:"done"`
		Failed  int    `json:"failed"`
		Deleted int    `json:"deleted"`
		InDoubt int    `json:"in_doubt"`
	}{"dry_run", r.total, r.fresh, r.images, r.repeats, r.resumed, r.done, r.failed, r.deleted, r.doubt})
}

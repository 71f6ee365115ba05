package images

import (
	"fmt"
	"slices"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// batchRecord is the outcome of a batch. In text only failures are reported.
type batchRecord struct {
	ids     []string
	outcome outcome
	err     error
}

// batchObject is a batch in JSON. The help of images delete documents the fields.
type batchObject struct {
	Type       string   `json:"type"`
	IDs        []string `json:"ids"`
	Outcome    string   `json:"outcome"`
	Error      string   `json:"error,omitempty"`
	Code       int      `json:"code,omitempty"`
	HTTPStatus int      `json:"http_status,omitempty"`
	Attempts   int      `json:"attempts,omitempty"`
	RequestID  string   `json:"request_id,omitempty"`
}

func (r batchRecord) Text() string {
	if r.err == nil {
		return ""
	}
	return fmt.Sprintf("%s: %s: %s", r.outcome.words(), cli.NameIDs(r.ids), cli.OneLine(r.err.Error()))
}

func (r batchRecord) Objects(yield func(any) bool) {
	object := batchObject{Type: "batch", IDs: r.ids, Outcome: r.outcome.String()}
	if r.err != nil {
		f := cli.FactsOf(r.err)
		object.Error = cli.OneLine(r.err.Error())
		object.Code, object.HTTPStatus, object.Attempts, object.RequestID = f.Code, f.HTTPStatus, f.Attempts, f.RequestID
	}
	yield(object)
}

// unsentRecord names the ids whose batch was never made.
type unsentRecord struct {
	ids       []string
	reason    string
	batchSize int // of the objects in JSON, so that their lines are as long as the others
}

func (r unsentRecord) Text() string {
	return fmt.Sprintf("%s: %s: %s", notSent.words(), cli.NameIDs(r.ids), r.reason)
}

func (r unsentRecord) Objects(yield func(any) bool) {
	for ids := range slices.Chunk(r.ids, r.batchSize) {
		if !yield(batchObject{Type: "batch", IDs: ids, Outcome: notSent.String(), Error: r.reason}) {
			return
		}
	}
}

// summaryRecord comes last.
type summaryRecord struct {
	tally
	repeats     int
	batches     int // number of those reported
	interrupted bool
	remaining   string // the file, if it was written
}

type summaryObject struct {
	Type        string `json:"type"`
	Total       int    `json:"total"`
	Deleted     int    `json:"deleted"`
	Refused     int    `json:"refused"`
	Failed      int    `json:"failed,omitempty"`
	NotSent     int    `json:"not_sent"`
	Unknown     int    `json:"unknown"`
	Repeats     int    `json:"repeats"`
	Batches     int    `json:"batches"`
	Interrupted bool   `json:"interrupted"`
	Remaining   string `json:"remaining,omitempty"`
}

func (r summaryRecord) Text() string {
	text := fmt.Sprintf("%s: %d deleted, %d refused, ", cli.Count(r.total, "image task"), r.deleted, r.refused)
	if r.failed > 0 {
		text += fmt.Sprintf("%d failed, ", r.failed)
	}
	text += fmt.Sprintf("%d not sent, %d unknown", r.notSent, r.unknown) + repeatsDropped(r.repeats)
	if r.remaining != "" {
		text += fmt.Sprintf("\n%s left in %s", cli.Count(r.left(), "id"), r.remaining)
	}
	return text
}

func (r summaryRecord) Objects(yield func(any) bool) {
	yield(summaryObject{
		"summary", r.total, r.deleted, r.refused, r.failed, r.notSent, r.unknown,
		r.repeats, r.batches, r.interrupted, r.remaining,
	})
}

// planRecord is all that a dry run reports.
type planRecord struct{ total, repeats, batches, batchSize int }

type planObject struct {
	Type      string `json:"type"`
	Total     int    `json:"total"`
	Repeats   int    `json:"repeats"`
	Batches   int    `json:"batches"`
	BatchSize int    `json:"batch_size"`
}

func (r planRecord) Text() string {
	return fmt.Sprintf("dry run: would delete %s in %s of at most %d%s; nothing was sent",
		cli.Count(r.total, "image task"), cli.Count(r.batches, "batch"), r.batchSize, repeatsDropped(r.repeats))
}

func (r planRecord) Objects(yield func(any) bool) {
	yield(planObject{"dry_run", r.total, r.repeats, r.batches, r.batchSize})
}

func repeatsDropped(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" (%s dropped)", cli.Count(n, "repeat"))
}

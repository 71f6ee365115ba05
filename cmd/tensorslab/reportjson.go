package main

import (
	"encoding/json"
	"io"
	"slices"
)

// jsonReport writes one object a line, each with one write. The help of
// images delete documents the fields.
type jsonReport struct {
	enc       *json.Encoder
	batchSize int
}

func newJSONReport(out io.Writer, batchSize int) *jsonReport {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return &jsonReport{enc, batchSize}
}

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

type summaryObject struct {
	Type        string `json:"type"`
	Total       int    `json:"total"`
	Deleted     int    `json:"deleted"`
	Refused     int    `json:"refused"`
	NotSent     int    `json:"not_sent"`
	Unknown     int    `json:"unknown"`
	Repeats     int    `json:"repeats"`
	Batches     int    `json:"batches"`
	Interrupted bool   `json:"interrupted"`
	Remaining   string `json:"remaining,omitempty"`
}

type planObject struct {
	Type      string `json:"type"`
	Total     int    `json:"total"`
	Repeats   int    `json:"repeats"`
	Batches   int    `json:"batches"`
	BatchSize int    `json:"batch_size"`
}

func (r *jsonReport) note(string) error { return nil }

func (r *jsonReport) batch(ids []string, o outcome, err error) error {
	b := batchObject{Type: "batch", IDs: ids, Outcome: o.String()}
	if err != nil {
		f := factsOf(err)
		b.Error, b.Code, b.HTTPStatus, b.Attempts, b.RequestID = plain(err), f.code, f.httpStatus, f.attempts, f.requestID
	}
	return r.enc.Encode(b)
}

// unsent keeps lines at the size of the others.
func (r *jsonReport) unsent(ids []string, reason string) error {
	for chunk := range slices.Chunk(ids, r.batchSize) {
		if err := r.enc.Encode(batchObject{Type: "batch", IDs: chunk, Outcome: notSent.String(), Error: reason}); err != nil {
			return err
		}
	}
	return nil
}

func (r *jsonReport) summary(s summary) error {
	return r.enc.Encode(summaryObject{
		"summary", s.total, s.deleted, s.refused, s.notSent, s.unknown,
		s.repeats, s.batches, s.interrupted, s.remaining,
	})
}

func (r *jsonReport) plan(p plan) error {
	return r.enc.Encode(planObject{"dry_run", p.total, p.repeats, p.batches, p.batchSize})
}

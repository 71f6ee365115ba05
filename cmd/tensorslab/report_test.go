package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

var apiErr = &wrapper.APIError{Operation: "deleteImagesTask", HTTPStatus: 200, Code: 9999, Message: "no <such> task", Attempts: 2, RequestID: "r-1"}

func TestFactsOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want facts
	}{
		{apiErr, facts{9999, 200, 2, "r-1"}},
		{&wrapper.ContractError{HTTPStatus: 204, Attempts: 1, RequestID: "r-2"}, facts{0, 204, 1, "r-2"}},
		{&wrapper.TransportError{Attempts: 3, Err: errors.New("reset")}, facts{attempts: 3}},
		{&wrapper.RequestError{Reason: "blank"}, facts{}},
		{errors.New("other"), facts{}},
	} {
		if got := factsOf(tt.err); got != tt.want {
			t.Errorf("%v: %+v, want %+v", tt.err, got, tt.want)
		}
	}
}

func tellAll(t *testing.T, r reporter) {
	t.Helper()
	s := summary{tally: tally{total: 6, deleted: 2, refused: 1, notSent: 3}, repeats: 1, batches: 2, interrupted: true, remaining: "left.txt"}
	for _, err := range []error{
		r.note("Hello."),
		r.batch([]string{"a", "b"}, deleted, nil),
		r.batch([]string{"c"}, refused, apiErr),
		r.unsent([]string{"d", "e", "f"}, "interrupted"),
		r.summary(s),
		r.plan(plan{total: 6, repeats: 1, batches: 3, batchSize: 2}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestTextReport(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	tellAll(t, &textReport{&out})
	want := `Hello.
refused: c: HTTP 200, code 9999 "no <such> task": the service refused the request; correct it; the service did not act (request id "r-1", 2 attempts)
not sent: 3 ids (d … f): interrupted
6 image tasks: 2 deleted, 1 refused, 3 not sent, 0 unknown (1 repeat dropped)
4 ids left in left.txt
dry run: would delete 6 image tasks in 3 batches of up to 2 (1 repeat dropped); nothing was sent
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

func TestJSONReport(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	tellAll(t, newJSONReport(&out, 2))
	want := `{"type":"batch","ids":["a","b"],"outcome":"deleted"}
{"type":"batch","ids":["c"],"outcome":"refused","error":"HTTP 200, code 9999 \"no <such> task\": the service refused the request; correct it; the service did not act (request id \"r-1\", 2 attempts)","code":9999,"http_status":200,"attempts":2,"request_id":"r-1"}
{"type":"batch","ids":["d","e"],"outcome":"not_sent","error":"interrupted"}
{"type":"batch","ids":["f"],"outcome":"not_sent","error":"interrupted"}
{"type":"summary","total":6,"deleted":2,"refused":1,"not_sent":3,"unknown":0,"repeats":1,"batches":2,"interrupted":true,"remaining":"left.txt"}
{"type":"dry_run","total":6,"repeats":1,"batches":3,"batch_size":2}
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}

// The help names each field, and no other.
func TestJSONFieldsAreDocumented(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	tellAll(t, newJSONReport(&out, 2))
	for line := range strings.Lines(out.String()) {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatal(err)
		}
		for field := range object {
			if !strings.Contains(deleteLong, field) {
				t.Errorf("field %q is not in the help", field)
			}
		}
	}
}

func TestReportersPassErrorsOn(t *testing.T) {
	t.Parallel()
	broken := errors.New("no space left")
	out := failingWriter{broken}
	for name, r := range map[string]reporter{"text": &textReport{out}, "JSON": newJSONReport(out, 2)} {
		for method, err := range map[string]error{
			"batch":   r.batch([]string{"c"}, refused, apiErr),
			"unsent":  r.unsent([]string{"c"}, "interrupted"),
			"summary": r.summary(summary{}),
			"plan":    r.plan(plan{}),
		} {
			if !errors.Is(err, broken) {
				t.Errorf("%s: %s returned %v", name, method, err)
			}
		}
	}
}

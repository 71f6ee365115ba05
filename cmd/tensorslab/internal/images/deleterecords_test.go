package images

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// reported returns the report of records.
func reported(t *testing.T, asJSON bool, records ...cli.Record) string {
	t.Helper()
	var out strings.Builder
	r := cli.NewReporter(&out, asJSON)
	for _, record := range records {
		r.Report(record)
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// deletionRecords are one of each kind.
func deletionRecords() []cli.Record {
	apiErr := &wrapper.APIError{
		Operation: "deleteImagesTask", HTTPStatus: 200, Code: 9999, Message: "no <such> task", Attempts: 2, RequestID: "r-1",
	}
	return []cli.Record{
		cli.Note("Hello."),
		batchRecord{[]string{"a", "b"}, deleted, nil},
		batchRecord{[]string{"c"}, refused, cli.Advisor{}.Describe(apiErr)},
		unsentRecord{[]string{"d", "e", "f"}, "interrupted", 2},
		summaryRecord{tally: tally{total: 6, deleted: 2, refused: 1, notSent: 3}, repeats: 1, batches: 2, interrupted: true, remaining: "left.txt"},
		planRecord{total: 6, repeats: 1, batches: 3, batchSize: 2},
	}
}

func TestDeletionText(t *testing.T) {
	t.Parallel()
	want := `Hello.
refused: c: HTTP 200, code 9999 "no <such> task": the service rejected the request; the service did not act; check the ids (request id "r-1", 2 attempts)
not sent: 3 ids (d … f): interrupted
6 image tasks: 2 deleted, 1 refused, 3 not sent, 0 unknown (1 repeat dropped)
4 ids left in left.txt
dry run: would delete 6 image tasks in 3 batches of at most 2 (1 repeat dropped); nothing was sent
`
	if diff := cmp.Diff(want, reported(t, false, deletionRecords()...)); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

func TestDeletionJSON(t *testing.T) {
	t.Parallel()
	want := `{"type":"batch","ids":["a","b"],"outcome":"deleted"}
{"type":"batch","ids":["c"],"outcome":"refused","error":"HTTP 200, code 9999 \"no <such> task\": the service rejected the request; the service did not act; check the ids (request id \"r-1\", 2 attempts)","code":9999,"http_status":200,"attempts":2,"request_id":"r-1"}
{"type":"batch","ids":["d","e"],"outcome":"not_sent","error":"interrupted"}
{"type":"batch","ids":["f"],"outcome":"not_sent","error":"interrupted"}
{"type":"summary","total":6,"deleted":2,"refused":1,"not_sent":3,"unknown":0,"repeats":1,"batches":2,"interrupted":true,"remaining":"left.txt"}
{"type":"dry_run","total":6,"repeats":1,"batches":3,"batch_size":2}
`
	if diff := cmp.Diff(want, reported(t, true, deletionRecords()...)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}

// The help names each field.
func TestDeletionFieldsAreDocumented(t *testing.T) {
	t.Parallel()
	for line := range strings.Lines(reported(t, true, deletionRecords()...)) {
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

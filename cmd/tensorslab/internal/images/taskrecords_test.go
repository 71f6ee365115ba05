package images

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// taskRecords are one of each kind.
func taskRecords() []cli.Record {
	describe := cli.Advisor{}.Describe
	return []cli.Record{
		createdRecord{id: "a", model: "zimage", key: "k", prompt: "a <fox>"},
		infoRecord{"a", &generated.ImageInfoData{ImageStatus: 3, URL: []string{"https://a.test/1?x=<&>"}, Width: 2, Height: 3, Starttime: "2026-01-30 12:00:00"}},
		infoRecord{"b\x1b[2J", &generated.ImageInfoData{ImageStatus: 4, ErrorMessage: "too\nmany \x1b[31mfoxes"}},
		infoRecord{"c", &generated.ImageInfoData{ImageStatus: 7}},
		imageRecord{"a", 2, "out/a-2.png", 1, false},
		imageRecord{"a", 3, "out/a-3.png", 2, true},
		failedRecord{id: "d", err: describe(&wrapper.APIError{Operation: "infoByTaskId", HTTPStatus: 404, Code: 9999, Message: "none", RequestID: "r1"})},
		failedRecord{id: "e", err: errors.New("two\nlines")},
		failedRecord{id: "f", err: describe(&wrapper.TaskFailedError{TaskID: "f", Message: "foxes"})},
		failedRecord{id: "g", err: describe(&wrapper.WaitError{TaskID: "g", Status: cli.StatusProcessing, Err: wrapper.ErrWaitTimeout})},
		failedRecord{submission: true, err: describe(wrapper.ErrNotSent)},
		skippedRecord{[]string{"h", "i"}, "interrupted before they were requested"},
		cli.Note("for people"),
	}
}

func TestTaskText(t *testing.T) {
	t.Parallel()
	want := `a: created by zimage
a: completed, 2 by 3 pixels
  https://a.test/1?x=<&>
"b\x1b[2J": failed: "too\nmany \x1b[31mfoxes"
c: status 7
a: out/a-2.png (1 byte)
a: out/a-3.png (2 bytes, skipped: it is there already)
d: HTTP 404, code 9999 "none": no such task; check the id (request id "r1")
e: failed: two; lines
f: failed: the task failed: "foxes"; it may have been paid for, and generating again costs credits again; correct the request if it is at fault
g: the task had not ended after 0s (processing); it continues at the service, so wait for it again
not requested: 2 ids (h … i): interrupted before they were requested
for people
`
	if d := cmp.Diff(want, reported(t, false, taskRecords()...)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestTaskJSON(t *testing.T) {
	t.Parallel()
	want := `{"type":"task","id":"a","model":"zimage","key":"k","prompt":"a <fox>"}
{"type":"info","id":"a","status":"completed","url":["https://a.test/1?x=<&>"],"width":2,"height":3,"start_time":"2026-01-30 12:00:00"}
{"type":"info","id":"b\u001b[2J","status":"failed","error_message":"too\nmany \u001b[31mfoxes"}
{"type":"info","id":"c","status":"status 7"}
{"type":"image","id":"a","index":2,"file":"out/a-2.png","bytes":1}
{"type":"image","id":"a","index":3,"file":"out/a-3.png","bytes":2,"skipped":true}
{"type":"error","id":"d","error":"HTTP 404, code 9999 \"none\": no such task; check the id (request id \"r1\")","code":9999,"http_status":404,"request_id":"r1"}
{"type":"error","id":"e","error":"two; lines"}
{"type":"error","id":"f","status":"failed","error_message":"foxes","error":"the task failed: \"foxes\"; it may have been paid for, and generating again costs credits again; correct the request if it is at fault"}
{"type":"error","id":"g","status":"processing","error":"the task had not ended after 0s (processing); it continues at the service, so wait for it again"}
{"type":"error","error":"nothing was sent to the service","outcome":"not_sent"}
{"type":"error","id":"h","error":"interrupted before they were requested","outcome":"not_sent"}
{"type":"error","id":"i","error":"interrupted before they were requested","outcome":"not_sent"}
`
	if d := cmp.Diff(want, reported(t, true, taskRecords()...)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

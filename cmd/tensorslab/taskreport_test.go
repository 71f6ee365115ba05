package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// tellTasks has a reporter tell one of each kind.
func tellTasks(t *testing.T, r taskReporter) {
	t.Helper()
	refusal := &wrapper.APIError{Operation: "infoByTaskId", HTTPStatus: 404, Code: 9999, Message: "none", RequestID: "r1"}
	for _, err := range []error{
		r.created("a", "zimage"),
		r.info("a", &generated.ImageInfoData{ImageStatus: 3, URL: []string{"https://a.test/1?x=<&>"}, Width: 2, Height: 3, Starttime: "2026-01-30 12:00:00"}),
		r.info("b\x1b[2J", &generated.ImageInfoData{ImageStatus: 4, ErrorMessage: "too\nmany \x1b[31mfoxes"}),
		r.info("c", &generated.ImageInfoData{ImageStatus: 7}),
		r.image("a", 2, "out/a-2.png", 1),
		r.failed("d", refusal),
		r.failed("e", errors.New("two\nlines")),
		r.failed("f", &wrapper.TaskFailedError{TaskID: "f", Message: "foxes"}),
		r.failed("g", &wrapper.WaitError{TaskID: "g", Status: statusProcessing, Err: wrapper.ErrWaitTimeout}),
		r.failed("", wrapper.ErrNotSent),
		r.skipped([]string{"h", "i"}, "interrupted before their turn"),
		r.note("for people"),
	} {
		if err != nil {
			t.Error(err)
		}
	}
}

func TestTextTasks(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	tellTasks(t, newTaskReporter(&out, serviceFlags{output: outputText}))
	want := `a: created by zimage
a: completed, 2 by 3 pixels
  https://a.test/1?x=<&>
"b\x1b[2J": failed: "too\nmany \x1b[31mfoxes"
c: status 7
a: out/a-2.png (1 byte)
d: failed: HTTP 404, code 9999 "none": the service knows no such task; check the id; the service did not act (request id "r1")
e: failed: two; lines
f: failed: the task failed at the service, with "foxes"; correct the request if it is at fault, and generate anew
g: the task had not ended after 0s (image_status 2): the task took longer than the wait; it goes on at the service, so wait for it again
not asked: 2 ids (h … i): interrupted before their turn
for people
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestJSONTasks(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	tellTasks(t, newTaskReporter(&out, serviceFlags{output: outputJSON}))
	want := `{"type":"task","id":"a","model":"zimage"}
{"type":"info","id":"a","status":"completed","url":["https://a.test/1?x=<&>"],"width":2,"height":3,"start_time":"2026-01-30 12:00:00"}
{"type":"info","id":"b\u001b[2J","status":"failed","error_message":"too\nmany \u001b[31mfoxes"}
{"type":"info","id":"c","status":"status 7"}
{"type":"image","id":"a","index":2,"file":"out/a-2.png","bytes":1}
{"type":"error","id":"d","error":"HTTP 404, code 9999 \"none\": the service knows no such task; check the id; the service did not act (request id \"r1\")","code":9999,"http_status":404,"request_id":"r1"}
{"type":"error","id":"e","error":"two; lines"}
{"type":"error","id":"f","status":"failed","error_message":"foxes","error":"the task failed at the service, with \"foxes\"; correct the request if it is at fault, and generate anew"}
{"type":"error","id":"g","status":"processing","error":"the task had not ended after 0s (image_status 2): the task took longer than the wait; it goes on at the service, so wait for it again"}
{"type":"error","error":"nothing was sent to the service","outcome":"not_sent"}
{"type":"error","id":"h","error":"interrupted before their turn","outcome":"not_sent"}
{"type":"error","id":"i","error":"interrupted before their turn","outcome":"not_sent"}
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

package fakeapi_test

import (
	"encoding/json"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// like returns a contract's example with other data, and with what a query repeats
// of the request.
func like(t *testing.T, name string, data map[string]any) string {
	t.Helper()
	var document map[string]any
	if err := json.Unmarshal([]byte(example(t, infoPath, name)), &document); err != nil {
		t.Fatal(err)
	}
	shown, _ := document["data"].(map[string]any)
	for key, value := range data {
		if _, ok := shown[key]; !ok && key != "prompt" && key != "category" {
			t.Fatalf("the example %s has no %s", name, key)
		}
		shown[key] = value
	}
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestInfoSendsTheContractsExamples(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := fakeapi.Start(t, opt, fakeapi.WithStrict())
		id := create(t, srv, text("batchsize", "2", "resolution", "16:9")...)
		wantJSON(t, info(t, srv, id), 200, like(t, "processing", map[string]any{"taskid": id, "image_status": 1, "prompt": "a fox", "category": "seedreamv4"}))
		wantJSON(t, info(t, srv, id), 200, like(t, "processing", map[string]any{"taskid": id, "prompt": "a fox", "category": "seedreamv4"}))
		for range 2 {
			wantJSON(t, info(t, srv, id), 200, like(t, "completed", map[string]any{"taskid": id, "width": 64, "height": 36, "prompt": "a fox", "category": "seedreamv4",
				"url": []string{srv.ImageHost().URL + "/" + id + "-1.png", srv.ImageHost().URL + "/" + id + "-2.png"}}))
		}
		srv.ScriptNext(1, fakeapi.TaskLife{Fail: "the prompt was refused"})
		id = create(t, srv)
		wantJSON(t, info(t, srv, id), 200, like(t, "failed", map[string]any{"taskid": id, "error_message": "the prompt was refused", "prompt": "a fox", "category": "seedreamv4"}))
	})
}

func TestInfoOfAddedTasks(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a"))
	srv.AddTasks("b")
	for _, id := range []string{"a", "b"} {
		wantJSON(t, info(t, srv, id), 200, like(t, "completed", map[string]any{"taskid": id, "width": 64, "height": 64,
			"url": srv.ImageURLs(id)}))
	}
}

func TestInfoOfNoTask(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithStrict(), fakeapi.WithTasks("a"))
	id := create(t, srv)
	wantJSON(t, send(srv, deletion(t, srv, "a", id)), 200, successBody)
	for _, unknown := range []string{"a", id, "never", "FAKE_0000000000000001"} {
		if msg := wantError(t, info(t, srv, unknown), 404); msg != "Task not found" {
			t.Errorf("%q: msg %q", unknown, msg)
		}
	}
	srv.AddTasks(id) // it exists again, and is completed
	if got := statuses(t, srv, id, 1)[0]; got != 3 {
		t.Errorf("status %d, want 3", got)
	}
}

func TestInfoThatViolatesTheContract(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a"))
	for _, body := range []string{`{}`, `{"taskid":1}`, `{"taskid":null}`, `{"taskid":["a"]}`, `{"taskId":"a","taskid":"a"}`, `{"taskid":"a"}{}`, ``} {
		wantError(t, send(srv, request(t, srv, "POST", infoPath, body)), 400)
	}
}

// Deletion makes no difference between tasks that were added and generated.
func TestGeneratedTasksAreDeleted(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a"))
	first, second := create(t, srv), create(t, srv)
	srv.RefuseTasks(second)
	wantJSON(t, send(srv, deletion(t, srv, second, first)), 200, failedBody)
	wantTasks(t, srv, "a", first, second)
	for range 2 {
		wantJSON(t, send(srv, deletion(t, srv, first)), 200, successBody)
	}
	wantTasks(t, srv, "a", second)
}

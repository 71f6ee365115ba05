package fakeapi_test

import (
	"net/http"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// A known operation is found by its operationId at another path.
func TestGrownContractMovesAnOperation(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, grown(t), fakeapi.WithTasks("a", "b"))
	wantJSON(t, send(srv, request(t, srv, http.MethodPost, "/v2/tasks/delete", `{"taskids":["a"]}`)), 200, successBody)
	wantTasks(t, srv, "b")
	wantError(t, send(srv, deletion(t, srv, "b")), 404)
}

// A body that satisfies another contract and not the published one.
func TestGrownContractChangesAKnownBody(t *testing.T) {
	t.Parallel()
	doc := `{"openapi":"3.0.3","info":{"title":"t","version":"1"},"paths":{"/d":{"post":{"operationId":"deleteImagesTask",
		"requestBody":{"content":{"*/*":{}}},"responses":{"200":{"description":"OK"}}}}}}`
	srv := fakeapi.Start(t, fakeapi.WithContract([]byte(doc)))
	msg := wantError(t, send(srv, request(t, srv, http.MethodPost, "/d", `{"taskids":[1]}`)), 400)
	if msg != "the body is not a DeleteImagesTaskRequest" {
		t.Errorf("msg %q", msg)
	}
}

func TestOptionalBody(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, grown(t))
	for contentType, status := range map[string]int{"": 200, "application/json": 400, "text/csv": 200, "text/plain": 400} {
		req := request(t, srv, http.MethodPost, "/v2/tasks/info", "")
		req.Header.Del("Content-Type")
		if contentType != "" {
			req.Header.Set("Content-Type", contentType)
		}
		if got := must(t, send(srv, req)); got.status != status {
			t.Errorf("no body of type %q: status %d, want %d; %s", contentType, got.status, status, got.body)
		}
	}
}

package fakeapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

// A contract may let fields be sent as in a query, in place of JSON or beside it.
func TestFieldsAsInAQuery(t *testing.T) {
	t.Parallel()
	const reference = `{"schema": {"$ref": "#/components/schemas/DeleteImagesTaskRequest"}}`
	before, after, ok := strings.Cut(string(frozen.Spec()), `"operationId": "deleteImagesTask"`)
	spec := before + `"operationId": "deleteImagesTask"` + strings.Replace(after, `"application/json": {`, `"application/x-www-form-urlencoded": `+reference+`, "application/json": {`, 1)
	if !ok || spec == string(frozen.Spec()) {
		t.Fatal("the contract has no deletion")
	}
	for body, want := range map[string]string{
		"uid=u1&taskids=a&taskids=b":       "",
		"taskids=a":                        "",
		"taskids=%61&more=x":               "",
		"taskids=unknown":                  "200 task not found",
		"uid=u1":                           `"/taskids" is required`,
		"":                                 `"/taskids" is required`,
		"uid=u1&uid=u2&taskids=a":          `"uid" is repeated`,
		"taskids=%zz":                      "malformed",
		"taskids=a;b":                      "malformed",
		"taskids=%ff":                      `"taskids" is not valid UTF-8`,
		"TaskIDs=a&taskids=a":              `"/TaskIDs"; the contract has "/taskids"`,
		strings.Repeat("taskids=a&", 1000): "413 more than 1000 fields",
	} {
		srv := fakeapi.Start(t, fakeapi.WithContract([]byte(spec)), fakeapi.WithTasks("a", "b"))
		req := request(t, srv, http.MethodPost, deletePath, body)
		req.Header.Set("Content-Type", "Application/X-WWW-Form-URLEncoded; charset=utf-8")
		got := send(srv, req)
		status, found := 400, want
		if code, message, ok := strings.Cut(want, " "); ok && (code == "200" || code == "413") {
			found = message
			status = map[string]int{"200": 200, "413": 413}[code]
		}
		if want == "" {
			wantJSON(t, got, 200, successBody)
		} else if msg := wantError(t, got, status); !strings.Contains(msg, found) {
			t.Errorf("%.40s: %q, want %q", body, msg, found)
		}
		if left := len(srv.Tasks()); left == 2 != (want != "") {
			t.Errorf("%.40s: %d tasks are left", body, left)
		}
	}
}

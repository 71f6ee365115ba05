package bench

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const failure = `{"code":9999,"msg":"Delete failed","data":{"status":"Failed"}}`

// request is what a service can see of one.
type request struct {
	method, path, contentType, key string
	body                           rawRequest
}

// record keeps the requests that a service got.
type record struct {
	mu       sync.Mutex
	requests []request
}

// serve responds to each request with body.
func (r *record) serve(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		got := request{method: req.Method, path: req.URL.Path,
			contentType: req.Header.Get("Content-Type"), key: req.Header.Get("Authorization")}
		if err := json.NewDecoder(req.Body).Decode(&got.body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.mu.Lock()
		r.requests = append(r.requests, got)
		r.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}
}

// wantEachOnce checks that the requests hold exactly these ids.
func (r *record) wantEachOnce(tb testing.TB, ids []string) {
	tb.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	got := make([]string, 0, len(ids))
	for _, req := range r.requests {
		got = append(got, req.body.TaskIDs...)
	}
	slices.Sort(got)
	want := slices.Sorted(slices.Values(ids))
	if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
		tb.Errorf("ids received (-want +got):\n%s", diff)
	}
}

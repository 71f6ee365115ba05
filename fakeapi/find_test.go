package fakeapi_test

import (
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, grown(t))
	cases := []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/v2/tasks/latest", 200, ""}, // not the template
		{"DELETE", "/v2/tasks/latest?reason=x", 405, "GET"},
		{"GET", "/v2/tasks/1", 200, ""},
		{"GET", "/v2/tasks/a%2Fb", 200, ""},
		{"GET", "/v2/tasks/%20", 200, ""},
		{"GET", "/v2/tasks/", 404, ""},
		{"GET", "/v2/tasks/1/", 404, ""},
		{"GET", "/v2/tasks/1/2", 404, ""},
		{"POST", "/v2/tasks/1", 405, "DELETE, GET"},
		{"DELETE", "/v2/tasks/1?reason=x", 204, ""},
		{"GET", "/v2/tasks/1/frames/2.png", 401, ""},
		{"GET", "/v2/tasks/1/frames/2xpng", 404, ""},
		{"GET", "/v2/tasks/1/frames/.png", 404, ""},
		{"GET", "/v2/tasks/1/frames/2/3.png", 404, ""},
	}
	for _, c := range cases {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			got := must(t, send(srv, request(t, srv, c.method, c.path, "")))
			if got.status != c.status || got.header.Get("Allow") != c.allow {
				t.Errorf("status %d, Allow %q; want %d, %q; body %s", got.status, got.header.Get("Allow"), c.status, c.allow, got.body)
			}
		})
	}
}

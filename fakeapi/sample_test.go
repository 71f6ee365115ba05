package fakeapi_test

import (
	"net/http"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// The responses of an operation that this package does not know.
func TestSamples(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, grown(t))
	cases := map[string]struct {
		method, path string
		status       int
		body         string
	}{
		"the first example of several": {"POST", "/v2/tasks/info", 200,
			`{"code":1000,"msg":"OK","data":{"starttime":"2026-01-30 12:00:00"}}`},
		"the one example":        {"GET", "/v2/tasks/1", 200, `{"code":1000,"msg":"read"}`},
		"the default response":   {"GET", "/v2/tasks/latest", 200, `{"code":1000,"msg":""}`},
		"made from the schema":   {"GET", "/v2/tasks/1/frames/2.png", 200, everything},
		"a schema without end":   {"GET", "/v2/odd/loop", 501, noSample},
		"no JSON":                {"PUT", "/v2/odd/text", 501, noSample},
		"no response of success": {"PATCH", "/v2/odd/fails", 501, `{"code":9999,"msg":"the contract has no success response for this operation"}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			req := request(t, srv, c.method, c.path, "")
			req.Header.Del("Content-Type")
			req.Header.Set("X-Other-Key", testKey)
			wantJSON(t, send(srv, req), c.status, c.body)
		})
	}
}

const noSample = `{"code":9999,"msg":"the contract has no JSON example for this operation, and none can be made from its schema"}`

// everything is the least that satisfies the schema of that name.
const everything = `{
	"code": 1000,
	"choice": "second",
	"preset": "2K",
	"shown": "example text",
	"wrong": 6,
	"below": -3,
	"flag": false,
	"empty": [],
	"pair": [3, 3],
	"day": "2026-01-30",
	"moment": "2026-01-30T12:00:00Z",
	"link": "https://example.com/",
	"long": "xxxx",
	"either": {"kind": "cat"},
	"any": 0,
	"free": "",
	"inner": {"count": 0}
}`

func TestSampleWithoutContent(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, grown(t))
	got := must(t, send(srv, request(t, srv, http.MethodDelete, "/v2/tasks/1?reason=x", "")))
	if got.status != 204 || got.body != "" || len(got.header.Values("Content-Type")) != 0 {
		t.Errorf("got %d %q %q, want 204 and nothing", got.status, got.header.Values("Content-Type"), got.body)
	}
}

// Faults are common to all operations.
func TestFaultsOfAnUnknownOperation(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, grown(t))
	srv.FailNext(1, fakeapi.RateLimit(2))
	srv.FailNext(1, fakeapi.TruncateBody())
	if got := must(t, send(srv, request(t, srv, http.MethodGet, "/v2/tasks/1", ""))); got.status != 429 {
		t.Errorf("status %d, want 429", got.status)
	}
	if got := send(srv, request(t, srv, http.MethodGet, "/v2/tasks/1", "")); got.err == nil {
		t.Errorf("got the whole response %s", got.body)
	}
}

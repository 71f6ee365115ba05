package fakeapi_test

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// A fault that responds: what the client sees, and that nothing was deleted.
func TestFaultsThatRespond(t *testing.T) {
	cases := map[string]struct {
		fault       fakeapi.Fault
		status      int
		contentType string
		body        string
		header      http.Header
	}{
		"status with HTML": {fakeapi.Respond(503, "text/html", "<p>busy</p>"), 503, "text/html", "<p>busy</p>", nil},
		"empty body":       {fakeapi.Respond(500, "application/json", ""), 500, "application/json", "", nil},
		"no content type":  {fakeapi.Respond(200, "", successBody), 200, "", successBody, nil},
		"no content":       {fakeapi.Respond(204, "", ""), 204, "", "", nil},
		"odd status":       {fakeapi.Respond(999, "text/plain", "x"), 999, "text/plain", "x", nil},
		"redirect": {fakeapi.Respond(300, "", "").WithHeader("Location", "/elsewhere"), 300, "", "",
			http.Header{"Location": {"/elsewhere"}}},
		"code": {fakeapi.BusinessCode(9000, "Insufficient credits"), 200, "application/json",
			`{"code":9000,"msg":"Insufficient credits"}`, nil},
		"code with data": {fakeapi.BusinessCodeWithData(9999, "no", "Failed"), 200, "application/json",
			`{"code":9999,"data":{"status":"Failed"},"msg":"no"}`, nil},
		"rate limit": {fakeapi.RateLimit(7), 429, "application/json",
			`{"code":9999,"msg":"Too many requests"}`, http.Header{"Retry-After": {"7"}}},
		"rate limit with a date": {fakeapi.RateLimit(7).WithHeader("retry-after", "Fri, 30 Jan 2026 12:00:00 GMT"), 429,
			"application/json", `{"code":9999,"msg":"Too many requests"}`,
			http.Header{"Retry-After": {"Fri, 30 Jan 2026 12:00:00 GMT"}}},
		"impossible status": {fakeapi.Respond(99, "text/plain", "x"), 500, "application/json",
			`{"code":9999,"msg":"fakeapi: Respond cannot send status 99; use 200 to 999"}`, nil},
	}
	protocols(t, func(t *testing.T, opt fakeapi.Option, proto string) {
		srv := fakeapi.Start(t, opt, fakeapi.WithTasks("a"))
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				srv.ResetRequests()
				srv.FailNext(1, c.fault)
				got := must(t, send(srv, deletion(t, srv, "a")))
				if got.status != c.status || got.body != c.body || got.proto != proto {
					t.Errorf("got %d %q over %s, want %d %q over %s", got.status, got.body, got.proto, c.status, c.body, proto)
				}
				if values := got.header.Values("Content-Type"); c.contentType == "" && len(values) > 0 || got.header.Get("Content-Type") != c.contentType {
					t.Errorf("Content-Type %q, want %q", values, c.contentType)
				}
				for name := range c.header {
					if got.header.Get(name) != c.header.Get(name) {
						t.Errorf("%s %q, want %q", name, got.header.Get(name), c.header.Get(name))
					}
				}
				if all := srv.Requests(); len(all) != 1 || all[0].Status != c.status {
					t.Errorf("recorded %v, want one request with status %d", all, c.status)
				}
				wantTasks(t, srv, "a")
			})
		}
	})
}

func TestMalformedBody(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := fakeapi.Start(t, opt, fakeapi.WithTasks("a"))
		srv.FailNext(1, fakeapi.MalformedBody())
		got := must(t, send(srv, deletion(t, srv, "a")))
		if got.status != 200 || got.header.Get("Content-Type") != "application/json" || json.Valid([]byte(got.body)) {
			t.Errorf("got %d %q %q, want 200 application/json that is not JSON", got.status, got.header.Get("Content-Type"), got.body)
		}
		wantTasks(t, srv, "a")
	})
}

// A fault without a whole response: what the client sees, and what was done.
func TestFaultsThatBreakOff(t *testing.T) {
	cases := map[string]struct {
		fault   fakeapi.Fault
		deleted bool
		partial bool
	}{
		"request dropped":    {fakeapi.DropRequest(), false, false},
		"response dropped":   {fakeapi.DropAnswer(), true, false},
		"response truncated": {fakeapi.TruncateBody(), true, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
				srv := fakeapi.Start(t, opt, fakeapi.WithTasks("a", "b"))
				srv.FailNext(1, c.fault)
				got := send(srv, deletion(t, srv, "a"))
				if got.err == nil {
					t.Fatalf("got the whole response %d %s", got.status, got.body)
				}
				if c.partial != (got.body != "") || !strings.HasPrefix(`{"code":1000,`, got.body[:min(len(got.body), 13)]) {
					t.Errorf("got the part %q of a response, want one: %t", got.body, c.partial)
				}
				if all := srv.Requests(); len(all) != 1 || string(all[0].Body) != `{"taskids":["a"]}` || (all[0].Status != 0) != c.partial {
					t.Errorf("recorded %v", all)
				}
				if c.deleted {
					wantTasks(t, srv, "b")
				} else {
					wantTasks(t, srv, "a", "b")
				}
				// A retry succeeds whether or not the first attempt did.
				wantJSON(t, send(srv, deletion(t, srv, "a")), 200, successBody)
				wantTasks(t, srv, "b")
			})
		})
	}
}

func TestTruncatedBodyDeclaresItsWholeLength(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a"))
	srv.FailNext(1, fakeapi.TruncateBody())
	res, err := srv.Client().Do(deletion(t, srv, "a"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.ContentLength != int64(len(successBody)) || res.StatusCode != 200 {
		t.Errorf("status %d, length %d; want 200, %d", res.StatusCode, res.ContentLength, len(successBody))
	}
}

func TestFaultsQueueUp(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a"))
	srv.FailNext(0, fakeapi.RateLimit(1))
	srv.FailNext(-3, fakeapi.RateLimit(1))
	srv.FailNext(2, fakeapi.Respond(500, "", ""))
	srv.FailNext(1, fakeapi.Fault{})
	srv.FailNext(1, fakeapi.Fault{}.WithHeader("X-Request-Id", "r1"))
	srv.FailNext(math.MaxInt32, fakeapi.Respond(503, "", ""))
	var got []int
	var id string
	for range 7 {
		r := must(t, send(srv, deletion(t, srv, "a")))
		got = append(got, r.status)
		id += r.header.Get("X-Request-Id")
	}
	want := []int{500, 500, 200, 200, 503, 503, 503}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("statuses %v, want %v", got, want)
		}
	}
	if id != "r1" {
		t.Errorf("request ids %q, want r1 once", id)
	}
}

// A fault applies to any request, and a violation is still recorded.
func TestFaultMeetsAViolation(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	srv.FailNext(1, fakeapi.Respond(502, "", "bad gateway"))
	if got := must(t, send(srv, request(t, srv, http.MethodPost, deletePath, "{}"))); got.status != 502 {
		t.Errorf("status %d, want 502", got.status)
	}
	srv.FailNext(1, fakeapi.DropAnswer())
	if got := send(srv, request(t, srv, http.MethodPost, "/nowhere", "")); got.err == nil {
		t.Errorf("got a response, %d", got.status)
	}
	all := srv.Requests()
	if len(all) != 2 || all[0].Breach == "" || all[0].Status != 502 || all[1].Breach == "" || all[1].Status != 0 {
		t.Errorf("recorded %+v", all)
	}
}

func TestWithHeaderLeavesTheOriginal(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	plain := fakeapi.RateLimit(3)
	_ = plain.WithHeader("Retry-After", "9").WithHeader("X-Other", "1")
	srv.FailNext(1, plain)
	got := must(t, send(srv, deletion(t, srv)))
	if got.header.Get("Retry-After") != "3" || got.header.Get("X-Other") != "" {
		t.Errorf("headers %v were changed by a copy", got.header)
	}
}

// waitFor polls for what another goroutine does.
func waitFor(t testing.TB, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain")
		}
	}
}

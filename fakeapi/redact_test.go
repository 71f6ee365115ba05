package fakeapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestRecordedCredentials(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, grown(t))
	req := request(t, srv, http.MethodPost, "/v2/"+testKey+"?k="+testKey, `{"taskids":["`+testKey+`"]}`)
	req.Header = http.Header{
		"Authorization":       {"bearer " + testKey},
		"Proxy-Authorization": {"Basic proxy-secret"},
		"X-App-Key":           {"app-secret"},
		"X-Other-Key":         {"", "short"},
		"X-Copy":              {"is " + testKey, "app-secret", "short", "shortened"},
		"User-Agent":          {"test"},
	}
	must(t, send(srv, req))
	got := srv.Requests()[0]
	got.Header.Del("Accept-Encoding")
	got.Header.Del("Content-Length")
	got.Time = time.Time{}
	want := fakeapi.Request{
		Method: "POST", Path: "/v2/[redacted]", Query: "k=[redacted]", Proto: "HTTP/1.1",
		Header: http.Header{
			"Authorization":       {"Bearer [redacted]"},
			"Proxy-Authorization": {"[redacted]"},
			"X-App-Key":           {"[redacted]"},
			"X-Other-Key":         {"", "[redacted]"},
			"X-Copy":              {"is [redacted]", "[redacted]", "[redacted]", "shortened"},
			"User-Agent":          {"test"},
		},
		Body: []byte(`{"taskids":["[redacted]"]}`), Status: 404, Breach: "the contract has no such path",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("recorded (-want +got):\n%s", diff)
	}
}

func TestRecordedForms(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	for value, want := range map[string]string{
		testKey: "[redacted]", "Bearer " + testKey: "Bearer [redacted]", "Basic abc": "[redacted]", "Bearer": "[redacted]", "": "",
	} {
		srv.ResetRequests()
		req := deletion(t, srv)
		req.Header["Authorization"] = []string{value}
		must(t, send(srv, req))
		if got := srv.Requests()[0].Header["Authorization"]; len(got) != 1 || got[0] != want {
			t.Errorf("%q recorded as %q, want %q", value, got, want)
		}
	}
}

// A client that sends its key as an id or a name does not get it back.
func TestResponsesDoNotEchoTheKey(t *testing.T) {
	t.Parallel()
	tb := newRecorder()
	srv := fakeapi.Start(tb, fakeapi.WithStrict(), fakeapi.WithKey(testKey))
	unknown := wantError(t, send(srv, deletion(t, srv, testKey)), 200)
	repeated := wantError(t, send(srv, request(t, srv, http.MethodPost, deletePath,
		`{"`+testKey+`":1,"`+testKey+`":2}`)), 400)
	if want := `the body: the key "/[redacted]" is repeated`; repeated != want || strings.Contains(unknown, testKey) {
		t.Errorf("messages %q and %q", unknown, repeated)
	}
	if all := recorded(srv.Requests()); strings.Contains(all, testKey) {
		t.Errorf("recorded %s", all)
	}
	if errs := tb.finish(); len(errs) != 1 || strings.Contains(errs[0], testKey) {
		t.Errorf("reported %q", errs)
	}
}

// An escaped key is a key. A part of a URL that hides one is not kept.
func TestRecordedEscapes(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t)
	const key = "tl/secret+0123=456"
	for target, want := range map[string]string{
		"/x/tl%2Fsecret+0123=456":          "[redacted]?",
		"/x/%74l/secret+0123=456":          "[redacted]?",
		"/x/" + key:                        "/x/[redacted]?",
		"/x?k=tl%2Fsecret%2B0123%3D456":    "/x?[redacted]",
		"/x?k=" + key:                      "/x?k=[redacted]",
		"/x%2Fy?k=tl%2Fsecret&v=0123%3D45": "/x%2Fy?k=tl%2Fsecret&v=0123%3D45",
		"/x?k=%zz":                         "/x?k=%zz",
	} {
		srv.ResetRequests()
		req := request(t, srv, http.MethodPost, target, "")
		req.Header.Set("Authorization", key)
		must(t, send(srv, req))
		if got := srv.Requests()[0]; got.Path+"?"+got.Query != want {
			t.Errorf("%s recorded as %s?%s, want %s", target, got.Path, got.Query, want)
		}
	}
}

// A short credential is redacted as a whole value only.
func TestShortKeysLeaveBodiesAlone(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithKey("task"), fakeapi.WithTasks("task-1"))
	req := deletion(t, srv, "task-1")
	req.Header.Set("Authorization", "Bearer task")
	req.Header.Set("X-Copy", "task")
	wantJSON(t, send(srv, req), 200, successBody)
	got := srv.Requests()[0]
	if string(got.Body) != `{"taskids":["task-1"]}` || got.Path != deletePath || got.Header.Get("X-Copy") != "[redacted]" {
		t.Errorf("recorded %s %s %v", got.Path, got.Body, got.Header)
	}
}

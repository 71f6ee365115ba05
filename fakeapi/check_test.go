package fakeapi_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// marker is text that a message must not repeat.
const marker = "do-not-repeat-me"

func TestMediaTypes(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		types []string
		msg   string // empty if accepted
	}{
		"plain":         {[]string{"application/json"}, ""},
		"capitals":      {[]string{"Application/JSON"}, ""},
		"charset":       {[]string{`application/json;charset="utf-8"`}, ""},
		"parameters":    {[]string{"application/json; charset=utf-8; a=b"}, ""},
		"ASCII":         {[]string{"application/json; charset=US-ASCII"}, ""},
		"UTF-16":        {[]string{"application/json; charset=utf-16"}, "charset other than UTF-8"},
		"Latin-1":       {[]string{"application/json; charset=ISO-8859-1"}, "charset other than UTF-8"},
		"none":          {nil, "missing"},
		"empty":         {[]string{""}, "missing"},
		"text":          {[]string{"text/plain"}, "accepts: application/json"},
		"form":          {[]string{"application/x-www-form-urlencoded"}, "accepts: application/json"},
		"other JSON":    {[]string{"application/vnd.api+json"}, "accepts: application/json"},
		"near miss":     {[]string{"application/jsonx"}, "accepts: application/json"},
		"malformed":     {[]string{"application/json; charset"}, "malformed"},
		"not a type":    {[]string{"json"}, "accepts: application/json"},
		"several types": {[]string{"application/json, text/plain"}, "malformed"},
		"repeated":      {[]string{"application/json", "application/json"}, "repeated"},
	}
	srv := fakeapi.Start(t, fakeapi.WithTasks("a"))
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			req := deletion(t, srv, "a")
			req.Header["Content-Type"] = c.types
			if c.msg == "" {
				wantJSON(t, send(srv, req), 200, successBody)
			} else if msg := wantError(t, send(srv, req), 400); !strings.Contains(msg, c.msg) {
				t.Errorf("msg %q, want %q in it", msg, c.msg)
			}
		})
	}
}

func TestContentEncoding(t *testing.T) {
	t.Parallel()
	srv := fakeapi.Start(t, fakeapi.WithTasks("a"))
	for encoding, status := range map[string]int{"gzip": 400, "br, identity": 400, "identity": 200, "Identity": 200} {
		req := deletion(t, srv, "a")
		req.Header.Set("Content-Encoding", encoding)
		if got := must(t, send(srv, req)); got.status != status {
			t.Errorf("%s: status %d, want %d", encoding, got.status, status)
		}
	}
}

func TestPathsAndMethods(t *testing.T) {
	protocols(t, func(t *testing.T, opt fakeapi.Option, _ string) {
		srv := fakeapi.Start(t, opt, fakeapi.WithTasks("a"))
		folder, name := path.Split(deletePath)
		for _, path := range []string{"/", folder, deletePath + "/", folder + "/" + name, folder + "x/../" + name,
			strings.ToUpper(folder) + name, folder + fmt.Sprintf("%%%x", name[:1]) + name[1:]} {
			wantError(t, send(srv, request(t, srv, http.MethodPost, path, `{"taskids":["a"]}`)), 404)
		}
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete, http.MethodOptions, "PURGE"} {
			got := send(srv, request(t, srv, method, deletePath, `{"taskids":["a"]}`))
			if wantError(t, got, 405); got.header.Get("Allow") != "POST" {
				t.Errorf("%s: Allow %q, want POST", method, got.header.Get("Allow"))
			}
		}
		wantJSON(t, send(srv, request(t, srv, http.MethodPost, deletePath+"?trace=1", `{"taskids":["a"]}`)), 200, successBody)
		wantTasks(t, srv)
		for _, r := range srv.Requests() {
			if (r.Breach == "") != (r.Status == 200) {
				t.Errorf("%v has the violation %q", r, r.Breach)
			}
		}
	})
}

func TestBodyLimit(t *testing.T) {
	const limit = 16 << 20
	t.Parallel()
	filler := strings.Repeat("x", limit+1) // the first byte says that it is not JSON
	for name, opt := range map[string]fakeapi.Option{"HTTP1": fakeapi.WithTasks(), "HTTP2": fakeapi.WithHTTP2()} {
		srv := fakeapi.Start(t, opt, fakeapi.WithTasks("a"))
		msg := wantError(t, send(srv, request(t, srv, http.MethodPost, deletePath, filler)), 413)
		wantTasks(t, srv, "a")
		if all := srv.Requests(); !strings.Contains(msg, "16777216") || len(all) != 1 || len(all[0].Body) != 0 || all[0].Breach != "" {
			t.Errorf("%s: msg %q, recorded %v", name, msg, all)
		}
		if msg := wantError(t, send(srv, request(t, srv, http.MethodPost, deletePath, filler[1:])), 400); !strings.Contains(msg, "JSON") {
			t.Errorf("%s: msg %q, want the body to be read", name, msg)
		}
	}
}

// A client that stops in the middle of its body violates no contract.
func TestBodyThatBreaksOff(t *testing.T) {
	t.Parallel()
	tb := newRecorder()
	srv := fakeapi.Start(tb, fakeapi.WithStrict(), fakeapi.WithTasks("a"))
	conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(conn, "POST "+deletePath+" HTTP/1.1\r\nHost: fake\r\nAuthorization: k\r\n"+
		"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n"+`{"taskids":["a"]}`)
	if err := errors.Join(err, conn.Close()); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { all := srv.Requests(); return len(all) == 1 && all[0].Status == 400 })
	wantTasks(t, srv, "a")
	if errs := tb.finish(); len(errs) != 0 {
		t.Errorf("reported %q", errs)
	}
}

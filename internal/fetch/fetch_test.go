package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/send"
)

func TestGet(t *testing.T) {
	t.Parallel()
	picture := []byte(picture(700_000))
	host, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		want := http.Header{"User-Agent": {"test/1"}, "Accept": {"*/*"}, "Accept-Encoding": {"identity"}}
		if fmt.Sprint(r.Header) != fmt.Sprint(want) || r.Method != http.MethodGet || r.URL.RawQuery != "sig=a%2Fb" {
			t.Errorf("%s %s with %v", r.Method, r.URL, r.Header)
		}
		_, _ = w.Write(picture)
	})
	var got bytes.Buffer
	n, failed := loopback(t, Options{}).get(t.Context(), host.ResolveReference(parse(t, "/a.png?sig=a%2Fb")), &got)
	if failed != nil || n != int64(len(picture)) || !bytes.Equal(got.Bytes(), picture) || requests.Load() != 1 {
		t.Errorf("%d bytes, %+v after %d requests", n, failed, requests.Load())
	}
}

var failures = map[string]struct {
	handler  http.HandlerFunc
	status   int
	is       error  // nil: any
	says     string // "": there is no error, the status says all
	written  int64
	requests int32
}{
	"missing":       {responds(404, nil, "secret"), 404, nil, "", 0, 6},
	"gone":          {responds(410, nil, "secret"), 410, nil, "", 0, 1},
	"expired":       {responds(403, nil, "<xml>"), 403, nil, "", 0, 1},
	"not modified":  {responds(304, nil, ""), 304, nil, "", 0, 1},
	"to nowhere":    {responds(302, nil, ""), 302, nil, "", 0, 1},
	"part":          {responds(206, nil, "x"), 206, nil, "", 0, 1},
	"nothing":       {responds(204, nil, ""), 204, nil, "", 0, 1},
	"broken":        {responds(500, nil, ""), 500, nil, "", 0, 3},
	"busy":          {responds(429, http.Header{"Retry-After": {"0"}}, ""), 429, nil, "", 0, 3},
	"busy for long": {responds(503, http.Header{"Retry-After": {"2"}}, ""), 503, nil, "", 0, 1},
	"page":          {responds(200, http.Header{"Content-Type": {"Text/HTML ; charset=utf-8"}}, "<html>"), 200, ErrNotImage, "a page in place of the file", 0, 1},
	"encoded":       {responds(200, http.Header{"Content-Encoding": {"gzip"}}, "x"), 200, nil, "Content-Encoding", 0, 1},
	"encoded twice": {func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Encoding"] = []string{"identity", "identity, br"}
	}, 200, nil, "Content-Encoding", 0, 1},
	"stalled page": {func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}, 404, nil, "", 0, 6},
	"too long": {responds(200, http.Header{"Content-Length": {"1025"}}, picture(1025)), 200, ErrTooLarge, "larger than the limit", 0, 1},
	"too long, chunked": {func(w http.ResponseWriter, _ *http.Request) {
		for _, c := range []byte(picture(1025)) {
			_, _ = w.Write([]byte{c})
			w.(http.Flusher).Flush()
		}
	}, 200, ErrTooLarge, "larger than the limit", 1024, 1},
	"cut":              {responds(200, http.Header{"Content-Length": {"100"}}, picture(50)), 200, io.ErrUnexpectedEOF, "the file broke off: unexpected EOF", 50, 1},
	"cut in its head":  {responds(200, http.Header{"Content-Length": {"100"}}, "\x89PN"), 200, io.ErrUnexpectedEOF, "the file broke off: unexpected EOF", 0, 3},
	"cut at the limit": {responds(200, http.Header{"Content-Length": {"1024"}}, picture(1023)), 200, io.ErrUnexpectedEOF, "broke off", 1023, 1},
	"cut at once":      {responds(200, http.Header{"Content-Length": {"100"}}, ""), 200, io.ErrUnexpectedEOF, "broke off", 0, 3},
	"lost":             {hangUp, 0, io.EOF, "EOF", 0, 3},
	"huge header":      {responds(200, http.Header{"X-Long": {strings.Repeat("x", send.MaxHeaderBytes)}}, "x"), 0, nil, "exceeded", 0, 3},
	"no HTTP at all": {func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		_, _ = io.WriteString(conn, "SSH-2.0-x\r\n\r\n")
		conn.Close()
	}, 0, nil, "malformed HTTP response", 0, 3},
}

func TestFailures(t *testing.T) {
	t.Parallel()
	for name, tt := range failures {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, requests := serve(t, tt.handler)
			var got bytes.Buffer
			n, failed := loopback(t, Options{MaxBytes: 1024}).get(t.Context(), host.ResolveReference(parse(t, "/a.png?sig=secret")), &got)
			if failed == nil || failed.Host != host.Host || failed.Status != tt.status || (failed.Err == nil) != (tt.says == "") {
				t.Fatalf("%+v", failed)
			}
			if n != tt.written || int64(got.Len()) != n || requests.Load() != tt.requests {
				t.Errorf("%d bytes returned, %d written, %d requests", n, got.Len(), requests.Load())
			}
			if failed.Err != nil && (!strings.Contains(failed.Err.Error(), tt.says) || strings.Contains(failed.Err.Error(), "secret") || tt.is != nil && !errors.Is(failed.Err, tt.is)) {
				t.Error(failed.Err)
			}
		})
	}
}

func TestGetChecksTheURL(t *testing.T) {
	t.Parallel()
	f := New(Options{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		t.Error("a request was sent")
		return nil, io.EOF
	})})
	n, failed := f.get(t.Context(), parse(t, "http://127.0.0.1:1/a"), io.Discard)
	if n != 0 || failed == nil || !errors.Is(failed.Err, ErrPrivate) || failed.Host != "127.0.0.1:1" {
		t.Errorf("%d, %+v", n, failed)
	}
}

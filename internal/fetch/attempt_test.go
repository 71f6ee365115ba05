package fetch

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTheLimitIsIncluded(t *testing.T) {
	t.Parallel()
	host, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush()
		_, _ = io.WriteString(w, picture(1024))
	})
	if n, failed := loopback(t, Options{MaxBytes: 1024}).get(t.Context(), host, io.Discard); n != 1024 || failed != nil {
		t.Errorf("%d, %+v", n, failed)
	}
}

// readerFrom is a writer to which io.Copy leaves the copying.
type readerFrom struct{ err error }

func (readerFrom) Write(p []byte) (int, error)         { return len(p), nil }
func (w readerFrom) ReadFrom(io.Reader) (int64, error) { return 0, w.err }

// What the writer did is distinguished from what the host did, and never repeated.
func TestErrorsOfTheWriter(t *testing.T) {
	t.Parallel()
	full := errors.New("no space left")
	closed, pipe := io.Pipe()
	closed.Close()
	room := 40_000
	tests := map[string]struct {
		writer  io.Writer
		is      error
		written int64 // -1: any
	}{
		"closed pipe": {pipe, io.ErrClosedPipe, 0},
		"full": {writerFunc(func(p []byte) (int, error) {
			n := min(len(p), room)
			if room -= n; n < len(p) {
				return n, full
			}
			return n, nil
		}), full, 40_000},
		"short":       {writerFunc(func(p []byte) (int, error) { return len(p) - 1, nil }), io.ErrShortWrite, -1},
		"reads first": {readerFrom{full}, full, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			host, requests := serve(t, responds(200, nil, picture(100_000)))
			n, failed := loopback(t, Options{}).get(t.Context(), host, tt.writer)
			err := errorOf(failed)
			if tt.written >= 0 && n != tt.written || !errors.Is(err, tt.is) || !strings.Contains(err.Error(), "could not be written") || requests.Load() != 1 {
				t.Errorf("%d, %+v after %d requests", n, failed, requests.Load())
			}
		})
	}
}

// A few kilobytes that would become megabytes stay what they are, or are refused.
func TestNothingIsInflated(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	_, _ = w.Write(make([]byte, 1<<20))
	_ = w.Close()
	host, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/named" {
			w.Header().Set("Content-Encoding", "gzip")
		}
		_, _ = w.Write(bomb.Bytes())
	})
	inflating := http.DefaultTransport.(*http.Transport).Clone() // inflates what it asked for itself
	inflating.DisableKeepAlives = true
	for name, transport := range map[string]http.RoundTripper{"our transport": nil, "another": roundTripper(inflating.RoundTrip)} {
		f := loopback(t, Options{MaxBytes: int64(bomb.Len()), Transport: transport, AnyFile: true})
		var got bytes.Buffer
		if n, failed := f.get(t.Context(), host.ResolveReference(parse(t, "/unnamed")), &got); failed != nil || n != int64(bomb.Len()) || !bytes.Equal(got.Bytes(), bomb.Bytes()) {
			t.Errorf("%s: %d bytes, %+v", name, n, failed)
		}
		got.Reset()
		if n, failed := f.get(t.Context(), host.ResolveReference(parse(t, "/named")), &got); failed == nil || n != 0 || got.Len() != 0 {
			t.Errorf("%s: %d bytes of gzip, %+v", name, n, failed)
		}
	}
}

// bodySpy counts how many times a body was closed.
type bodySpy struct {
	io.Reader
	closed int
}

func (s *bodySpy) Close() error { s.closed++; return nil }

func TestEachBodyIsClosed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status int // -1: a response together with an error
		header http.Header
		writer io.Writer
		bodies int
	}{
		"taken":           {200, nil, io.Discard, 1},
		"not written":     {200, nil, writerFunc(func([]byte) (int, error) { return 0, io.ErrClosedPipe }), 1},
		"page":            {200, http.Header{"X-Body": {"<html>"}}, io.Discard, 1},
		"encoded":         {200, http.Header{"Content-Encoding": {"br"}}, io.Discard, 1},
		"missing":         {404, nil, io.Discard, 6},
		"not an image":    {200, http.Header{"X-Body": {"text"}}, io.Discard, 1},
		"gone":            {410, nil, io.Discard, 1},
		"busy":            {503, nil, io.Discard, 3},
		"redirect loop":   {302, http.Header{"Location": {"/"}}, io.Discard, 6},
		"bad redirect":    {302, http.Header{"Location": {"file:///"}}, io.Discard, 1},
		"with an error":   {-1, nil, io.Discard, 3},
		"without a place": {302, nil, io.Discard, 1},
	} {
		var bodies []*bodySpy
		f := loopback(t, Options{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			body := &bodySpy{Reader: strings.NewReader(cmp.Or(tt.header.Get("X-Body"), png))}
			bodies = append(bodies, body)
			resp := &http.Response{StatusCode: tt.status, Header: tt.header, Body: body}
			if tt.status < 0 {
				return resp, io.ErrUnexpectedEOF
			}
			return resp, nil
		})})
		_, _ = f.get(t.Context(), parse(t, "https://images.test/a"), tt.writer)
		if len(bodies) != tt.bodies {
			t.Errorf("%s: %d requests", name, len(bodies))
		}
		for i, body := range bodies {
			if body.closed != 1 {
				t.Errorf("%s: body %d of %d was closed %d times", name, i+1, len(bodies), body.closed)
			}
		}
	}
}

// A transport of another kind may misbehave.
func TestOddTransports(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		transport roundTripper
		says      string
	}{
		"neither": {func(*http.Request) (*http.Response, error) { return nil, nil }, "neither a response nor an error"},
		"no body": {func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 200}, nil }, "an empty file"},
		"quotes the URL": {func(req *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Get", URL: req.URL.String(), Err: io.ErrUnexpectedEOF}
		}, "the reason is not shown"},
	} {
		_, failed := loopback(t, Options{Transport: tt.transport}).get(t.Context(), parse(t, "https://images.test/a.png?sig=secret"), io.Discard)
		if failed == nil || !strings.Contains(failed.Err.Error(), tt.says) || strings.Contains(failed.Err.Error(), "secret") {
			t.Errorf("%s: %+v", name, failed)
		}
	}
}

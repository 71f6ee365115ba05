package wrapper

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// downloads returns a client that may fetch from this machine. Its API does not exist.
func downloads(t *testing.T, p DownloadPolicy, opts ...Option) *Client {
	t.Helper()
	p.AllowPrivate = true
	c := newTestClient(t, "https://api.test", append([]Option{WithUserAgent("test/1"), WithDownload(p)}, opts...)...)
	t.Cleanup(c.fetcher.CloseIdleConnections)
	return c
}

func TestDownload(t *testing.T) {
	t.Parallel()
	picture := []byte(picture(1_000_000))
	host, requests := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if name != "User-Agent" && name != "Accept" && name != "Accept-Encoding" {
				t.Errorf("sent %s: %q", name, r.Header[name])
			}
		}
		if r.Header.Get("Accept-Encoding") != "identity" || !strings.HasPrefix(r.UserAgent(), "test/1 tensorslab-go/") || r.Method != http.MethodGet || r.URL.RawQuery != "sig=a%2Fb" {
			t.Errorf("%s %s by %s", r.Method, r.URL, r.UserAgent())
		}
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(picture)
	})
	var got bytes.Buffer
	n, err := downloads(t, DownloadPolicy{}).download(t.Context(), host+"/a.png?sig=a%2Fb", &got)
	if err != nil || n != int64(len(picture)) || !bytes.Equal(got.Bytes(), picture) || requests.Load() != 1 {
		t.Errorf("%d bytes, %v after %d requests", n, err, requests.Load())
	}
}

func TestDownloadFailures(t *testing.T) {
	t.Parallel()
	gzipped := testkit.Gzip(string(make([]byte, 64<<10)))
	answer := func(status int, header http.Header, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for name := range header {
				w.Header().Set(name, header.Get(name))
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	tests := map[string]struct {
		handler  http.HandlerFunc
		is       error // nil: any
		says     string
		written  int64
		requests int32
	}{
		"missing":       {answer(404, nil, "secret"), ErrNotFound, "HTTP 404: the host does not deliver the file; addresses expire", 0, 6},
		"gone":          {answer(410, nil, "secret"), ErrNotFound, "HTTP 410: the host does not deliver the file; addresses expire", 0, 1},
		"expired":       {answer(403, nil, "<xml>"), nil, "HTTP 403", 0, 1},
		"not modified":  {answer(304, nil, ""), ErrRedirected, "HTTP 304", 0, 1},
		"to nowhere":    {answer(302, nil, ""), ErrRedirected, "HTTP 302", 0, 1},
		"part":          {answer(206, nil, "x"), nil, "HTTP 206", 0, 1},
		"nothing":       {answer(204, nil, ""), nil, "HTTP 204", 0, 1},
		"broken":        {answer(500, nil, ""), ErrServer, "try again later", 0, 3},
		"busy":          {answer(429, http.Header{"Retry-After": {"0"}}, ""), ErrRateLimited, "try again later", 0, 3},
		"busy for long": {answer(503, http.Header{"Retry-After": {"2"}}, ""), ErrServer, "try again later", 0, 1},
		"page":          {answer(200, http.Header{"Content-Type": {"Text/HTML; charset=utf-8"}}, "<html>"), nil, "a page in place of the file", 0, 1},
		"encoded":       {answer(200, http.Header{"Content-Encoding": {"gzip"}}, gzipped), nil, "Content-Encoding", 0, 1},
		"encoded twice": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Encoding"] = []string{"identity", "identity, br"}
		}, nil, "Content-Encoding", 0, 1},
		"stalled page": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, ErrNotFound, "HTTP 404", 0, 6},
		"too long": {answer(200, http.Header{"Content-Length": {"1025"}}, picture(1025)), ErrResponseTooLarge, "larger than the limit", 0, 1},
		"too long, chunked": {func(w http.ResponseWriter, _ *http.Request) {
			for _, c := range []byte(picture(1025)) {
				_, _ = w.Write([]byte{c})
				w.(http.Flusher).Flush()
			}
		}, ErrResponseTooLarge, "larger than the limit", 1024, 1},
		"cut":              {answer(200, http.Header{"Content-Length": {"100"}}, picture(50)), io.ErrUnexpectedEOF, "the file broke off: unexpected EOF", 50, 1},
		"cut at the limit": {answer(200, http.Header{"Content-Length": {"1024"}}, picture(1023)), io.ErrUnexpectedEOF, "broke off", 1023, 1},
		"cut at once":      {answer(200, http.Header{"Content-Length": {"100"}}, ""), io.ErrUnexpectedEOF, "broke off", 0, 3},
		"lost":             {testkit.HangUp, nil, "EOF", 0, 3},
		"huge header":      {answer(200, http.Header{"X-Long": {strings.Repeat("x", 64<<10)}}, "x"), nil, "exceeded", 0, 3},
		"no HTTP at all": {func(w http.ResponseWriter, _ *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			_, _ = io.WriteString(conn, "SSH-2.0-x\r\n\r\n")
			conn.Close()
		}, nil, "malformed HTTP response", 0, 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, requests := testkit.Serve(t, tt.handler)
			var got bytes.Buffer
			n, err := downloads(t, DownloadPolicy{MaxBytes: 1024}).download(t.Context(), host+"/a.png?sig=secret", &got)
			var e *DownloadError
			if !errors.As(err, &e) || tt.is != nil && !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.says) || "http://"+e.Host != host {
				t.Fatalf("%#v", err)
			}
			if n != tt.written || int64(got.Len()) != n || requests.Load() != tt.requests {
				t.Errorf("%d bytes told, %d written, %d requests", n, got.Len(), requests.Load())
			}
			if text := err.Error() + e.LogValue().String() + e.GoString(); strings.Contains(text, "secret") || len(err.Error()) >= 1024 || strings.Contains(text, "\n") {
				t.Error(text)
			}
		})
	}
}

func TestDownloadTakesTheLimitExactly(t *testing.T) {
	t.Parallel()
	host, _ := testkit.Serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush()
		_, _ = io.WriteString(w, picture(1024))
	})
	if n, err := downloads(t, DownloadPolicy{MaxBytes: 1024}).download(t.Context(), host, io.Discard); n != 1024 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// What failed before anything was written is tried again.
func TestDownloadIsTriedAgain(t *testing.T) {
	t.Parallel()
	host, requests := testkit.Serve(t, testkit.Sequence(testkit.HangUp, testkit.Respond(503, ""), func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, picture(9)) }))
	var got bytes.Buffer
	n, err := downloads(t, DownloadPolicy{}).download(t.Context(), host, &got)
	if n != 9 || err != nil || got.String() != picture(9) || requests.Load() != 3 {
		t.Errorf("%d, %v, %q after %d requests", n, err, got.String(), requests.Load())
	}
}

// The end of the context is told, though another attempt was waited for.
func TestDownloadEndsBetweenAttempts(t *testing.T) {
	t.Parallel()
	reason := errors.New("enough")
	for name, handler := range map[string]http.HandlerFunc{
		"refused": testkit.Status(503),
		"lost":    testkit.HangUp,
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		host, requests := testkit.Serve(t, handler)
		time.AfterFunc(50*time.Millisecond, func() { cancel(reason) })
		c := downloads(t, DownloadPolicy{}, WithRetry(RetryPolicy{Backoff: time.Hour, MaxRetryAfter: time.Hour}), WithDownload(DownloadPolicy{AllowPrivate: true, Timeout: 3 * time.Hour}))
		_, err := c.download(ctx, host, io.Discard)
		if !errors.Is(err, context.Canceled) || !errors.Is(err, reason) || errors.Is(err, ErrServer) != (name == "refused") || requests.Load() != 1 {
			t.Errorf("%s: %v after %d requests", name, err, requests.Load())
		}
	}
}

func TestDownloadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	host, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, picture(13))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	n, err := downloads(t, DownloadPolicy{}).download(ctx, host, writerFunc(func(p []byte) (int, error) { cancel(); return len(p), nil }))
	if n != 13 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d, %v", n, err)
	}
	n, err = downloads(t, DownloadPolicy{Timeout: 50 * time.Millisecond}).download(t.Context(), host, io.Discard)
	if n != 13 || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "WithDownload") {
		t.Errorf("%d, %v", n, err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// What w did is told apart from what the host did, and is never tried again.
func TestDownloadTellsOfItsWriter(t *testing.T) {
	t.Parallel()
	full := errors.New("no space left")
	closed := func() io.Writer {
		r, w := io.Pipe()
		r.Close()
		return w
	}
	room := int64(40_000)
	tests := map[string]struct {
		writer  io.Writer
		is      error
		written int64
	}{
		"closed pipe": {closed(), io.ErrClosedPipe, 0},
		"full": {writerFunc(func(p []byte) (int, error) {
			n := min(int64(len(p)), room)
			if room -= n; n < int64(len(p)) {
				return int(n), full
			}
			return int(n), nil
		}), full, 40_000},
		"short":       {writerFunc(func(p []byte) (int, error) { return len(p) - 1, nil }), io.ErrShortWrite, -1},
		"reads first": {readerFrom{full}, full, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			host, requests := testkit.Serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, picture(100_000)) })
			n, err := downloads(t, DownloadPolicy{}).download(t.Context(), host, tt.writer)
			if tt.written >= 0 && n != tt.written || !errors.Is(err, tt.is) || !strings.Contains(err.Error(), "could not be written") || requests.Load() != 1 {
				t.Errorf("%d, %v after %d requests", n, err, requests.Load())
			}
		})
	}
}

// readerFrom is a writer that io.Copy leaves the copying to.
type readerFrom struct{ err error }

func (readerFrom) Write(p []byte) (int, error)           { return len(p), nil }
func (w readerFrom) ReadFrom(r io.Reader) (int64, error) { return 0, w.err }

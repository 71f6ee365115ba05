package wrapper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
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

// respond is [testkit.Respond] with a header.
func respond(status int, header http.Header, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name := range header {
			w.Header().Set(name, header.Get(name))
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// downloadFailures has a row for each way in which a failure becomes an error of
// this package. What fails, and when it is tried again, is tested in internal/fetch.
var downloadFailures = map[string]struct {
	handler  http.HandlerFunc
	is       error // nil: any
	says     string
	written  int64
	requests int32
}{
	"missing":       {respond(404, nil, "secret"), ErrNotFound, "HTTP 404: the host does not deliver the file; addresses expire", 0, 6},
	"gone":          {respond(410, nil, "secret"), ErrNotFound, "HTTP 410: the host does not deliver the file; addresses expire", 0, 1},
	"expired":       {respond(403, nil, "<xml>"), nil, "HTTP 403: the host does not deliver the file; addresses expire", 0, 1},
	"not modified":  {respond(304, nil, ""), ErrRedirected, "HTTP 304", 0, 1},
	"broken":        {respond(500, nil, ""), ErrServer, "try again later", 0, 3},
	"busy":          {respond(429, http.Header{"Retry-After": {"0"}}, ""), ErrRateLimited, "try again later", 0, 3},
	"busy for long": {respond(503, http.Header{"Retry-After": {"2"}}, ""), ErrServer, "try again later", 0, 1},
	"page":          {respond(200, nil, "<html>"), nil, "a page in place of the file; if any file will do, set AnyFile (WithDownload)", 0, 1},
	"encoded":       {respond(200, http.Header{"Content-Encoding": {"gzip"}}, "x"), nil, "Content-Encoding", 0, 1},
	"too long":      {respond(200, http.Header{"Content-Length": {"1025"}}, picture(1025)), ErrResponseTooLarge, "larger than the limit (WithDownload)", 0, 1},
	"cut":           {respond(200, http.Header{"Content-Length": {"100"}}, picture(50)), io.ErrUnexpectedEOF, "the file broke off: unexpected EOF", 50, 1},
	"lost":          {testkit.HangUp, io.EOF, "EOF", 0, 3},
	"redirected":    {respond(302, http.Header{"Location": {"http://[::1/secret"}}, ""), ErrRedirected, "redirected to an address that is malformed", 0, 1},
	"quotes the URL": {func(w http.ResponseWriter, r *http.Request) {
		testkit.WriteRaw(w, "HTTP/1.1 "+r.RequestURI+"\r\n\r\n")
	}, nil, "the reason is not shown", 0, 3},
}

func TestDownloadFailures(t *testing.T) {
	t.Parallel()
	for name, tt := range downloadFailures {
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
				t.Errorf("%d bytes returned, %d written, %d requests", n, got.Len(), requests.Load())
			}
			if text := err.Error() + e.LogValue().String() + fmt.Sprintf("%+v %#v", err, err); strings.Contains(text, "secret") || len(err.Error()) >= 1024 || strings.Contains(text, "\n") {
				t.Error(text)
			}
		})
	}
}

// The error is that of the context, though the download was waiting for its next
// attempt, and is still that of the response before.
func TestDownloadEndsBetweenAttempts(t *testing.T) {
	t.Parallel()
	reason := errors.New("enough")
	for name, fails := range map[string]testkit.RoundTripFunc{
		"refused": func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 503, Body: http.NoBody}, nil
		},
		"lost": func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF },
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(time.Microsecond, func() { cancel(reason) })
			requests := 0
			counting := testkit.RoundTripFunc(func(req *http.Request) (*http.Response, error) { requests++; return fails(req) })
			c := downloads(t, DownloadPolicy{Timeout: 3 * time.Hour, Transport: counting}, WithRetry(RetryPolicy{Backoff: time.Hour, MaxRetryAfter: time.Hour}))
			_, err := c.download(ctx, "https://images.test/a", io.Discard)
			if !errors.Is(err, context.Canceled) || !errors.Is(err, reason) || errors.Is(err, ErrServer) != (name == "refused") || requests != 1 {
				t.Errorf("%s: %v after %d requests", name, err, requests)
			}
		})
	}
}

func TestDownloadTimeout(t *testing.T) {
	t.Parallel()
	host, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, picture(13))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	_, err := downloads(t, DownloadPolicy{Timeout: 50 * time.Millisecond}).download(t.Context(), host, io.Discard)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "WithDownload") {
		t.Error(err)
	}
}

func TestDownloadReportsItsWriter(t *testing.T) {
	t.Parallel()
	r, closed := io.Pipe()
	r.Close()
	host, requests := testkit.Serve(t, sends(picture(100_000)))
	n, err := downloads(t, DownloadPolicy{}).download(t.Context(), host, closed)
	if n != 0 || !errors.Is(err, io.ErrClosedPipe) || !errors.As(err, new(*DownloadError)) || !strings.Contains(err.Error(), "could not be written") || requests.Load() != 1 {
		t.Errorf("%d, %v after %d requests", n, err, requests.Load())
	}
}

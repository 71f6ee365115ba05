package fetch

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

	"github.com/tensorslab/tensorslab-go/internal/send"
)

func TestGet(t *testing.T) {
	t.Parallel()
	picture := bytes.Repeat([]byte("picture"), 100_000)
	host, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		want := http.Header{"User-Agent": {"test/1"}, "Accept": {"*/*"}, "Accept-Encoding": {"identity"}}
		if fmt.Sprint(r.Header) != fmt.Sprint(want) || r.Method != http.MethodGet || r.URL.RawQuery != "sig=a%2Fb" {
			t.Errorf("%s %s with %v", r.Method, r.URL, r.Header)
		}
		_, _ = w.Write(picture)
	})
	var got bytes.Buffer
	n, failed := loopback(t, Options{}).Get(t.Context(), host.ResolveReference(parse(t, "/a.png?sig=a%2Fb")), &got)
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
	"gone":          {responds(404, nil, "secret"), 404, nil, "", 0, 1},
	"expired":       {responds(403, nil, "<xml>"), 403, nil, "", 0, 1},
	"not modified":  {responds(304, nil, ""), 304, nil, "", 0, 1},
	"to nowhere":    {responds(302, nil, ""), 302, nil, "", 0, 1},
	"part":          {responds(206, nil, "x"), 206, nil, "", 0, 1},
	"nothing":       {responds(204, nil, ""), 204, nil, "", 0, 1},
	"broken":        {responds(500, nil, ""), 500, nil, "", 0, 3},
	"busy":          {responds(429, http.Header{"Retry-After": {"0"}}, ""), 429, nil, "", 0, 3},
	"busy for long": {responds(503, http.Header{"Retry-After": {"2"}}, ""), 503, nil, "", 0, 1},
	"page":          {responds(200, http.Header{"Content-Type": {"Text/HTML ; charset=utf-8"}}, "<html>"), 200, nil, "a page in place of the file", 0, 1},
	"encoded":       {responds(200, http.Header{"Content-Encoding": {"gzip"}}, "x"), 200, nil, "Content-Encoding", 0, 1},
	"encoded twice": {func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Encoding"] = []string{"identity", "identity, br"}
	}, 200, nil, "Content-Encoding", 0, 1},
	"stalled page": {func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}, 404, nil, "", 0, 1},
	"too long": {responds(200, http.Header{"Content-Length": {"1025"}}, strings.Repeat("x", 1025)), 200, ErrTooLarge, "larger than the limit", 0, 1},
	"too long, chunked": {func(w http.ResponseWriter, _ *http.Request) {
		for range 1025 {
			_, _ = io.WriteString(w, "x")
			w.(http.Flusher).Flush()
		}
	}, 200, ErrTooLarge, "larger than the limit", 1024, 1},
	"cut":              {responds(200, http.Header{"Content-Length": {"100"}}, "x"), 200, io.ErrUnexpectedEOF, "the file broke off: unexpected EOF", 1, 1},
	"cut at the limit": {responds(200, http.Header{"Content-Length": {"1024"}}, strings.Repeat("x", 1023)), 200, io.ErrUnexpectedEOF, "broke off", 1023, 1},
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
			n, failed := loopback(t, Options{MaxBytes: 1024}).Get(t.Context(), host.ResolveReference(parse(t, "/a.png?sig=secret")), &got)
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
	n, failed := f.Get(t.Context(), parse(t, "http://127.0.0.1:1/a"), io.Discard)
	if n != 0 || failed == nil || failed.Err != ErrPrivate || failed.Host != "127.0.0.1:1" {
		t.Errorf("%d, %+v", n, failed)
	}
}

// What failed before anything was written is tried again.
func TestGetTriesAgain(t *testing.T) {
	t.Parallel()
	handlers := []http.HandlerFunc{hangUp, responds(503, nil, ""), responds(200, nil, "a picture")}
	next := make(chan http.HandlerFunc, len(handlers))
	for _, h := range handlers {
		next <- h
	}
	host, requests := serve(t, func(w http.ResponseWriter, r *http.Request) { (<-next)(w, r) })
	var got bytes.Buffer
	n, failed := loopback(t, Options{}).Get(t.Context(), host, &got)
	if n != 9 || failed != nil || got.String() != "a picture" || requests.Load() != 3 {
		t.Errorf("%d, %+v, %q after %d requests", n, failed, got.String(), requests.Load())
	}
}

func TestUntrustedHostsAreNotTriedAgain(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		err  error
		want int
	}{
		"certificate": {errUntrusted, 1}, "no such host": {errNoHost, 1}, "lost": {io.ErrUnexpectedEOF, 3},
	} {
		requests := 0
		f := loopback(t, Options{Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
			requests++
			return nil, fmt.Errorf("%s: %w", req.URL, tt.err) // its text will be hidden
		})})
		_, failed := f.Get(t.Context(), parse(t, "https://images.test/a?sig=secret"), io.Discard)
		if requests != tt.want || !errors.Is(errorOf(failed), tt.err) || strings.Contains(failed.Err.Error(), "secret") {
			t.Errorf("%s: %d requests, %+v", name, requests, failed)
		}
	}
}

// timed runs one Get, all of whose responses are status, in a bubble of its own.
func timed(ctx context.Context, t *testing.T, o Options, status int, header http.Header) (took time.Duration, requests int, failed *Failure) {
	o.AllowPrivate, o.MaxBytes = true, 1024
	o.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
		requests++
		return &http.Response{StatusCode: status, Header: header, Body: http.NoBody}, nil
	})
	start := time.Now()
	_, failed = New(o).Get(ctx, parse(t, "https://images.test/a"), io.Discard)
	return time.Since(start), requests, failed
}

func TestWaitsBetweenAttempts(t *testing.T) {
	t.Parallel()
	minute := http.Header{"Retry-After": {"60"}}
	for name, tt := range map[string]struct {
		o        Options
		header   http.Header
		limit    time.Duration // of the context; 0: none
		from, to time.Duration
		requests int
	}{
		"one attempt":            {Options{Retry: send.Policy{MaxAttempts: 1, Backoff: time.Second}}, nil, 0, 0, 0, 1},
		"no policy":              {Options{}, nil, 0, 0, 0, 1},
		"backoff":                {Options{Retry: send.Policy{MaxAttempts: 3, Backoff: time.Second, MaxRetryAfter: time.Minute}}, nil, 0, 1, 3*time.Second + 3, 3},
		"Retry-After":            {Options{Retry: send.Policy{MaxAttempts: 3, Backoff: time.Second, MaxRetryAfter: time.Minute}}, minute, 0, 2 * time.Minute, 2 * time.Minute, 3},
		"too long a Retry-After": {Options{Retry: send.Policy{MaxAttempts: 3, Backoff: time.Second, MaxRetryAfter: time.Second}}, minute, 0, 0, 0, 1},
		"past the deadline":      {Options{Retry: send.Policy{MaxAttempts: 3, Backoff: time.Second, MaxRetryAfter: time.Minute}}, minute, time.Minute, 0, 0, 1},
		"past the Timeout":       {Options{Retry: send.Policy{MaxAttempts: 3, Backoff: time.Second, MaxRetryAfter: time.Minute}, Timeout: 90 * time.Second}, minute, 0, time.Minute, time.Minute, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx := t.Context()
			if tt.limit > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, tt.limit)
				defer cancel()
			}
			took, requests, failed := timed(ctx, t, tt.o, 503, tt.header)
			if took < tt.from || took > tt.to || requests != tt.requests || failed == nil || failed.Status != 503 || failed.Err != nil {
				t.Errorf("%s: %d requests in %v, %+v", name, requests, took, failed)
			}
			if tt.header != nil && failed.RetryAfter != time.Minute {
				t.Errorf("%s: RetryAfter is %v", name, failed.RetryAfter)
			}
		})
	}
}

// The end of the context is told, and so is the failure before the wait.
func TestTheContextEndsDuringAWait(t *testing.T) {
	t.Parallel()
	reason := errors.New("enough")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Minute, func() { cancel(reason) })
		took, requests, failed := timed(ctx, t, Options{Retry: send.Policy{MaxAttempts: 3, Backoff: 1, MaxRetryAfter: time.Hour}}, 503, http.Header{"Retry-After": {"3600"}})
		if took != time.Minute || requests != 1 || failed.Status != 503 || !errors.Is(failed.Err, context.Canceled) || !errors.Is(failed.Err, reason) {
			t.Errorf("%d requests in %v, %+v", requests, took, failed)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		f := New(Options{AllowPrivate: true, Retry: send.Policy{MaxAttempts: 3, Backoff: time.Hour, MaxRetryAfter: time.Hour}, Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return nil, io.ErrUnexpectedEOF
		})})
		for range 2 { // the second finds the context ended
			if _, failed := f.Get(ctx, parse(t, "https://images.test/a"), io.Discard); !errors.Is(errorOf(failed), context.Canceled) || !errors.Is(failed.Err, io.ErrUnexpectedEOF) {
				t.Errorf("%+v", failed)
			}
		}
	})
}

func TestTheContextEndsDuringTheFile(t *testing.T) {
	t.Parallel()
	host, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "the beginning")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	n, failed := loopback(t, Options{}).Get(ctx, host, writerFunc(func(p []byte) (int, error) { cancel(); return len(p), nil }))
	if n != 13 || !errors.Is(errorOf(failed), context.Canceled) || requests.Load() != 1 {
		t.Errorf("%d, %+v", n, failed)
	}
	n, failed = loopback(t, Options{Timeout: 200 * time.Millisecond}).Get(t.Context(), host, io.Discard)
	if err := errorOf(failed); n != 0 && n != 13 || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrTimeout) {
		t.Errorf("%d, %+v", n, failed)
	}
}

package wrapper

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
)

const queuedBody = `{"code":1000,"msg":"OK","data":{"taskid":"abcd_1234567890abcdef","url":[],"image_status":1}}`

var soon = WaitOptions{Interval: time.Millisecond, MaxInterval: 2 * time.Millisecond}

// once switches retries off, so that a query is one request.
var once = WithRetry(RetryPolicy{MaxAttempts: 1})

func TestWaitForTask(t *testing.T) {
	t.Parallel()
	page := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }
	queued, processing, completed := answers(200, queuedBody), answers(200, processingBody), answers(200, completedBody)
	tests := map[string]struct {
		handlers []http.HandlerFunc
		statuses []generated.ImageStatus
		err      error // nil: completed
	}{
		"at once":       {[]http.HandlerFunc{completed}, []generated.ImageStatus{3}, nil},
		"in steps":      {[]http.HandlerFunc{queued, queued, processing, processing, completed}, []generated.ImageStatus{1, 2, 3}, nil},
		"and back":      {[]http.HandlerFunc{processing, queued, processing, completed}, []generated.ImageStatus{2, 1, 2, 3}, nil},
		"no status":     {[]http.HandlerFunc{queued, answers(200, `{"code":1000,"msg":"OK","data":{}}`), queued, completed}, []generated.ImageStatus{1, 3}, nil},
		"failed":        {[]http.HandlerFunc{processing, answers(200, failedBody)}, []generated.ImageStatus{2, 4}, ErrTaskFailed},
		"rides out":     {[]http.HandlerFunc{answers(500, ""), answers(503, "<html>"), answers(429, ""), page, answers(204, ""), hangUp, answers(200, `{"code":`), completed}, []generated.ImageStatus{3}, nil},
		"not found":     {[]http.HandlerFunc{queued, answers(404, `{"code":9999,"msg":"none"}`)}, []generated.ImageStatus{1}, ErrNotFound},
		"key refused":   {[]http.HandlerFunc{answers(401, ""), completed}, nil, ErrUnauthorized},
		"credits":       {[]http.HandlerFunc{answers(200, `{"code":9000,"msg":""}`), completed}, nil, ErrInsufficientCredits},
		"failure":       {[]http.HandlerFunc{answers(200, `{"code":9999,"msg":""}`), completed}, nil, ErrFailure},
		"redirect":      {[]http.HandlerFunc{answers(302, ""), completed}, nil, ErrRedirected},
		"out of schema": {[]http.HandlerFunc{answers(200, `{"code":1000,"msg":"OK","data":{"image_status":"3"}}`), completed}, nil, ErrContract},
		"another task":  {[]http.HandlerFunc{answers(200, strings.Replace(completedBody, "abcd", "dcba", 1)), completed}, nil, ErrContract},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, requests := serve(t, sequence(tt.handlers...))
			var statuses []generated.ImageStatus
			opts := soon
			opts.OnStatus = func(s generated.ImageStatus) { statuses = append(statuses, s) }
			data, err := newTestClient(t, url, once).WaitForTask(t.Context(), taskID, opts)
			if !errors.Is(err, tt.err) || (data == nil) != (tt.err != nil) {
				t.Errorf("%+v, %v; want %v", data, err, tt.err)
			}
			if !slices.Equal(statuses, tt.statuses) {
				t.Errorf("told %v, want %v", statuses, tt.statuses)
			}
			if tt.err == nil && int(requests.Load()) != len(tt.handlers) {
				t.Errorf("%d requests, want %d", requests.Load(), len(tt.handlers))
			}
		})
	}
}

// A status without a name is waited through. It is not checked here: a newer
// contract may list those that there are.
func TestWaitForTaskWithAnUnknownStatus(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, sequence(answers(200, strings.Replace(queuedBody, ":1}", ":9}", 1)), answers(200, completedBody)))
	var statuses []generated.ImageStatus
	opts := soon
	opts.OnStatus = func(s generated.ImageStatus) { statuses = append(statuses, s) }
	_, err := newTestClient(t, url, WithValidation(Off)).WaitForTask(t.Context(), taskID, opts)
	if want := []generated.ImageStatus{9, 3}; err != nil || !slices.Equal(statuses, want) {
		t.Errorf("told %v, %v; want %v", statuses, err, want)
	}
}

func TestTaskFailedErrorHasTheServicesWords(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, answers(200, strings.Replace(failedBody, "too many foxes", `line\n`+testKey+strings.Repeat("x", 5000), 1)))
	_, err := newTestClient(t, url).WaitForTask(t.Context(), taskID, soon)
	var e *TaskFailedError
	if !errors.As(err, &e) || e.TaskID != taskID || e.Info == nil || e.Info.ImageStatus != statusFailed || !strings.HasPrefix(e.Message, "line\n[redacted]") {
		t.Fatalf("%#v", err)
	}
	if text := e.Error() + e.LogValue().String() + e.GoString() + e.Info.ErrorMessage; strings.Contains(text, testKey) {
		t.Errorf("holds the key: %s", text)
	}
	if text := e.Error(); len(text) >= 1024 || strings.ContainsAny(text, "\n") || !strings.Contains(text, `line\n`) {
		t.Errorf("%d bytes: %s", len(text), text)
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"between queries": answers(200, processingBody),
		"in a query":      sequence(answers(200, processingBody), func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body); <-r.Context().Done() }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := serve(t, handler)
			reason := errors.New("enough")
			ctx, cancel := context.WithCancelCause(t.Context())
			opts := WaitOptions{Interval: 5 * time.Millisecond, OnStatus: func(generated.ImageStatus) {
				time.AfterFunc(20*time.Millisecond, func() { cancel(reason) })
			}}
			_, err := newTestClient(t, url).WaitForTask(ctx, taskID, opts)
			var e *WaitError
			if !errors.As(err, &e) || e.TaskID != taskID || e.Status != 2 || e.Elapsed <= 0 {
				t.Fatalf("%#v", err)
			}
			if !errors.Is(err, context.Canceled) || !errors.Is(err, reason) || errors.Is(err, ErrWaitTimeout) || errors.Is(err, ErrOutcomeUnknown) {
				t.Errorf("%v", err)
			}
			if text := err.Error(); !strings.Contains(text, "wait for it again") || strings.Contains(text, taskID) {
				t.Error(text)
			}
		})
	}
}

func TestWaitTimesOutWithTheLastError(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, answers(502, "<html>"))
	opts := WaitOptions{Interval: time.Millisecond, Timeout: 50 * time.Millisecond}
	_, err := newTestClient(t, url, once).WaitForTask(t.Context(), taskID, opts)
	if !errors.Is(err, ErrWaitTimeout) || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrServer) {
		t.Errorf("%v", err)
	}
	if text := err.Error(); len(text) >= 1024 || strings.Contains(text, "\n") {
		t.Error(text)
	}
}

// A Retry-After beyond the timeout is not waited for.
func TestWaitObeysRetryAfter(t *testing.T) {
	t.Parallel()
	url, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "3600")
		answers(429, "")(w, r)
	})
	start := time.Now()
	_, err := newTestClient(t, url).WaitForTask(t.Context(), taskID, soon)
	if !errors.Is(err, ErrWaitTimeout) || !errors.Is(err, ErrRateLimited) || requests.Load() != 1 || time.Since(start) > 10*time.Second {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
}

func TestWaitRefusesOptions(t *testing.T) {
	t.Parallel()
	url, requests := serve(t, answers(200, completedBody))
	c := newTestClient(t, url)
	for _, opts := range []WaitOptions{{Interval: -1}, {MaxInterval: -1}, {Timeout: -1}, {Interval: 2, MaxInterval: 1}} {
		if _, err := c.WaitForTask(t.Context(), taskID, opts); !errors.Is(err, ErrInvalidRequest) {
			t.Errorf("%+v: %v", opts, err)
		}
	}
	if _, err := c.WaitForTask(t.Context(), " ", WaitOptions{}); !errors.Is(err, ErrInvalidRequest) {
		t.Error(err)
	}
	var none context.Context
	if _, err := c.WaitForTask(none, taskID, WaitOptions{}); !errors.Is(err, ErrInvalidRequest) {
		t.Error(err)
	}
	if requests.Load() != 0 {
		t.Errorf("%d requests", requests.Load())
	}
}

// What OnStatus is told last is true, though it ends the context then.
func TestWaitPrefersTheEndOfTheTask(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		is      error
	}{"completed": {answers(200, completedBody), nil}, "failed": {answers(200, failedBody), ErrTaskFailed}} {
		url, _ := serve(t, tt.handler)
		ctx, cancel := context.WithCancel(t.Context())
		opts := soon
		opts.OnStatus = func(generated.ImageStatus) { cancel() }
		_, err := newTestClient(t, url).WaitForTask(ctx, taskID, opts)
		if !errors.Is(err, tt.is) || errors.As(err, new(*WaitError)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An editor that waits, for a rate limiter say, fails when the context ends.
func TestWaitEndsInARequestEditor(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, answers(200, processingBody))
	c := newTestClient(t, url, WithRequestEditor(func(ctx context.Context, _ *http.Request) error {
		<-ctx.Done()
		return ctx.Err()
	}))
	_, err := c.WaitForTask(t.Context(), taskID, WaitOptions{Timeout: 20 * time.Millisecond})
	if !errors.Is(err, ErrWaitTimeout) || errors.Is(err, ErrInvalidRequest) {
		t.Errorf("%v", err)
	}
	failing := newTestClient(t, url, WithRequestEditor(func(context.Context, *http.Request) error { return io.ErrClosedPipe }))
	if _, err := failing.WaitForTask(t.Context(), taskID, soon); !errors.Is(err, ErrInvalidRequest) || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("%v", err)
	}
}

func TestWaitTrustsNoForeignCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(answers(200, completedBody))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	_, err := newTestClient(t, server.URL).WaitForTask(t.Context(), taskID, soon)
	if !errors.As(err, new(*TransportError)) || errors.As(err, new(*WaitError)) {
		t.Errorf("%v", err)
	}
}

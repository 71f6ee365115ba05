package conformance

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
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const queuedBody = `{"code":1000,"msg":"OK","data":{"taskid":"abcd_1234567890abcdef","url":[],"image_status":1}}`

var soon = wrapper.WaitOptions{Interval: time.Millisecond, MaxInterval: 2 * time.Millisecond}

func TestWaitForTask(t *testing.T) {
	t.Parallel()
	page := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }
	queued, processing, completed := testkit.Respond(200, queuedBody), testkit.Respond(200, processingBody), testkit.Respond(200, completedBody)
	tests := map[string]struct {
		handlers []http.HandlerFunc
		statuses []generated.ImageStatus
		err      error // nil: completed
	}{
		"at once":       {[]http.HandlerFunc{completed}, []generated.ImageStatus{3}, nil},
		"in steps":      {[]http.HandlerFunc{queued, queued, processing, processing, completed}, []generated.ImageStatus{1, 2, 3}, nil},
		"and back":      {[]http.HandlerFunc{processing, queued, processing, completed}, []generated.ImageStatus{2, 1, 2, 3}, nil},
		"no status":     {[]http.HandlerFunc{queued, testkit.Respond(200, `{"code":1000,"msg":"OK","data":{}}`), queued, completed}, []generated.ImageStatus{1, 3}, nil},
		"failed":        {[]http.HandlerFunc{processing, testkit.Respond(200, failedBody)}, []generated.ImageStatus{2, 4}, wrapper.ErrTaskFailed},
		"polls through": {[]http.HandlerFunc{testkit.Respond(500, ""), testkit.Respond(503, "<html>"), testkit.Respond(429, ""), page, testkit.Respond(204, ""), testkit.HangUp, testkit.Respond(200, `{"code":`), completed}, []generated.ImageStatus{3}, nil},
		"not found":     {[]http.HandlerFunc{queued, testkit.Respond(404, `{"code":9999,"msg":"none"}`)}, []generated.ImageStatus{1}, wrapper.ErrNotFound},
		"key refused":   {[]http.HandlerFunc{testkit.Respond(401, ""), completed}, nil, wrapper.ErrUnauthorized},
		"credits":       {[]http.HandlerFunc{testkit.Respond(200, `{"code":9000,"msg":""}`), completed}, nil, wrapper.ErrInsufficientCredits},
		"failure":       {[]http.HandlerFunc{testkit.Respond(200, `{"code":9999,"msg":""}`), completed}, nil, wrapper.ErrFailure},
		"redirect":      {[]http.HandlerFunc{testkit.Respond(302, ""), completed}, nil, wrapper.ErrRedirected},
		"out of schema": {[]http.HandlerFunc{testkit.Respond(200, `{"code":1000,"msg":"OK","data":{"image_status":"3"}}`), completed}, nil, wrapper.ErrContract},
		"another task":  {[]http.HandlerFunc{testkit.Respond(200, strings.Replace(completedBody, "abcd", "dcba", 1)), completed}, nil, wrapper.ErrContract},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, requests := testkit.Serve(t, testkit.Sequence(tt.handlers...))
			var statuses []generated.ImageStatus
			opts := soon
			opts.OnStatus = func(s generated.ImageStatus) { statuses = append(statuses, s) }
			data, err := newRetryingClient(t, url, once).WaitForTask(t.Context(), taskID, opts)
			if !errors.Is(err, tt.err) || (data == nil) != (tt.err != nil) {
				t.Errorf("%+v, %v; want %v", data, err, tt.err)
			}
			if !slices.Equal(statuses, tt.statuses) {
				t.Errorf("OnStatus got %v, want %v", statuses, tt.statuses)
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
	url, _ := testkit.Serve(t, testkit.Sequence(testkit.Respond(200, strings.Replace(queuedBody, ":1}", ":9}", 1)), testkit.Respond(200, completedBody)))
	var statuses []generated.ImageStatus
	opts := soon
	opts.OnStatus = func(s generated.ImageStatus) { statuses = append(statuses, s) }
	_, err := newRetryingClient(t, url, wrapper.WithValidation(wrapper.Off)).WaitForTask(t.Context(), taskID, opts)
	if want := []generated.ImageStatus{9, 3}; err != nil || !slices.Equal(statuses, want) {
		t.Errorf("OnStatus got %v, %v; want %v", statuses, err, want)
	}
}

func TestTaskFailedErrorHasTheServicesMessage(t *testing.T) {
	t.Parallel()
	url, _ := testkit.Serve(t, testkit.Respond(200, strings.Replace(failedBody, "too many foxes", `line\n`+testKey+strings.Repeat("x", 5000), 1)))
	_, err := newRetryingClient(t, url).WaitForTask(t.Context(), taskID, soon)
	var e *wrapper.TaskFailedError
	if !errors.As(err, &e) || e.TaskID != taskID || e.Info == nil || e.Info.ImageStatus != generated.ImageStatus(4) || !strings.HasPrefix(e.Message, "line\n"+textRedacted) {
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
		"between queries": testkit.Respond(200, processingBody),
		"in a query":      testkit.Sequence(testkit.Respond(200, processingBody), func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body); <-r.Context().Done() }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := testkit.Serve(t, handler)
			reason := errors.New("enough")
			ctx, cancel := context.WithCancelCause(t.Context())
			opts := wrapper.WaitOptions{Interval: 5 * time.Millisecond, OnStatus: func(generated.ImageStatus) {
				time.AfterFunc(20*time.Millisecond, func() { cancel(reason) })
			}}
			_, err := newRetryingClient(t, url).WaitForTask(ctx, taskID, opts)
			var e *wrapper.WaitError
			if !errors.As(err, &e) || e.TaskID != taskID || e.Status != 2 || e.Elapsed <= 0 {
				t.Fatalf("%#v", err)
			}
			if !errors.Is(err, context.Canceled) || !errors.Is(err, reason) || errors.Is(err, wrapper.ErrWaitTimeout) || errors.Is(err, wrapper.ErrOutcomeUnknown) {
				t.Errorf("%v", err)
			}
			if text := err.Error(); !strings.Contains(text, textWaitAgain) || strings.Contains(text, taskID) {
				t.Error(text)
			}
		})
	}
}

func TestWaitRefusesOptions(t *testing.T) {
	t.Parallel()
	url, requests := testkit.Serve(t, testkit.Respond(200, completedBody))
	c := newRetryingClient(t, url)
	for _, opts := range []wrapper.WaitOptions{{Interval: -1}, {MaxInterval: -1}, {Timeout: -1}, {Interval: 2, MaxInterval: 1}} {
		if _, err := c.WaitForTask(t.Context(), taskID, opts); !errors.Is(err, wrapper.ErrInvalidRequest) {
			t.Errorf("%+v: %v", opts, err)
		}
	}
	if _, err := c.WaitForTask(t.Context(), " ", wrapper.WaitOptions{}); !errors.Is(err, wrapper.ErrInvalidRequest) {
		t.Error(err)
	}
	var none context.Context
	if _, err := c.WaitForTask(none, taskID, wrapper.WaitOptions{}); !errors.Is(err, wrapper.ErrInvalidRequest) {
		t.Error(err)
	}
	if requests.Load() != 0 {
		t.Errorf("%d requests", requests.Load())
	}
}

// The last status is the result, even if OnStatus ends the context.
func TestWaitPrefersTheEndOfTheTask(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		is      error
	}{"completed": {testkit.Respond(200, completedBody), nil}, "failed": {testkit.Respond(200, failedBody), wrapper.ErrTaskFailed}} {
		url, _ := testkit.Serve(t, tt.handler)
		ctx, cancel := context.WithCancel(t.Context())
		opts := soon
		opts.OnStatus = func(generated.ImageStatus) { cancel() }
		_, err := newRetryingClient(t, url).WaitForTask(ctx, taskID, opts)
		if !errors.Is(err, tt.is) || errors.As(err, new(*wrapper.WaitError)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A request editor that waits, for example for a rate limiter, fails when the context ends.
func TestWaitEndsInARequestEditor(t *testing.T) {
	t.Parallel()
	url, _ := testkit.Serve(t, testkit.Respond(200, processingBody))
	c := newRetryingClient(t, url, wrapper.WithRequestEditor(func(ctx context.Context, _ *http.Request) error {
		<-ctx.Done()
		return ctx.Err()
	}))
	_, err := c.WaitForTask(t.Context(), taskID, wrapper.WaitOptions{Timeout: 20 * time.Millisecond})
	if !errors.Is(err, wrapper.ErrWaitTimeout) || errors.Is(err, wrapper.ErrInvalidRequest) {
		t.Errorf("%v", err)
	}
	failing := newRetryingClient(t, url, wrapper.WithRequestEditor(func(context.Context, *http.Request) error { return io.ErrClosedPipe }))
	if _, err := failing.WaitForTask(t.Context(), taskID, soon); !errors.Is(err, wrapper.ErrInvalidRequest) || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("%v", err)
	}
}

func TestWaitTrustsNoUnknownCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(testkit.Respond(200, completedBody))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	_, err := newRetryingClient(t, server.URL).WaitForTask(t.Context(), taskID, soon)
	if !errors.As(err, new(*wrapper.TransportError)) || errors.As(err, new(*wrapper.WaitError)) {
		t.Errorf("%v", err)
	}
}

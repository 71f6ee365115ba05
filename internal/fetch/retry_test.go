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

// What failed before anything was written is tried again.
func TestGetTriesAgain(t *testing.T) {
	t.Parallel()
	handlers := []http.HandlerFunc{hangUp, responds(503, nil, ""), responds(200, nil, picture(9))}
	next := make(chan http.HandlerFunc, len(handlers))
	for _, h := range handlers {
		next <- h
	}
	host, requests := serve(t, func(w http.ResponseWriter, r *http.Request) { (<-next)(w, r) })
	var got bytes.Buffer
	n, failed := loopback(t, Options{}).get(t.Context(), host, &got)
	if n != 9 || failed != nil || got.String() != picture(9) || requests.Load() != 3 {
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
		_, failed := f.get(t.Context(), parse(t, "https://images.test/a?sig=secret"), io.Discard)
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
	_, failed = New(o).get(ctx, parse(t, "https://images.test/a"), io.Discard)
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

// A 404 may be that of a delivery network which has the file in a moment.
func TestWaitsForAMissingFile(t *testing.T) {
	t.Parallel()
	standard := send.Policy{MaxAttempts: 3, Backoff: 500 * time.Millisecond, MaxRetryAfter: 30 * time.Second}
	for name, tt := range map[string]struct {
		retry    send.Policy
		status   int
		header   http.Header
		most     time.Duration
		from, to int // requests
	}{
		"the standard policy": {standard, 404, nil, 10 * time.Second, 6, 6},
		"slow retries":        {send.Policy{MaxAttempts: 3, Backoff: time.Hour, MaxRetryAfter: time.Hour}, 404, nil, 10 * time.Second, 2, 6},
		"many retries":        {send.Policy{MaxAttempts: 50, Backoff: time.Second, MaxRetryAfter: time.Hour}, 404, nil, 10 * time.Second, 3, 53},
		"no retries":          {send.Policy{MaxAttempts: 1, Backoff: time.Second, MaxRetryAfter: time.Hour}, 404, nil, 0, 1, 1},
		"Retry-After":         {standard, 404, http.Header{"Retry-After": {"2"}}, 10 * time.Second, 5, 6},
		"a long Retry-After":  {standard, 404, http.Header{"Retry-After": {"20"}}, 0, 1, 1},
		"gone":                {standard, 410, nil, 0, 1, 1},
		"forbidden":           {standard, 403, nil, 0, 1, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			took, requests, failed := timed(t.Context(), t, Options{Retry: tt.retry}, tt.status, tt.header)
			if took > tt.most || requests < tt.from || requests > tt.to || failed == nil || failed.Status != tt.status {
				t.Errorf("%s: %d requests in %v, %+v", name, requests, took, failed)
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
			if _, failed := f.get(ctx, parse(t, "https://images.test/a"), io.Discard); !errors.Is(errorOf(failed), context.Canceled) || !errors.Is(failed.Err, io.ErrUnexpectedEOF) {
				t.Errorf("%+v", failed)
			}
		}
	})
}

func TestTheContextEndsDuringTheFile(t *testing.T) {
	t.Parallel()
	host, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, picture(13))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	n, failed := loopback(t, Options{}).get(ctx, host, writerFunc(func(p []byte) (int, error) { cancel(); return len(p), nil }))
	if n != 13 || !errors.Is(errorOf(failed), context.Canceled) || requests.Load() != 1 {
		t.Errorf("%d, %+v", n, failed)
	}
	n, failed = loopback(t, Options{Timeout: 200 * time.Millisecond}).get(t.Context(), host, io.Discard)
	if err := errorOf(failed); n != 0 && n != 13 || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrTimeout) {
		t.Errorf("%d, %+v", n, failed)
	}
}

package wrapper

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
)

// sequence answers each request with the next handler, and the last for ever.
func sequence(handlers ...http.HandlerFunc) http.HandlerFunc {
	var n atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) {
		handlers[min(int(n.Add(1)), len(handlers))-1](w, r)
	}
}

func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func TestRetries(t *testing.T) {
	t.Parallel()
	ok := answers(200, successBody)
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"code":1000`)
	}
	tests := []struct {
		name     string
		handlers []http.HandlerFunc
		attempts int32
		want     string
	}{
		{"success at once", []http.HandlerFunc{ok}, 1, ""},
		{"500 then success", []http.HandlerFunc{answers(500, ""), ok}, 2, ""},
		{"502, 504, success", []http.HandlerFunc{answers(502, ""), answers(504, ""), ok}, 3, ""},
		{"429 and 503 then success", []http.HandlerFunc{answers(429, ""), answers(503, ""), ok}, 3, ""},
		{"lost then success", []http.HandlerFunc{hangUp, ok}, 2, ""},
		{"cut then success", []http.HandlerFunc{cut, ok}, 2, ""},
		{"500 to the end", []http.HandlerFunc{answers(500, "")}, 3, "OutcomeUnknown Server"},
		{"503 to the end", []http.HandlerFunc{answers(503, "")}, 3, "Server"},
		{"503 after 500", []http.HandlerFunc{answers(500, ""), answers(503, "")}, 3, "OutcomeUnknown Server"},
		{"refused after lost", []http.HandlerFunc{hangUp, answers(400, `{"code":9999,"msg":"no such id"}`)}, 2, "Failure OutcomeUnknown"},
		{"failed after lost", []http.HandlerFunc{hangUp, answers(200, `{"code":1000,"msg":"","data":{"status":"Failed"}}`)}, 2, "DeleteFailed OutcomeUnknown"},
		{"refused after 429", []http.HandlerFunc{answers(429, ""), answers(400, "")}, 2, ""},
		{"501 is final", []http.HandlerFunc{answers(501, ""), ok}, 1, "OutcomeUnknown Server"},
		{"400 is final", []http.HandlerFunc{answers(400, `{"code":9999,"msg":""}`), ok}, 1, "Failure"},
		{"401 is final", []http.HandlerFunc{answers(401, ""), ok}, 1, "Unauthorized"},
		{"a business code is final", []http.HandlerFunc{answers(200, `{"code":9000,"msg":""}`), ok}, 1, "InsufficientCredits"},
		{"a contract breach is final", []http.HandlerFunc{answers(200, `{}`), ok}, 1, "Contract OutcomeUnknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url, requests := serve(t, sequence(tt.handlers...))
			_, err := newTestClient(t, url).DeleteImagesTask(t.Context(), oneTask)
			if got := strings.Join(matching(err), " "); got != tt.want || requests.Load() != tt.attempts {
				t.Errorf("%v (%s) after %d requests", err, got, requests.Load())
			}
			var api *APIError
			if errors.As(err, &api) && api.Attempts != int(tt.attempts) {
				t.Errorf("Attempts = %d", api.Attempts)
			}
		})
	}
}

func TestEveryAttemptSendsTheWholeBody(t *testing.T) {
	t.Parallel()
	bodies := make(chan string, 3)
	url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		bodies <- string(b)
		answers(503, "")(w, r)
	})
	_, _ = newTestClient(t, url).DeleteImagesTask(t.Context(), generated.DeleteImagesTaskRequest{TaskIDs: []string{"a", "b"}})
	for range 3 {
		if got := <-bodies; got != `{"taskids":["a","b"]}` {
			t.Errorf("sent %q", got)
		}
	}
}

// A body that can be read only once must not be sent empty the second time.
func TestAStreamIsSentOnce(t *testing.T) {
	t.Parallel()
	url, requests := serve(t, answers(503, ""))
	stream := io.MultiReader(strings.NewReader(`{"taskids":["a"]}`))
	_, err := newTestClient(t, url).Generated().DeleteImagesTaskWithBodyWithResponse(t.Context(), "application/json", stream)
	if !errors.Is(err, ErrServer) || requests.Load() != 1 {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
}

func TestRefusedConnectionsAreRetried(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + listener.Addr().String()
	listener.Close()
	_, err = newTestClient(t, url).DeleteImagesTask(t.Context(), oneTask)
	var e *TransportError
	if !errors.As(err, &e) || e.Attempts != 3 || strings.Join(matching(err), " ") != "NotSent" {
		t.Errorf("got %v", err)
	}
}

func TestNothingSentAtTheEndDoesNotHideALostAttempt(t *testing.T) {
	t.Parallel()
	dials := 0
	c := newTestClient(t, "https://api.test", WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		if dials++; dials == 1 {
			return nil, io.ErrUnexpectedEOF
		}
		return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
	})}))
	_, err := c.DeleteImagesTask(t.Context(), oneTask)
	if got := strings.Join(matching(err), " "); got != "OutcomeUnknown" || dials != 3 {
		t.Errorf("%v (%s) after %d dials", err, got, dials)
	}
}

func TestWithRetrySwitchesRetriesOff(t *testing.T) {
	t.Parallel()
	url, requests := serve(t, answers(503, ""))
	_, err := newTestClient(t, url, WithRetry(RetryPolicy{MaxAttempts: 1})).DeleteImagesTask(t.Context(), oneTask)
	if !errors.Is(err, ErrServer) || requests.Load() != 1 {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	t.Parallel()
	limited := func(value string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", value)
			answers(429, "")(w, r)
		}
	}
	const maxWait = 2 * time.Second
	tests := []struct {
		value    string
		attempts int32 // of 2
		atLeast  time.Duration
	}{
		{"1", 2, time.Second},
		{"0", 2, 0},
		{"-5", 2, 0},
		{"soon", 2, 0},
		{"", 2, 0},
		{"Sun, 06 Nov 1994 08:49:37 GMT", 2, 0},
		{"3", 1, 0},
		{"99999999999", 1, 0},
		{"99999999999999999999999999", 1, 0},
		{"Fri, 31 Dec 9999 23:59:59 GMT", 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.value, func(t *testing.T) {
			t.Parallel()
			url, requests := serve(t, limited(tt.value))
			c := newTestClient(t, url, WithRetry(RetryPolicy{MaxAttempts: 2, Backoff: 1, MaxRetryAfter: maxWait}))
			start := time.Now()
			_, err := c.DeleteImagesTask(t.Context(), oneTask)
			if !errors.Is(err, ErrRateLimited) || requests.Load() != tt.attempts {
				t.Errorf("%v after %d requests", err, requests.Load())
			}
			if took := time.Since(start); took < tt.atLeast {
				t.Errorf("waited %v", took)
			}
		})
	}
}

func TestWaitsEndWithTheContext(t *testing.T) {
	t.Parallel()
	url, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "20")
		answers(503, `{"code":9999,"msg":"busy"}`)(w, r)
	})
	c := newTestClient(t, url, WithRetry(RetryPolicy{MaxRetryAfter: time.Minute}))

	t.Run("cancelled while waiting", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(50*time.Millisecond, cancel)
		_, err := c.DeleteImagesTask(ctx, oneTask)
		var e *APIError
		if !errors.As(err, &e) || e.Code != 9999 || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("the deadline comes first", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.DeleteImagesTask(ctx, oneTask)
		if !errors.Is(err, ErrServer) || errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
	})
	if requests.Load() != 2 {
		t.Errorf("%d requests", requests.Load())
	}
}

func TestABodyOfAnEditorIsNotUndone(t *testing.T) {
	t.Parallel()
	bodies := make(chan string, 3)
	url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		bodies <- string(b)
		answers(503, "")(w, r)
	})
	const mine = `{"taskids":["mine"]}`
	replace := WithRequestEditor(func(_ context.Context, req *http.Request) error {
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader(mine)), int64(len(mine))
		return nil
	})
	_, err := newTestClient(t, url, replace).DeleteImagesTask(t.Context(), oneTask)
	if !errors.Is(err, ErrServer) || len(bodies) != 1 || <-bodies != mine {
		t.Errorf("%v after %d requests", err, len(bodies))
	}
}

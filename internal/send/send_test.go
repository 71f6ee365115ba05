package send

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quickly = Policy{MaxAttempts: 3, Backoff: time.Microsecond, MaxRetryAfter: time.Second}

// serve responds to each request with the next handler, and to all others with
// the last, on a loopback socket.
func serve(t *testing.T, handlers ...http.HandlerFunc) (url string, requests *atomic.Int32) {
	t.Helper()
	requests = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(requests.Add(1))
		_, _ = io.Copy(io.Discard, r.Body)
		handlers[min(n, len(handlers))-1](w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, requests
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = io.WriteString(w, "body")
	}
}

func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func brokenOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	_, _ = io.WriteString(w, "part")
}

// newSender returns a sender with a transport of its own, which ends with the test.
func newSender(t *testing.T, p Policy) *Sender {
	t.Helper()
	transport := newTransport().(*http.Transport)
	t.Cleanup(transport.CloseIdleConnections)
	client, timeout := NewClient(&http.Client{Transport: transport}, time.Minute)
	return &Sender{Client: client, Timeout: timeout, MaxBytes: 1 << 20, Policy: p}
}

func post(ctx context.Context, t *testing.T, url, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// What is repeated, and what is known of the effect at the end, depends on
// what repeating a request would do.
func TestSend(t *testing.T) {
	t.Parallel()
	type want struct {
		requests int32
		outcome  Outcome
		doubt    bool
		lost     bool // there is no response
	}
	ok := status(200)
	tests := []struct {
		name                 string
		handlers             []http.HandlerFunc
		eachTime, once, none want
	}{
		{"success", []http.HandlerFunc{ok}, want{1, Unknown, false, false}, want{1, Unknown, false, false}, want{1, NotActed, false, false}},
		{"400", []http.HandlerFunc{status(400), ok}, want{1, NotActed, false, false}, want{1, NotActed, false, false}, want{1, NotActed, false, false}},
		{"429", []http.HandlerFunc{status(429)}, want{1, NotActed, false, false}, want{3, NotActed, false, false}, want{3, NotActed, false, false}},
		{"500", []http.HandlerFunc{status(500)}, want{1, Unknown, false, false}, want{3, Unknown, true, false}, want{3, NotActed, false, false}},
		{"501", []http.HandlerFunc{status(501)}, want{1, Unknown, false, false}, want{1, Unknown, false, false}, want{1, NotActed, false, false}},
		{"503", []http.HandlerFunc{status(503)}, want{1, Unknown, false, false}, want{3, NotActed, false, false}, want{3, NotActed, false, false}},
		{"lost", []http.HandlerFunc{hangUp}, want{1, Unknown, false, true}, want{3, Unknown, true, true}, want{3, NotActed, false, true}},
		{"broken off", []http.HandlerFunc{brokenOff}, want{1, Unknown, false, false}, want{3, Unknown, true, false}, want{3, NotActed, false, false}},
		{"400 after a lost one", []http.HandlerFunc{hangUp, status(400)}, want{1, Unknown, false, true}, want{2, NotActed, true, false}, want{2, NotActed, false, false}},
		{"503 after 500", []http.HandlerFunc{status(500), status(503)}, want{1, Unknown, false, false}, want{3, NotActed, true, false}, want{3, NotActed, false, false}},
		{"success after 503", []http.HandlerFunc{status(503), ok}, want{1, Unknown, false, false}, want{2, Unknown, false, false}, want{2, NotActed, false, false}},
	}
	for _, tt := range tests {
		for effect, want := range map[Effect]want{EachTime: tt.eachTime, Once: tt.once, None: tt.none} {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				url, requests := serve(t, tt.handlers...)
				r := newSender(t, quickly).Send(post(t.Context(), t, url, "x"), effect, nil)
				if requests.Load() != want.requests || r.Attempts != int(want.requests) || r.Outcome != want.outcome || r.DoubtBefore != want.doubt || (r.Response == nil) != want.lost {
					t.Errorf("effect %d: %d requests, %+v", effect, requests.Load(), r)
				}
			})
		}
	}
}

func TestRateLimitedRepeatsAfter429Only(t *testing.T) {
	t.Parallel()
	p := quickly
	p.RateLimited = true
	for code, want := range map[int]int32{429: 3, 503: 1, 500: 1} {
		url, requests := serve(t, status(code))
		r := newSender(t, p).Send(post(t.Context(), t, url, "x"), EachTime, nil)
		if requests.Load() != want || r.Response.StatusCode != code {
			t.Errorf("HTTP %d: %d requests, want %d", code, requests.Load(), want)
		}
	}
}

func TestNoConnectionMeansNotSent(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + listener.Addr().String()
	listener.Close()
	for _, effect := range []Effect{EachTime, Once, None} {
		r := newSender(t, quickly).Send(post(t.Context(), t, url, "x"), effect, nil)
		if r.Outcome != NotSent || r.DoubtBefore || r.Attempts != 3 || r.Err == nil {
			t.Errorf("effect %d: %+v", effect, r)
		}
	}
}

func TestEachAttemptSendsTheWholeBody(t *testing.T) {
	t.Parallel()
	bodies := make(chan string, 3)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		bodies <- string(b)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer server.Close()
	newSender(t, quickly).Send(post(t.Context(), t, server.URL, "whole"), Once, nil)
	close(bodies)
	count := 0
	for got := range bodies {
		if count++; got != "whole" {
			t.Errorf("attempt %d sent %q", count, got)
		}
	}
	if count != 3 {
		t.Errorf("%d attempts", count)
	}
}

// A stream that has been read would be sent empty the second time.
func TestAStreamIsSentOnce(t *testing.T) {
	t.Parallel()
	url, requests := serve(t, status(503))
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, url, io.MultiReader(strings.NewReader("x")))
	r := newSender(t, quickly).Send(req, Once, nil)
	if requests.Load() != 1 || r.Response.StatusCode != 503 {
		t.Errorf("%d requests, %+v", requests.Load(), r)
	}
}

func TestObserverSeesEachAttempt(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, status(500), hangUp, status(200))
	var seen []int
	observe := func(r *Result, took time.Duration) {
		code := 0
		if r.Response != nil {
			code = r.Response.StatusCode
		}
		if seen = append(seen, code); len(seen) != r.Attempts || took < 0 {
			t.Errorf("attempt %d is the %d., and took %v", r.Attempts, len(seen), took)
		}
	}
	r := newSender(t, quickly).Send(post(t.Context(), t, url, "x"), Once, observe)
	if len(seen) != 3 || seen[0] != 500 || seen[1] != 0 || seen[2] != 200 || !bytes.Equal(r.Body, []byte("body")) {
		t.Errorf("saw %v, %+v", seen, r)
	}
}

// transport responds in memory, as synctest's clock needs it.
type transport func(*http.Request) (*http.Response, error)

func (f transport) Do(req *http.Request) (*http.Response, error) { return f(req) }

func TestWaitsObeyRetryAfterAndTheContext(t *testing.T) {
	t.Parallel()
	busy := func(after string) transport {
		return func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {after}}, Body: http.NoBody}, nil
		}
	}
	tests := []struct {
		name     string
		after    string
		deadline time.Duration // of the context
		attempts int
		took     time.Duration
		is       error
	}{
		{"obeyed", "20", time.Hour, 3, 40 * time.Second, nil},
		{"longer than MaxRetryAfter", "31", time.Hour, 1, 0, nil},
		{"endless", "99999999999999999999", time.Hour, 1, 0, nil},
		{"past the deadline", "20", 10 * time.Second, 1, 0, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), tt.deadline)
				defer cancel()
				s := &Sender{Client: busy(tt.after), Policy: Policy{MaxAttempts: 3, Backoff: time.Microsecond, MaxRetryAfter: 30 * time.Second}}
				start := time.Now()
				r := s.Send(post(ctx, t, "http://x.test", "x"), Once, nil)
				if r.Attempts != tt.attempts || time.Since(start) != tt.took || r.Err != nil {
					t.Errorf("%d attempts in %v, %v", r.Attempts, time.Since(start), r.Err)
				}
			})
		})
	}
	t.Run("cancelled while waiting", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			reason := errors.New("shutting down")
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(5*time.Second, func() { cancel(reason) })
			s := &Sender{Client: busy("20"), Policy: Policy{MaxAttempts: 3, Backoff: 1, MaxRetryAfter: time.Minute}}
			r := s.Send(post(ctx, t, "http://x.test", "x"), Once, nil)
			if r.Attempts != 1 || !errors.Is(r.Err, context.Canceled) || !errors.Is(r.Err, reason) || r.Response == nil {
				t.Errorf("%+v", r)
			}
		})
	})
}

func TestAttemptTimeoutIsNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hang := transport(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		s := &Sender{Client: hang, Timeout: time.Minute, Policy: Policy{MaxAttempts: 2, Backoff: 1, MaxRetryAfter: time.Second}}
		start := time.Now()
		r := s.Send(post(t.Context(), t, "http://x.test", "x"), Once, nil)
		if r.Attempts != 2 || time.Since(start) < 2*time.Minute || !strings.Contains(r.Err.Error(), "1m0s") || !errors.Is(r.Err, context.DeadlineExceeded) {
			t.Errorf("%d attempts in %v: %v", r.Attempts, time.Since(start), r.Err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r = s.Send(post(ctx, t, "http://x.test", "x"), Once, nil)
		if r.Attempts != 1 || strings.Contains(r.Err.Error(), "WithTimeout") || !errors.Is(r.Err, context.DeadlineExceeded) {
			t.Errorf("the caller's deadline: %d attempts: %v", r.Attempts, r.Err)
		}
	})
}

func TestNothingIsSentOnceTheContextHasEnded(t *testing.T) {
	t.Parallel()
	url, requests := serve(t, status(http.StatusOK))
	mine := errors.New("mine")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(mine)
	body := &closeTracker{Reader: strings.NewReader("body")}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, body)
	if err != nil {
		t.Fatal(err)
	}
	r := newSender(t, quickly).Send(req, EachTime, func(*Result, time.Duration) { t.Error("an attempt is reported") })
	if requests.Load() != 0 || r.Outcome != NotSent || r.Attempts != 0 || !body.closed || !errors.Is(r.Err, mine) || !errors.Is(r.Err, context.Canceled) {
		t.Errorf("%d requests, closed: %t, %+v", requests.Load(), body.closed, r)
	}
}

type closeTracker struct {
	io.Reader
	closed bool
}

func (c *closeTracker) Close() error {
	c.closed = true
	return nil
}

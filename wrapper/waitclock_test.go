package wrapper

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
)

// queries are the moments, from the start, at which a task was asked for.
type queries struct {
	start time.Time
	at    []time.Duration
}

// waitInBubble waits by the clock of a synctest bubble, in which nothing but
// waiting takes time. answer is given the number of the query, from 0.
func waitInBubble(t *testing.T, ctx context.Context, opts WaitOptions, answer func(n int) *http.Response) (*queries, error) { //nolint:revive // t comes first
	t.Helper()
	q := &queries{start: time.Now()}
	transport := roundTripper(func(req *http.Request) (*http.Response, error) {
		resp := answer(len(q.at))
		q.at = append(q.at, time.Since(q.start))
		resp.Request = req
		return resp, nil
	})
	c, err := NewClient(testKey, once, WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.WaitForTask(ctx, taskID, opts)
	return q, err
}

func answerOf(status int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

// lastQuery is how long before the end of a long wait its last query is made.
const lastQuery = 2 * time.Second

func processing(int) *http.Response { return answerOf(200, processingBody) }

// The defaults are 2 s, growing by half to 15 s, each shifted by up to a fifth,
// for 5 minutes, with a last query 2 s before the end.
func TestWaitIntervals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, err := waitInBubble(t, t.Context(), WaitOptions{}, processing)
		if elapsed := time.Since(q.start); !errors.Is(err, ErrWaitTimeout) || elapsed != DefaultWaitTimeout {
			t.Errorf("%v after %v", err, elapsed)
		}
		if len(q.at) < 20 || len(q.at) > 35 || q.at[0] != 0 {
			t.Fatalf("queries at %v", q.at)
		}
		last := len(q.at) - 1
		if q.at[last] != DefaultWaitTimeout-lastQuery {
			t.Errorf("the last query was at %v", q.at[last])
		}
		want, shifted := DefaultWaitInterval, false
		for i := range q.at[:last-1] {
			got := q.at[i+1] - q.at[i]
			if got < want-want/5 || got > want+want/5 {
				t.Errorf("interval %d is %v, want about %v", i+1, got, want)
			}
			shifted = shifted || got != want
			want = min(want+want/2, DefaultMaxWaitInterval)
		}
		if !shifted {
			t.Error("no interval is shifted")
		}
	})
}

// A task that ends in the last stretch is not missed.
func TestWaitAsksOnceMoreBeforeItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		q, err := waitInBubble(t, t.Context(), WaitOptions{Interval: time.Hour, Timeout: time.Minute}, func(int) *http.Response {
			if time.Since(start) > 50*time.Second {
				return answerOf(200, completedBody)
			}
			return answerOf(200, processingBody)
		})
		if err != nil || len(q.at) != 2 || q.at[1] != time.Minute-lastQuery {
			t.Errorf("queries at %v, %v", q.at, err)
		}
	})
}

func TestWaitEndsAtTheNearerDeadline(t *testing.T) {
	reason := errors.New("the shop closes")
	for name, tt := range map[string]struct {
		answer func(int) *http.Response
		cause  bool // the wait lasted until the caller's deadline
	}{
		"under way":   {processing, true},
		"Retry-After": {func(int) *http.Response { return answerOf(429, "", "Retry-After", "3600") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeoutCause(t.Context(), 10*time.Second, reason)
				defer cancel()
				q, err := waitInBubble(t, ctx, WaitOptions{}, tt.answer)
				if !errors.As(err, new(*WaitError)) || !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrWaitTimeout) || errors.Is(err, reason) != tt.cause {
					t.Errorf("%v", err)
				}
				if elapsed := time.Since(q.start); elapsed > 10*time.Second || tt.cause != (elapsed == 10*time.Second) {
					t.Errorf("it took %v", elapsed)
				}
			})
		})
	}
}

// A Retry-After is obeyed where it is longer than the interval, though it is
// longer than MaxInterval, and never shortened for a last query.
func TestWaitObeysALongerRetryAfter(t *testing.T) {
	for name, tt := range map[string]struct {
		header   string
		from, to time.Duration
	}{
		"longer":           {"40", 40 * time.Second, 40 * time.Second},
		"nearly the whole": {"59", 59 * time.Second, 59 * time.Second},
		"shorter":          {"1", 1600 * time.Millisecond, 2400 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q, err := waitInBubble(t, t.Context(), WaitOptions{Timeout: time.Minute}, func(n int) *http.Response {
					if n > 0 {
						return answerOf(200, completedBody)
					}
					return answerOf(503, "", "Retry-After", tt.header)
				})
				if err != nil || len(q.at) != 2 || q.at[1] < tt.from || q.at[1] > tt.to {
					t.Errorf("queries at %v, %v", q.at, err)
				}
			})
		})
	}
}

// The longest durations do not turn negative on the way.
func TestWaitWithTheLongestOptions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 20 { // the jitter is random
			opts := WaitOptions{Interval: math.MaxInt64, MaxInterval: math.MaxInt64, Timeout: time.Minute}
			q, err := waitInBubble(t, t.Context(), opts, processing)
			if !errors.Is(err, ErrWaitTimeout) || len(q.at) != 2 {
				t.Fatalf("%d queries, %v", len(q.at), err)
			}
		}
		q, err := waitInBubble(t, t.Context(), WaitOptions{Interval: 1, MaxInterval: math.MaxInt64, Timeout: math.MaxInt64}, func(n int) *http.Response {
			if n == 60 {
				return answerOf(200, completedBody)
			}
			return answerOf(200, processingBody)
		})
		if err != nil || len(q.at) != 61 {
			t.Errorf("%d queries, %v", len(q.at), err)
		}
	})
}

// The error that kept a wait from its task is told, though its end cut a query short.
func TestWaitKeepsTheLastErrorThatSaysMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		asked := 0
		c, err := NewClient(testKey, once, WithHTTPClient(&http.Client{Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
			if asked++; asked == 1 {
				resp := answerOf(502, "<html>")
				resp.Request = req
				return resp, nil
			}
			cancel()
			<-req.Context().Done()
			return nil, req.Context().Err()
		})}))
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.WaitForTask(ctx, taskID, WaitOptions{OnStatus: func(s generated.ImageStatus) { t.Errorf("told %d", s) }})
		if !errors.Is(err, context.Canceled) || !errors.Is(err, ErrServer) || asked != 2 || len(err.Error()) >= 1024 {
			t.Errorf("%v after %d queries", err, asked)
		}
	})
}

// An error that the task got over is not told.
func TestWaitForgetsAnErrorThatPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := waitInBubble(t, t.Context(), WaitOptions{}, func(n int) *http.Response {
			if n == 0 {
				return answerOf(502, "<html>")
			}
			return processing(n)
		})
		if !errors.Is(err, ErrWaitTimeout) || errors.Is(err, ErrServer) || strings.Contains(err.Error(), "last query") {
			t.Errorf("%v", err)
		}
	})
}

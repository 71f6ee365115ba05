package conformance

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
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// lastQuery is how long before its end a wait queries a last time.
const lastQuery = 2 * time.Second

// queries are the moments, from the start, at which a task was queried.
type queries struct {
	start time.Time
	at    []time.Duration
}

// waitInBubble waits by the clock of a synctest bubble, in which nothing but
// waiting takes time. respond is given the number of the query, from 0.
func waitInBubble(t *testing.T, ctx context.Context, opts wrapper.WaitOptions, respond func(n int) *http.Response) (*queries, error) { //nolint:revive // t comes first
	t.Helper()
	q := &queries{start: time.Now()}
	transport := testkit.RoundTripFunc(func(req *http.Request) (*http.Response, error) {
		resp := respond(len(q.at))
		q.at = append(q.at, time.Since(q.start))
		resp.Request = req
		return resp, nil
	})
	c, err := wrapper.NewClient(testKey, once, wrapper.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.WaitForTask(ctx, taskID, opts)
	return q, err
}

func responseOf(status int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func processing(int) *http.Response { return responseOf(200, processingBody) }

// The defaults are 2 s, growing by half to 15 s, each shifted by up to a fifth,
// for 5 minutes, with a last query 2 s before the end.
func TestWaitIntervals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, err := waitInBubble(t, t.Context(), wrapper.WaitOptions{}, processing)
		if elapsed := time.Since(q.start); !errors.Is(err, wrapper.ErrWaitTimeout) || elapsed != wrapper.DefaultWaitTimeout {
			t.Errorf("%v after %v", err, elapsed)
		}
		if len(q.at) < 20 || len(q.at) > 35 || q.at[0] != 0 {
			t.Fatalf("queries at %v", q.at)
		}
		last := len(q.at) - 1
		if q.at[last] != wrapper.DefaultWaitTimeout-lastQuery {
			t.Errorf("the last query was at %v", q.at[last])
		}
		want, shifted := wrapper.DefaultWaitInterval, false
		for i := range q.at[:last-1] {
			got := q.at[i+1] - q.at[i]
			if got < want-want/5 || got > want+want/5 {
				t.Errorf("interval %d is %v, want about %v", i+1, got, want)
			}
			shifted = shifted || got != want
			want = min(want+want/2, wrapper.DefaultMaxWaitInterval)
		}
		if !shifted {
			t.Error("no interval is shifted")
		}
	})
}

// A task that ends in the last stretch is not missed.
func TestWaitQueriesOnceMoreBeforeItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		q, err := waitInBubble(t, t.Context(), wrapper.WaitOptions{Interval: time.Hour, Timeout: time.Minute}, func(int) *http.Response {
			if time.Since(start) > 50*time.Second {
				return responseOf(200, completedBody)
			}
			return responseOf(200, processingBody)
		})
		if err != nil || len(q.at) != 2 || q.at[1] != time.Minute-lastQuery {
			t.Errorf("queries at %v, %v", q.at, err)
		}
	})
}

func TestWaitEndsAtTheNearerDeadline(t *testing.T) {
	reason := errors.New("the shop closes")
	for name, respond := range map[string]func(int) *http.Response{
		"under way":   processing,
		"Retry-After": func(int) *http.Response { return responseOf(429, "", "Retry-After", "3600") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeoutCause(t.Context(), 10*time.Second, reason)
				defer cancel()
				q, err := waitInBubble(t, ctx, wrapper.WaitOptions{}, respond)
				if !errors.As(err, new(*wrapper.WaitError)) || !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, wrapper.ErrWaitTimeout) || !errors.Is(err, reason) {
					t.Errorf("%v", err)
				}
				if elapsed := time.Since(q.start); elapsed != 10*time.Second {
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
				q, err := waitInBubble(t, t.Context(), wrapper.WaitOptions{Timeout: time.Minute}, func(n int) *http.Response {
					if n > 0 {
						return responseOf(200, completedBody)
					}
					return responseOf(503, "", "Retry-After", tt.header)
				})
				if err != nil || len(q.at) != 2 || q.at[1] < tt.from || q.at[1] > tt.to {
					t.Errorf("queries at %v, %v", q.at, err)
				}
			})
		})
	}
}

func TestWaitTimesOutWithTheLastError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := waitInBubble(t, t.Context(), wrapper.WaitOptions{Timeout: time.Minute}, func(int) *http.Response { return responseOf(502, "<html>") })
		if !errors.Is(err, wrapper.ErrWaitTimeout) || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, wrapper.ErrServer) {
			t.Errorf("%v", err)
		}
		checkText(t, err)
	})
}

// A wait with a Retry-After beyond its timeout lasts until that, with a last query.
func TestWaitOutlivesALongRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, err := waitInBubble(t, t.Context(), wrapper.WaitOptions{}, func(int) *http.Response { return responseOf(429, "", "Retry-After", "3600") })
		if !errors.Is(err, wrapper.ErrWaitTimeout) || !errors.Is(err, wrapper.ErrRateLimited) || len(q.at) != 2 || time.Since(q.start) != wrapper.DefaultWaitTimeout {
			t.Errorf("%v after queries at %v, in %v", err, q.at, time.Since(q.start))
		}
	})
}

// The longest durations do not turn negative on the way.
func TestWaitWithTheLongestOptions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 20 { // the jitter is random
			opts := wrapper.WaitOptions{Interval: math.MaxInt64, MaxInterval: math.MaxInt64, Timeout: time.Minute}
			q, err := waitInBubble(t, t.Context(), opts, processing)
			if !errors.Is(err, wrapper.ErrWaitTimeout) || len(q.at) != 2 {
				t.Fatalf("%d queries, %v", len(q.at), err)
			}
		}
		q, err := waitInBubble(t, t.Context(), wrapper.WaitOptions{Interval: 1, MaxInterval: math.MaxInt64, Timeout: math.MaxInt64}, func(n int) *http.Response {
			if n == 60 {
				return responseOf(200, completedBody)
			}
			return responseOf(200, processingBody)
		})
		if err != nil || len(q.at) != 61 {
			t.Errorf("%d queries, %v", len(q.at), err)
		}
	})
}

// The error of a wait is the last one that says why its task was not seen, also
// if the end cut a query short.
func TestWaitKeepsTheLastErrorThatSaysMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		n := 0
		c, err := wrapper.NewClient(testKey, once, wrapper.WithHTTPClient(&http.Client{Transport: testkit.RoundTripFunc(func(req *http.Request) (*http.Response, error) {
			if n++; n == 1 {
				resp := responseOf(502, "<html>")
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
		_, err = c.WaitForTask(ctx, taskID, wrapper.WaitOptions{OnStatus: func(s generated.ImageStatus) { t.Errorf("OnStatus(%d)", s) }})
		if !errors.Is(err, context.Canceled) || !errors.Is(err, wrapper.ErrServer) || n != 2 || len(err.Error()) >= 1024 {
			t.Errorf("%v after %d queries", err, n)
		}
	})
}

// An error that passed is not reported.
func TestWaitForgetsAnErrorThatPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := waitInBubble(t, t.Context(), wrapper.WaitOptions{}, func(n int) *http.Response {
			if n == 0 {
				return responseOf(502, "<html>")
			}
			return processing(n)
		})
		if !errors.Is(err, wrapper.ErrWaitTimeout) || errors.Is(err, wrapper.ErrServer) || strings.Contains(err.Error(), textLastQuery) {
			t.Errorf("%v", err)
		}
	})
}

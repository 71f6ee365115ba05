package conformance

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// attemptsIn deletes by the clock of a synctest bubble, in which nothing but
// waiting takes time. It returns the moments of the attempts, from the start.
func attemptsIn(ctx context.Context, t *testing.T, policy wrapper.Option, respond func(req *http.Request) (*http.Response, error)) (at []time.Duration, err error) {
	t.Helper()
	start := time.Now()
	transport := testkit.RoundTripFunc(func(req *http.Request) (*http.Response, error) {
		at = append(at, time.Since(start))
		_ = req.Body.Close()
		resp, err := respond(req)
		if err == nil {
			resp.Request = req
		}
		return resp, err
	})
	_, err = newClient(t, wrapper.DefaultBaseURL, transport, policy).DeleteImagesTask(ctx, oneID)
	return at, err
}

func limited(retryAfter string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) {
		return responseOf(http.StatusTooManyRequests, "", "Retry-After", retryAfter), nil
	}
}

// The waits are random, up to a bound that doubles with each attempt, to 8 s.
func TestBackoffIsJitteredBelowItsBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bounds := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 8 * time.Second, 8 * time.Second}
		longest := make([]time.Duration, len(bounds))
		shortest := time.Hour
		for range 200 {
			at, err := attemptsIn(t.Context(), t, retries(len(bounds)+1, time.Second, time.Minute), func(*http.Request) (*http.Response, error) {
				return responseOf(http.StatusServiceUnavailable, ""), nil
			})
			if !errors.Is(err, wrapper.ErrServer) || len(at) != len(bounds)+1 {
				t.Fatalf("%v after %d attempts", err, len(at))
			}
			for i := range bounds {
				wait := at[i+1] - at[i]
				longest[i], shortest = max(longest[i], wait), min(shortest, wait)
			}
		}
		for i, bound := range bounds {
			if longest[i] > bound || longest[i] < bound/2 {
				t.Errorf("the longest wait after attempt %d was %v, want a little below %v", i+1, longest[i], bound)
			}
		}
		if shortest > bounds[0]/2 {
			t.Errorf("no wait was shorter than %v", shortest)
		}
	})
}

// Retry-After is obeyed if it is not longer than MaxRetryAfter; else the call ends.
func TestRetryAfterIsObeyed(t *testing.T) {
	const minute = time.Minute
	tests := map[string]struct {
		value    string
		attempts int // of 2
		wait     time.Duration
	}{
		"seconds":             {"20", 2, 20 * time.Second},
		"as long as allowed":  {"60", 2, minute},
		"zero":                {"0", 2, 0},
		"negative":            {"-5", 2, 0},
		"no number":           {"soon", 2, 0},
		"missing":             {"", 2, 0},
		"a date in the past":  {"Sun, 06 Nov 1994 08:49:37 GMT", 2, 0},
		"longer than allowed": {"61", 1, 0},
		"many seconds":        {"99999999999", 1, 0},
		"too many for int64":  {"99999999999999999999999999", 1, 0},
		"a date far away":     {"Fri, 31 Dec 9999 23:59:59 GMT", 1, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				at, err := attemptsIn(t.Context(), t, retries(2, 1, minute), limited(tt.value))
				if !errors.Is(err, wrapper.ErrRateLimited) || len(at) != tt.attempts {
					t.Fatalf("%v after %d attempts", err, len(at))
				}
				if wait := at[len(at)-1]; wait < tt.wait || wait > tt.wait+time.Millisecond {
					t.Errorf("waited %v, want %v", wait, tt.wait)
				}
			})
		})
	}
}

// The date is in whole seconds, and so the wait is up to one second shorter.
func TestRetryAfterAsADate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		value := time.Now().Add(30 * time.Second).UTC().Format(http.TimeFormat)
		at, err := attemptsIn(t.Context(), t, retries(2, 1, time.Minute), limited(value))
		if !errors.Is(err, wrapper.ErrRateLimited) || len(at) != 2 || at[1] < 29*time.Second || at[1] > 31*time.Second {
			t.Errorf("%v, attempts at %v", err, at)
		}
	})
}

// Each attempt has the whole timeout. After it the outcome is unknown.
func TestTimeoutIsOfOneAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, err := attemptsIn(t.Context(), t, retries(3, 1, time.Minute), func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		checkFault(t, err, lost(context.DeadlineExceeded), 3)
		for i, moment := range at {
			if want := time.Duration(i) * wrapper.DefaultTimeout; moment < want || moment > want+time.Millisecond {
				t.Errorf("attempt %d began at %v, want %v", i+1, moment, want)
			}
		}
	})
}

// WithTimeout comes before the timeout of the http.Client, in any order. The
// error says which one it was.
func TestTimeoutOptions(t *testing.T) {
	const short, long = 250 * time.Millisecond, time.Hour
	stalled := testkit.RoundTripFunc(func(req *http.Request) (*http.Response, error) {
		<-req.Context().Done()
		return nil, req.Context().Err()
	})
	client := func(d time.Duration) wrapper.Option {
		return wrapper.WithHTTPClient(&http.Client{Timeout: d, Transport: stalled})
	}
	tests := map[string][]wrapper.Option{
		"WithTimeout":                      {client(0), wrapper.WithTimeout(short)},
		"the client's own":                 {client(short)},
		"WithTimeout overrides the client": {client(long), wrapper.WithTimeout(short)},
		"in the other order":               {wrapper.WithTimeout(short), client(long)},
	}
	for name, options := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				_, err := newClient(t, wrapper.DefaultBaseURL, nil, append(options, retries(2, 1, 0))...).DeleteImagesTask(t.Context(), oneID)
				checkFault(t, err, lost(context.DeadlineExceeded), 2)
				if took := time.Since(start); took < 2*short || took > 2*short+time.Millisecond || !strings.Contains(err.Error(), textTimeout) {
					t.Errorf("after %v: %v", took, err)
				}
			})
		})
	}
}

// The end of the context ends a wait at once, and the error is both the
// response's and the context's.
func TestWaitForARetryEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(5*time.Second, cancel)
		start := time.Now()
		at, err := attemptsIn(ctx, t, retries(0, 0, time.Minute), func(*http.Request) (*http.Response, error) {
			return responseOf(http.StatusServiceUnavailable, `{"code":9999,"msg":"busy"}`, "Retry-After", "20"), nil
		})
		checkFault(t, err, refused(9999, "busy", wrapper.ErrServer, wrapper.ErrFailure, context.Canceled).at(503), 1)
		if took := time.Since(start); took != 5*time.Second || len(at) != 1 {
			t.Errorf("%d attempts in %v", len(at), took)
		}
	})
}

// No wait starts that would last until the deadline.
func TestNoWaitBeyondTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		_, err := attemptsIn(ctx, t, retries(0, 0, time.Minute), limited("20"))
		checkFault(t, err, refused(0, "", wrapper.ErrRateLimited).at(429), 1)
		if took := time.Since(start); took != 0 {
			t.Errorf("it took %v", took)
		}
	})
}

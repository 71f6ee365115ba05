package send

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Policy limits how many times a request is sent, and how long the waits
// between attempts are.
type Policy struct {
	MaxAttempts   int           // 1 or less: no retries
	Backoff       time.Duration // upper bound of the random wait before the second attempt
	MaxRetryAfter time.Duration // the longest wait, and the longest Retry-After that is obeyed
	RateLimited   bool          // after a 429, also repeat a request with effect EachTime
}

// WithDefaults returns p with d's values in place of zeros, kept consistent with
// what is set. It refuses negative values, and a Backoff over MaxRetryAfter.
func (p Policy) WithDefaults(d Policy) (Policy, error) {
	if p.MaxAttempts < 0 || p.Backoff < 0 || p.MaxRetryAfter < 0 {
		return p, errors.New("a field is negative")
	}
	p.MaxAttempts = cmp.Or(p.MaxAttempts, d.MaxAttempts)
	p.MaxRetryAfter = cmp.Or(p.MaxRetryAfter, max(d.MaxRetryAfter, p.Backoff))
	p.Backoff = cmp.Or(p.Backoff, min(d.Backoff, p.MaxRetryAfter))
	if p.Backoff > p.MaxRetryAfter {
		return p, errors.New("its Backoff is longer than its MaxRetryAfter")
	}
	return p, nil
}

// maxBackoff is where the doubling of waits ends.
const maxBackoff = 8 * time.Second

// Wait returns how long to wait after so many attempts. Full jitter keeps
// clients that failed together from coming back together.
func (p Policy) Wait(attempts int) time.Duration {
	bound := p.Backoff
	for range attempts - 1 {
		if bound >= maxBackoff {
			break
		}
		bound = min(2*bound, maxBackoff)
	}
	return rand.N(max(min(bound, p.MaxRetryAfter), 1)) + 1 //nolint:gosec // nobody gains by guessing it
}

// next returns the wait before the next attempt, which is the longer of the
// policy's and the service's. ok is false if it would outlast the context's
// deadline or is longer than MaxRetryAfter.
func (p Policy) next(ctx context.Context, r *Result) (wait time.Duration, ok bool) {
	wait = p.Wait(r.Attempts)
	if r.Response != nil {
		wait = max(wait, RetryAfter(r.Response.Header, time.Now()))
	}
	if deadline, has := ctx.Deadline(); has && time.Until(deadline) <= wait {
		return 0, false
	}
	return wait, wait <= p.MaxRetryAfter
}

// RetryAfter reads the Retry-After header (RFC 9110, section 10.2.3), which
// holds seconds or a date. A date is counted from the response's own Date, since
// the clocks may differ, or from now if there is none. RetryAfter returns 0 for a
// value that is past, negative or malformed, and the longest Duration for one
// that overflows.
func RetryAfter(header http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if value != "" && strings.Trim(value, "0123456789") == "" {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(math.MaxInt64/time.Second) {
			return math.MaxInt64
		}
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(strings.TrimSpace(header.Get("Date"))); err == nil {
		now = date
	}
	return max(at.Sub(now), 0)
}

// Sleep waits for d, and reports whether ctx was still alive then.
func Sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/send"
)

// The copies of a delivery network may come later than the task's completion. A 404
// is therefore repeated more often than other failures, for as long as this after
// the first one, unless retries are switched off.
const (
	missingAttempts = 3 // beyond those of the policy
	missingTime     = 10 * time.Second
)

// copy copies the file at u to w, in as many attempts as the policy allows. restart
// empties w for another attempt after a file that broke off; with nil there is none.
func (f *Fetcher) copy(ctx context.Context, u *url.URL, w io.Writer, restart func() error) (Copied, *Failure) {
	if err := f.Check(u); err != nil {
		return Copied{}, &Failure{Host: u.Host, Err: err}
	}
	if f.opts.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, f.opts.Timeout, ErrTimeout)
		defer cancel()
	}
	p := pauses{Fetcher: f}
	for {
		got, failed := f.attempt(ctx, u, w)
		if failed == nil || !failed.retryable || got.Bytes > 0 && restart == nil {
			return got, failed
		}
		wait, ok := p.next(ctx, failed)
		if !ok {
			return got, failed
		}
		if !send.Sleep(ctx, wait) {
			failed.interrupted(ctx)
			return got, failed
		}
		if got.Bytes > 0 {
			if err := restart(); err != nil {
				failed.Err = fmt.Errorf("it could not be written: %w", err)
				return got, failed
			}
		}
	}
}

// pauses are the waits between the attempts of one copy.
type pauses struct {
	*Fetcher
	attempts int
	missing  time.Time // of the first 404
}

// next returns the wait before the next attempt. ok is false if there is none,
// because the wait would be too long for the policy or the context.
func (p *pauses) next(ctx context.Context, failed *Failure) (wait time.Duration, ok bool) {
	p.attempts++
	wait, most := max(p.opts.Retry.Wait(p.attempts), failed.RetryAfter), p.opts.Retry.MaxAttempts
	if failed.Status == http.StatusNotFound && most > 1 {
		if p.missing.IsZero() {
			p.missing = time.Now()
		}
		left := missingTime - time.Since(p.missing)
		if most += missingAttempts; left <= 0 || failed.RetryAfter > left {
			return 0, false
		}
		wait = min(wait, left)
	}
	if deadline, has := ctx.Deadline(); has && time.Until(deadline) <= wait {
		return 0, false
	}
	return wait, p.attempts < most && wait <= max(p.opts.Retry.MaxRetryAfter, p.opts.Retry.Backoff)
}

// interrupted adds the end of ctx, which came during a wait for another attempt.
func (e *Failure) interrupted(ctx context.Context) {
	ended := send.WithContext(ctx, context.Cause(ctx))
	if e.Err != nil {
		ended = send.Ended(ended, e.Err)
	}
	e.Err = ended
}

package wrapper

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
)

// retryDoer sends a request again where that is safe: any request that found no
// connection, and an idempotent one whose answer was lost or asks for it.
type retryDoer struct {
	next   generated.HttpRequestDoer
	policy RetryPolicy
}

func (d *retryDoer) Do(req *http.Request) (*http.Response, error) {
	c := callOf(req)
	for {
		resp, err := d.next.Do(req)
		if !c.mayRetry(resp, err) || c.attempts >= d.policy.MaxAttempts {
			return resp, c.afterEarlier(err)
		}
		wait, ok := d.wait(req.Context(), c.attempts, resp)
		if !ok || !isRepeatable(req) {
			return resp, c.afterEarlier(err)
		}
		if !sleep(req.Context(), wait) {
			c.ended = withContextError(req.Context(), context.Cause(req.Context()))
			return resp, c.afterEarlier(err)
		}
		again, rewindErr := rewound(req)
		if rewindErr != nil {
			return resp, c.afterEarlier(err)
		}
		c.unknownBefore = c.unknownBefore || c.isUnknown(resp, err)
		req = again
	}
}

// mayRetry decides by what came back. The other rules are the caller's.
func (c *call) mayRetry(resp *http.Response, err error) bool {
	if err != nil {
		return mayRetryError(err, c.op.idempotent)
	}
	if isSuccess(resp.StatusCode) {
		return c.op.idempotent && isLost(c.answer.err)
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return c.op.idempotent
	}
	return false
}

func mayRetryError(err error, idempotent bool) bool {
	var dns *net.DNSError
	switch {
	case errors.As(err, new(*endedError)), isUntrusted(err):
		return false
	case errors.As(err, &dns) && dns.IsNotFound:
		return false
	}
	return idempotent || errors.Is(err, ErrNotSent)
}

// isLost reports whether an answer broke off. One that is too large will be
// so again, and one that the context ended is not wanted any more.
func isLost(err error) bool {
	return err != nil && !errors.Is(err, ErrResponseTooLarge) && !errors.As(err, new(*endedError))
}

func (c *call) isUnknown(resp *http.Response, err error) bool {
	if err != nil {
		return errors.Is(err, ErrOutcomeUnknown)
	}
	return c.outcome(outcomeOf(resp.StatusCode)) == outcomeUnknown
}

// afterEarlier completes a TransportError with what only the loop knows: after
// an attempt that may have been carried out, "nothing was sent" is no longer true.
func (c *call) afterEarlier(err error) error {
	if err == nil {
		return nil
	}
	var t *TransportError
	if errors.As(err, &t) {
		t.Attempts = c.attempts
		if c.unknownBefore {
			t.outcome = outcomeUnknown
		}
		if c.ended != nil {
			t.Err = &endedError{ctxErr: c.ended, cause: t.Err}
			t.text = c.causeText(t.Err)
		}
	}
	return err
}

// wait is the longer of the policy's and the service's. It is refused where
// it would end after the context's deadline or is longer than MaxWait.
func (d *retryDoer) wait(ctx context.Context, attempts int, resp *http.Response) (time.Duration, bool) {
	wait := d.policy.wait(attempts)
	if resp != nil {
		wait = max(wait, retryAfter(resp.Header, time.Now()))
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return 0, false
	}
	return wait, wait <= d.policy.MaxWait
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// isRepeatable reports whether the body, if any, can be had again: a stream that
// has been read would be sent empty, without an error.
func isRepeatable(req *http.Request) bool {
	return req.Body == nil || req.Body == http.NoBody || req.GetBody != nil
}

// rewound returns a copy of a repeatable request with its whole body.
func rewound(req *http.Request) (again *http.Request, err error) {
	again = req.WithContext(req.Context())
	if req.GetBody != nil {
		again.Body, err = req.GetBody()
	}
	return again, err
}

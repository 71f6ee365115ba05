package wrapper

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
)

// limitDoer makes one attempt. It bounds its time and what is read, and turns
// the lack of an answer into a TransportError that knows whether anything was sent.
type limitDoer struct {
	next    generated.HttpRequestDoer
	timeout time.Duration // 0 means none
	bytes   int64
}

func (d *limitDoer) Do(req *http.Request) (*http.Response, error) {
	c, ctx := callOf(req), req.Context()
	c.attempts++
	if d.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d.timeout)
		defer cancel()
	}
	t := newTrace()
	attempt := req.WithContext(httptrace.WithClientTrace(ctx, &t.hooks))
	if !c.op.idempotent {
		sendOnce(attempt)
	}
	resp, err := d.next.Do(attempt)
	if err == nil && resp == nil {
		err = errors.New("the HTTP client returned neither an answer nor an error")
	}
	if err != nil {
		closeBody(resp)
		if !c.op.idempotent {
			err = withUnprocessed(err)
		}
		return nil, c.transportError(d.named(req.Context(), err), t.notSent(err))
	}
	data, err := readBody(resp, d.bytes)
	if err != nil {
		err = d.named(req.Context(), err)
	}
	c.answer.set(data, err)
	if first := firstAnswer(resp); first != resp {
		c.followed, resp = true, first
		c.answer.set(nil, nil)
	}
	resp.Body = &c.answer
	return resp, nil
}

func closeBody(resp *http.Response) {
	if resp != nil && resp.Body != nil {
		resp.Body.Close()
	}
}

// firstAnswer is the redirect that led to resp, if a client of the user's own
// followed one: what came after it is not the service's answer.
func firstAnswer(resp *http.Response) *http.Response {
	for resp.Request != nil && resp.Request.Response != nil {
		resp = resp.Request.Response
	}
	return resp
}

// named says whose time ran out: the caller's context's, or the attempt's.
func (d *limitDoer) named(ctx context.Context, err error) error {
	if ctx.Err() == nil && d.timeout > 0 && errors.Is(err, context.DeadlineExceeded) {
		return &attemptTimeoutError{d.timeout, err}
	}
	return withContextError(ctx, err)
}

type attemptTimeoutError struct {
	limit time.Duration
	cause error
}

func (e *attemptTimeoutError) Error() string {
	return fmt.Sprintf("the attempt took longer than %v (WithTimeout)", e.limit)
}

func (e *attemptTimeoutError) Unwrap() error { return e.cause }

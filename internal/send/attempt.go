package send

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// attempt sends req once, and notes in r what came of it. The trace is a new one.
func (s *Sender) attempt(req *http.Request, effect Effect, r *Result, t *trace) {
	caller := req.Context()
	ctx := caller
	if s.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.Timeout)
		defer cancel()
	}
	req = req.WithContext(t.watch(ctx, effect == Once))
	r.Attempts++
	r.Response, r.Body, r.Err, r.Followed = nil, nil, nil, false
	if effect == Once {
		t.watchBody(req)
	}
	resp, err := s.do(req, effect, t)
	r.DoubtBefore = r.DoubtBefore || t.again.Load()
	if err == nil && resp == nil {
		err = errors.New("the HTTP client returned neither a response nor an error")
	}
	if err != nil {
		closeBody(resp)
		if effect == EachTime {
			err = withUnprocessed(err)
			_, r.Body, _ = quotedBy(err)
		}
		r.Err, r.Outcome = s.attributeTimeout(caller, err), effect.outcome(Unknown)
		if t.notSent(err) {
			r.Outcome = NotSent
		}
		return
	}
	s.receive(caller, resp, effect, r)
	r.Outcome = effect.OutcomeOf(r.Response.StatusCode)
	if r.Followed { // nobody knows what was sent to the place that it led to
		r.Outcome = effect.outcome(Unknown)
	}
}

// receive reads the response, so that its size is bounded and its connection
// is free again.
func (s *Sender) receive(ctx context.Context, resp *http.Response, effect Effect, r *Result) {
	data, err := readBody(resp, s.MaxBytes, effect)
	if first := firstResponse(resp); first != resp {
		r.Response, r.Followed = first, true
		return
	}
	r.Response, r.Body = resp, data
	if err != nil {
		r.Err = s.attributeTimeout(ctx, err)
	}
}

// firstResponse is the redirect that led to resp, if the client followed one:
// what came after it is not the service's response.
func firstResponse(resp *http.Response) *http.Response {
	for resp.Request != nil && resp.Request.Response != nil {
		resp = resp.Request.Response
	}
	return resp
}

func closeBody(resp *http.Response) {
	if resp != nil && resp.Body != nil {
		resp.Body.Close()
	}
}

// attributeTimeout says whose time ran out: that of the caller's context, or the attempt's.
func (s *Sender) attributeTimeout(ctx context.Context, err error) error {
	if ctx.Err() == nil && s.Timeout > 0 && errors.Is(err, context.DeadlineExceeded) {
		return &attemptTimeoutError{s.Timeout, err}
	}
	return WithContext(ctx, err)
}

type attemptTimeoutError struct {
	limit time.Duration
	cause error
}

func (e *attemptTimeoutError) Error() string {
	return fmt.Sprintf("the attempt took longer than %v (WithTimeout)", e.limit)
}

func (e *attemptTimeoutError) Unwrap() error { return e.cause }

// Package send sends one HTTP request as often as is safe, and reports what is
// known of its effect.
//
// It knows nothing of the operation behind a request, nor of JSON: its caller
// says with an [Effect] what repeating the request would do. A [Result] holds
// values only; wording them for people is the caller's part.
package send

import (
	"context"
	"net/http"
	"time"
)

// Doer sends a request and returns its response, as [http.Client] does.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Sender sends requests through Client, within limits. It is safe for
// concurrent use if Client is.
type Sender struct {
	Client   Doer
	Timeout  time.Duration // of one attempt, from dialing to the last byte of the response; 0 means none
	MaxBytes int64         // the largest response body, after decompression
	Policy   Policy
}

// CloseIdleConnections closes the connections that Client keeps, if it can.
func (s *Sender) CloseIdleConnections() {
	if c, ok := s.Client.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// Observer is told of each attempt as it ends, with what is known by then. It may
// correct the Outcome by what it reads in the Body.
type Observer func(r *Result, took time.Duration)

// Result is what is known after the last attempt.
type Result struct {
	// Response is the last attempt's response, or nil if there was none; if that
	// attempt was not sent, it is the response before it. Its Body has been read
	// and closed.
	Response *http.Response
	// Body is the body of Response up to its end, or up to where Err cut it off. Without a
	// Response it is what came in place of one after a request with an effect each time: a
	// body without a status line may say what was paid for.
	Body []byte
	// Err says why there is no complete response, why another attempt could not
	// be sent, or which context ended the wait for it; nil otherwise.
	Err error
	// Outcome is what is known of the request's effect, unless Response says
	// that it succeeded. It is NotSent only if no attempt was sent.
	Outcome Outcome
	// DoubtBefore reports that an attempt before the last one may have taken effect,
	// or what net/http sent first within one attempt.
	DoubtBefore bool
	// Attempts is how many times the request was tried.
	Attempts int
	// Followed reports that Client followed a redirect. Response is then the
	// redirect, without its body.
	Followed bool
}

// Send sends req, and sends it again where that is safe and may help; retry.go has
// the rules. It always returns a Result, and closes the request's body. If the
// context has ended already there is no attempt. The observer may be nil.
func (s *Sender) Send(req *http.Request, effect Effect, observe Observer) *Result {
	return s.SendIn(new(Room), req, effect, observe)
}

// Room is memory for one call of [Sender.SendIn], for callers that allocate it together
// with something of their own.
type Room struct {
	result Result
	trace  trace // of the first attempt
}

// SendIn is [Sender.Send] with memory of the caller's, to which the Result may point.
func (s *Sender) SendIn(room *Room, req *http.Request, effect Effect, observe Observer) *Result {
	if ctx := req.Context(); ctx.Err() != nil {
		if req.Body != nil {
			req.Body.Close()
		}
		return &Result{Outcome: NotSent, Err: WithContext(ctx, context.Cause(ctx))}
	}
	r, t, before := &room.result, &room.trace, history{}
	for {
		start := time.Now()
		s.attempt(req, effect, r, t)
		if observe != nil {
			observe(r, time.Since(start))
		}
		again := s.next(req, effect, r)
		if again == nil {
			return before.complete(r)
		}
		before.note(r)
		r.DoubtBefore = r.DoubtBefore || r.Outcome == Unknown
		req, t = again, new(trace)
	}
}

// history is what the attempts before the last one tell about the request.
type history struct {
	sent      bool
	responded *Result // the last attempt that was sent, if it had a response
}

func (h *history) note(r *Result) {
	if r.Outcome == NotSent {
		return
	}
	h.sent, h.responded = true, nil
	if r.Response != nil {
		last := *r
		h.responded = &last
	}
}

// complete returns r with what it would hide: an attempt that found no
// connection, or that the context ended without a doubt about its effect, says
// less than the response before it, and nothing of whether that was sent.
func (h *history) complete(r *Result) *Result {
	if !h.sent || r.Response != nil || r.Outcome != NotSent && (r.Outcome == Unknown || !isEnded(r.Err)) {
		return r
	}
	if h.responded == nil {
		r.Outcome = NotActed // what is in doubt stands in DoubtBefore
		return r
	}
	last := *h.responded
	last.Err, last.Attempts = r.Err, r.Attempts
	return &last
}

// interrupted adds the end of ctx, which came during the wait for another attempt.
func (r *Result) interrupted(ctx context.Context) {
	ended := WithContext(ctx, context.Cause(ctx))
	if r.Err != nil {
		ended = &endedError{ctxErr: ended, cause: r.Err}
	}
	r.Err = ended
}

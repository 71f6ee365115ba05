package send

import (
	"errors"
	"net/http"
)

// next waits until another attempt is due and returns its request, or nil if
// there is to be none.
func (s *Sender) next(req *http.Request, effect Effect, r *Result) *http.Request {
	if r.Attempts >= s.Policy.MaxAttempts || !s.isRetryable(r, effect) || !isReplayable(req) {
		return nil
	}
	ctx := req.Context()
	wait, ok := s.Policy.next(ctx, r)
	if !ok {
		return nil
	}
	if !Sleep(ctx, wait) {
		r.interrupted(ctx)
		return nil
	}
	again, err := rewound(req)
	if err != nil {
		return nil
	}
	return again
}

// isRetryable reports whether another attempt is safe and may end differently:
//
//	what came of it                      effect each time       once, or none
//	no response, nothing was sent        if transient           if transient
//	no response, it may have been sent   never                  if transient
//	a 2xx that broke off                 never                  always
//	HTTP 429, read to its end            with RateLimited       always
//	HTTP 429 that can't be read whole    never                  always
//	a 5xx that passes                    never                  always
//	anything else                        never                  never
//
// A 503 may come from a gateway after the work began, so that it is not a 429.
func (s *Sender) isRetryable(r *Result, effect Effect) bool {
	switch {
	case r.Response == nil:
		return IsTransient(r.Err) && (effect != EachTime || r.Outcome == NotSent)
	case r.Followed:
		return false
	case IsSuccess(r.Response.StatusCode):
		return effect != EachTime && r.Err != nil && !errors.Is(r.Err, ErrTooLarge) && !isEnded(r.Err)
	case r.Response.StatusCode == http.StatusTooManyRequests:
		return effect != EachTime || s.Policy.RateLimited && r.Outcome == NotActed && isWhole(r)
	}
	return effect != EachTime && isTemporary(r.Response.StatusCode)
}

// isWhole reports whether the observer has seen the whole response: what was cut off, or is
// compressed by the caller's own wish, may name a task.
func isWhole(r *Result) bool { return r.Err == nil && r.Response.Header.Get("Content-Encoding") == "" }

// isTemporary reports whether a gateway or service may respond otherwise soon.
// 520 to 524 and 529 are what Cloudflare makes of 500, 502, 503 and 504.
func isTemporary(status int) bool {
	switch status {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout, 529:
		return true
	}
	return status >= 520 && status <= 524
}

// isReplayable reports whether the body, if any, can be sent again: a stream
// that has been read would be sent empty, without an error.
func isReplayable(req *http.Request) bool {
	return req.Body == nil || req.Body == http.NoBody || req.GetBody != nil
}

// rewound returns a copy of a replayable request with its whole body.
func rewound(req *http.Request) (again *http.Request, err error) {
	again = req.WithContext(req.Context())
	if req.GetBody != nil {
		again.Body, err = req.GetBody()
	}
	return again, err
}

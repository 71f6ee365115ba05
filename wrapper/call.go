package wrapper

import (
	"context"
	"net/http"
	"strings"
)

// call is what the doers of one request know together. The outermost makes it
// and puts it in as the request's context, where the others find it.
type call struct {
	context.Context //nolint:containedctx // it is one
	op              *operation
	redactor        redactor
	bearer          bool

	attempts      int
	unknownBefore bool  // an attempt before the last one may have been carried out
	ended         error // the context's error, where it ended the wait for a retry

	followed bool   // a client of the user's own followed a redirect
	answer   answer // of the last attempt
}

type callKey struct{}

// Value makes the call findable below contexts derived from it.
func (c *call) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	return c.Context.Value(key)
}

func newCall(req *http.Request, op *operation) *call {
	return &call{
		Context:  req.Context(),
		op:       op,
		redactor: redactorFor(req),
		bearer:   strings.HasPrefix(req.Header.Get("Authorization"), bearerPrefix),
	}
}

// callOf returns the call that a request belongs to. Only the pipeline's own
// doers ask, below the outermost, so there always is one.
func callOf(req *http.Request) *call {
	c, _ := req.Context().Value(callKey{}).(*call)
	return c
}

// outcome is o, unless the operation changes nothing at the other end.
func (c *call) outcome(o outcome) outcome {
	if c.op.safe && o == outcomeUnknown {
		return outcomeNotActed
	}
	return o
}

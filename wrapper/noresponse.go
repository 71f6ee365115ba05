package wrapper

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"github.com/tensorslab/tensorslab-go/internal/redact"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

// RequestError is a request that was refused here, before anything was sent.
// It matches [ErrInvalidRequest] and, unless an earlier request of the same
// purge is in doubt, [ErrNotSent].
type RequestError struct {
	Operation string // the operationId of the contract, or empty where the request fits none
	Field     string // JSON Pointer of the field in the body that is at fault, or empty
	Reason    string // what is wrong; it holds no id and no key
	Err       error  // of a request editor, a source file or the body; or nil

	certainty
}

func invalid(operation, field, format string, args ...any) *RequestError {
	return &RequestError{
		Operation: operation, Field: field, Reason: fmt.Sprintf(format, args...),
		certainty: certainty{outcome: send.NotSent},
	}
}

// Error returns one line: the field, and the rule it violates.
func (e *RequestError) Error() string {
	operation, field := cmp.Or(e.Operation, "request"), ""
	if e.Field != "" {
		field = redact.OneLine(e.Field, maxPointerText) + " "
	}
	return fmt.Sprintf("tensorslab: %s: invalid request: %s%s; %s", operation, field, redact.OneLine(e.Reason, maxCauseText), e.known().advice())
}

// known is the certainty of an error that a caller may have made without one:
// a request that was refused here was not sent.
func (e *RequestError) known() certainty {
	return certainty{outcome: send.NotSent, doubtBefore: e.doubtBefore, repeatable: e.repeatable}
}

// Unwrap returns the error of a request editor or of a source file, or nil.
func (e *RequestError) Unwrap() error { return send.Foreign(e.Err) }

// Is reports whether target is a sentinel that applies to e.
func (e *RequestError) Is(target error) bool {
	return target == ErrInvalidRequest || e.known().is(target)
}

// GoString keeps %#v from printing what Error leaves out.
func (e *RequestError) GoString() string { return goString(e) }

// LogValue returns what Error says as attributes.
func (e *RequestError) LogValue() slog.Value {
	return logged("request", e.Operation, 0, "", 0, e.known(), slog.String("reason", e.Error()))
}

// TransportError is the lack of a complete response: the connection was refused
// or lost, the time ran out, the context ended, TLS failed. It matches
// [ErrNotSent] or, unless the operation changes nothing, [ErrOutcomeUnknown].
type TransportError struct {
	Operation string // the operationId of the contract
	Attempts  int    // how many times the request was tried
	TaskID    string // the task that a part of a response to a generation names, or empty; not part of the text
	// Err is the cause. Where the caller's context ended it, errors.Is finds
	// the context's error and its cause in it.
	Err error

	certainty
	text string // of Err, without the key
}

// Error returns one line: the cause, whether the service may have acted, and what to do.
func (e *TransportError) Error() string {
	what := "no response"
	if e.total() == send.NotSent {
		what = "not sent"
	}
	return fmt.Sprintf("tensorslab: %s: %s: %s; %s%s", e.Operation, what, e.causeText(), e.advice(), details("", e.Attempts))
}

func (e *TransportError) causeText() string {
	if e.text == "" && e.Err != nil {
		return redact.OneLine(send.BareCause(e.Err).Error(), maxCauseText)
	}
	return e.text
}

// Unwrap returns the cause.
func (e *TransportError) Unwrap() error { return e.Err }

// Is reports whether target is a sentinel that applies to e.
func (e *TransportError) Is(target error) bool { return e.is(target) }

// Timeout reports whether time ran out, as [net.Error] has it.
func (e *TransportError) Timeout() bool {
	var n net.Error
	return errors.Is(e.Err, context.DeadlineExceeded) || errors.As(e.Err, &n) && n.Timeout()
}

// GoString keeps %#v from printing what Error leaves out.
func (e *TransportError) GoString() string { return goString(e) }

// LogValue returns what Error says as attributes.
func (e *TransportError) LogValue() slog.Value {
	return logged("transport", e.Operation, 0, "", e.Attempts, e.certainty, slog.String("cause", e.causeText()))
}

package wrapper

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
)

// TransportError is the lack of a complete answer: the connection was refused
// or lost, the time ran out, the context ended, TLS failed. It matches
// [ErrNotSent] or, unless the operation's HTTP method is safe, [ErrOutcomeUnknown].
type TransportError struct {
	// Operation is the operationId of the contract.
	Operation string
	// Attempts is how often the request was tried.
	Attempts int
	// Err is the cause. Where the caller's context ended it, errors.Is finds
	// the context's error and its cause in it.
	Err error

	outcome    outcome
	idempotent bool
	text       string // of Err, without the key
}

// Error returns one line of less than 1 KB: the cause, whether the service may
// have acted, and what to do.
func (e *TransportError) Error() string {
	what := "no answer"
	if e.outcome == outcomeNotSent {
		what = "not sent"
	}
	return fmt.Sprintf("tensorslab: %s: %s: %s; %s%s", e.Operation, what, e.causeText(), e.outcome.advice(e.idempotent), details("", e.Attempts))
}

func (e *TransportError) causeText() string {
	if e.text == "" && e.Err != nil {
		return oneLine(bareCause(e.Err).Error(), maxCauseText)
	}
	return e.text
}

// bareCause is err without the method and URL that net/http puts before it.
func bareCause(err error) error {
	if u, ok := err.(*url.Error); ok { //nolint:errorlint // what wraps it has words of its own
		return u.Err
	}
	return err
}

// Unwrap returns the cause.
func (e *TransportError) Unwrap() error { return e.Err }

// Is reports whether target is a sentinel that applies to e.
func (e *TransportError) Is(target error) bool { return e.outcome.Is(target) }

// Timeout reports whether time ran out, as [net.Error] has it.
func (e *TransportError) Timeout() bool {
	var n net.Error
	return errors.Is(e.Err, context.DeadlineExceeded) || errors.As(e.Err, &n) && n.Timeout()
}

// GoString keeps %#v from printing what Error leaves out.
func (e *TransportError) GoString() string { return goString(e) }

// LogValue returns what Error says as attributes.
func (e *TransportError) LogValue() slog.Value {
	attrs := logAttrs("transport", e.Operation, 0, "", e.Attempts, e.outcome)
	return slog.GroupValue(append(attrs, slog.String("cause", e.causeText()))...)
}

// endedError says that the caller's context ended a request. net/http reports
// only the cause given to WithCancelCause, which would hide the context's error.
type endedError struct {
	ctxErr error
	cause  error
}

func (e *endedError) Error() string {
	if text := bareCause(e.cause).Error(); text != e.ctxErr.Error() {
		return e.ctxErr.Error() + ": " + text
	}
	return e.ctxErr.Error()
}

func (e *endedError) Unwrap() []error { return []error{e.ctxErr, e.cause} }

// transportError describes an attempt that brought no complete answer.
func (c *call) transportError(err error, notSent bool) *TransportError {
	o := c.outcome(outcomeUnknown)
	if notSent {
		o = outcomeNotSent
	}
	if c.ended != nil {
		err = &endedError{ctxErr: c.ended, cause: err}
	}
	return &TransportError{
		Operation:  c.op.id,
		Attempts:   c.attempts,
		Err:        c.withoutKey(err),
		outcome:    o,
		idempotent: c.op.idempotent,
		text:       c.causeText(err),
	}
}

// withoutKey hides an error whose text holds the key: net/http quotes what it
// can't parse, which may be an echo. What remains still answers errors.Is.
func (c *call) withoutKey(err error) error {
	if text := err.Error(); c.redactor.text(text) != text {
		return &hiddenError{text: c.redactor.text(text), cause: err}
	}
	return err
}

type hiddenError struct {
	text  string
	cause error
}

func (e *hiddenError) Error() string        { return e.text }
func (e *hiddenError) Is(target error) bool { return errors.Is(e.cause, target) }
func (e *hiddenError) GoString() string     { return goString(e) }
func (e *hiddenError) Timeout() bool        { return (&TransportError{Err: e.cause}).Timeout() }

func (c *call) causeText(err error) string {
	return oneLine(c.redactor.text(bareCause(err).Error()), maxCauseText)
}

// withContextError adds the context's error to err, if it has ended.
func withContextError(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return &endedError{ctxErr: ctx.Err(), cause: err}
}

package wrapper

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"github.com/tensorslab/tensorslab-go/internal/redact"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

// TransportError is the lack of a complete response: the connection was refused
// or lost, the time ran out, the context ended, TLS failed. It matches
// [ErrNotSent] or, unless the operation changes nothing, [ErrOutcomeUnknown].
type TransportError struct {
	Operation string // the operationId of the contract
	Attempts  int    // how many times the request was tried
	// Err is the cause. Where the caller's context ended it, errors.Is finds
	// the context's error and its cause in it.
	Err error
	// TaskID is the task that the part of a response to a generation names that
	// came through, or empty. It is not part of the text.
	TaskID string

	certainty
	text string // of Err, without the key
}

// Error returns one line of less than 1 KB: the cause, whether the service may
// have acted, and what to do.
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
	attrs := logAttrs("transport", e.Operation, 0, "", e.Attempts, e.certainty)
	return slog.GroupValue(append(attrs, slog.String("cause", e.causeText()))...)
}

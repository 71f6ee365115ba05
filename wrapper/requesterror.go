package wrapper

import (
	"fmt"
	"log/slog"

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

// Error returns one line of less than 1 KB: the field, and the rule it violates.
func (e *RequestError) Error() string {
	operation, field := e.Operation, ""
	if operation == "" {
		operation = "request"
	}
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
func (e *RequestError) Unwrap() error { return e.Err }

// Is reports whether target is a sentinel that applies to e.
func (e *RequestError) Is(target error) bool {
	return target == ErrInvalidRequest || e.known().is(target)
}

// GoString keeps %#v from printing what Error leaves out.
func (e *RequestError) GoString() string { return goString(e) }

// LogValue returns what Error says as attributes.
func (e *RequestError) LogValue() slog.Value {
	attrs := logAttrs("request", e.Operation, 0, "", 0, e.known())
	return slog.GroupValue(append(attrs, slog.String("reason", e.Error()))...)
}

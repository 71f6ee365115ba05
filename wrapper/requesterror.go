package wrapper

import (
	"fmt"
	"log/slog"
)

// RequestError is a request that was refused here, before anything was sent.
// It matches [ErrInvalidRequest] and [ErrNotSent].
type RequestError struct {
	// Operation is the operationId of the contract, or empty where the
	// request fits none.
	Operation string
	// Field is the JSON Pointer of the field in the body that is at fault, or empty.
	Field string
	// Reason says what is wrong; it holds no value of the request.
	Reason string
	// Err is the error of a request editor, or nil.
	Err error
}

func invalid(operation, field, format string, args ...any) *RequestError {
	return &RequestError{Operation: operation, Field: field, Reason: fmt.Sprintf(format, args...)}
}

// Error returns one line of less than 1 KB: the field, and the rule it breaks.
func (e *RequestError) Error() string {
	operation, field := e.Operation, ""
	if operation == "" {
		operation = "request"
	}
	if e.Field != "" {
		field = oneLine(e.Field, maxPointerText) + " "
	}
	return fmt.Sprintf("tensorslab: %s: invalid request: %s%s; nothing was sent",
		operation, field, oneLine(e.Reason, maxCauseText))
}

// Unwrap returns the error of a request editor, or nil.
func (e *RequestError) Unwrap() error { return e.Err }

// Is reports whether target is [ErrInvalidRequest] or [ErrNotSent].
func (e *RequestError) Is(target error) bool {
	return target == ErrInvalidRequest || target == ErrNotSent
}

// LogValue returns what Error says as attributes.
func (e *RequestError) LogValue() slog.Value {
	attrs := logAttrs("request", e.Operation, 0, "", 0, outcomeNotSent)
	return slog.GroupValue(append(attrs, slog.String("reason", e.Error()))...)
}

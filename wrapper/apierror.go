package wrapper

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// APIError is an answer of the service, or of a gateway before it, that is not
// a success. It matches the sentinels that apply to its status, its code and
// its outcome; it unwraps to what cut the answer short, if anything did.
type APIError struct {
	// Operation is the operationId of the contract.
	Operation string
	// HTTPStatus is the status of the answer.
	HTTPStatus int
	// Code is the envelope's code, or 0 where the body held none.
	Code int
	// Message is the envelope's msg, or empty where the body held none.
	Message string
	// RequestID is the service's name for the request, from the answer's X-Request-Id.
	RequestID string
	// RetryAfter is how long the service asked to wait, or 0.
	RetryAfter time.Duration
	// Attempts is how often the request was sent.
	Attempts int
	// Body is the beginning of the answer, at most [MaxErrorBodyBytes]. It is
	// never part of the text.
	Body []byte

	deleteFailed  bool
	outcome       outcome
	unknownBefore bool // an earlier attempt's outcome was unknown
	idempotent    bool
	bearer        bool // the key was sent as "Bearer <key>"
	cause         error
}

// Error returns one line of less than 1 KB: what the service said, whether it
// may have acted, and what to do.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "tensorslab: %s: HTTP %d", e.Operation, e.HTTPStatus)
	if e.Code != 0 {
		fmt.Fprintf(&b, ", code %d", e.Code)
	}
	if e.Message != "" {
		b.WriteByte(' ')
		b.WriteString(quoted(e.Message, maxMessageText))
	}
	fmt.Fprintf(&b, ": %s; %s", e.meaning(), e.outcome.advice(e.idempotent))
	if e.unknownBefore && e.outcome != outcomeUnknown {
		b.WriteString(" this time, but may have at an earlier attempt")
	}
	b.WriteString(details(e.RequestID, e.Attempts))
	return b.String()
}

func (e *APIError) meaning() string {
	switch {
	case e.Is(ErrUnauthorized):
		return "the service refused the key; check it, or try its other form (" + e.otherKeyForm() + ")"
	case e.Is(ErrNotFound) && e.Code != 0 && e.Operation == opInfoByTaskID:
		return "the service knows no such task; check the id"
	case e.Is(ErrNotFound) && e.Code == 0:
		return "nothing is served at this address; check the base URL"
	case e.Is(ErrRedirected):
		return "the service answered with a redirect, which is never followed; check the base URL"
	case e.Is(ErrRateLimited) && e.RetryAfter > 0:
		return fmt.Sprintf("too many requests; wait %v", e.RetryAfter)
	case e.Is(ErrRateLimited):
		return "too many requests; wait before the next one"
	case e.Is(ErrInsufficientCredits):
		return "not enough credits; add some to the account"
	case e.deleteFailed:
		return `the service says that the deletion "Failed"; check the ids`
	case e.Is(ErrServer):
		return "the service, or a gateway before it, failed; try again later"
	}
	if e.outcome == outcomeUnknown {
		return "no status that an answer may have; try again later"
	}
	return "the service refused the request; correct it"
}

func (e *APIError) otherKeyForm() string {
	if e.bearer {
		return "the bare key, without WithBearer"
	}
	return `"Bearer <key>", with WithBearer`
}

// Is reports whether target is a sentinel that applies to e.
func (e *APIError) Is(target error) bool {
	switch target {
	case ErrUnauthorized:
		return e.HTTPStatus == http.StatusUnauthorized || e.HTTPStatus == http.StatusForbidden
	case ErrNotFound:
		return e.HTTPStatus == http.StatusNotFound
	case ErrRateLimited:
		return e.HTTPStatus == http.StatusTooManyRequests
	case ErrServer:
		return e.HTTPStatus >= 500 && e.HTTPStatus <= 599
	case ErrRedirected:
		return e.HTTPStatus >= 300 && e.HTTPStatus <= 399
	case ErrInsufficientCredits:
		return e.Code == CodeInsufficientCredits
	case ErrFailure:
		return e.Code == CodeFailure
	case ErrDeleteFailed:
		return e.deleteFailed
	case ErrOutcomeUnknown:
		return e.unknownBefore || e.outcome.Is(target)
	}
	return e.outcome.Is(target)
}

// Unwrap returns what cut the answer short, such as the end of the context or
// [ErrResponseTooLarge], or nil.
func (e *APIError) Unwrap() error { return e.cause }

// GoString keeps %#v from printing what Error leaves out.
func (e *APIError) GoString() string { return goString(e) }

// LogValue returns what Error says as attributes, without the body.
func (e *APIError) LogValue() slog.Value {
	attrs := logAttrs("api", e.Operation, e.HTTPStatus, e.RequestID, e.Attempts, e.outcome)
	attrs = append(attrs, slog.Int("code", e.Code), slog.String("message", cut(e.Message, maxMessageText)))
	if e.RetryAfter > 0 {
		attrs = append(attrs, slog.Duration("retry_after", e.RetryAfter))
	}
	if e.unknownBefore {
		attrs = append(attrs, slog.Bool("earlier_outcome_unknown", true))
	}
	return slog.GroupValue(attrs...)
}

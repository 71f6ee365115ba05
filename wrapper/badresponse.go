package wrapper

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/redact"
	"github.com/tensorslab/tensorslab-go/internal/send"
	"github.com/tensorslab/tensorslab-go/internal/subject"
)

// APIError is a response of the service, or of a gateway in front of it, that is not a
// success. It matches the sentinels that apply to its status, its code and its outcome.
type APIError struct {
	Operation  string        // the operationId of the contract
	HTTPStatus int           // of the response
	Code       int           // the envelope's code, or 0 where the body held none
	Message    string        // the envelope's msg, or empty where the body held none
	RequestID  string        // the service's name for the request, from the response's X-Request-Id
	RetryAfter time.Duration // how long the service asked to wait, or 0
	Attempts   int           // how many times the request was sent
	Body       []byte        // the beginning of the response, at most 4 KiB; never part of the text
	TaskID     string        // the task that a response to a generation names all the same, or empty; not part of the text

	certainty
	page         bool // Body is an HTML page, and so a gateway's
	deleteFailed bool
	keyRejected  bool   // by what CheckKey makes of the envelope
	keyAdvice    string // what to do about the key
	cause        error
}

// Error returns one line: what the service said, whether it may have acted, and what to do.
func (e *APIError) Error() string {
	said := ""
	if e.Code != 0 {
		said = fmt.Sprintf(", code %d", e.Code)
	}
	if e.Message != "" {
		said += " " + redact.Quoted(e.Message, maxMessageText)
	}
	return fmt.Sprintf("tensorslab: %s: HTTP %d%s: %s; %s%s", e.Operation, e.HTTPStatus, said, e.meaning(), e.advice(), details(e.RequestID, e.Attempts))
}

func (e *APIError) meaning() string {
	switch {
	case e.Is(ErrUnauthorized):
		return "the service rejected the key; " + cmp.Or(e.keyAdvice, "check it")
	case e.page && e.HTTPStatus == http.StatusForbidden:
		return "a gateway or firewall rejected the request with an HTML page, which says nothing about the key; try again later, or from another network"
	case e.Is(ErrNotFound) && e.Code != 0 && e.Operation == opInfoByTaskID:
		return "the service knows no such task; check the id"
	case e.HTTPStatus == http.StatusNotFound && e.Code == 0:
		return "nothing is served at this address; check the base URL"
	case e.Is(ErrRedirected):
		return "the service responded with a redirect, which is never followed; check the base URL"
	case e.Is(ErrRateLimited) && e.RetryAfter > 0:
		return fmt.Sprintf("too many requests; wait %v", e.RetryAfter)
	case e.Is(ErrRateLimited):
		return "too many requests; wait before the next one"
	case e.Is(ErrInsufficientCredits):
		return "not enough credits; add some to the account"
	case e.deleteFailed:
		return `the service reports that the deletion "Failed"; check the ids`
	case e.Is(ErrServer) && e.repeatable:
		return "the service, or a gateway in front of it, failed; try again later"
	case e.Is(ErrServer):
		return "the service, or a gateway in front of it, failed"
	case subject.IsKey(e.Code, e.Message): // a guess, which changes the text only
		return "this seems to be about the key; " + cmp.Or(e.keyAdvice, "check it")
	case e.outcome == send.Unknown && (send.IsSuccess(e.HTTPStatus) || e.Code == CodeSuccess):
		return "the contract does not say what this code means with this status; report it to the service"
	case e.outcome == send.Unknown && e.HTTPStatus >= 400 && e.HTTPStatus <= 499, send.IsByGateway(e.HTTPStatus):
		return "the service, or a gateway in front of it, gave up the request"
	case e.outcome == send.Unknown:
		return "the server sent an invalid HTTP status"
	}
	return "the service rejected the request; correct it"
}

// advice does not say of a gateway that the service did not act: a deletion may then
// have taken effect, which matters to nobody who repeats it.
func (e *APIError) advice() string {
	if e.repeatable && e.total() == send.NotActed && send.IsByGateway(e.HTTPStatus) {
		return "repeating it is safe"
	}
	return e.certainty.advice()
}

// Is reports whether target is a sentinel that applies to e.
func (e *APIError) Is(target error) bool {
	switch target {
	case ErrUnauthorized:
		return e.keyRejected || e.HTTPStatus == http.StatusUnauthorized || e.HTTPStatus == http.StatusForbidden && !e.page
	case ErrNotFound:
		return e.HTTPStatus == http.StatusNotFound && !e.page
	case ErrInsufficientCredits:
		return e.Code == CodeInsufficientCredits
	case ErrFailure:
		return e.Code == CodeFailure
	case ErrDeleteFailed:
		return e.deleteFailed
	}
	return statusIs(e.HTTPStatus, target) || e.is(target)
}

// Unwrap returns what cut the response short, such as the end of the context or
// [ErrResponseTooLarge], or nil.
func (e *APIError) Unwrap() error { return e.cause }

// GoString keeps %#v from printing what Error leaves out.
func (e *APIError) GoString() string { return goString(e) }

// LogValue returns what Error says as attributes, without the body.
func (e *APIError) LogValue() slog.Value {
	said := []slog.Attr{slog.Int("code", e.Code), slog.String("message", redact.OneLine(e.Message, maxMessageText))}
	if e.RetryAfter > 0 {
		said = append(said, slog.Duration("retry_after", e.RetryAfter))
	}
	return logged("api", e.Operation, e.HTTPStatus, e.RequestID, e.Attempts, e.certainty, said...)
}

// Keywords of a [Violation] that are not keywords of JSON Schema.
const (
	KeywordStatus     = contract.KeywordStatus     // the contract documents no success with this status
	KeywordMediaType  = contract.KeywordMediaType  // the Content-Type is missing, or not one that the contract documents
	KeywordJSON       = contract.KeywordJSON       // the body is not exactly one JSON value in UTF-8
	KeywordUniqueKeys = contract.KeywordUniqueKeys // an object repeats the key
	KeywordKeyCase    = contract.KeywordKeyCase    // the key equals one of the contract's but for case
	KeywordSize       = contract.KeywordSize       // the body is larger than the limit
)

// Violation is one place where a response violates the contract. It holds no
// value of the response.
type Violation struct {
	Pointer string // JSON Pointer (RFC 6901) of the place in the body; empty for the whole body
	Keyword string // the schema's keyword that is not satisfied ("type", "required", …), or a Keyword constant
}

// String returns the two parts as "/data/status: type", control characters escaped.
func (v Violation) String() string {
	if v.Pointer == "" {
		return v.Keyword
	}
	return redact.OneLine(v.Pointer, maxPointerText) + ": " + v.Keyword
}

// ContractError is a response with a status of success that violates the
// published contract, or is too large to be checked. It matches [ErrContract],
// and [ErrResponseTooLarge] where that is the reason.
type ContractError struct {
	Operation  string      // the operationId of the contract
	HTTPStatus int         // of the response
	Violations []Violation // where the response violates the contract: from 1 to 64 places
	RequestID  string      // the service's name for the request, from the response's X-Request-Id
	Attempts   int         // how many times the request was sent
	TaskID     string      // the task that a response to a generation names all the same, or empty; not part of the text

	certainty
	noTaskID bool // it says that a task was created, and not which
}

// Error returns one line: the first violations, whether the service may have acted, and what to do.
func (e *ContractError) Error() string {
	what := "the response violates the contract (" + e.list() + ")"
	switch {
	case e.Is(ErrResponseTooLarge):
		what = "the response is larger than the limit (WithMaxResponseBytes)"
	case e.noTaskID:
		what += ": a new task may exist that it does not name; report it to the service"
	default:
		what += "; report it to the service, or see WithValidation"
	}
	return fmt.Sprintf("tensorslab: %s: HTTP %d: %s; %s%s", e.Operation, e.HTTPStatus, what, e.advice(), details(e.RequestID, e.Attempts))
}

func (e *ContractError) list() string {
	shown := min(len(e.Violations), maxPointers)
	parts := make([]string, 0, shown+1)
	for _, v := range e.Violations[:shown] {
		parts = append(parts, v.String())
	}
	if more := len(e.Violations) - shown; more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(parts, ", ")
}

// Is reports whether target is a sentinel that applies to e.
func (e *ContractError) Is(target error) bool {
	switch target {
	case ErrContract:
		return true
	case ErrResponseTooLarge:
		return len(e.Violations) > 0 && e.Violations[0].Keyword == KeywordSize
	}
	return e.is(target)
}

// GoString keeps %#v from printing what Error leaves out.
func (e *ContractError) GoString() string { return goString(e) }

// LogValue returns what Error says as attributes.
func (e *ContractError) LogValue() slog.Value {
	return logged("contract", e.Operation, e.HTTPStatus, e.RequestID, e.Attempts, e.certainty, slog.String("violations", e.list()))
}

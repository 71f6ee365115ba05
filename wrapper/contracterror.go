package wrapper

import (
	"fmt"
	"log/slog"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/redact"
)

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

// Error returns one line of less than 1 KB: the first violations, whether the
// service may have acted, and what to do.
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

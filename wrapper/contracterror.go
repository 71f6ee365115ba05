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
	// KeywordStatus: the contract documents no success with this status.
	KeywordStatus = contract.KeywordStatus
	// KeywordMediaType: the Content-Type is missing, or not one that the contract documents.
	KeywordMediaType = contract.KeywordMediaType
	// KeywordJSON: the body is not exactly one JSON value in UTF-8.
	KeywordJSON = contract.KeywordJSON
	// KeywordUniqueKeys: an object repeats the key.
	KeywordUniqueKeys = contract.KeywordUniqueKeys
	// KeywordKeyCase: the key equals one of the contract's but for case.
	KeywordKeyCase = contract.KeywordKeyCase
	// KeywordSize: the body is larger than the limit.
	KeywordSize = contract.KeywordSize
)

// Violation is one place where a response violates the contract. It holds no
// value of the response.
type Violation struct {
	// Pointer is the JSON Pointer (RFC 6901) of the place in the body; empty
	// for the whole body.
	Pointer string
	// Keyword is the keyword of the schema that is not satisfied ("type",
	// "required", …), or one of the Keyword constants.
	Keyword string
}

// violations is found as this package exports it.
func violations(found []contract.Violation) []Violation {
	list := make([]Violation, len(found))
	for i, v := range found {
		list[i] = Violation(v)
	}
	return list
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
	// Operation is the operationId of the contract.
	Operation string
	// HTTPStatus is the status of the response.
	HTTPStatus int
	// Violations says where the response violates the contract: at least one
	// place, at most 64.
	Violations []Violation
	// RequestID is the service's name for the request, from the response's X-Request-Id.
	RequestID string
	// Attempts is how many times the request was sent.
	Attempts int
	// TaskID is the task that the response to a generation names all the same,
	// or empty. It is not part of the text.
	TaskID string

	certainty
	noTaskID bool // it says that a task was created, and not which
}

// Error returns one line of less than 1 KB: the first violations, whether the
// service may have acted, and what to do.
func (e *ContractError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "tensorslab: %s: HTTP %d: ", e.Operation, e.HTTPStatus)
	switch {
	case e.Is(ErrResponseTooLarge):
		b.WriteString("the response is larger than the limit (WithMaxResponseBytes)")
	case e.noTaskID:
		b.WriteString("the response violates the contract (" + e.list() + "): a new task may exist that it does not name; report it to the service")
	default:
		b.WriteString("the response violates the contract (" + e.list() + "); report it to the service, or see WithValidation")
	}
	fmt.Fprintf(&b, "; %s", e.advice())
	b.WriteString(details(e.RequestID, e.Attempts))
	return b.String()
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
	attrs := logAttrs("contract", e.Operation, e.HTTPStatus, e.RequestID, e.Attempts, e.certainty)
	return slog.GroupValue(append(attrs, slog.String("violations", e.list()))...)
}

package wrapper

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/fetch"
	"github.com/tensorslab/tensorslab-go/internal/redact"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

// Sentinels for [errors.Is]. An error matches each one that applies to it.
var (
	// ErrInvalidKey: the API key is empty or malformed (from construction).
	ErrInvalidKey = errors.New("the API key is not usable")
	// ErrInvalidOption: an option, or the base URL, is not usable (from construction).
	ErrInvalidOption = errors.New("an option is not usable")

	// ErrInvalidRequest: the request was refused here; nothing was sent.
	ErrInvalidRequest = errors.New("the request is invalid")
	// ErrInsufficientCredits: the service responded with code 9000 of the contract.
	ErrInsufficientCredits = errors.New("not enough credits")
	// ErrFailure: the service responded with code 9999 of the contract.
	ErrFailure = errors.New("the service failed the request")
	// ErrDeleteFailed: the service responded with code 1000 and data.status "Failed".
	ErrDeleteFailed = errors.New("the service did not delete the tasks")
	// ErrUnauthorized: HTTP 401, or 403 unless its body is an HTML page: that is
	// a gateway's, such as a challenge, and says nothing about the key.
	ErrUnauthorized = errors.New("the service rejected the key")
	// ErrNotFound: HTTP 404, unless its body is an HTML page. From a query, there
	// is no such task.
	ErrNotFound = errors.New("not found")
	// ErrRateLimited: HTTP 429.
	ErrRateLimited = errors.New("too many requests")
	// ErrServer: HTTP 5xx.
	ErrServer = errors.New("the service, or a gateway in front of it, failed")
	// ErrRedirected: HTTP 3xx. Redirects of the service are never followed; a
	// download was redirected too often, or to an address that is not allowed.
	ErrRedirected = fetch.ErrRedirect
	// ErrContract: the response violates the published contract.
	ErrContract = errors.New("the response violates the contract")
	// ErrResponseTooLarge: the response, or the file of a download, is larger
	// than the limit.
	ErrResponseTooLarge = send.ErrTooLarge

	// ErrTaskFailed: the task ended without images (image_status 4).
	ErrTaskFailed = errors.New("the task failed")
	// ErrWaitTimeout: the task had not ended when [WaitOptions].Timeout had passed.
	ErrWaitTimeout = errors.New("the task took longer than the wait")
	// ErrPrivateHost: a download would lead to this machine or a private network.
	ErrPrivateHost = fetch.ErrPrivate

	// ErrNotSent: the service certainly did not act, since it received nothing.
	ErrNotSent = errors.New("nothing was sent to the service")
	// ErrOutcomeUnknown: the service may have acted, or not.
	ErrOutcomeUnknown = errors.New("the service may have acted")
)

// The codes of the envelope, from the contract's BaseResponse.
const (
	// CodeSuccess is the code of every successful response.
	CodeSuccess = 1000
	// CodeInsufficientCredits is the code of [ErrInsufficientCredits].
	CodeInsufficientCredits = 9000
	// CodeFailure is the code of [ErrFailure].
	CodeFailure = 9999
)

// Longest parts of an error text, in bytes. Together they stay below 1 KB.
const (
	maxMessageText   = 320
	maxCauseText     = 480
	maxRequestIDText = 80
	maxPointerText   = 96
	maxPointers      = 3
)

// maxErrorBodyBytes is how much of a rejection's body an [APIError] keeps.
const maxErrorBodyBytes = 4 << 10

// certainty is what an error knows of its request's effect on the service. The
// errors of requests embed it, so that all of them word it alike.
type certainty struct {
	outcome     send.Outcome // of the last attempt
	doubtBefore bool         // an earlier attempt may have taken effect
	repeatable  bool         // repeating the request is safe
	named       bool         // the response names a task, in the field TaskID
}

// total is the outcome of all attempts together.
func (c certainty) total() send.Outcome {
	if c.doubtBefore {
		return send.Unknown
	}
	return c.outcome
}

// is answers errors.Is for the two sentinels about the effect.
func (c certainty) is(target error) bool {
	return target == ErrNotSent && c.total() == send.NotSent ||
		target == ErrOutcomeUnknown && c.total() == send.Unknown
}

// advice is the end of an error text: whether the service may have acted, and
// whether to repeat the request.
func (c certainty) advice() string {
	what := "the service may have acted"
	switch {
	case c.total() == send.NotSent:
		return "nothing was sent"
	case c.named && c.total() == send.NotActed:
		return "the service did not act, and yet names a task (see TaskID)"
	case c.named:
		return what + ": the response names a task (see TaskID), so wait for that one and do not repeat the request"
	case c.total() == send.NotActed:
		return "the service did not act"
	case c.outcome != send.Unknown:
		what = "this attempt had no effect, but an earlier one may have"
	}
	if c.repeatable {
		return what + ": repeating it is safe"
	}
	return what + ": find out before repeating it, by the credits and tasks in the web console"
}

func goString(err error) string { return fmt.Sprintf("%T(%q)", err, err.Error()) }

// details returns what the error types have in common, for the end of a text.
func details(requestID string, attempts int) string {
	var parts []string
	if requestID != "" {
		parts = append(parts, "request id "+redact.Quoted(requestID, maxRequestIDText))
	}
	if attempts > 1 {
		parts = append(parts, fmt.Sprintf("%d attempts", attempts))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// logAttrs returns what the error types have in common, without what is zero.
func logAttrs(kind, operation string, status int, requestID string, attempts int, c certainty) []slog.Attr {
	attrs := []slog.Attr{slog.String("kind", kind), slog.String("operation", operation), slog.String("outcome", c.total().String())}
	if status != 0 {
		attrs = append(attrs, slog.Int("status", status))
	}
	if requestID != "" {
		attrs = append(attrs, slog.String("request_id", redact.Cut(requestID, maxRequestIDText)))
	}
	if attempts != 0 {
		attrs = append(attrs, slog.Int("attempts", attempts))
	}
	return attrs
}

package wrapper

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/tensorslab/tensorslab-go/internal/fetch"
	"github.com/tensorslab/tensorslab-go/internal/redact"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

// Sentinels for [errors.Is]. An error matches each one that applies to it.
var (
	ErrInvalidKey    = errors.New("the API key is not usable") // it is empty or malformed (from construction)
	ErrInvalidOption = errors.New("an option is not usable")   // or the base URL is not (from construction)

	ErrInvalidRequest      = send.Sentinel("the request is invalid")               // it was refused here; nothing was sent
	ErrInsufficientCredits = send.Sentinel("not enough credits")                   // the service responded with code 9000 of the contract
	ErrFailure             = send.Sentinel("the service failed the request")       // the service responded with code 9999 of the contract
	ErrDeleteFailed        = send.Sentinel("the service did not delete the tasks") // it responded with code 1000 and data.status "Failed"
	// ErrUnauthorized: HTTP 401, or 403 unless its body is an HTML page: that is
	// a gateway's, such as a challenge, and says nothing about the key.
	ErrUnauthorized = send.Sentinel("the service rejected the key")
	// ErrNotFound: HTTP 404, unless its body is an HTML page. From a query, there
	// is no such task.
	ErrNotFound    = send.Sentinel("not found")
	ErrRateLimited = send.Sentinel("too many requests")                                // HTTP 429
	ErrServer      = send.Sentinel("the service, or a gateway in front of it, failed") // HTTP 5xx
	// ErrRedirected: HTTP 3xx. Redirects of the service are never followed; a
	// download was redirected too often, or to an address that is not allowed.
	ErrRedirected       = fetch.ErrRedirect
	ErrContract         = send.Sentinel("the response violates the contract") // see [ContractError]
	ErrResponseTooLarge = send.ErrTooLarge                                    // the response, or the file of a download, is larger than the limit

	ErrTaskFailed  = send.Sentinel("the task failed")                 // it ended without images (image_status 4)
	ErrWaitTimeout = errors.New("the task took longer than the wait") // it had not ended when [WaitOptions].Timeout had passed
	ErrPrivateHost = fetch.ErrPrivate                                 // a download would lead to this machine or a private network

	ErrNotSent        = send.Sentinel("nothing was sent to the service") // so the service certainly did not act
	ErrOutcomeUnknown = send.Sentinel("the service may have acted")      // nobody knows whether it did
)

// The codes of the envelope, from the contract's BaseResponse.
const (
	CodeSuccess             = 1000 // of every successful response
	CodeInsufficientCredits = 9000 // of [ErrInsufficientCredits]
	CodeFailure             = 9999 // of [ErrFailure]
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
	return what + ": before you repeat it, look at the credits and tasks in the web console"
}

// statusIs reports whether target is the sentinel of an HTTP status.
func statusIs(status int, target error) bool {
	switch target {
	case ErrRateLimited:
		return status == http.StatusTooManyRequests
	case ErrServer:
		return status >= 500 && status <= 599
	case ErrRedirected:
		return status >= 300 && status <= 399
	}
	return false
}

func goString(err error) string { return fmt.Sprintf("%T(%q)", err, err.Error()) }

// details returns what the error types have in common, for the end of a text.
func details(requestID string, attempts int) string {
	switch id := redact.Quoted(requestID, maxRequestIDText); {
	case requestID != "" && attempts > 1:
		return fmt.Sprintf(" (request id %s, %d attempts)", id, attempts)
	case requestID != "":
		return fmt.Sprintf(" (request id %s)", id)
	case attempts > 1:
		return fmt.Sprintf(" (%d attempts)", attempts)
	}
	return ""
}

// logged returns what the error types have in common, without what is zero, and
// what one of them adds.
func logged(kind, operation string, status int, requestID string, attempts int, c certainty, more ...slog.Attr) slog.Value {
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
	return slog.GroupValue(append(attrs, more...)...)
}

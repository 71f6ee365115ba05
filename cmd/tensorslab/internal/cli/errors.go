package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Advisor words the errors of the library for operators: what happened, whether the
// service may have acted, and what to do, in terms of the command's flags.
type Advisor struct {
	BareKey bool // --bare-key is set
}

// Describe returns err with a text for operators, or nil for nil. The result wraps err.
// An error that is not of the library keeps its text.
func (a Advisor) Describe(err error) error {
	if err == nil {
		return nil
	}
	return &describedError{a.explain(err).String(), err}
}

// Brief returns what happened, without advice.
func (a Advisor) Brief(err error) string { return OneLine(a.explain(err).what) }

// describedError is an error whose text is for operators.
type describedError struct {
	text string
	err  error
}

func (e *describedError) Error() string { return e.text }
func (e *describedError) Unwrap() error { return e.err }

// KeyAdvice says what to try after the service has rejected the key.
func (a Advisor) KeyAdvice() string {
	if a.BareKey {
		return "check it, or leave --bare-key and TENSORSLAB_AUTH out"
	}
	return "check it, or try --bare-key"
}

// Reword returns err with another text.
func Reword(err error, text string) error { return &describedError{text, err} }

// WaitAgain is the advice about a task that has not ended.
const WaitAgain = "it continues at the service, so wait for it again"

// explanation is the text of an error in parts. All but what may be empty.
type explanation struct {
	what    string // what happened
	effect  string // whether the service may have acted
	advice  string // what to do
	details string // what the service's support may ask for
}

func (e explanation) String() string {
	text := e.what
	for _, part := range []string{e.effect, e.advice} {
		if part != "" {
			text += "; " + part
		}
	}
	return OneLine(text + e.details)
}

// explain tries the types of errors from the outside to the inside: a wait's error may
// wrap that of a query.
func (a Advisor) explain(err error) explanation {
	var failed *wrapper.TaskFailedError
	var wait *wrapper.WaitError
	var download *wrapper.DownloadError
	var request *wrapper.RequestError
	switch {
	case errors.As(err, &failed):
		return explanation{what: "the task failed" + Because(failed.Message), advice: "it may have been paid for, and generating again costs credits again; correct the request if it is at fault"}
	case errors.As(err, &wait):
		return a.explainWait(wait)
	case errors.As(err, &download):
		return explainDownload(download)
	case errors.As(err, &request):
		return explanation{what: strings.TrimSpace("invalid request: "+request.Field) + " " + request.Reason, effect: effectOf(request, request.Operation)}
	case errors.Is(err, wrapper.ErrInvalidKey):
		return explanation{what: "the API key is not usable: it contains white space or a character that is not printable ASCII", advice: "copy it again"}
	case errors.Is(err, wrapper.ErrInvalidOption):
		return explanation{what: "the base URL is not usable", advice: "write https://HOST[/PATH], or http:// for a loopback address, without user info, query and fragment"}
	}
	return a.explainCall(err)
}

// explainCall words the errors of a single call to the service.
func (a Advisor) explainCall(err error) explanation {
	var api *wrapper.APIError
	var contract *wrapper.ContractError
	var transport *wrapper.TransportError
	switch {
	case errors.As(err, &api):
		e := a.explainAPI(api).withOutcome(api, api.Operation, details(api.RequestID, api.Attempts))
		if api.Operation == deletion && !errors.Is(api, wrapper.ErrOutcomeUnknown) && isByGateway(api.HTTPStatus) {
			// A gateway does not know whether the service acted.
			e.effect, e.advice = "", join(e.advice, "repeating it is safe")
		}
		return e
	case errors.As(err, &contract):
		return explainContract(contract).withOutcome(contract, contract.Operation, details(contract.RequestID, contract.Attempts))
	case errors.As(err, &transport):
		return explainTransport(transport).withOutcome(transport, transport.Operation, details("", transport.Attempts))
	}
	return explanation{what: cause(err)}
}

// repeatable are the operations that may be repeated without finding out first what
// became of the earlier request. A value of true marks those that change nothing.
var repeatable = map[string]bool{"infoByTaskId": true, deletion: false}

// deletion is the operation that may be repeated although it changes something.
const deletion = "deleteImagesTask"

// FindOut is the advice about a request that may have been paid for.
const FindOut = "find out before you repeat it"

const mayHaveActed = "the service may have acted"

// WithoutDoubt returns the text of an error without what it says about an unknown outcome,
// for a line that says more about that.
func WithoutDoubt(err error) string {
	return strings.Replace(err.Error(), "; "+mayHaveActed+"; "+FindOut, "", 1)
}

// withOutcome adds what is known of the effect of a request, and what that means for
// repeating it.
func (e explanation) withOutcome(err error, operation, details string) explanation {
	e.effect, e.details = effectOf(err, operation), details
	changesNothing, ok := repeatable[operation]
	switch {
	case changesNothing, !errors.Is(err, wrapper.ErrOutcomeUnknown):
	case ok:
		e.advice = join(e.advice, "repeating it is safe")
	case errors.Is(err, wrapper.ErrContract):
		e.advice = join(FindOut, e.advice)
	default: // in place of advice to try again
		e.advice = FindOut
	}
	return e
}

// isRepeatable reports whether err is about a request that may be repeated.
func isRepeatable(err error) bool {
	var api *wrapper.APIError
	var contract *wrapper.ContractError
	var transport *wrapper.TransportError
	operation := ""
	switch {
	case errors.As(err, &api):
		operation = api.Operation
	case errors.As(err, &contract):
		operation = contract.Operation
	case errors.As(err, &transport):
		operation = transport.Operation
	}
	_, ok := repeatable[operation]
	return ok
}

// effectOf says whether the service may have acted on a failed request.
func effectOf(err error, operation string) string {
	switch {
	case errors.Is(err, wrapper.ErrNotSent):
		return "nothing was sent"
	case repeatable[operation]:
		return ""
	case errors.Is(err, wrapper.ErrOutcomeUnknown):
		return mayHaveActed
	}
	return "the service did not act"
}

func join(first, second string) string {
	if first == "" || second == "" {
		return first + second
	}
	return first + "; " + second
}

// Because returns a reason that the service gave, to be put after what happened. It is
// empty without a reason.
func Because(reason string) string {
	if reason = strings.TrimSpace(reason); reason == "" {
		return ""
	}
	return ": " + Quote(reason)
}

// cause returns the text of err without the method and the URL that net/http adds.
func cause(err error) string {
	var inURL *url.Error
	if errors.As(err, &inURL) {
		err = inURL.Err
	}
	return fmt.Sprintf("%.300s", OneLine(err.Error()))
}

func details(requestID string, attempts int) string {
	var parts []string
	if requestID != "" {
		parts = append(parts, "request id "+Quote(requestID))
	}
	if attempts > 1 {
		parts = append(parts, fmt.Sprintf("%d attempts", attempts))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

func (a Advisor) explainWait(err *wrapper.WaitError) explanation {
	e := explanation{advice: WaitAgain}
	e.what = fmt.Sprintf("the task had not ended after %v", err.Elapsed.Round(time.Millisecond))
	switch {
	case err.Status != 0:
		e.what += " (" + StatusName(err.Status) + ")"
	case errors.Is(err, wrapper.ErrNotFound): // it may not exist
		e.advice = ""
	}
	switch query := a.explainCall(err.Err); {
	case errors.As(err.Err, new(*wrapper.APIError)), errors.As(err.Err, new(*wrapper.ContractError)), errors.As(err.Err, new(*wrapper.TransportError)):
		e.what += ": the last query failed: " + query.String()
	case errors.Is(err.Err, context.Canceled):
		e.what += ": interrupted"
	}
	return e
}

// windowsDiskFull is ERROR_DISK_FULL, which package syscall has no name for.
const windowsDiskFull = syscall.Errno(112)

// MakeRoom returns what to do about err if a disk is full, to be put behind err, and nothing
// otherwise.
func MakeRoom(err error) string {
	if errors.Is(err, syscall.ENOSPC) || runtime.GOOS == "windows" && errors.Is(err, windowsDiskFull) {
		return "; make room on the disk"
	}
	return ""
}

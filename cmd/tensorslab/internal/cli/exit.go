package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// The exit statuses, which scripts rely on.
const (
	OK          = 0   // everything was done, or there was nothing to do
	Failed      = 1   // something was not done, or the command failed
	Usage       = 2   // the command line, a file or an id is wrong; nothing was sent
	Auth        = 3   // there is no usable key, or the service rejected it
	Credits     = 4   // not enough credits
	Unknown     = 5   // nobody knows whether a task was created and paid for
	Unfinished  = 6   // a task has not ended yet, and nothing else failed
	Later       = 7   // the service can't be reached, fails or is busy, and nothing else failed
	Interrupted = 130 // stopped by a signal
)

// ranks has the statuses from the most to the least important. What may have cost money
// comes first, and then what the user did: no advice of the service counts after that.
var ranks = []int{Unknown, Interrupted, Auth, Credits, Usage, Failed, Later, Unfinished, OK}

// Worst returns the more important of two statuses, for a command that has reasons for
// both.
func Worst(a, b int) int {
	for _, status := range ranks {
		if a == status || b == status {
			return status
		}
	}
	return Failed
}

// StatusFor returns the exit status for an error of the library about a request. It is
// Unknown only for generations, because a deletion or a query can be repeated at no cost.
func StatusFor(err error) int {
	var wait *wrapper.WaitError
	switch {
	case err == nil:
		return OK
	case errors.Is(err, wrapper.ErrOutcomeUnknown) && !isRepeatable(err):
		return Unknown
	case errors.Is(err, wrapper.ErrUnauthorized), errors.Is(err, wrapper.ErrInvalidKey):
		return Auth
	case errors.Is(err, wrapper.ErrInsufficientCredits):
		return Credits
	case errors.Is(err, wrapper.ErrInvalidRequest), errors.Is(err, wrapper.ErrInvalidOption):
		return Usage
	case errors.As(err, &wait) && wait.Status != 0:
		return Unfinished
	case isOutage(err):
		return Later
	case errors.As(err, &wait) && !errors.Is(err, wrapper.ErrNotFound):
		return Unfinished
	}
	return Failed
}

// isOutage reports whether the same request may succeed later. A wait that has never seen
// its task ends so if its last query failed for such a reason.
func isOutage(err error) bool {
	return errors.Is(err, wrapper.ErrRateLimited) || errors.Is(err, wrapper.ErrServer) || errors.Is(err, wrapper.ErrNotSent) ||
		errors.As(err, new(*wrapper.TransportError))
}

// ExitError is an error with the exit status of the command that it ends.
type ExitError struct {
	Status int
	Err    error
	early  bool // it comes before anything is sent
}

// Error returns the text of the cause.
func (e *ExitError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *ExitError) Unwrap() error { return e.Err }

// Failf returns an error with an exit status. The format is that of [fmt.Errorf].
func Failf(status int, format string, args ...any) error {
	return &ExitError{Status: status, Err: fmt.Errorf(format, args...)}
}

// Usagef returns an error with the status Usage, which comes before anything is sent. The
// format is that of [fmt.Errorf].
func Usagef(format string, args ...any) error {
	return &ExitError{Status: Usage, Err: fmt.Errorf(format, args...), early: true}
}

// MarkSending makes each usage error of cmd say that nothing was sent, because what cmd sends
// costs something or cannot be undone.
func MarkSending(cmd *cobra.Command) { cmd.Annotations = map[string]string{sending: "yes"} }

const (
	sending     = "sending"
	nothingSent = "nothing was sent"
)

// textOf returns the text of an error that cmd ended with.
func textOf(cmd *cobra.Command, err error) string {
	var e *ExitError
	text := err.Error()
	if errors.As(err, &e) && e.early && cmd.Annotations[sending] != "" && !strings.Contains(text, nothingSent) {
		text += "; " + nothingSent
	}
	return text
}

// StatusOf returns the exit status for err: OK for nil, and Failed for an error that
// has none of its own.
func StatusOf(err error) int {
	var e *ExitError
	switch {
	case err == nil:
		return OK
	case errors.As(err, &e):
		return e.Status
	}
	return Failed
}

// FirstError returns the first of errs that is not nil, or nil.
func FirstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

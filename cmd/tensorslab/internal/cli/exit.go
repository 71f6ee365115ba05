package cli

import (
	"errors"
	"fmt"
)

// The exit statuses, which scripts rely on.
const (
	OK          = 0   // everything was done, or there was nothing to do
	Failed      = 1   // something was not done, or the command failed
	Usage       = 2   // the command line, a file or an id is wrong; nothing was sent
	Auth        = 3   // there is no usable key, or the service rejected it
	Credits     = 4   // not enough credits
	Unfinished  = 6   // a task has not ended yet, and nothing else failed
	Interrupted = 130 // stopped by a signal
)

// ExitError is an error with the exit status of the command that it ends.
type ExitError struct {
	Status int
	Err    error
}

// Error returns the text of the cause.
func (e *ExitError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *ExitError) Unwrap() error { return e.Err }

// Failf returns an error with an exit status. The format is that of [fmt.Errorf].
func Failf(status int, format string, args ...any) error {
	return &ExitError{status, fmt.Errorf(format, args...)}
}

// Usagef returns an error with the status Usage. The format is that of [fmt.Errorf].
func Usagef(format string, args ...any) error { return Failf(Usage, format, args...) }

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

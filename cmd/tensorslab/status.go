package main

import (
	"errors"
	"fmt"
)

// The exit statuses, which scripts rely on.
const (
	statusOK          = 0   // all tasks deleted, or there was nothing to do
	statusFailed      = 1   // some tasks are not confirmed deleted, or the command failed
	statusUsage       = 2   // the command line, a file or an id is wrong; nothing was sent
	statusAuth        = 3   // there is no usable key, or the service refused it
	statusCredits     = 4   // not enough credits
	statusInterrupted = 130 // stopped by a signal
)

// exitError is an error with the exit status that it calls for.
type exitError struct {
	status int
	err    error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func failf(status int, format string, args ...any) error {
	return &exitError{status, fmt.Errorf(format, args...)}
}

func usagef(format string, args ...any) error { return failf(statusUsage, format, args...) }

func statusOf(err error) int {
	var e *exitError
	switch {
	case err == nil:
		return statusOK
	case errors.As(err, &e):
		return e.status
	}
	return statusFailed
}

package redact

import (
	"context"
	"errors"
	"fmt"
	"net"
)

// Error returns err, unless its text or that of an error that it wraps holds the
// key. Then it returns [Hidden] with the text of err, the key replaced. A nil
// error stays nil.
func (r Redactor) Error(err error) error {
	if err == nil || !r.holdsKey(err) {
		return err
	}
	return Hidden(r.Text(err.Error()), err)
}

// holdsKey looks through the whole tree of errors: a wrapping error may have a
// text of its own, and whoever unwraps it reads the others.
func (r Redactor) holdsKey(err error) bool {
	if text := err.Error(); r.Text(text) != text {
		return true
	}
	switch e := err.(type) { //nolint:errorlint // each level is looked at by itself
	case interface{ Unwrap() error }:
		inner := e.Unwrap()
		return inner != nil && r.holdsKey(inner)
	case interface{ Inner() error }: // an error that hides what it wraps from errors.Unwrap
		return r.holdsKey(e.Inner())
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if inner != nil && r.holdsKey(inner) {
				return true
			}
		}
	}
	return false
}

// Hidden returns an error whose text is text. It answers errors.Is as cause does,
// and has its Timeout method, but does not unwrap to it, so that nobody prints
// what cause holds. Of the types in cause errors.As finds none.
func Hidden(text string, cause error) error {
	return &hiddenError{text: text, cause: cause}
}

type hiddenError struct {
	text  string
	cause error
}

func (e *hiddenError) Error() string        { return e.text }
func (e *hiddenError) Is(target error) bool { return errors.Is(e.cause, target) }

// GoString keeps %#v from printing the cause.
func (e *hiddenError) GoString() string { return fmt.Sprintf("%T(%q)", e, e.text) }

// Timeout reports whether the cause is that time ran out, as in [net.Error].
func (e *hiddenError) Timeout() bool {
	var n net.Error
	return errors.Is(e.cause, context.DeadlineExceeded) || errors.As(e.cause, &n) && n.Timeout()
}

package send

import (
	"context"
	"errors"
	"reflect"
	"strings"
)

// sentinel is an error for [errors.Is] that is true of one request.
type sentinel struct{ text string }

func (s *sentinel) Error() string { return s.text }

// Sentinel returns a new error for errors.Is that says something of one request. An error
// that [Foreign] returns does not match it.
func Sentinel(text string) error { return &sentinel{text} }

// Foreign returns an error with the text of err that matches what err matches, except for
// what is true of one request alone: it matches no [Sentinel], and errors.As finds no error of
// a request in it. It is for errors from elsewhere, such as the cause of a context, which often
// is the error of another request: what is known of that one's effect and of its task is not
// known of this one's. A nil error stays nil.
func Foreign(err error) error {
	if err == nil {
		return nil
	}
	return foreign{err}
}

// ForeignEnd returns err as [Foreign] does if it is the end of ctx or its cause.
func ForeignEnd(ctx context.Context, err error) error {
	if IsEndOf(ctx, err) {
		return Foreign(err)
	}
	return err
}

type foreign struct{ err error }

func (f foreign) Error() string { return f.err.Error() }

// Is answers errors.Is.
func (f foreign) Is(target error) bool {
	_, isOurs := target.(*sentinel) //nolint:errorlint // it is compared by identity
	return !isOurs && errors.Is(f.err, target)
}

// As answers errors.As.
func (f foreign) As(target any) bool {
	t := reflect.TypeOf(target).Elem()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return !strings.HasSuffix(t.PkgPath(), "/tensorslab-go/wrapper") && errors.As(f.err, target)
}

// Inner returns the error itself, for those who look for the key in its text and in those
// of the errors that it wraps.
func (f foreign) Inner() error { return f.err }

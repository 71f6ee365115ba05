package redact

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"testing"
)

// quietError is an error whose text does not show what it wraps.
type quietError struct{ cause error }

func (quietError) Error() string   { return "it failed" }
func (e quietError) Unwrap() error { return e.cause }

func TestErrorHidesTheKey(t *testing.T) {
	t.Parallel()
	leak := fmt.Errorf("malformed status %q: %w", testKey, io.ErrUnexpectedEOF)
	for name, err := range map[string]error{
		"as it is":           leak,
		"wrapped":            fmt.Errorf("no response: %w", leak),
		"below a quiet text": quietError{leak},
		"joined":             errors.Join(errors.New("one"), quietError{leak}),
		"in a path":          &fs.PathError{Op: "open", Path: "/" + testKey, Err: io.ErrUnexpectedEOF},
	} {
		got := New("Bearer " + testKey).Error(err)
		if got == err || !errors.Is(got, io.ErrUnexpectedEOF) || !errors.Is(got, err) || errors.As(got, new(*fs.PathError)) {
			t.Errorf("%s: %v", name, got)
		}
		for e := got; e != nil; e = errors.Unwrap(e) {
			if text := fmt.Sprintf("%v %+v %#v %q", e, e, e, e); strings.Contains(text, testKey) {
				t.Errorf("%s: holds the key: %s", name, text)
			}
		}
	}
}

func TestErrorKeepsWhatHoldsNoKey(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"nil": nil, "plain": io.EOF, "wrapping": quietError{io.EOF}, "wrapping nothing": quietError{}, "joined": errors.Join(io.EOF, quietError{}),
	} {
		if got := New(testKey).Error(err); got != err {
			t.Errorf("%s: %v", name, got)
		}
	}
	leak := errors.New(testKey)
	if got := (Redactor{}).Error(leak); got != leak {
		t.Errorf("the zero value hides %v", got)
	}
}

func TestHiddenTellsOfTimeouts(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		cause error
		want  bool
	}{
		"deadline":     {fmt.Errorf("x: %w", context.DeadlineExceeded), true},
		"network":      {&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, true},
		"canceled":     {context.Canceled, false},
		"no such host": {&net.DNSError{Err: "no such host", IsNotFound: true}, false},
	} {
		var n interface{ Timeout() bool }
		err := Hidden("nothing to see", tt.cause)
		if err.Error() != "nothing to see" || !errors.As(err, &n) || n.Timeout() != tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

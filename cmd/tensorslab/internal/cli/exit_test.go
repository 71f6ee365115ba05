package cli

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestStatusOf(t *testing.T) {
	t.Parallel()
	for want, err := range map[int]error{
		0:   nil,
		1:   io.EOF,
		2:   Usagef("wrong"),
		3:   fmt.Errorf("wrapped: %w", Failf(Auth, "no key")),
		4:   Failf(Credits, "none left"),
		130: Failf(Interrupted, "stopped"),
	} {
		if got := StatusOf(err); got != want {
			t.Errorf("StatusOf(%v) = %d, want %d", err, got, want)
		}
	}
	if err := Usagef("cannot read: %w", io.EOF); !errors.Is(err, io.EOF) || err.Error() != "cannot read: EOF" {
		t.Errorf("%q does not wrap its cause", err)
	}
}

func TestFirstError(t *testing.T) {
	t.Parallel()
	if err := FirstError(nil, io.EOF, io.ErrClosedPipe); !errors.Is(err, io.EOF) {
		t.Errorf("error %v, want that of the first check that failed", err)
	}
	if err := FirstError(nil, nil); err != nil {
		t.Errorf("error %v without one", err)
	}
}

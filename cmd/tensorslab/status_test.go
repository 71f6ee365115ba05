package main

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
		2:   usagef("wrong"),
		3:   fmt.Errorf("wrapped: %w", failf(statusAuth, "no key")),
		4:   failf(statusCredits, "none left"),
		130: failf(statusInterrupted, "stopped"),
	} {
		if got := statusOf(err); got != want {
			t.Errorf("statusOf(%v) = %d, want %d", err, got, want)
		}
	}
	if err := usagef("cannot read: %w", io.EOF); !errors.Is(err, io.EOF) || err.Error() != "cannot read: EOF" {
		t.Errorf("%q does not wrap its cause", err)
	}
}

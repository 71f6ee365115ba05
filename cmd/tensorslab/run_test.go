package main

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
)

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

func TestAwait(t *testing.T) {
	t.Parallel()
	if err := await(t.Context(), func() error { return io.EOF }); !errors.Is(err, io.EOF) {
		t.Errorf("error %v, want that of the function", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	defer close(release)
	err := await(ctx, func() error {
		cancel()
		<-release
		return nil
	})
	if statusOf(err) != statusInterrupted {
		t.Errorf("error %v, status %d", err, statusOf(err))
	}
}

func TestIsTerminal(t *testing.T) {
	t.Parallel()
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	for name, stream := range map[string]any{"nil": nil, "a buffer": new(strings.Builder), "the null device": null} {
		if isTerminal(stream) {
			t.Errorf("%s is a terminal", name)
		}
	}
}

// `tensorslab spec | head` ends in silence, as other commands do.
func TestReaderWentAway(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"spec"}, {"version"}} {
		got := session{t: t, stdout: failingWriter{syscall.EPIPE}}.run(args...)
		wantStatus(t, got, statusFailed)
		wantText(t, "stderr", got.err, "")
		got = session{t: t, stdout: failingWriter{syscall.ENOSPC}}.run(args...)
		wantStatus(t, got, statusFailed)
		if !strings.HasPrefix(got.err, "tensorslab: ") || strings.Count(got.err, "\n") != 1 {
			t.Errorf("%q: stderr %q", args, got.err)
		}
	}
}

package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/cobra"
)

func TestAwait(t *testing.T) {
	t.Parallel()
	if err := Await(t.Context(), func() error { return io.EOF }); !errors.Is(err, io.EOF) {
		t.Errorf("error %v, want that of the function", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	defer close(release)
	err := Await(ctx, func() error {
		cancel()
		<-release
		return nil
	})
	if StatusOf(err) != Interrupted {
		t.Errorf("error %v, status %d", err, StatusOf(err))
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
		if IsTerminal(stream) {
			t.Errorf("%s is a terminal", name)
		}
	}
}

// The last line on standard error is one line without control characters. A closed pipe
// is reported by the exit status only.
func TestRun(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		err    error
		status int
		stderr string
	}{
		"success":     {nil, OK, ""},
		"failure":     {errors.New("no"), Failed, "tensorslab: no\n"},
		"status":      {Failf(Credits, "none left"), Credits, "tensorslab: none left\n"},
		"two lines":   {errors.New("one\r\ntwo\n"), Failed, "tensorslab: one; two\n"},
		"escape code": {errors.New("a \x1b[2J"), Failed, `tensorslab: a \x1b[2J` + "\n"},
		"closed pipe": {&os.PathError{Op: "write", Err: syscall.EPIPE}, Failed, ""},
		"full disk":   {&os.PathError{Op: "write", Path: "out", Err: syscall.ENOSPC}, Failed, "tensorslab: write out: " + syscall.ENOSPC.Error() + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stderr strings.Builder
			root := &cobra.Command{
				Use: "tensorslab", SilenceErrors: true, SilenceUsage: true,
				RunE: func(*cobra.Command, []string) error { return tt.err },
			}
			if got := Run(t.Context(), Env{Stderr: &stderr}, root, nil); got != tt.status {
				t.Errorf("exit status %d, want %d", got, tt.status)
			}
			wantText(t, "stderr", stderr.String(), tt.stderr)
		})
	}
}

//go:build unix

package images

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// The first Ctrl-C ends a command that opens a pipe which nobody writes to.
func TestOpeningAPipeIsInterrupted(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no named pipes here:", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{
		{"delete", "--file", pipe},
		{"info", "--file", pipe},
		{"delete", "a", "--api-key-file", pipe},
		{"info", "a", "--api-key-file", pipe},
		{"generate", "a fox", "--source", pipe},
		{"generate", "a fox", "--api-key-file", pipe},
	} {
		got := clitest.Against(t, newRoot, fake).RunContext(ctx, append([]string{"images"}, args...)...)
		clitest.WantError(t, got, cli.Interrupted, "interrupted; nothing was sent")
		release(t, pipe)
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// release ends the read that the command left running.
func release(t *testing.T, pipe string) {
	t.Helper()
	for range 6000 {
		w, err := os.OpenFile(pipe, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if err == nil { // there is a reader
			w.Close()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("nobody reads the pipe")
}

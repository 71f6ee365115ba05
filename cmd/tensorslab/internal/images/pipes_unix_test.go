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
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{ // before the name of the pipe
		{"delete", "--file"},
		{"info", "--file"},
		{"delete", "a", "--api-key-file"},
		{"info", "a", "--api-key-file"},
		{"generate", "a fox", "--source"},
		{"generate", "a fox", "--api-key-file"},
	} {
		// Each has a pipe of its own, since a reader that is not gone yet would hide
		// the next one from release.
		pipe := filepath.Join(t.TempDir(), "pipe")
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Skip("no named pipes here:", err)
		}
		got := clitest.Against(t, newRoot, fake).RunContext(ctx, append(append([]string{"images"}, args...), pipe)...)
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

// A pipe as the source of a row would be read by the check, and be silent for ever for the run.
func TestAPipeIsNoSourceOfARow(t *testing.T) {
	t.Parallel()
	s := newStudio(t, "")
	pipe := filepath.Join(s.dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no named pipes here:", err)
	}
	s.file = clitest.WriteFile(t, filepath.Join(s.dir, "p.csv"), "prompt,sources\na fox,"+pipe+"\n")
	got := s.run()
	s.want(got, cli.Usage, 0, 0)
	s.wantLine(got.Err, "line 2: cannot read a source: "+pipe+" is not a regular file")
}

//go:build !windows

package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// One signal ends a command whose standard output is blocked, as by a pager that does not
// read, and --remaining is written. The same if standard error is blocked too.
func TestOneSignalWhileOutputIsBlocked(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		signal os.Signal
		both   bool
	}{"Ctrl-C": {os.Interrupt, false}, "SIGTERM": {syscall.SIGTERM, false}, "SIGTERM, 2>&1": {syscall.SIGTERM, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ids := service.TaskIDs(20_000)
			fake := fakeapi.Start(t, fakeapi.WithTasks(ids...))
			dir := t.TempDir()
			list := clitest.WriteFile(t, filepath.Join(dir, "ids.txt"), clitest.Lines(ids...))
			left := filepath.Join(dir, "left.txt")
			cmd := built(within(t), fake, "images", "delete", "--file", list, "--remaining", left, "--output", "json", "--batch-size", "10000", "--concurrency", "1")
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			var stderr strings.Builder
			cmd.Stdout, cmd.Stderr = w, &stderr
			if tt.both {
				cmd.Stderr = w
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			w.Close()
			// A line of 10,000 ids is larger than the buffer of a pipe: once its first byte has
			// arrived, its batch is recorded and the command blocks.
			if _, err := r.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Process.Signal(tt.signal); err != nil {
				t.Fatal(err)
			}
			if status := exitStatus(t, cmd.Wait()); status != cli.Interrupted {
				t.Errorf("exit status %d", status)
			}
			clitest.WantText(t, "remaining", clitest.ReadFile(t, left), clitest.Lines(fake.Tasks()...))
			if want := "to resume, run again with --file " + left + "\n"; !tt.both && !strings.HasSuffix(stderr.String(), want) {
				t.Errorf("stderr %q", stderr.String())
			}
		})
	}
}

// The same while the command shows tasks, of which it loses none.
func TestOneSignalWhileTheTaskCannotBeReported(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	fill(t, w)
	var stderr strings.Builder
	cmd := built(within(t), fake, "images", "generate", "a fox", "--wait")
	cmd.Stdout, cmd.Stderr = w, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	for len(fake.Tasks()) == 0 && cmd.Process.Signal(syscall.Signal(0)) == nil {
		time.Sleep(5 * time.Millisecond)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	status := exitStatus(t, cmd.Wait())
	if status == cli.OK || !strings.Contains(stderr.String(), "to continue: tensorslab images wait fake_0000000000000001\n") {
		t.Errorf("exit status %d, stderr %q", status, stderr.String())
	}
}

// fill writes to a pipe until it is full, so that the next write blocks.
func fill(t *testing.T, w *os.File) {
	t.Helper()
	if err := w.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, strings.Repeat("x", 2<<20)); !os.IsTimeout(err) {
		t.Fatalf("the pipe is not full: %v", err)
	}
}

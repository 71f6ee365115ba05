//go:build !windows

package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// within returns a context that ends long after everything that a test waits for.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// built returns the command as a separate process.
func built(ctx context.Context, fake *fakeapi.Server, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "tensorslab", args...)
	cmd.Env = append(os.Environ(), "TENSORSLAB_BASE_URL="+fake.URL, "TENSORSLAB_API_KEY="+clitest.Key, "TERM=xterm")
	return cmd
}

func exitStatus(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	t.Fatal(err)
	return -1
}

// The second Ctrl-C ends a command that blocks, here on a reader that does not read, and
// --remaining is still written.
func TestSecondSignal(t *testing.T) {
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
	cmd.Stdout = w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	// A line of 10,000 ids is larger than the buffer of a pipe: once its first byte has
	// arrived, its batch is recorded and the command blocks.
	if _, err := r.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		if err := cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	if status := exitStatus(t, cmd.Wait()); status != cli.Interrupted {
		t.Errorf("exit status %d", status)
	}
	got := clitest.ReadFile(t, left)
	for _, id := range fake.Tasks() {
		if !strings.Contains(got, id+"\n") {
			t.Fatalf("%s exists and is not in --remaining", id)
		}
	}
	if n := strings.Count(got, "\n"); n == len(ids) {
		t.Error("--remaining holds what was confirmed")
	}
}

// A signal that is ignored when the command starts, as by nohup, stays ignored.
func TestIgnoredSignal(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a", "b"))
	fake.FailNext(1, fakeapi.Delay(500*time.Millisecond))
	cmd := built(within(t), fake)
	cmd.Path = "/bin/sh"
	cmd.Args = []string{"sh", "-c", `trap "" HUP; exec tensorslab images delete --batch-size 1 --concurrency 1 a b`}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for len(fake.Requests()) == 0 && cmd.Process.Signal(syscall.Signal(0)) == nil {
		time.Sleep(5 * time.Millisecond)
	}
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Error(err)
	}
	if status := exitStatus(t, cmd.Wait()); status != cli.OK || len(fake.Tasks()) > 0 {
		t.Errorf("exit status %d, tasks left %q", status, fake.Tasks())
	}
}

// inTerminal runs the command in a pseudo-terminal, types after the prompt, or at once if
// that is empty, and returns what was on the screen.
func inTerminal(t *testing.T, cmd *exec.Cmd, prompt, typed string) (screen string, status int) {
	t.Helper()
	terminal, err := pty.Start(cmd)
	if err != nil {
		t.Skip("no pseudo-terminal here:", err)
	}
	defer terminal.Close()
	if prompt == "" {
		io.WriteString(terminal, typed)
		typed = ""
	}
	var got strings.Builder
	for buf := make([]byte, 4096); ; {
		n, err := terminal.Read(buf)
		got.Write(buf[:n])
		if typed != "" && strings.Contains(got.String(), prompt) {
			io.WriteString(terminal, typed)
			typed = ""
		}
		if err != nil { // the command has ended; Linux calls it an I/O error
			return got.String(), exitStatus(t, cmd.Wait())
		}
	}
}

func TestTerminal(t *testing.T) {
	t.Parallel()
	const prompt = "Delete 12 image tasks? [y/N] "
	const allDeleted = "12 image tasks: 12 deleted, 0 refused, 0 not sent, 0 unknown\r\n"
	tests := map[string]struct {
		flags    []string
		typed    string
		status   int
		prompt   bool
		bar      bool
		requests int
		last     string
	}{
		"confirmed":    {typed: "y\r", status: cli.OK, prompt: true, bar: true, requests: 12, last: allDeleted},
		"declined":     {typed: "\r", status: cli.Failed, prompt: true, last: "tensorslab: not confirmed; nothing was sent\r\n"},
		"end of input": {typed: "\x04", status: cli.Failed, prompt: true, last: "tensorslab: not confirmed; nothing was sent\r\n"},
		"interrupted":  {typed: "\x03", status: cli.Interrupted, prompt: true, last: "tensorslab: interrupted; nothing was sent\r\n"},
		"--yes":        {flags: []string{"--yes"}, status: cli.OK, bar: true, requests: 12, last: allDeleted},
		"JSON": {flags: []string{"--output", "json"}, typed: "yes\r", status: cli.OK, prompt: true, requests: 12,
			last: `"unknown":0,"repeats":0,"batches":12,"interrupted":false}` + "\r\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ids := service.TaskIDs(12)
			fake := fakeapi.Start(t, fakeapi.WithTasks(ids...))
			args := append([]string{"images", "delete", "--batch-size", "1"}, ids...)
			screen, status := inTerminal(t, built(within(t), fake, append(args, tt.flags...)...), prompt, tt.typed)
			if status != tt.status {
				t.Errorf("exit status %d, want %d", status, tt.status)
			}
			if got := strings.Contains(screen, prompt); got != tt.prompt {
				t.Errorf("prompt: %v, want %v", got, tt.prompt)
			}
			if got := strings.Contains(screen, "Deleting") && strings.Contains(screen, "/12)"); got != tt.bar {
				t.Errorf("progress bar: %v, want %v", got, tt.bar)
			}
			if !strings.HasSuffix(screen, tt.last) || strings.Contains(screen, clitest.Key) {
				t.Errorf("screen %q, want the end %q", screen, tt.last)
			}
			if n := len(fake.Requests()); n != tt.requests {
				t.Errorf("%d requests, want %d", n, tt.requests)
			}
		})
	}
}

// Without ids and without a pipe the command does not wait.
func TestTerminalWithoutIDs(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	screen, status := inTerminal(t, built(within(t), fake, "images", "delete"), "", "")
	if status != cli.Usage || !strings.HasPrefix(screen, "tensorslab: no ids; ") {
		t.Errorf("exit status %d, screen %q", status, screen)
	}
}

// Ids can be typed. The command then asks on the same terminal.
func TestTerminalTypedIDs(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a", "b"))
	screen, status := inTerminal(t, built(within(t), fake, "images", "delete", "--file", "-"), "", "a\nb\n\x04y\n")
	if status != cli.OK || !strings.Contains(screen, "Delete 2 image tasks? [y/N] ") || len(fake.Tasks()) > 0 {
		t.Errorf("exit status %d, screen %q", status, screen)
	}
}

// A signal ends the fake with success.
func TestFakeStops(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(within(t), "tensorslab", "fake", "--addr", "127.0.0.1:0")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(stdout, make([]byte, 20)); err != nil {
		t.Error(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if status := exitStatus(t, cmd.Wait()); status != cli.OK {
		t.Errorf("exit status %d", status)
	}
}

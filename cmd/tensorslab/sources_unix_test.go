//go:build !windows

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// No copy of a source stays behind if signals end the command while it reads another
// source from a pipe.
func TestSignalsWhileSourcesAreRead(t *testing.T) {
	t.Parallel()
	for name, signals := range map[string][]os.Signal{"one": {os.Interrupt}, "two at once": {os.Interrupt, syscall.SIGTERM}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t)
			dir, temporary := t.TempDir(), t.TempDir()
			pipe := filepath.Join(dir, "pipe")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Skip("no named pipes here:", err)
			}
			large := "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 2<<20)
			file := clitest.WriteFile(t, filepath.Join(dir, "large.png"), large)
			cmd := built(within(t), fake, "images", "generate", "a fox", "--source", file, "--source", pipe)
			cmd.Env = append(cmd.Env, "TMPDIR="+temporary)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			w, err := os.OpenFile(pipe, os.O_WRONLY, 0) // waits until the command opens it
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			if _, err := w.WriteString(large); err != nil { // all but the last of it is read
				t.Fatal(err)
			}
			for clitest.NamesIn(t, temporary) == "" { // so that there is something to remove
				time.Sleep(5 * time.Millisecond)
			}
			time.Sleep(100 * time.Millisecond) // the copy of what the pipe held is now under way
			wantNothingLeft(t, cmd, fake, temporary, signals...)
		})
	}
}

// Nor if they come while the last of a source is copied, whether it is a file or a pipe.
func TestSignalsWhileASourceIsCopied(t *testing.T) {
	t.Parallel()
	large := clitest.WriteFile(t, filepath.Join(t.TempDir(), "large.png"), "\x89PNG\r\n\x1a\n"+strings.Repeat("x", 24<<20))
	for name, script := range map[string]string{
		"file":             "exec tensorslab images generate 'a fox' --source " + large,
		"pipe":             "exec tensorslab images generate 'a fox' --source - < <(cat " + large + ")",
		"file of a prompt": `echo '{"prompt":"a fox","sources":["` + large + `"]}' > "$TMPDIR/../rows.jsonl"; exec tensorslab images generate --yes --file "$TMPDIR/../rows.jsonl"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t)
			temporary := filepath.Join(t.TempDir(), "temporary")
			if err := os.Mkdir(temporary, 0o700); err != nil {
				t.Fatal(err)
			}
			cmd := built(within(t), fake)
			cmd.Path, cmd.Args = "/bin/bash", []string{"bash", "-c", script}
			cmd.Env = append(cmd.Env, "TMPDIR="+temporary, "XDG_STATE_HOME="+t.TempDir())
			if err := cmd.Start(); err != nil {
				t.Skip("no bash here:", err)
			}
			for !strings.Contains(clitest.NamesIn(t, temporary), "multipart-") {
				time.Sleep(time.Millisecond)
			}
			wantNothingLeft(t, cmd, fake, temporary, os.Interrupt, syscall.SIGTERM)
		})
	}
}

// wantNothingLeft sends signals to a command, and checks that it ends without a request and leaves
// no temporary file.
func wantNothingLeft(t *testing.T, cmd *exec.Cmd, fake *fakeapi.Server, temporary string, signals ...os.Signal) {
	t.Helper()
	for _, s := range signals {
		if err := cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	if status := exitStatus(t, cmd.Wait()); status != cli.Interrupted {
		t.Errorf("exit status %d", status)
	}
	clitest.WantText(t, "copies", clitest.NamesIn(t, temporary), "")
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

//go:build !windows

package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// Where standard input is a terminal, nothing is deleted unasked, wherever the output
// goes. The question is on whichever terminal there is.
func TestConfirmWithOutputElsewhere(t *testing.T) {
	t.Parallel()
	const prompt = "Delete 1 image task? [y/N] "
	for name, tt := range map[string]struct {
		stdout, stderr, controlling bool // which of them are terminals
		flags                       []string
		typed                       string
		status, left                int
	}{
		"2>log, confirmed":               {stdout: true, controlling: true, typed: "y\n"},
		"2>log, declined":                {stdout: true, controlling: true, typed: "n\n", status: cli.Failed, left: 1},
		"2>log without /dev/tty":         {stdout: true, typed: "\n", status: cli.Failed, left: 1},
		">log":                           {stderr: true, controlling: true, typed: "y\n"},
		">log 2>&1, confirmed":           {controlling: true, typed: "y\n"},
		">log 2>&1, declined":            {controlling: true, typed: "\n", status: cli.Failed, left: 1},
		">log 2>&1, JSON":                {controlling: true, flags: []string{"-o", "json"}, typed: "\n", status: cli.Failed, left: 1},
		"no terminal to ask on":          {status: cli.Usage, left: 1},
		"no terminal to ask on, --yes":   {flags: []string{"--yes"}},
		"no terminal to ask on, --demo":  {flags: []string{"--demo"}, left: 1},
		"no terminal to ask on, dry run": {flags: []string{"--dry-run"}, left: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
			cmd := built(within(t), fake, append([]string{"images", "delete", "a"}, tt.flags...)...)
			master, tty, err := pty.Open()
			if err != nil {
				t.Skip("no pseudo-terminal here:", err)
			}
			defer master.Close()
			logged, err := os.Create(filepath.Join(t.TempDir(), "log"))
			if err != nil {
				t.Fatal(err)
			}
			defer logged.Close()
			cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, logged, logged
			if tt.stdout {
				cmd.Stdout = tty
			}
			if tt.stderr {
				cmd.Stderr = tty
			}
			cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: tt.controlling}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			tty.Close()
			screen := make(chan string, 1)
			go func() {
				var got strings.Builder
				for buf := make([]byte, 4096); ; {
					n, err := master.Read(buf)
					got.Write(buf[:n])
					if tt.typed != "" && strings.Contains(got.String(), prompt) {
						io.WriteString(master, tt.typed)
						tt.typed = ""
					}
					if err != nil {
						screen <- got.String()
						return
					}
				}
			}()
			status := exitStatus(t, cmd.Wait())
			shown, log := <-screen, clitest.ReadFile(t, logged.Name())
			if status != tt.status || len(fake.Tasks()) != tt.left || tt.typed != "" {
				t.Errorf("exit status %d, tasks left %q, not typed %q\nscreen %q\nlog %q", status, fake.Tasks(), tt.typed, shown, log)
			}
			if strings.Contains(log, prompt) || tt.status == cli.Usage && !strings.Contains(log, "pass --yes to delete without it; nothing was sent") {
				t.Errorf("log %q", log)
			}
		})
	}
}

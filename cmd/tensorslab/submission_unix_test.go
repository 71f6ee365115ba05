//go:build !windows

package main

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// While a submission is under way, standard error says that there may be a task, or which
// one there is, however many signals come and whatever standard output is.
func TestSignalsDuringASubmission(t *testing.T) {
	t.Parallel()
	const (
		inDoubt = "tensorslab: interrupted; a task may exist and have cost credits; "
		exists  = "tensorslab: interrupted; the task was created and continues at the service; to continue: tensorslab images wait fake_0000000000000001\n"
	)
	outputs := map[string]func(t *testing.T, cmd *exec.Cmd){
		"read":   func(*testing.T, *exec.Cmd) {},
		"closed": func(_ *testing.T, cmd *exec.Cmd) { viaShell(cmd, ">&-") },
		"blocked": func(t *testing.T, cmd *exec.Cmd) {
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			fill(t, w)
			cmd.Stdout = w
			t.Cleanup(func() { r.Close(); w.Close() })
		},
	}
	for output, set := range outputs {
		for name, tt := range map[string]struct {
			late    time.Duration // of the response
			signals []os.Signal
			want    string
			status  int
		}{
			"two at once": {time.Hour, []os.Signal{os.Interrupt, syscall.SIGTERM}, inDoubt, cli.Unknown},
			"one":         {5 * time.Second, []os.Signal{syscall.SIGTERM}, exists, cli.Interrupted},
		} {
			t.Run(output+" "+name, func(t *testing.T) {
				t.Parallel()
				fake := fakeapi.Start(t)
				fake.FailNext(1, fakeapi.Delay(tt.late))
				cmd := built(within(t), fake, "images", "generate", "a fox")
				set(t, cmd)
				var stderr strings.Builder
				cmd.Stderr = &stderr
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				for len(fake.Requests()) == 0 && cmd.Process.Signal(syscall.Signal(0)) == nil {
					time.Sleep(5 * time.Millisecond)
				}
				for _, s := range tt.signals {
					if err := cmd.Process.Signal(s); err != nil {
						t.Fatal(err)
					}
				}
				if status := exitStatus(t, cmd.Wait()); status != tt.status || !strings.Contains(stderr.String(), tt.want) {
					t.Errorf("exit status %d, stderr %q", status, stderr.String())
				}
			})
		}
	}
}

// viaShell makes a shell redirect the command and replace itself with it.
func viaShell(cmd *exec.Cmd, redirection string) {
	cmd.Args = append([]string{"sh", "-c", `exec "$0" "$@" ` + redirection, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
}

//go:build !windows

package main

import (
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// The spinner shows the status of the task, and Ctrl-C leaves the id on the screen.
func TestSpinner(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{Queued: 1000}))
	const id = "fake_0000000000000001"
	screen, status := inTerminal(t, built(within(t), fake, "images", "generate", "a fox", "--wait"), id+": queued, ", "\x03")
	if status != cli.Interrupted || !strings.Contains(screen, id+": created by seedreamv45\r\n") {
		t.Errorf("exit status %d, screen %q", status, screen)
	}
	if !strings.HasSuffix(screen, "tensorslab: interrupted; the task continues at the service; to continue: tensorslab images wait "+id+"\r\n") {
		t.Errorf("screen %q", screen)
	}
}

// With JSON there is no spinner, even on a terminal.
func TestSpinnerIsNotForPrograms(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	screen, status := inTerminal(t, built(within(t), fake, "images", "generate", "a fox", "--wait", "--output", "json"), "", "")
	if status != cli.OK || !strings.HasPrefix(screen, `{"type":"task"`) || strings.ContainsAny(screen, "\x1b") {
		t.Errorf("exit status %d, screen %q", status, screen)
	}
}

// A terminal that cannot draw, or whose user wants plain text, gets lines alone.
func TestPlainTerminal(t *testing.T) {
	t.Parallel()
	for name, variable := range map[string]string{"dumb": "TERM=dumb", "no color": "NO_COLOR=1", "verbose": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}))
			for _, args := range [][]string{
				{"images", "generate", "a fox", "--wait", "--no-journal"},
				{"images", "delete", "a", "--yes"},
			} {
				if variable == "" {
					args = append(args, "-v")
				}
				cmd := built(within(t), fake, args...)
				cmd.Env = append(cmd.Env, variable)
				screen, status := inTerminal(t, cmd, "", "")
				if shown := strings.ReplaceAll(screen, "\r\n", "\n"); strings.ContainsAny(shown, "\x1b\r") || screen == "" {
					t.Errorf("exit status %d, screen %q", status, screen)
				}
				if requests := strings.Count(screen, "tensorslab: POST http://"); (requests > 0) != (variable == "") {
					t.Errorf("%d requests on the screen %q", requests, screen)
				}
			}
		})
	}
}

// withoutSpinner returns a screen without what was overwritten: a machine under load shows a
// spinner where a quick one has none.
func withoutSpinner(screen string) string {
	lines := strings.Split(screen, "\r\n")
	for i, line := range lines {
		lines[i] = line[strings.LastIndexByte(line, '\r')+1:]
	}
	return strings.Join(lines, "\r\n")
}

// A person is told how to get the images of a task that was only created.
func TestNextStep(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	const id = "fake_0000000000000001"
	screen, status := inTerminal(t, built(within(t), fake, "images", "generate", "a fox", "--no-journal"), "", "")
	if status != cli.OK || !strings.HasSuffix(withoutSpinner(screen), id+": created by seedreamv45\r\nFor its images: tensorslab images wait --no-journal "+id+", then: tensorslab images download --no-journal "+id+"\r\n") {
		t.Errorf("exit status %d, screen %q", status, screen)
	}
	for _, flag := range []string{"--output=json", "--quiet", "--demo"} {
		screen, status := inTerminal(t, built(within(t), fake, "images", "generate", "a fox", flag), "", "")
		if status != cli.OK || strings.Contains(screen, "For its images") {
			t.Errorf("%s: exit status %d, screen %q", flag, status, screen)
		}
	}
}

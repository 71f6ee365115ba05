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

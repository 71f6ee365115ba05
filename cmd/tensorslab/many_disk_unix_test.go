//go:build !windows

package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

var (
	paidFor     = regexp.MustCompile(`paid for in this run: (\d+) task`)
	resolveHint = regexp.MustCompile(`tensorslab (images resolve --journal \S+ -- \S+ (\S+))`)
)

// On a full disk the summary has each task that was paid for, also the one that the journal
// could not take; the command that the output names for it brings it back.
func TestManyOnAFullDisk(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	unrecorded := 0
	for blocks := 4; blocks < 12; blocks++ {
		fake := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}))
		dir := t.TempDir()
		file := clitest.WriteFile(t, filepath.Join(dir, "p.txt"), strings.Repeat("a fox\n", 40))
		args := []string{"images", "generate", "--file", file, "--parallel", "1", "--journal", filepath.Join(dir, "j.jsonl")}
		cmd := built(within(t), fake, args...)
		cmd.Path, cmd.Args = sh, append([]string{"sh", "-c", fmt.Sprintf(`ulimit -f %d; exec tensorslab "$@"`, blocks), "sh"}, args...)
		var stdout, stderr strings.Builder
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if status := exitStatus(t, cmd.Run()); status != cli.Failed || strings.Contains(stderr.String(), "batch: ") {
			t.Errorf("exit status %d, %s", status, stderr.String())
		}
		if paid := paidFor.FindStringSubmatch(stdout.String()); paid == nil || paid[1] != fmt.Sprint(len(fake.Tasks())) {
			t.Errorf("%d tasks exist:\n%s", len(fake.Tasks()), stdout.String())
		}
		hint := resolveHint.FindStringSubmatch(stdout.String())
		if hint == nil {
			continue
		}
		unrecorded++
		tasks := fake.Tasks()
		clitest.WantText(t, "the task", hint[2], tasks[len(tasks)-1])
		if !strings.Contains(stderr.String(), "paid for and not recorded: 1 task, named above") {
			t.Errorf("stderr %s", stderr.String())
		}
		if out, err := built(within(t), fake, strings.Fields(hint[1])...).CombinedOutput(); err != nil {
			t.Errorf("%s: %s", hint[1], out)
		}
		if out, err := built(within(t), fake, args...).CombinedOutput(); err != nil || len(fake.Tasks()) != 40 {
			t.Errorf("%d tasks, %v: %s", len(fake.Tasks()), err, out)
		}
	}
	if unrecorded == 0 {
		t.Error("each task was recorded")
	}
}

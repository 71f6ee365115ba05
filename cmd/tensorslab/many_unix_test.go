//go:build !windows

package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// On a terminal nothing is paid for unasked, and the bar has the counts by state.
func TestManyPromptsInATerminal(t *testing.T) {
	t.Parallel()
	const question = "Pay for 3 generations of 3 prompts, at most 4 images, about 3,200 credits by the table of February 2026? [y/N] "
	for name, tt := range map[string]struct {
		flags       []string
		typed, last string
		status      int
		asked, bar  bool
		tasks       int
	}{
		"confirmed":   {nil, "y\r", "3 prompts: 3 submitted, 3 saved; paid for in this run: 3 tasks; images completed: 4\r\n", cli.OK, true, true, 3},
		"declined":    {nil, "\r", "tensorslab: not confirmed; nothing was sent\r\n", cli.Failed, true, false, 0},
		"interrupted": {nil, "\x03", "tensorslab: interrupted; nothing was sent\r\n", cli.Interrupted, true, false, 0},
		"--yes":       {[]string{"--yes"}, "", "; images completed: 4\r\n", cli.OK, false, true, 3},
		"--dry-run":   {[]string{"--dry-run"}, "", "at most 4 images, about 3,200 credits by the table of February 2026; nothing was sent\r\n", cli.OK, false, false, 0},
		"--demo":      {[]string{"--demo"}, "", "; images completed: 4\r\n", cli.OK, false, true, 0},
		"a cost stop": {[]string{"--max-tasks", "1", "--yes"}, "", "run the same command again to go on: nothing is paid for twice\r\n", cli.Unfinished, false, true, 1},
		"JSON":        {[]string{"-o", "json"}, "y\r", `"not_sent":0,"interrupted":false}` + "\r\n", cli.OK, true, false, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}))
			dir := t.TempDir()
			file := clitest.WriteFile(t, filepath.Join(dir, "p.csv"), "prompt,count\na fox,\nthe sea,2\na bear,1\n")
			args := append([]string{"images", "generate", "--file", file, "--out", filepath.Join(dir, "out")}, tt.flags...)
			cmd := built(within(t), fake, args...)
			cmd.Env = append(cmd.Env, "XDG_STATE_HOME="+dir)
			screen, status := inTerminal(t, cmd, question, tt.typed)
			if status != tt.status || len(fake.Tasks()) != tt.tasks || !strings.HasSuffix(screen, tt.last) {
				t.Errorf("exit status %d, %d tasks, screen %q", status, len(fake.Tasks()), screen)
			}
			if asked := strings.Contains(screen, question); asked != tt.asked {
				t.Errorf("asked: %v", asked)
			}
			if bar := strings.Contains(screen, "submitted") && strings.Contains(screen, "/3)"); bar != tt.bar {
				t.Errorf("bar: %v, screen %q", bar, screen)
			}
			if strings.Contains(screen, ": submitting") && tt.bar {
				t.Errorf("a log beside the bar: %q", screen)
			}
		})
	}
}

//go:build !windows

package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

var promptSent = regexp.MustCompile(`prompt number \d+`)

// However often the command is ended, no prompt is submitted twice, and none is lost: it is
// saved, or listed as in doubt. A signal that asks it to end puts nothing in doubt.
func TestManyPromptsEndedAtRandom(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]syscall.Signal{"killed": syscall.SIGKILL, "terminated": syscall.SIGTERM, "interrupted": syscall.SIGINT} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const prompts = 60
			fake := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}))
			fake.FailNextOn("seeDreamV45", 10*prompts, fakeapi.DelayAnswer(20*time.Millisecond)) // so that many end in between
			dir := t.TempDir()
			var lines strings.Builder
			for i := range prompts {
				fmt.Fprintf(&lines, "prompt number %d\n", i)
			}
			args := []string{"images", "generate", "--file", clitest.WriteFile(t, filepath.Join(dir, "p.txt"), lines.String()),
				"--out", filepath.Join(dir, "out"), "--journal", filepath.Join(dir, "j.jsonl"), "--parallel", "3"}
			for range 12 {
				cmd := built(within(t), fake, args...)
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				timer := time.AfterFunc(time.Duration(rand.IntN(300))*time.Millisecond, func() { _ = cmd.Process.Signal(signal) })
				_ = cmd.Wait()
				timer.Stop()
			}
			list := built(within(t), fake, args...)
			var stdout strings.Builder
			list.Stdout = &stdout
			status := exitStatus(t, list.Run())
			doubts := strings.Count(stdout.String(), "in doubt: ")
			if doubts == 0 && status != cli.OK || doubts > 0 && (status != cli.Unknown || signal != syscall.SIGKILL) {
				t.Errorf("exit status %d, %d in doubt:\n%s", status, doubts, stdout.String())
			}
			t.Logf("%d in doubt", doubts)
			sent := map[string]int{}
			for _, r := range fake.Requests() {
				if r.OperationID == "seeDreamV45" {
					sent[promptSent.FindString(string(r.Body))]++
				}
			}
			for prompt, n := range sent {
				if n > 1 {
					t.Errorf("%q was submitted %d times", prompt, n)
				}
			}
			saved := strings.Count(clitest.NamesIn(t, filepath.Join(dir, "out")), ".png")
			if saved+doubts != prompts || len(sent) > prompts || len(fake.Tasks()) != len(sent) {
				t.Errorf("%d saved, %d in doubt, %d submitted, %d tasks", saved, doubts, len(sent), len(fake.Tasks()))
			}
		})
	}
}

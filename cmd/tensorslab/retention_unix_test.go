//go:build !windows

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// savedTasks makes a journal of n saved tasks, and a fake that has them.
func savedTasks(t *testing.T, n int) (fake *fakeapi.Server, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "tasks.jsonl")
	var lines strings.Builder
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("task_%06d", i)
		fmt.Fprintf(&lines, `{"v":1,"time":"2026-01-02T03:04:05.678Z","key":"job-%d","state":"saved","task":%q,"prompt":"a fox","files":["a-%d.png"]}`+"\n", i, ids[i], i)
	}
	clitest.WriteFile(t, path, lines.String())
	return fakeapi.Start(t, fakeapi.WithTasks(ids...)), path
}

// recorded returns the tasks of a journal by whether they are deleted.
func recorded(t *testing.T, path string) (deleted, saved []string) {
	t.Helper()
	j, err := batch.ReadJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for e, err := range j.All(t.Context()) {
		switch {
		case err != nil:
			t.Fatal(err)
		case e.State == batch.Deleted:
			deleted = append(deleted, e.TaskID)
		default:
			saved = append(saved, e.TaskID)
		}
	}
	return deleted, saved
}

var retention = []string{"images", "delete", "--from-journal", "--older-than", "30d", "--state", "saved", "--yes"}

// A retention job that is killed at any moment has recorded nothing that was not deleted,
// and the next ones do the rest.
func TestRetentionIsKilled(t *testing.T) {
	t.Parallel()
	const n = 400
	fake, path := savedTasks(t, n)
	var deleted, saved []string
	for range 25 {
		cmd := built(within(t), fake, append(retention, "--journal", path, "--batch-size", "5", "--concurrency", "2")...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rand.N(80 * time.Millisecond))
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		deleted, saved = recorded(t, path)
		left := fake.Tasks()
		for _, id := range deleted {
			if slices.Contains(left, id) {
				t.Fatalf("%s is recorded as deleted, and exists", id)
			}
		}
		if len(deleted)+len(saved) != n {
			t.Fatalf("%d and %d of %d are recorded", len(deleted), len(saved), n)
		}
	}
	t.Logf("after the kills %d of %d were recorded", len(deleted), n)
	if out, err := built(within(t), fake, append(retention, "--journal", path)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if deleted, saved := recorded(t, path); len(deleted) != n || len(saved) > 0 || len(fake.Tasks()) > 0 {
		t.Errorf("%d recorded, %d left, %d at the service", len(deleted), len(saved), len(fake.Tasks()))
	}
}

// On a full disk a deletion that cannot be recorded is the last one, and is said. With
// room again, the next run does the rest.
func TestRetentionOnAFullDisk(t *testing.T) {
	t.Parallel()
	fake, path := savedTasks(t, 100)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	blocks := info.Size()/512 + 2 // room for a few entries
	cmd := built(within(t), fake, append(retention, "--journal", path, "--batch-size", "1", "--concurrency", "1")...)
	cmd.Args = append([]string{"sh", "-c", fmt.Sprintf(`ulimit -f %d; exec tensorslab "$@"`, blocks), "sh"}, cmd.Args[1:]...)
	if cmd.Path, err = exec.LookPath("sh"); err != nil {
		t.Skip(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	status := exitStatus(t, cmd.Run())
	deleted, saved := recorded(t, path)
	gone := 100 - len(fake.Tasks())
	if status != cli.Failed || !strings.Contains(stderr.String(), "but the journal of tasks could not be written: ") || !strings.Contains(stderr.String(), "does no harm") {
		t.Errorf("exit status %d, %s", status, stderr.String())
	}
	if len(deleted) == 0 || len(saved) == 0 || gone < len(deleted) || gone > len(deleted)+5 {
		t.Errorf("%d recorded, %d left, %d deleted", len(deleted), len(saved), gone)
	}
	clitest.WantText(t, "exit status", fmt.Sprint(exitStatus(t, built(within(t), fake, append(retention, "--journal", path)...).Run())), "0")
	if deleted, _ := recorded(t, path); len(deleted) != 100 || len(fake.Tasks()) > 0 {
		t.Errorf("at last %d recorded", len(deleted))
	}
}

// A reader that has seen enough ends a list, without a message.
func TestListToAPipeThatCloses(t *testing.T) {
	t.Parallel()
	fake, path := savedTasks(t, 20_000)
	cmd := built(within(t), fake)
	cmd.Path = "/bin/sh"
	cmd.Args = []string{"sh", "-c", `tensorslab images list -q --journal "$1" | head -n 2`, "sh", path}
	out, err := cmd.CombinedOutput()
	clitest.WantText(t, "output", string(out), "task_000000\ntask_000001\n")
	if err != nil {
		t.Error(err)
	}
}

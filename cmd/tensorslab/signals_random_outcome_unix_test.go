//go:build !windows

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// What the rounds of TestSignalsAtRandom run, and how what the command says is compared
// with the record of the fake. Each returns what became of the command.

// generate runs images generate, sometimes with a source that has a temporary copy.
func (r *signalRound) generate(t *testing.T, flags ...string) string {
	t.Helper()
	r.start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{Queued: r.IntN(2)}))
	args := append([]string{"images", "generate", "a fox"}, flags...)
	if r.in(3) {
		large := "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 2<<20)
		args = append(args, "--source", clitest.WriteFile(t, filepath.Join(r.dir, "large.png"), large))
	}
	if r.in(2) {
		args = append(args, "--output", "json")
	}
	r.run(t, args...)
	generations := 0
	for _, request := range r.fake.Requests() {
		if strings.HasPrefix(request.OperationID, "seeDream") {
			generations++
		}
	}
	mayExist := strings.Contains(r.stderr, "a task may exist and have cost credits")
	for _, id := range r.fake.Tasks() {
		if !mayExist && !strings.Contains(r.stdout+r.stderr, id) {
			t.Errorf("the task %s is named nowhere; status %d, stdout %q, stderr %q", id, r.status, r.stdout, r.stderr)
		}
	}
	if generations > 1 {
		t.Errorf("%d generations were sent: stderr %q", generations, r.stderr)
	}
	r.checkImages(t)
	return fmt.Sprintf("status %d after %d generations", r.status, generations)
}

// checkImages checks that each file in the folder of --out is a whole image of a task.
func (r *signalRound) checkImages(t *testing.T) {
	t.Helper()
	entries, err := os.ReadDir(r.out)
	if os.IsNotExist(err) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, id := range r.fake.Tasks() {
		for i, address := range r.fake.ImageURLs(id) {
			want[fmt.Sprintf("%s-%d.png", id, i+1)] = string(r.fake.Image(address))
		}
	}
	for _, entry := range entries {
		if image := want[entry.Name()]; image == "" || clitest.ReadFile(t, filepath.Join(r.out, entry.Name())) != image {
			t.Errorf("%s is not an image of a task", entry.Name())
		}
	}
}

// delete runs images delete with many small batches.
func (r *signalRound) delete(t *testing.T) string {
	t.Helper()
	const total, batchSize = 60, 4
	ids := service.TaskIDs(total)
	r.start(t, fakeapi.WithTasks(ids...))
	list := clitest.WriteFile(t, filepath.Join(r.dir, "ids.txt"), clitest.Lines(ids...))
	left := filepath.Join(r.dir, "left.txt")
	r.run(t, "images", "delete", "--file", list, "--remaining", left, "--output", "json", "--batch-size", fmt.Sprint(batchSize), "--concurrency", "2")
	remaining := map[string]bool{}
	switch data, err := os.ReadFile(left); {
	case err == nil:
		for _, id := range strings.Fields(string(data)) {
			remaining[id] = true
		}
		clitest.WantText(t, "files", clitest.NamesIn(t, r.dir), "ids.txt left.txt")
	case len(r.fake.Requests()) > 0:
		t.Errorf("--remaining is missing after %d requests: %v", len(r.fake.Requests()), err)
	default:
		clitest.WantText(t, "files", clitest.NamesIn(t, r.dir), "ids.txt")
		return fmt.Sprintf("status %d before it began", r.status)
	}
	r.checkDeleted(t, ids, remaining, batchSize)
	return fmt.Sprintf("status %d", r.status)
}

// checkDeleted checks that each id was confirmed deleted or remains, but not both. A
// second signal may end the command when it has recorded a batch and not yet reported it.
func (r *signalRound) checkDeleted(t *testing.T, ids []string, remaining map[string]bool, batchSize int) {
	t.Helper()
	confirmed, exists, unreported := r.confirmed(t), map[string]bool{}, 0
	for _, id := range r.fake.Tasks() {
		exists[id] = true
	}
	for _, id := range ids {
		switch {
		case exists[id] && !remaining[id]:
			t.Errorf("%s exists and is not in --remaining", id)
		case confirmed[id] && remaining[id]:
			t.Errorf("%s was confirmed deleted and is in --remaining", id)
		case !confirmed[id] && !remaining[id]:
			unreported++
		}
	}
	if unreported > 0 && (!r.twice || unreported > batchSize) {
		t.Errorf("%d ids are neither confirmed deleted nor in --remaining; status %d, stdout %q, stderr %q", unreported, r.status, r.stdout, r.stderr)
	}
}

// confirmed returns the ids of the batches that standard output says are deleted.
func (r *signalRound) confirmed(t *testing.T) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	for line := range strings.Lines(r.stdout) {
		var batch struct {
			IDs     []string `json:"ids"`
			Outcome string   `json:"outcome"`
		}
		if err := json.Unmarshal([]byte(line), &batch); err != nil && !r.twice { // a second signal may cut the line
			t.Errorf("%v: %q", err, line)
		}
		for _, id := range batch.IDs {
			ids[id] = ids[id] || batch.Outcome == "deleted"
		}
	}
	return ids
}

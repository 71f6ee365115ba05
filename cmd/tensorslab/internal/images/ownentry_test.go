package images

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// entries returns what the default journal of a session has, in the order of its lines.
func entries(t *testing.T, s clitest.Session) (all []batch.Entry) {
	t.Helper()
	j, err := batch.ReadJournal(s.Journal())
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for e, err := range j.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// A single generation is in the journal, whatever became of it.
func TestASingleTaskIsRecorded(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault fakeapi.Fault
		life  fakeapi.TaskLife
		args  []string
		want  batch.State
		exit  int
		files int
	}{
		"created":   {fakeapi.Fault{}, fakeapi.TaskLife{}, nil, batch.Submitted, cli.OK, 0},
		"completed": {fakeapi.Fault{}, fakeapi.TaskLife{}, []string{"--wait"}, batch.Completed, cli.OK, 0},
		"saved":     {fakeapi.Fault{}, fakeapi.TaskLife{}, []string{"--batch", "2", "--out", "DIR"}, batch.Saved, cli.OK, 2},
		"failed":    {fakeapi.Fault{}, fakeapi.TaskLife{Fail: "no"}, []string{"--wait"}, batch.Failed, cli.Failed, 0},
		"lost":      {fakeapi.DropAnswer(), fakeapi.TaskLife{}, nil, batch.InDoubt, cli.Unknown, 0},
		"gateway":   {fakeapi.Respond(502, "text/html", "<h1>"), fakeapi.TaskLife{}, nil, batch.InDoubt, cli.Unknown, 0},
		"credits":   {fakeapi.BusinessCode(9000, "no"), fakeapi.TaskLife{}, nil, batch.Refused, cli.Credits, 0},
		"rate":      {fakeapi.Respond(429, "application/json", `{"code":429,"msg":"no"}`), fakeapi.TaskLife{}, nil, batch.Refused, cli.Later, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t, fakeapi.WithTaskLife(tt.life))
			fake.FailNextOn(generationOp, 1, tt.fault)
			s, dir := clitest.Against(t, newRoot, fake), t.TempDir()
			var args []string
			for _, arg := range tt.args {
				args = append(args, strings.ReplaceAll(arg, "DIR", dir))
			}
			clitest.WantStatus(t, s.Run(append([]string{"images", "generate", "a fox"}, args...)...), tt.exit)
			all := entries(t, s)
			if len(all) != 1 || all[0].State != tt.want || all[0].Prompt != "a fox" || len(all[0].Files) != tt.files || (all[0].Error == "") != (tt.want < batch.Failed) {
				t.Errorf("%+v", all)
			}
			for _, file := range all[0].Files {
				if _, err := os.Stat(file); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// The journal has the submission before the service has it, and a command that is killed
// then leaves it so.
func TestASingleTaskIsRecordedFirst(t *testing.T) {
	t.Parallel()
	var s clitest.Session
	var during []batch.Entry
	s, _ = whileSubmitting(t, func() { during = entries(t, s) }, 200, created)
	s.Env["XDG_STATE_HOME"] = t.TempDir()
	clitest.WantStatus(t, s.Run("images", "generate", "a fox"), cli.OK)
	if len(during) != 1 || during[0].State != batch.Submitting {
		t.Errorf("%+v", during)
	}
	if all := entries(t, s); len(all) != 1 || all[0].State != batch.Submitted || all[0].TaskID != "task-1" {
		t.Errorf("%+v", all)
	}
}

// What is refused before it is sent is not recorded, and a journal that cannot be written
// is a reason to send nothing.
func TestNothingIsRecordedOrSent(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	s := clitest.Against(t, newRoot, fake)
	clitest.WantStatus(t, s.Run("images", "generate", "a fox", "--resolution", "9K"), cli.Usage)
	clitest.WantStatus(t, s.Run("images", "generate", "a fox", "--dry-run"), cli.OK)
	clitest.WantStatus(t, s.Run("images", "generate", "a fox", "--no-journal", "--dry-run"), cli.OK)
	if names := clitest.NamesIn(t, s.Env["XDG_STATE_HOME"]); names != "" {
		t.Errorf("made %s", names)
	}
	nonsense := clitest.WriteFile(t, filepath.Join(t.TempDir(), "j"), "nonsense\n")
	for _, args := range [][]string{{"--journal", nonsense}, {"--journal", t.TempDir()}} {
		got := s.Run(append([]string{"images", "generate", "a fox"}, args...)...)
		clitest.WantStatus(t, got, cli.Usage)
		if !strings.HasSuffix(got.Err, "nothing was sent\n") || !strings.Contains(got.Err, "--no-journal") {
			t.Errorf("stderr %q", got.Err)
		}
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// If the journal fails after the payment, the id is reported all the same.
func TestAJournalThatFailsAfterThePayment(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	j, err := batch.OpenSharedJournal(filepath.Join(t.TempDir(), "j"))
	if err != nil {
		t.Fatal(err)
	}
	o := &ownEntry{cli.Env{Stderr: &out}, j, journal.NewOwn(j, nil, wrapper.GenerateRequest{})}
	o.close()
	if err := o.begin(); cli.StatusOf(err) != cli.Failed || !strings.HasSuffix(err.Error(), "nothing was sent (--no-journal does without)") {
		t.Errorf("%v", err)
	}
	if id, err := o.submitted("task-1", nil); id != "task-1" || err != nil {
		t.Errorf("%s, %v", id, err)
	}
	o.ended(batch.Completed, errors.New("no"))
	if n := strings.Count(out.String(), "tensorslab: the journal of tasks could not be written, so keep the id of the task yourself: "); n != 2 {
		t.Errorf("stderr %q", out.String())
	}
	none := &ownEntry{entry: journal.NewOwn(nil, nil, wrapper.GenerateRequest{})}
	id, err := none.submitted("task-1", nil)
	none.ended(batch.Saved, nil)
	none.close()
	if id != "task-1" || err != nil || none.begin() != nil || none.key() != "" {
		t.Error("without a journal")
	}
	none = nil // as of the commands that create no task
	none.ended(batch.Saved, nil)
	if none.key() != "" {
		t.Error("a key of no task")
	}
}

// Many commands at once on one journal all succeed, and none of their tasks is lost.
func TestManySingleTasksAtOnce(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	s := clitest.Against(t, newRoot, fake)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			clitest.WantStatus(t, s.RunContext(context.WithoutCancel(t.Context()), "images", "generate", fmt.Sprintf("fox %d", i)), cli.OK)
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, e := range entries(t, s) {
		seen[e.TaskID] = true
	}
	if len(seen) != 20 || len(fake.Tasks()) != 20 {
		t.Errorf("%d in the journal, %d tasks", len(seen), len(fake.Tasks()))
	}
}

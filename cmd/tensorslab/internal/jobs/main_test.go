package jobs

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newRoot(e cli.Env) *cobra.Command {
	return cli.NewRoot("test", cli.NewGroup("images", "", NewCommands(e)...))
}

// journaled returns a session, whose home has a journal with entries, and the journal's path.
func journaled(t *testing.T, entries ...batch.Entry) (s clitest.Session, path string) {
	t.Helper()
	home := t.TempDir()
	s = clitest.Session{T: t, Root: newRoot, Env: map[string]string{"XDG_STATE_HOME": home, "TENSORSLAB_API_KEY": clitest.Key}}
	path = filepath.Join(home, "tensorslab", "tasks.jsonl")
	put(t, path, entries...)
	return s, path
}

func put(t *testing.T, path string, entries ...batch.Entry) {
	t.Helper()
	clitest.MakeFolder(t, filepath.Dir(path))
	j, err := batch.OpenSharedJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for _, e := range entries {
		if err := j.Put(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

// entry returns the latest entry of a job.
func entry(t *testing.T, path, key string) batch.Entry {
	t.Helper()
	j, err := batch.ReadJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	e, ok, err := j.Get(t.Context(), key)
	if err != nil || !ok {
		t.Fatalf("%s: %t, %v", key, ok, err)
	}
	return e
}

func ago(hours int) time.Time { return time.Now().Add(-time.Duration(hours) * time.Hour) }

// some are a few jobs, the oldest first.
func some() []batch.Entry {
	return []batch.Entry{
		{Time: ago(2000), Key: "old", State: batch.Saved, TaskID: "t-old", Model: "seedreamv45", Prompt: "an old fox", Files: []string{"out/old-1.png", "out/old-2.png"}},
		{Time: ago(3), Key: "bad", State: batch.Failed, TaskID: "t-bad", Model: "seedreamv45", Prompt: "a fox", Error: "too many foxes"},
		{Time: ago(2), Key: "doubt", State: batch.InDoubt, Model: "zimage", Prompt: "a fox", Error: "no response"},
		{Time: ago(1), Key: "crash", State: batch.Submitting, Model: "zimage", Prompt: "two foxes"},
		{Time: ago(0), Key: "new", State: batch.Submitted, TaskID: "t-new", Model: "zimage", Prompt: "狐狸在雪地里 and a very long story about what the fox did there"},
	}
}

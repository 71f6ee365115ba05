package images

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// journaled returns a session against a fake, and the path of its journal, which has entries.
func journaled(t *testing.T, fake *fakeapi.Server, entries ...batch.Entry) (s clitest.Session, path string) {
	t.Helper()
	s = clitest.Against(t, newRoot, fake)
	path = s.Journal()
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
	return s, path
}

// states returns the keys of a journal with their states and tasks, in the order of the
// latest changes.
func states(t *testing.T, path string) string {
	t.Helper()
	j, err := batch.ReadJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var all []string
	for e, err := range j.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprintf("%s=%v", e.Key, e.State))
	}
	return strings.Join(all, " ")
}

func daysAgo(n int) time.Time { return time.Now().Add(-time.Duration(n) * 24 * time.Hour) }

// job is an entry of a job whose task has the same name, some days ago.
func job(key string, state batch.State, days int) batch.Entry {
	e := batch.Entry{Key: key, State: state, Time: daysAgo(days), Model: "zimage", Prompt: "a fox"}
	switch state {
	case batch.Submitted, batch.Completed, batch.Saved, batch.Failed, batch.Deleted:
		e.TaskID = "t-" + key
	default: // it has no task
	}
	return e
}

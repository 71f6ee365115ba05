package images

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// What was done on one service, to practise, is not taken for done at another.
func TestTwoServices(t *testing.T) {
	t.Parallel()
	s := newStudio(t, numberedPrompts(2))
	first := []string{"images", "generate", "--file", s.file, "--out", s.out}
	clitest.WantStatus(t, s.Run(first...), cli.OK)
	other := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	s.Env["TENSORSLAB_BASE_URL"] = other.URL
	clitest.WantStatus(t, s.Run("images", "generate", "--file", s.file, "--out", filepath.Join(s.dir, "real")), cli.OK)
	clitest.WantStatus(t, s.Run("images", "generate", "one more", "--quiet"), cli.OK)
	if n := len(other.Tasks()); n != 3 {
		t.Errorf("%d tasks at the other service", n)
	}
	for url, tasks := range map[string][]string{other.URL: other.Tasks(), s.fake.URL: s.fake.Tasks()} {
		listed := strings.Fields(s.Run("images", "list", "--quiet", "--base-url", url).Out)
		slices.Sort(listed)
		slices.Sort(tasks)
		if !slices.Equal(listed, tasks) {
			t.Errorf("listed %q, want %q", listed, tasks)
		}
	}
}

// A journal of one service sends nothing to another, whatever the command.
func TestJournalOfAnotherService(t *testing.T) {
	t.Parallel()
	s := newStudio(t, numberedPrompts(2))
	clitest.WantStatus(t, s.run("--max-tasks", "1"), cli.Unfinished)
	before := clitest.ReadFile(t, s.journal)
	other := fakeapi.Start(t, fakeapi.WithTasks("abcd_1"))
	s.Env["TENSORSLAB_BASE_URL"] = other.URL
	want := "the journal " + s.journal + " has tasks of " + s.fake.URL + "; use another --journal for this service; nothing was sent"
	for _, args := range [][]string{
		{"generate", "--file", s.file, "--out", s.out}, {"generate", "--file", s.file, "--dry-run"}, {"generate", "a fox"},
		{"delete", "--from-journal", "--yes"}, {"info", "--from-journal"}, {"wait", "--from-journal"}, {"download", "--from-journal", "--out", s.out},
	} {
		t.Run(strings.Join(args[:2], " "), func(t *testing.T) {
			clitest.WantError(t, s.Run(append([]string{"images"}, append(args, "--journal", s.journal)...)...), cli.Usage, want)
		})
	}
	got := s.Run("images", "delete", other.Tasks()[0], "--yes", "--journal", s.journal) // its ids are not the journal's
	if clitest.WantStatus(t, got, cli.OK); !strings.Contains(got.Err, "has tasks of "+s.fake.URL) || !strings.Contains(got.Err, "is not recorded") {
		t.Error(got.Err)
	}
	clitest.WantText(t, "journal", clitest.ReadFile(t, s.journal), before)
}

package images

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/idlist"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Commands that are given ids record what they see, too, so that a task which was created
// by one command and saved by another is known as saved.
func TestWhatBecomesOfATaskIsRecorded(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before []batch.Entry
		args   string
		want   string
	}{
		"waited for":               {[]batch.Entry{job("a", batch.Submitted, 1)}, "wait t-a", "a=completed"},
		"waited for, not recorded": {[]batch.Entry{job("a", batch.Submitted, 1)}, "wait t-a --no-journal", "a=submitted"},
		"waited for too late":      {[]batch.Entry{job("a", batch.Saved, 1)}, "wait t-a", "a=saved"},
		"downloaded":               {[]batch.Entry{job("a", batch.Submitted, 1)}, "download t-a", "a=saved"},
		"downloaded, completed":    {[]batch.Entry{job("a", batch.Completed, 1)}, "download --from-journal", "a=saved"},
		"deleted":                  {[]batch.Entry{job("a", batch.Saved, 1)}, "delete t-a", "a=deleted"},
		"deleted, of some":         {[]batch.Entry{job("a", batch.Saved, 1), job("b", batch.Saved, 1)}, "delete t-a t-c", "b=saved a=deleted"},
		"looked at":                {[]batch.Entry{job("a", batch.Submitted, 1)}, "info t-a", "a=submitted"},
		"of another machine":       {[]batch.Entry{job("b", batch.Saved, 1)}, "delete t-a", "b=saved"},
	} {
		fake := fakeapi.Start(t, fakeapi.WithTasks("t-a", "t-b", "t-c"), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
		s, path := journaled(t, fake, tt.before...)
		args := append([]string{"images"}, strings.Fields(tt.args)...)
		if args[1] == "download" {
			args = append(args, "--out", t.TempDir())
		}
		clitest.WantStatus(t, s.Run(args...), cli.OK)
		if got := states(t, path); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// A task that failed, and where the images are, is recorded.
func TestReasonsAndFilesAreRecorded(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("t-b"))
	fake.ScriptNext(1, fakeapi.TaskLife{Fail: "too many foxes"})
	s, path := journaled(t, fake, job("b", batch.Completed, 1))
	clitest.WantStatus(t, s.Run("images", "generate", "a fox"), cli.OK)
	id := fake.Tasks()[1]
	fresh := batch.Entry{Key: "a", State: batch.Submitted, TaskID: id}
	_, path2 := journaled(t, fake, fresh)
	clitest.WantStatus(t, s.Run("images", "wait", id, "--journal", path2), cli.Failed)
	dir := t.TempDir()
	clitest.WantStatus(t, s.Run("images", "download", "--from-journal", "--state", "completed", "--out", dir, "--name", "{model}/{key}-{n}{ext}"), cli.OK)
	for file, want := range map[string]batch.Entry{
		path2: {Key: "a", State: batch.Failed, Error: "too many foxes"}, path: {Key: "b", State: batch.Saved, Files: []string{filepath.Join(dir, "zimage", "b-1.png")}},
	} {
		j, err := batch.ReadJournal(file)
		if err != nil {
			t.Fatal(err)
		}
		e, _, err := j.Get(t.Context(), want.Key)
		_ = j.Close()
		if err != nil || e.State != want.State || e.Error != want.Error || strings.Join(e.Files, " ") != strings.Join(want.Files, " ") {
			t.Errorf("%+v, %v", e, err)
		}
	}
	clitest.WantText(t, "files", clitest.NamesIn(t, filepath.Join(dir, "zimage")), "b-1.png")
}

// A journal that cannot be used does not keep the command from its work on ids.
func TestWorkWithoutTheJournal(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("t-a"))
	s, path := journaled(t, fake, job("a", batch.Saved, 1))
	before := clitest.ReadFile(t, path) + "nonsense\n"
	clitest.WriteFile(t, path, before)
	got := s.Run("images", "delete", "t-a")
	clitest.WantStatus(t, got, cli.OK)
	if !strings.Contains(got.Err, "line 2 is not a JSON object; correct that, or name another file with --journal; what becomes of the tasks is not recorded\n") || strings.Contains(got.Err, "nothing was sent") {
		t.Error(got.Err)
	}
	clitest.WantText(t, "journal", clitest.ReadFile(t, path), before)
}

// brokenTracker returns a tracker whose journal cannot be written, as on a full disk.
func brokenTracker(t *testing.T, fromJournal bool) (*tracker, *idlist.List) {
	t.Helper()
	_, path := journaled(t, fakeapi.Start(t), job("a", batch.Saved, 1), job("b", batch.Saved, 1))
	j, err := batch.ReadJournal(path) // its Put returns an error
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	ids := idlist.New()
	if err := addAll(ids, []string{"t-a", "t-b"}); err != nil {
		t.Fatal(err)
	}
	track, err := newTracker(t.Context(), j, ids)
	if err != nil {
		t.Fatal(err)
	}
	track.fromJournal = fromJournal
	return track, ids
}

// If a deletion cannot be recorded, no more is deleted of the journal's tasks, and the
// error says what to do.
func TestDeletionThatIsNotRecorded(t *testing.T) {
	t.Parallel()
	for _, fromJournal := range []bool{true, false} {
		track, ids := brokenTracker(t, fromJournal)
		fake := fakeapi.Start(t, fakeapi.WithTasks("t-a", "t-b"))
		client, err := wrapper.NewClient("key", wrapper.WithBaseURL(fake.URL))
		if err != nil {
			t.Fatal(err)
		}
		d := &deletion{outcomes: newOutcomes(ids), report: newTestRun(discard{}).report, track: track}
		d.batchSize, d.concurrency = 1, 1
		d.purge(t.Context(), client, ids)
		err = d.finish(t.Context(), nil)
		const want = " of 2 tasks deleted, but the journal of tasks could not be written: journal "
		if fromJournal && (cli.StatusOf(err) != cli.Failed || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "run the command again")) {
			t.Errorf("%v", err)
		}
		if !fromJournal && (err != nil || len(fake.Tasks()) > 0 || track.failed() == nil) {
			t.Errorf("%v, %s left", err, fake.Tasks())
		}
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// A nil tracker, of a demo or without a journal, records nothing.
func TestNoTracker(t *testing.T) {
	t.Parallel()
	var track *tracker
	track.ended(t.Context(), "a", nil)
	track.saved(t.Context(), "a", nil)
	err := track.deleted(t.Context(), []string{"a"})
	_, known, entryErr := track.entry(t.Context(), "a")
	track.warn(cli.Env{})
	track.close()
	if known || errors.Join(err, entryErr, track.failed()) != nil {
		t.Errorf("%t, %v, %v", known, err, entryErr)
	}
}

// A journal that cannot be written is no reason to lose images, and is said.
func TestDownloadThatIsNotRecorded(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("nothing is read-only for root")
	}
	fake := fakeapi.Start(t, fakeapi.WithTasks("t-a"), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	s, path := journaled(t, fake, job("a", batch.Completed, 1))
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	got := s.Run("images", "download", "t-a", "--out", t.TempDir())
	clitest.WantStatus(t, got, cli.OK)
	if !strings.Contains(got.Err, "what becomes of the tasks is not recorded") {
		t.Error(got.Err)
	}
}

package images

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

var retention = []string{"images", "delete", "--from-journal", "--older-than", "720h", "--state", "saved", "--yes"}

// A retention job deletes what is old and saved, records that, and does nothing the next
// time.
func TestRetention(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("t-old", "t-new", "t-failed", "t-sent", "t-back", "t-other"))
	future := job("future", batch.Saved, -999) // the clock was set back since
	entries := []batch.Entry{job("failed", batch.Failed, 90), job("old", batch.Saved, 31), job("back", batch.Saved, 40), job("new", batch.Saved, 29),
		job("sent", batch.Submitted, 99), job("doubt", batch.InDoubt, 99), job("gone", batch.Deleted, 99), future}
	s, path := journaled(t, fake, entries...)
	got := s.Run(retention...)
	clitest.WantStatus(t, got, cli.OK)
	clitest.WantText(t, "stdout", got.Out, "2 image tasks: 2 deleted, 0 refused, 0 not sent, 0 unknown\n")
	clitest.WantText(t, "at the service", strings.Join(fake.Tasks(), " "), "t-new t-failed t-sent t-other")
	after := states(t, path)
	if rest, ok := strings.CutPrefix(after, "failed=failed new=saved sent=submitted doubt=in-doubt gone=deleted future=saved "); !ok || rest != "old=deleted back=deleted" && rest != "back=deleted old=deleted" {
		t.Errorf("journal %s", after)
	}
	requests := len(fake.Requests())
	got = s.Run(retention...)
	clitest.WantStatus(t, got, cli.OK)
	if !strings.HasPrefix(got.Err, "tensorslab: nothing to do: the journal has no task that is saved, older than ") || !strings.HasPrefix(got.Out, "0 image tasks: 0 deleted") {
		t.Errorf("%q, %q", got.Out, got.Err)
	}
	if n := len(fake.Requests()); n != requests || states(t, path) != after {
		t.Errorf("%d requests more, %s", n-requests, states(t, path))
	}
}

// Everything that the journal knew of a job it still knows.
func TestRetentionKeepsTheEntry(t *testing.T) {
	t.Parallel()
	before := job("old", batch.Saved, 31)
	before.Files, before.Request, before.Error = []string{"a.png"}, "digest", "it took three attempts"
	s, path := journaled(t, fakeapi.Start(t, fakeapi.WithTasks("t-old")), before)
	clitest.WantStatus(t, s.Run(retention...), cli.OK)
	j, err := batch.ReadJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	after, _, err := j.Get(t.Context(), "old")
	if err != nil || !after.Time.After(daysAgo(1)) {
		t.Errorf("%v, %v", after.Time, err)
	}
	before.Time, before.State, before.Error, before.Service = after.Time, batch.Deleted, "", s.Env["TENSORSLAB_BASE_URL"]
	if d := cmp.Diff(before, after); d != "" {
		t.Error(d)
	}
}

// What the service refuses, or may not have done, stays for the next run.
func TestRetentionKeepsWhatFailed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault  fakeapi.Fault
		status int
	}{
		"refused": {fakeapi.BusinessCode(9999, "no"), cli.Failed}, "outage": {fakeapi.Respond(503, "text/html", "<h1>"), cli.Later},
		"lost": {fakeapi.DropAnswer(), cli.Later}, "key": {fakeapi.Respond(401, "application/json", "{}"), cli.Auth},
	} {
		fake := fakeapi.Start(t, fakeapi.WithTasks("t-a", "t-b"))
		s, path := journaled(t, fake, job("a", batch.Saved, 40), job("b", batch.Saved, 41))
		fake.FailNext(1, tt.fault)
		got := s.Run(append(retention, "--retries", "0", "--batch-size", "1", "--concurrency", "1")...)
		clitest.WantStatus(t, got, tt.status)
		switch after := states(t, path); {
		case name == "key" && after != "a=saved b=saved", name != "key" && after != "a=saved b=deleted":
			t.Errorf("%s: %s", name, after)
		case name == "lost" && len(fake.Tasks()) != 0:
			t.Errorf("%s: %s", name, fake.Tasks())
		}
		clitest.WantStatus(t, s.Run(retention...), cli.OK)
		if after := states(t, path); strings.Contains(after, "saved") {
			t.Errorf("%s, at last: %s", name, after)
		}
	}
}

// A job with the same task as another one is deleted with it.
func TestRetentionOfOneTaskTwice(t *testing.T) {
	t.Parallel()
	one, two, three := job("a", batch.Saved, 40), job("b", batch.Saved, 41), job("c", batch.Saved, 42)
	two.TaskID, three.TaskID = one.TaskID, one.TaskID
	fake := fakeapi.Start(t, fakeapi.WithTasks("t-a"))
	s, path := journaled(t, fake, one, two, three)
	got := s.Run(append(retention, "--output", "json")...)
	if !strings.Contains(got.Out, `"total":1,"deleted":1,`) || !strings.Contains(got.Out, `"repeats":2,`) {
		t.Error(got.Out)
	}
	if after := states(t, path); strings.Count(after, "=deleted") != 3 {
		t.Error(after)
	}
}

func TestRetentionDryRun(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("t-a"))
	s, path := journaled(t, fake, job("a", batch.Saved, 40))
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	got := s.Run(append(retention, "--dry-run")...)
	clitest.WantStatus(t, got, cli.OK)
	clitest.WantText(t, "stdout", got.Out, "dry run: would delete 1 image task in 1 batch of at most 100; nothing was sent\n")
	if len(fake.Requests()) > 0 || states(t, path) != "a=saved" {
		t.Error("something was done")
	}
}

// A retention job runs while a batch has the journal.
func TestRetentionBesideABatch(t *testing.T) {
	t.Parallel()
	s, path := journaled(t, fakeapi.Start(t, fakeapi.WithTasks("t-a")), job("a", batch.Saved, 40))
	held, err := batch.OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	clitest.WantStatus(t, s.Run(retention...), cli.OK)
	clitest.WantText(t, "journal", states(t, path), "a=deleted")
}

// Nothing is deleted by a journal that may not be ours, or that cannot record it.
func TestRetentionRefusesAJournal(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ line, want string }{
		"another version": {`{"v":2,"time":"2026-01-02T03:04:05.678Z","key":"a","state":"saved","task":"t-a"}` + "\n", "line 2 is of version 2"},
		"nonsense":        {"nonsense\n", "line 2 is not a JSON object"},
		"a list of ids":   {"t-a\n", "line 2 is not a JSON object"},
	} {
		fake := fakeapi.Start(t, fakeapi.WithTasks("t-a"))
		s, path := journaled(t, fake, job("a", batch.Saved, 40))
		clitest.WriteFile(t, path, clitest.ReadFile(t, path)+tt.line)
		got := s.Run(retention...)
		clitest.WantStatus(t, got, cli.Usage)
		if !strings.Contains(got.Err, tt.want) || !strings.HasSuffix(got.Err, "nothing was sent\n") || len(fake.Requests()) > 0 {
			t.Errorf("%s: %q, %d requests", name, got.Err, len(fake.Requests()))
		}
	}
	s := clitest.Against(t, newRoot, fakeapi.Start(t))
	got := s.Run(retention...)
	clitest.WantStatus(t, got, cli.OK) // there is no journal yet
	if !strings.HasPrefix(got.Err, "tensorslab: nothing to do: ") || clitest.NamesIn(t, s.Env["XDG_STATE_HOME"]) != "" {
		t.Errorf("%q, made %s", got.Err, clitest.NamesIn(t, s.Env["XDG_STATE_HOME"]))
	}
	clitest.WantStatus(t, s.Run(append(retention, "--journal", "none.jsonl")...), cli.Usage)
}

// A line that a crash has torn is set aside, and the rest is deleted.
func TestRetentionAfterACrash(t *testing.T) {
	t.Parallel()
	s, path := journaled(t, fakeapi.Start(t, fakeapi.WithTasks("t-a")), job("a", batch.Saved, 40))
	const torn = `{"v":1,"time":"2026-01-02T03:04:05.678Z","key":"b","sta`
	clitest.WriteFile(t, path, clitest.ReadFile(t, path)+torn)
	clitest.WantStatus(t, s.Run(retention...), cli.OK)
	clitest.WantText(t, "journal", states(t, path), "a=deleted")
	clitest.WantText(t, "torn", clitest.ReadFile(t, path+".torn"), torn+"\n")
}

// A thousand deletions share their waits for the disk, and none is forgotten.
func TestRetentionOfMany(t *testing.T) {
	t.Parallel()
	const n = 1000
	entries, ids := make([]batch.Entry, n), make([]string, n)
	for i := range entries {
		entries[i] = job(fmt.Sprint(i), batch.Saved, 31)
		ids[i] = entries[i].TaskID
	}
	fake := fakeapi.Start(t, fakeapi.WithTasks(ids...))
	s, path := journaled(t, fake, entries...)
	clitest.WantStatus(t, s.Run(retention...), cli.OK)
	if after := states(t, path); strings.Count(after, "=deleted") != n || len(fake.Tasks()) != 0 {
		t.Errorf("%d recorded, %d at the service", strings.Count(after, "=deleted"), len(fake.Tasks()))
	}
}

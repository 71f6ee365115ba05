package images

import (
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// Flags that exclude each other, or would have no effect, are usage errors, and nothing is
// sent.
func TestSourceFlags(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("t-a"))
	s, path := journaled(t, fake, job("a", batch.Saved, 40))
	for args, want := range map[string]string{
		"delete t-a --from-journal":                        "use ids or --from-journal, not both",
		"delete --from-journal --file ids.txt":             "use --file or --from-journal, not both",
		"delete --from-journal --demo":                     "--demo keeps no journal, because its tasks end with it; leave --from-journal out",
		"delete --from-journal --no-journal":               "use --from-journal or --no-journal, not both",
		"delete --from-journal --state in-doubt":           "--state must be one or several of submitted, completed, saved, failed here",
		"delete --from-journal --state saved,deleted":      "--state must be one or several of submitted, completed, saved, failed here",
		"delete --from-journal --state lost":               "--state must be one or several of planned, submitting, submitted, completed, saved, failed, in-doubt, refused, deleted, but got \"lost\"",
		"delete --from-journal --older-than 30":            "--older-than must be a duration such as 720h or 30d, or a date such as 2026-01-31, but got \"30\"; did you mean 30d?",
		"delete --from-journal --older-than=":              "--older-than is empty; give a value or leave it out",
		"delete --from-journal --since 1h --older-than 2h": "nothing can be older than --older-than and not older than --since: --since must be the longer one",
		"delete t-a --older-than 30d":                      "--older-than requires --from-journal",
		"download t-a --state saved":                       "--state requires --from-journal",
		"wait t-a --since 1h":                              "--since requires --from-journal",
		"info t-a --journal " + path:                       "--journal requires --from-journal",
		"info --from-journal t-a":                          "use ids or --from-journal, not both",
		"wait t-a --no-journal --journal " + path:          "use --journal or --no-journal, not both",
		"download t-a -q -o json":                          "use --quiet or --output json, not both",
		"download t-a --name {n}":                          `--name: the template of file names is not usable: "{n}" has neither {key} nor {task}, so that images of two jobs would get one name; nothing was sent`,
	} {
		if strings.HasPrefix(args, "delete ") { // each of its errors says so
			want += "; nothing was sent"
		}
		clitest.WantError(t, s.Run(append([]string{"images"}, strings.Fields(args)...)...), cli.Usage, want)
	}
	clitest.WantStatus(t, s.Run("images", "delete", "--from-journal", "--state="), cli.Usage)
	if n := len(fake.Requests()); n > 0 || states(t, path) != "a=saved" {
		t.Errorf("%d requests, %s", n, states(t, path))
	}
}

// Without --state each command means the tasks that it has something to do for.
func TestFromJournal(t *testing.T) {
	t.Parallel()
	entries := []batch.Entry{job("sent", batch.Submitted, 5), job("done", batch.Completed, 4), job("saved", batch.Saved, 3), job("failed", batch.Failed, 2),
		job("doubt", batch.InDoubt, 2), job("gone", batch.Deleted, 1), job("planned", batch.Planned, 1), job("refused", batch.Refused, 1)}
	for args, want := range map[string]string{
		"info -q":               "t-sent t-done t-saved t-failed",
		"info -q --state saved": "t-saved",
		"info -q --since 60h":   "t-failed",
		"wait -q":               "t-sent",
		"delete -o json -n":     `{"type":"dry_run","total":2,"repeats":0,"batches":1,"batch_size":100}`,
		"delete -o json -n --state submitted,completed": `{"type":"dry_run","total":2,"repeats":0,"batches":1,"batch_size":100}`,
	} {
		fake := fakeapi.Start(t, fakeapi.WithTasks("t-sent", "t-done", "t-saved", "t-failed", "t-gone"), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
		s, _ := journaled(t, fake, entries...)
		got := s.Run(append([]string{"images"}, strings.Fields(strings.Replace(args, " ", " --from-journal ", 1))...)...)
		clitest.WantStatus(t, got, cli.OK)
		clitest.WantText(t, args, strings.Join(strings.Fields(got.Out), " "), want)
	}
}

// The other source of ids is not read.
func TestFromJournalLeavesStdinAlone(t *testing.T) {
	t.Parallel()
	s, _ := journaled(t, fakeapi.Start(t, fakeapi.WithTasks("t-a", "t-b")), job("a", batch.Saved, 1))
	s.Stdin = strings.NewReader("t-b\n")
	clitest.WantText(t, "stdout", s.Run("images", "info", "-q", "--from-journal").Out, "t-a\n")
}

func TestFromJournalFindsNothing(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t)
	s, _ := journaled(t, fake, job("a", batch.Deleted, 1))
	for _, command := range []string{"info", "wait", "download"} {
		got := s.Run("images", command, "--from-journal")
		clitest.WantStatus(t, got, cli.OK)
		if got.Out != "" || !strings.HasPrefix(got.Err, "tensorslab: nothing to do: the journal has no task that is submitted") {
			t.Errorf("%s: %q, %q", command, got.Out, got.Err)
		}
	}
	if len(fake.Requests()) > 0 {
		t.Error("something was sent")
	}
}

// Completion offers what a command has something to do for, the latest first.
func TestCompletionOfIDs(t *testing.T) {
	t.Parallel()
	s, _ := journaled(t, fakeapi.Start(t), job("a", batch.Submitted, 3), job("b", batch.Completed, 2), job("c", batch.Saved, 1), job("d", batch.Deleted, 1))
	for args, want := range map[string]string{
		"wait ":           "t-a\tsubmitted a fox\n:36\n",
		"download ":       "t-b\tcompleted a fox\nt-a\tsubmitted a fox\n:36\n",
		"download t-b ":   "t-a\tsubmitted a fox\n:36\n",
		"info t-":         "t-c\tsaved a fox\nt-b\tcompleted a fox\nt-a\tsubmitted a fox\n:36\n",
		"delete t":        "t-c\tsaved a fox\n:36\n",
		"delete x":        ":36\n",
		"delete --demo y": ":36\n",
	} {
		if got := s.Run(append([]string{"__complete", "images"}, strings.Split(args, " ")...)...).Out; got != want {
			t.Errorf("%s: %q, want %q", args, got, want)
		}
	}
}

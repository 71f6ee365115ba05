package jobs

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
)

func TestDecisions(t *testing.T) {
	t.Parallel()
	single := journal.NewKey(ago(1))
	for name, tt := range map[string]struct {
		args  []string
		state batch.State
		task  string
		want  string
	}{
		"a task":               {[]string{"resolve", "doubt", "t-17"}, batch.Submitted, "t-17", "doubt: submitted as t-17; run the same \"images generate --file\" again, which waits for it"},
		"after a crash":        {[]string{"resolve", "crash", "t-17"}, batch.Submitted, "t-17", "crash: submitted as t-17; run the same \"images generate --file\" again, which waits for it"},
		"no task":              {[]string{"resolve", "doubt", "--not-created"}, batch.Planned, "", "doubt: planned; run the same \"images generate --file\" again, which sends it"},
		"again":                {[]string{"resubmit", "doubt"}, batch.Planned, "", "doubt: planned; run the same \"images generate --file\" again, which sends it"},
		"again after failure":  {[]string{"resubmit", "bad"}, batch.Planned, "", "bad: planned; run the same \"images generate --file\" again, which sends it"},
		"its own task again":   {[]string{"resolve", "bad", "t-bad"}, batch.Submitted, "t-bad", "bad: submitted as t-bad; run the same \"images generate --file\" again, which waits for it"},
		"another task":         {[]string{"resolve", "bad", "t-17"}, batch.Submitted, "t-17", "bad: submitted as t-17; run the same \"images generate --file\" again, which waits for it"},
		"a task, alone":        {[]string{"resolve", single, "t-17"}, batch.Submitted, "t-17", single + ": submitted as t-17; to continue: tensorslab images wait t-17"},
		"no task, alone":       {[]string{"resolve", single, "--not-created"}, batch.Planned, "", single + ": planned; it is of no batch, so run tensorslab images generate again"},
		"an id like a flag":    {[]string{"resolve", "doubt", "--", "-t"}, batch.Submitted, "-t", "doubt: submitted as -t; run the same \"images generate --file\" again, which waits for it"},
		"in another order":     {[]string{"resolve", "--not-created", "doubt"}, batch.Planned, "", "doubt: planned; run the same \"images generate --file\" again, which sends it"},
		"with the same answer": {[]string{"resolve", "crash", "t-18"}, batch.Submitted, "t-18", "crash: submitted as t-18; run the same \"images generate --file\" again, which waits for it"},
	} {
		s, path := journaled(t, append(some(), batch.Entry{Key: single, State: batch.InDoubt, Prompt: "a fox"})...)
		got := s.Run(append([]string{"images"}, tt.args...)...)
		clitest.WantStatus(t, got, cli.OK)
		clitest.WantText(t, name, got.Out, tt.want+"\n")
		key, _, _ := strings.Cut(tt.want, ":")
		if e := entry(t, path, key); e.State != tt.state || e.TaskID != tt.task || e.Prompt == "" || (e.Error == "its id was given by hand") != (tt.state == batch.Submitted) {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestDecisionsRefused(t *testing.T) {
	t.Parallel()
	s, path := journaled(t, some()...)
	before := clitest.ReadFile(t, path)
	for args, want := range map[string]string{
		"resolve":                         "takes a KEY and a TASKID, or a KEY and --not-created",
		"resolve doubt":                   "takes a KEY and a TASKID, or a KEY and --not-created",
		"resolve doubt t --not-created":   "takes a KEY and a TASKID, or a KEY and --not-created",
		"resolve a b c":                   "takes a KEY and a TASKID, or a KEY and --not-created",
		"resubmit":                        "takes one KEY",
		"resubmit a b":                    "takes one KEY",
		"resolve none t":                  `not recorded: the journal has no generation with the KEY "none"; see tensorslab images list --in-doubt`,
		"resolve old t":                   `not recorded: the generation "old" is saved, so that there is nothing to decide`,
		"resubmit new":                    `not recorded: the generation "new" is submitted, so that there is nothing to decide`,
		"resolve bad --not-created":       `not recorded: the generation "bad" is failed, so that there is nothing to decide`,
		"resolve new t-17":                `not recorded: there is nothing to decide: the generation "new" is submitted`,
		"resolve doubt t-old":             `not recorded: the journal has the task as that of the generation "old" already`,
		"resolve doubt fox.png":           "TASKID: the line is the name of a file and not an id",
		"resolve doubt " + clitest.Key:    "not recorded: TASKID holds the API key",
		"resolve " + clitest.Key + " t-1": `not recorded: the journal has no generation with the KEY "[redacted]"`,
		"resubmit doubt --journal nobody": "cannot open the journal of tasks: ",
	} {
		got := s.Run(append([]string{"images"}, strings.Fields(args)...)...)
		clitest.WantStatus(t, got, cli.Usage)
		if !strings.Contains(got.Err, want) || got.Out != "" {
			t.Errorf("%s: %q, %q", args, got.Out, got.Err)
		}
	}
	clitest.WantText(t, "journal", clitest.ReadFile(t, path), before)
	alone := clitest.Session{T: t, Root: newRoot}
	clitest.WantError(t, alone.Run("images", "resubmit", "a"), cli.Usage, "there is no journal of tasks, so that nothing is in doubt; name another one with --journal FILE")
}

// The key that auth login has stored is known as well.
func TestTheStoredKeyIsNoTask(t *testing.T) {
	t.Parallel()
	s, path := journaled(t, some()...)
	s.Home = t.TempDir()
	delete(s.Env, "TENSORSLAB_API_KEY")
	clitest.MakeFolder(t, filepath.Join(s.Home, ".tensorslab"))
	clitest.WriteFile(t, filepath.Join(s.Home, ".tensorslab", ".env"), "TENSORSLAB_API_KEY="+clitest.Key+"\n")
	before := clitest.ReadFile(t, path)
	clitest.WantError(t, s.Run("images", "resolve", "doubt", "x-"+clitest.Key), cli.Usage, "not recorded: TASKID holds the API key")
	clitest.WantText(t, "journal", clitest.ReadFile(t, path), before)
}

// A decision can be recorded while a batch has the journal, but not about a submission whose
// response may come.
func TestDecisionBesideABatch(t *testing.T) {
	t.Parallel()
	s, path := journaled(t, some()...)
	held, err := batch.OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	clitest.WantStatus(t, s.Run("images", "resolve", "doubt", "t-17"), cli.OK)
	if e := entry(t, path, "doubt"); e.State != batch.Submitted {
		t.Errorf("%+v", e)
	}
	for _, args := range [][]string{{"resolve", "crash", "t-18"}, {"resolve", "crash", "--not-created"}, {"resubmit", "crash"}} {
		got := s.Run(append([]string{"images"}, args...)...)
		clitest.WantStatus(t, got, cli.Usage)
		if !strings.HasPrefix(got.Err, `tensorslab: not recorded: the generation "crash" is submitting, and what becomes of it may be recorded at any moment: the journal is in use by process `) ||
			!strings.HasSuffix(got.Err, "; wait for that to end\n") {
			t.Errorf("%v: %s", args, got.Err)
		}
	}
	if e := entry(t, path, "crash"); e.State != batch.Submitting {
		t.Errorf("%+v", e)
	}
	clitest.WantText(t, "list", s.Run("images", "list", "-q").Err, "1 generation under way, or in doubt: see tensorslab images list --in-doubt\n")
	if got := s.Run("images", "list", "--in-doubt").Err; !strings.HasPrefix(got, "1 of these may still be under way: ") {
		t.Error(got)
	}
}

// What was submitted a moment ago may be under way, whether or not a batch has the journal. A
// task that was mistyped is corrected, also before anybody has waited for it.
func TestYoungAndMistyped(t *testing.T) {
	t.Parallel()
	s, path := journaled(t, batch.Entry{Key: "now", State: batch.Submitting, Time: time.Now()}, batch.Entry{Key: "doubt", State: batch.InDoubt, Time: ago(1)})
	clitest.WantText(t, "list", s.Run("images", "list", "-q").Err, "2 generations in doubt, of which 1 may be under way: see tensorslab images list --in-doubt\n")
	for _, id := range []string{"mistyped", "t-1"} {
		clitest.WantStatus(t, s.Run("images", "resolve", "doubt", id), cli.OK)
		if e := entry(t, path, "doubt"); e.State != batch.Submitted || e.TaskID != id {
			t.Errorf("%+v", e)
		}
	}
	clitest.WantStatus(t, s.Run("images", "resubmit", "now"), cli.OK)
	got := s.Run("images", "list", "--in-doubt")
	clitest.WantText(t, "list", got.Err, "Nothing is in doubt, of 2 tasks in the journal "+path+".\n")
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	s, _ := journaled(t, some()...)
	for args, want := range map[string]string{
		"resolve ":          "crash\tsubmitting two foxes\ndoubt\tin-doubt a fox\n:36\n",
		"resolve d":         "doubt\tin-doubt a fox\n:36\n",
		"resolve doubt ":    ":4\n",
		"resubmit b":        "bad\tfailed a fox\n:36\n",
		"resolve x":         ":36\n",
		"list --output ":    "text\njson\n:4\n",
		"resolve --journal": "--journal\tuse the journal of tasks in `FILE` (default: see above)\n:4\n",
	} {
		words := strings.Split(args, " ")
		if got := s.Run(append([]string{"__complete", "images"}, words...)...).Out; got != want {
			t.Errorf("%s: %q, want %q", args, got, want)
		}
	}
	if got := (clitest.Session{T: t, Root: newRoot}).Run("__complete", "images", "resolve", "").Out; got != ":4\n" {
		t.Errorf("without a journal: %q", got)
	}
}

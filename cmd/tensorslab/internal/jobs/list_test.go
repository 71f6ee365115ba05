package jobs

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
)

func TestList(t *testing.T) {
	t.Parallel()
	s, path := journaled(t, some()...)
	none := func(what string) string {
		return "No tasks are " + what + ", of 5 in the journal " + path + ".\n"
	}
	const doubt = "2 generations in doubt: see tensorslab images list --in-doubt\n"
	for args, want := range map[string]struct{ out, err string }{
		"-q":                                     {"t-old\nt-bad\nt-new\n", doubt},
		"-q --state saved":                       {"t-old\n", ""},
		"-q --state saved,failed":                {"t-old\nt-bad\n", ""},
		"-q --state saved --state submitted":     {"t-old\nt-new\n", ""},
		"-q --older-than 30d":                    {"t-old\n", ""},
		"-q --older-than 720h":                   {"t-old\n", ""},
		"-q --since 30d --state failed":          {"t-bad\n", ""},
		"-q --since 150m":                        {"t-new\n", doubt},
		"-q --since 2000-01-01 --older-than 80d": {"t-old\n", ""},
		"-q --in-doubt":                          {"doubt\ncrash\n", doubtHelp + "\n"},
		"--state deleted":                        {"", none("deleted")},
		"-q --state deleted,refused":             {"", none("deleted or refused")},
		"-o json --state deleted":                {"", ""},
	} {
		got := s.Run(append([]string{"images", "list"}, strings.Fields(args)...)...)
		clitest.WantStatus(t, got, cli.OK)
		clitest.WantText(t, args+": stdout", got.Out, want.out)
		clitest.WantText(t, args+": stderr", got.Err, want.err)
	}
}

func TestListJSON(t *testing.T) {
	t.Parallel()
	s, _ := journaled(t, some()...)
	got := s.Run("images", "list", "-o", "json")
	clitest.WantStatus(t, got, cli.OK)
	var keys []string
	for line := range strings.Lines(got.Out) {
		var o object
		d := json.NewDecoder(strings.NewReader(line))
		d.DisallowUnknownFields()
		if err := d.Decode(&o); err != nil || o.Type != "job" || o.Time == "" {
			t.Errorf("%s: %v", line, err)
		}
		keys = append(keys, o.Key+" "+o.State+" "+o.ID)
	}
	if d := cmp.Diff([]string{"old saved t-old", "bad failed t-bad", "doubt in-doubt ", "crash submitting ", "new submitted t-new"}, keys); d != "" {
		t.Error(d)
	}
	for _, want := range []string{`"files":["out/old-1.png","out/old-2.png"]`, `"error":"too many foxes"`, `"model":"zimage"`, `"prompt":"狐狸在雪地里 and`} {
		if !strings.Contains(got.Out, want) {
			t.Errorf("no %s in %s", want, got.Out)
		}
	}
}

// A journal that does not exist yet, or is empty, is not an error.
func TestListOfNothing(t *testing.T) {
	t.Parallel()
	s, path := journaled(t)
	for range 2 {
		for _, args := range [][]string{{}, {"-q"}, {"--in-doubt"}, {"--state", "saved"}} {
			got := s.Run(append([]string{"images", "list"}, args...)...)
			clitest.WantStatus(t, got, cli.OK)
			clitest.WantText(t, "stdout", got.Out, "")
			clitest.WantText(t, "stderr", got.Err, "No tasks: the journal "+path+" is empty.\n")
		}
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the journal was created")
	}
}

func TestListRefuses(t *testing.T) {
	t.Parallel()
	s, path := journaled(t, some()...)
	for want, args := range map[string]string{
		"--state must be one or several of planned, submitting, submitted, completed, saved, failed, in-doubt, refused, deleted, but got \"lost\"": "--state lost",
		"--since must be a duration such as 720h or 30d, or a date such as 2026-01-31, but got \"yesterday\"":                                      "--since yesterday",
		"--older-than is in the future":                                                         "--older-than 2999-01-01",
		"--output must be text or json, but got \"yaml\"":                                       "-o yaml",
		"use --quiet or --output json, not both":                                                "-q -o json",
		"use --in-doubt or --state, not both":                                                   "--in-doubt --state saved",
		"images list takes no arguments, but got \"t-old\" (see tensorslab images list --help)": "t-old",
		"--journal must be the name of a file":                                                  "--journal -",
		"--journal is empty; give a value or leave it out":                                      "--journal=",
	} {
		clitest.WantError(t, s.Run(append([]string{"images", "list"}, strings.Fields(args)...)...), cli.Usage, want)
	}
	got := s.Run("images", "list", "--journal", path+".none")
	clitest.WantStatus(t, got, cli.Usage)
}

// Nothing is shown of a journal that may have been changed by something else.
func TestListOfDamage(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ line, want string }{
		"another version": {`{"v":2,"time":"2026-01-02T03:04:05.678Z","key":"a","state":"saved"}`, "line 6 is of version 2"},
		"nonsense":        {"nonsense", "line 6 is not a JSON object"},
		"another field":   {`{"v":1,"time":"2026-01-02T03:04:05.678Z","key":"a","state":"planned","tusk":"a"}`, "line 6 is no entry"},
		"no such state":   {`{"v":1,"time":"2026-01-02T03:04:05.678Z","key":"a","state":"lost"}`, "line 6 is no entry"},
		"another file":    {"\x89PNG\r\n\x1a\n", "line 6 is not a JSON object"},
	} {
		s, path := journaled(t, some()...)
		before := clitest.ReadFile(t, path) + tt.line + "\n"
		clitest.WriteFile(t, path, before)
		got := s.Run("images", "list")
		clitest.WantStatus(t, got, cli.Usage)
		if got.Out != "" || !strings.HasPrefix(got.Err, "tensorslab: cannot read the journal of tasks: ") || !strings.Contains(got.Err, tt.want) {
			t.Errorf("%s: %q, %q", name, got.Out, got.Err)
		}
		clitest.WantText(t, name, clitest.ReadFile(t, path), before)
	}
}

// A line that a crash has torn, or that another process is writing, is left out and alone,
// and so is a journal that cannot be written.
func TestListWhileOthersWrite(t *testing.T) {
	t.Parallel()
	s, path := journaled(t, some()...)
	before := clitest.ReadFile(t, path) + `{"v":1,"time":"2026-`
	clitest.WriteFile(t, path, before)
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	clitest.WantText(t, "torn", s.Run("images", "list", "-q").Out, "t-old\nt-bad\nt-new\n")
	clitest.WantText(t, "journal", clitest.ReadFile(t, path), before)
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	held, err := batch.OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	clitest.WantText(t, "held", s.Run("images", "list", "-q").Out, "t-old\nt-bad\nt-new\n")
}

// A key that was typed as a prompt is not printed, in no layout. Run checks that.
func TestListHidesTheKey(t *testing.T) {
	t.Parallel()
	e := batch.Entry{Key: "a", State: batch.InDoubt, Prompt: "my key is " + clitest.Key, Error: clitest.Key}
	s, _ := journaled(t, e)
	for _, args := range [][]string{{}, {"-o", "json"}, {"--in-doubt"}} {
		clitest.WantStatus(t, s.Run(append([]string{"images", "list"}, args...)...), cli.OK)
	}
}

func TestListToAClosedPipe(t *testing.T) {
	t.Parallel()
	s, _ := journaled(t, some()...)
	var out bytes.Buffer
	s.Stdout = clitest.FailingWriter{Err: os.ErrClosed}
	got := s.Run("images", "list")
	clitest.WantError(t, got, cli.Failed, "standard output could not be written: file already closed")
	if out.Len() > 0 {
		t.Error(out.String())
	}
}

// The help names each field and each state.
func TestListIsDocumented(t *testing.T) {
	t.Parallel()
	line := objects{}.add(nil, batch.Entry{Key: "a", TaskID: "t", Model: "m", Prompt: "p", Files: []string{"f"}, Error: "e"})
	var fields map[string]any
	if err := json.Unmarshal(line, &fields); err != nil {
		t.Fatal(err)
	}
	for field := range fields {
		if !strings.Contains(listLong, field) {
			t.Errorf("field %q is not in the help", field)
		}
	}
	for s := batch.Planned; s <= batch.Deleted; s++ {
		if !strings.Contains(listLong, "\n  "+s.String()+" ") {
			t.Errorf("the state %v is not in the help", s)
		}
	}
}

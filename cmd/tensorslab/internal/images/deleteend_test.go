package images

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

var oneByOne = []string{"--batch-size", "1", "--concurrency", "1", "--output", "json"}

// After a failed write nothing more is sent, and --remaining is exact.
func TestStdoutCloses(t *testing.T) {
	t.Parallel()
	ids := service.TaskIDs(50)
	fake := fakeapi.Start(t, fakeapi.WithTasks(ids...))
	path := filepath.Join(t.TempDir(), "left.txt")
	var out bytes.Buffer
	s := clitest.Against(t, newRoot, fake)
	s.Stdout = clitest.WriterFunc(func(p []byte) (int, error) {
		if bytes.Count(out.Bytes(), []byte("\n")) == 3 {
			return 0, errors.New("pipe closed")
		}
		return out.Write(p)
	})
	got := s.Run(slices.Concat([]string{"images", "delete", "--remaining", path}, ids, oneByOne)...)
	left := strings.Split(strings.TrimSpace(clitest.ReadFile(t, path)), "\n")
	if len(left) < 40 || len(left) > 47 {
		t.Errorf("%d ids left: sending did not stop after 3 lines", len(left))
	}
	clitest.WantStatus(t, got, cli.Failed)
	if !strings.HasPrefix(got.Err, "tensorslab: stopped because standard output could not be written (pipe closed): ") {
		t.Errorf("stderr %q", got.Err)
	}
	for _, id := range fake.Tasks() {
		if !slices.Contains(left, id) {
			t.Errorf("%s exists and is not in --remaining", id)
		}
	}
}

func TestStdoutClosesAtTheEnd(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
	s := clitest.Against(t, newRoot, fake)
	s.Stdout = clitest.FailingWriter{Err: errors.New("pipe closed")}
	clitest.WantError(t, s.Run("images", "delete", "a"), cli.Failed,
		"all image tasks were deleted, but standard output could not be written: pipe closed")
}

// blockSave creates a directory at the path of --remaining during the purge.
func blockSave(t *testing.T, path string, out *bytes.Buffer) clitest.WriterFunc {
	return func(p []byte) (int, error) {
		if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
			t.Error(err)
		}
		return out.Write(p)
	}
}

// Ids that cannot be saved are printed.
func TestSaveFails(t *testing.T) {
	t.Parallel()
	ids := service.TaskIDs(5)
	fake := fakeapi.Start(t, fakeapi.WithTasks(ids...))
	fake.RefuseTasks(ids[1], ids[3])
	path := filepath.Join(t.TempDir(), "left.txt")
	var out bytes.Buffer
	s := clitest.Against(t, newRoot, fake)
	s.Stdout = blockSave(t, path, &out)
	got := s.Run(slices.Concat([]string{"images", "delete", "--remaining", path}, ids, oneByOne)...)
	clitest.WantStatus(t, got, cli.Failed)
	said := strings.SplitAfter(got.Err, "\n")
	if !strings.HasPrefix(said[0], "tensorslab: cannot write --remaining: ") || !strings.HasSuffix(said[0], "; these ids are not confirmed deleted:\n") {
		t.Errorf("first line %q", said[0])
	}
	clitest.WantText(t, "rest of stderr", strings.Join(said[1:], ""), clitest.Lines(ids[1], ids[3])+
		"tensorslab: 2 of 5 tasks not confirmed deleted\n")
	if strings.Contains(out.String(), path) {
		t.Errorf("the summary names a file that was not written: %s", out.String())
	}
}

// If an old file could not be emptied, a later run would delete its tasks again.
func TestSaveFailsWithNothingLeft(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
	path := filepath.Join(t.TempDir(), "left.txt")
	var out bytes.Buffer
	s := clitest.Against(t, newRoot, fake)
	s.Stdout = blockSave(t, path, &out)
	got := s.Run("images", "delete", "a", "--remaining", path, "--output", "json")
	clitest.WantStatus(t, got, cli.Failed)
	if !strings.HasPrefix(got.Err, "tensorslab: all image tasks were deleted, but --remaining could not be written: ") {
		t.Errorf("stderr %q", got.Err)
	}
}

// An interruption while requests are in flight: each id is reported once, and --remaining
// has all but the confirmed ones.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ids := service.TaskIDs(10)
	fake := fakeapi.Start(t, fakeapi.WithTasks(ids...))
	fake.FailNext(3, fakeapi.Fault{})
	fake.FailNext(10, fakeapi.Delay(time.Minute))
	path := filepath.Join(t.TempDir(), "left.txt")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out bytes.Buffer
	s := clitest.Against(t, newRoot, fake)
	s.Stdout = clitest.WriterFunc(func(p []byte) (int, error) {
		n, err := out.Write(p)
		if bytes.Count(out.Bytes(), []byte("\n")) == 3 {
			cancel()
		}
		return n, err
	})
	got := s.RunContext(ctx, slices.Concat([]string{"images", "delete", "--remaining", path}, ids, oneByOne)...)
	clitest.WantError(t, got, cli.Interrupted, "interrupted: 7 of 10 tasks not confirmed deleted; to resume, run again with --file "+path)
	clitest.WantText(t, "remaining", clitest.ReadFile(t, path), clitest.Lines(fake.Tasks()...))
	clitest.WantText(t, "remaining", clitest.ReadFile(t, path), clitest.Lines(ids[3:]...))
	checkJSON(t, out.String(), ids)
	if !strings.Contains(out.String(), `"outcome":"not_sent","error":"interrupted before they were sent"}`) {
		t.Errorf("no reason for the ids that were not sent:\n%s", out.String())
	}
}

// checkJSON checks that each id is in exactly one line, and that the summary adds up.
func checkJSON(t *testing.T, out string, ids []string) {
	t.Helper()
	lines := map[string]int{}
	sums := map[string]int{}
	for line := range strings.Lines(out) {
		var object struct {
			Type, Outcome string
			IDs           []string
			Total         int
			Deleted       int
			Refused       int
			NotSent       int `json:"not_sent"`
			Unknown       int
			Interrupted   bool
		}
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		for _, id := range object.IDs {
			lines[id]++
			sums[object.Outcome]++
		}
		if object.Type != "summary" {
			continue
		}
		got := map[string]int{"deleted": object.Deleted, "refused": object.Refused, "not_sent": object.NotSent, "unknown": object.Unknown}
		for outcome, n := range got {
			if sums[outcome] != n {
				t.Errorf("the lines hold %d %s, the summary says %d", sums[outcome], outcome, n)
			}
		}
		if object.Total != len(ids) || !object.Interrupted {
			t.Errorf("summary %s", line)
		}
	}
	for _, id := range ids {
		if lines[id] != 1 {
			t.Errorf("%s is in %d lines", id, lines[id])
		}
	}
}

// A Ctrl-C after everything is done interrupts nothing.
func TestInterruptedTooLate(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := clitest.Against(t, newRoot, fake)
	s.Stdout = clitest.WriterFunc(func(p []byte) (int, error) {
		cancel()
		return len(p), nil
	})
	clitest.WantStatus(t, s.RunContext(ctx, "images", "delete", "a", "--output", "json"), cli.OK)
}

// Ids that were typed can be typed again; others are lost unless a file keeps them.
func TestAdviceToKeepIDs(t *testing.T) {
	t.Parallel()
	const keep, keepOne = "; use --remaining FILE to keep their ids", "; use --remaining FILE to keep its id"
	for name, tt := range map[string]struct {
		args  []string
		stdin string // read as --file -
		want  string
	}{
		"arguments":                       {[]string{"a", "b"}, "", "1 of 2 tasks not confirmed deleted"},
		"a list":                          {nil, "a\nb\n", "1 of 2 tasks not confirmed deleted" + keepOne},
		"both, an argument left":          {[]string{"b"}, "a\n", "1 of 2 tasks not confirmed deleted"},
		"both, one of the list left":      {[]string{"a"}, "b\n", "1 of 2 tasks not confirmed deleted" + keepOne},
		"an argument, refused in a batch": {[]string{"b", "--batch-size", "100"}, "", "1 of 1 task not confirmed deleted"},
		"arguments, refused in one batch": {[]string{"a", "b", "--batch-size", "2"}, "", "2 of 2 tasks not confirmed deleted; use --isolate to find the ids at fault"},
		"a list, refused in one batch":    {[]string{"--batch-size", "2"}, "a\nb\n", "2 of 2 tasks not confirmed deleted" + keep + ", and --isolate to find the ids at fault"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t, fakeapi.WithTasks("a", "b"))
			fake.RefuseTasks("b")
			s := clitest.Against(t, newRoot, fake)
			args := slices.Concat([]string{"images", "delete", "--yes", "--batch-size", "1"}, tt.args)
			if tt.stdin != "" {
				s.Stdin = strings.NewReader(tt.stdin)
				args = append(args, "--file", "-")
			}
			clitest.WantError(t, s.Run(args...), cli.Failed, tt.want)
		})
	}
}

// endsAfter runs images delete with a second signal after the first line of its output, once
// prepare was called. It returns what was printed until the process would have exited, and
// afterwards, and the result of what went on in the moment until it has.
func endsAfter(t *testing.T, ids []string, path string, prepare func()) (before, afterwards string, got clitest.Result) {
	t.Helper()
	var hook *cli.ExitHook
	s := clitest.Against(t, func(e cli.Env) *cobra.Command { hook = e.OnExit; return newRoot(e) }, fakeapi.Start(t, fakeapi.WithTasks(ids...)))
	var out bytes.Buffer
	s.Stdout = clitest.WriterFunc(func(p []byte) (int, error) {
		n, err := out.Write(p)
		if before == "" {
			prepare()
			hook.Run()
			before = out.String()
		}
		return n, err
	})
	got = s.Run(slices.Concat([]string{"images", "delete", "--remaining", path}, ids, oneByOne)...)
	return before, strings.TrimPrefix(out.String(), before), got
}

// A second signal saves what is left, and nothing of it is reported as deleted in the moment
// until the process has exited.
func TestNothingIsReportedAfterASecondSignal(t *testing.T) {
	t.Parallel()
	ids, path := service.TaskIDs(5), filepath.Join(t.TempDir(), "left.txt")
	before, afterwards, got := endsAfter(t, ids, path, func() {})
	clitest.WantText(t, "before", before, `{"type":"batch","ids":["task_000001"],"outcome":"deleted"}`+"\n")
	clitest.WantText(t, "afterwards", afterwards, "")
	clitest.WantError(t, got, cli.Interrupted, "interrupted")
	clitest.WantText(t, "--remaining", clitest.ReadFile(t, path), clitest.Lines(ids[1:]...))
}

// If they cannot be saved, they are printed.
func TestWhatCannotBeSavedAfterASecondSignal(t *testing.T) {
	t.Parallel()
	ids, path := service.TaskIDs(3), filepath.Join(t.TempDir(), "left.txt")
	_, _, got := endsAfter(t, ids, path, func() {
		if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
			t.Error(err)
		}
	})
	if want := "these ids are not confirmed deleted:\n" + clitest.Lines(ids[1:]...); strings.Count(got.Err, want) != 1 || strings.Count(got.Err, ids[2]) != 1 {
		t.Errorf("stderr %q", got.Err)
	}
}

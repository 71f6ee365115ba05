package images

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// follow runs the commands that a run has named to go on with, in their order, and returns
// the last result.
func follow(t *testing.T, s clitest.Session, text string) (got clitest.Result) {
	t.Helper()
	_, commands, found := strings.Cut(strings.TrimSpace(text), "tensorslab images ")
	if !found {
		t.Fatalf("nothing to follow in %q", text)
	}
	for command := range strings.SplitSeq(commands, ", then: ") {
		command = strings.TrimPrefix(command, "tensorslab images ")
		if got = s.Run(append([]string{"images"}, strings.Fields(command)...)...); got.Status != cli.OK {
			t.Errorf("%s: exit status %d: %s%s", command, got.Status, got.Out, got.Err)
		}
	}
	return got
}

// hint returns what a line of a report tells to do.
func hint(text string) string {
	for line := range strings.Lines(text) {
		if _, rest, ok := strings.Cut(line, ": tensorslab images "); ok {
			return "tensorslab images " + rest
		}
	}
	return ""
}

// The commands that are printed to go on with reach the same service with the same key and
// the same journal, which only the flags of the first command name.
func TestHintsCanBeFollowed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args   []string
		status int
		before func(t *testing.T, dir string)
		files  string // what is in the folder of --out in the end
	}{
		"wait":              {args: []string{"--wait", "--wait-timeout", "50ms"}, status: cli.Unfinished},
		"wait and download": {args: []string{"--out", "OUT", "--wait-timeout", "50ms", "--allow-private"}, status: cli.Unfinished, files: "fake_0000000000000001-1.png"},
		"no journal":        {args: []string{"--wait", "--wait-timeout", "50ms", "--no-journal"}, status: cli.Unfinished},
		"an existing file": {args: []string{"--out", "OUT"}, status: cli.Failed, files: "fake_0000000000000001-1.png", before: func(t *testing.T, dir string) {
			clitest.MakeFolder(t, dir)
			clitest.WriteFile(t, filepath.Join(dir, "fake_0000000000000001-1.png"), "another picture")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t, fakeapi.WithKey(clitest.Key), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
			if tt.status == cli.Unfinished { // the wait ends before the response is there
				fake.FailNextOn("infoByTaskId", 1, fakeapi.Delay(time.Hour))
			}
			dir := t.TempDir()
			out := filepath.Join(dir, "pictures")
			if tt.before != nil {
				tt.before(t, out)
			}
			s := clitest.Session{T: t, Root: newRoot}
			args := []string{"images", "generate", "a fox", "--base-url", fake.URL, "--api-key-file", clitest.WriteFile(t, filepath.Join(dir, "key.txt"), clitest.Key)}
			if !strings.Contains(name, "no journal") {
				args = append(args, "--journal", filepath.Join(dir, "journal.jsonl"))
			}
			for _, arg := range tt.args {
				args = append(args, strings.Replace(arg, "OUT", out, 1))
			}
			got := s.Run(args...)
			clitest.WantStatus(t, got, tt.status)
			follow(t, s, hint(got.Err))
			if tt.files != "" {
				clitest.WantText(t, "files", clitest.NamesIn(t, out), tt.files)
				if text := clitest.ReadFile(t, filepath.Join(out, tt.files)); !strings.HasPrefix(text, "\x89PNG") {
					t.Errorf("the file holds %.20q", text)
				}
			}
			if n := len(fake.Tasks()); n != 1 {
				t.Errorf("%d tasks were created", n)
			}
		})
	}
}

// A download of a task that is not completed names the command to wait with.
func TestHintOfDownload(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithKey(clitest.Key), fakeapi.WithTaskLife(fakeapi.TaskLife{Queued: 2}))
	dir := t.TempDir()
	s := clitest.Session{T: t, Root: newRoot}
	flags := []string{"--base-url", fake.URL, "--api-key-file", clitest.WriteFile(t, filepath.Join(dir, "key.txt"), clitest.Key)}
	clitest.WantStatus(t, s.Run(append([]string{"images", "generate", "a fox"}, flags...)...), cli.OK)
	got := s.Run(append([]string{"images", "download", "fake_0000000000000001", "--out", dir}, flags...)...)
	clitest.WantStatus(t, got, cli.Unfinished)
	follow(t, s, hint(got.Out))
}

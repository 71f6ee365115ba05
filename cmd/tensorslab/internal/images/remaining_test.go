package images

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// --remaining has what the fake still holds.
func TestRemaining(t *testing.T) {
	t.Parallel()
	ids := service.TaskIDs(20)
	fake := fakeapi.Start(t, fakeapi.WithTasks(ids...))
	fake.RefuseTasks(ids[4], ids[17])
	path := clitest.WriteFile(t, filepath.Join(t.TempDir(), "list.txt"), "# to delete\n"+clitest.Lines(ids...)+ids[0]+"\n")
	s := clitest.Against(t, newRoot, fake)

	got := s.Run("images", "delete", "--file", path, "--remaining", path, "--batch-size", "3")
	clitest.WantError(t, got, cli.Failed, "6 of 20 tasks not confirmed deleted; to resume, run again with --file "+path+", and --isolate to find the ids at fault")
	clitest.WantText(t, "remaining", clitest.ReadFile(t, path), clitest.Lines(fake.Tasks()...))
	if !strings.HasSuffix(got.Out, "20 image tasks: 14 deleted, 6 refused, 0 not sent, 0 unknown (1 repeat dropped)\n6 ids left in "+path+"\n") {
		t.Errorf("stdout %q", got.Out)
	}

	got = s.Run("images", "delete", "--file", path, "--remaining", path, "--isolate")
	clitest.WantStatus(t, got, cli.Failed)
	clitest.WantText(t, "remaining", clitest.ReadFile(t, path), clitest.Lines(ids[4], ids[17]))
	clitest.WantText(t, "tasks", clitest.Lines(fake.Tasks()...), clitest.Lines(ids[4], ids[17]))
}

// After all ids are deleted the file is empty, and a run with an empty file does nothing.
func TestRemainingEmpty(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a", "b"))
	path := clitest.WriteFile(t, filepath.Join(t.TempDir(), "left.txt"), "")
	s := clitest.Against(t, newRoot, fake)
	got := s.Run("images", "delete", "a", "b", "--remaining", path)
	clitest.WantStatus(t, got, cli.OK)
	clitest.WantText(t, "remaining", clitest.ReadFile(t, path), "")

	delete(s.Env, "TENSORSLAB_API_KEY")
	got = s.Run("images", "delete", "--file", path, "--remaining", path)
	clitest.WantStatus(t, got, cli.OK)
	clitest.WantText(t, "stdout", got.Out, "0 image tasks: 0 deleted, 0 refused, 0 not sent, 0 unknown\n0 ids left in "+path+"\n")
}

// No id is lost, whatever ends the command after it has read them.
func TestRemainingWithoutSending(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "left.txt")
	s := clitest.Session{T: t, Root: newRoot, Stdin: strings.NewReader("a\nb\n")}
	got := s.Run("images", "delete", "--remaining", path)
	clitest.WantStatus(t, got, cli.Auth)
	if !strings.HasPrefix(got.Err, "tensorslab: no API key; ") || !strings.HasSuffix(got.Err, "; 2 ids left in "+path+"\n") {
		t.Errorf("stderr %q", got.Err)
	}
	clitest.WantText(t, "remaining", clitest.ReadFile(t, path), clitest.Lines("a", "b"))
}

func TestRemainingCannotBeWritten(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "none", "left.txt"), os.DevNull} {
		got := clitest.Against(t, newRoot, fake).Run("images", "delete", "a", "--remaining", path)
		clitest.WantStatus(t, got, cli.Usage)
		if !strings.HasPrefix(got.Err, "tensorslab: cannot write --remaining: ") || !strings.HasSuffix(got.Err, "; nothing was sent\n") {
			t.Errorf("stderr %q", got.Err)
		}
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// A file that is not a list of ids was named by mistake, and keeps what it holds.
func TestRemainingKeepsOtherFiles(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"an image":        "\x89PNG\r\n\x1a\n\x00\x00",
		"a table":         "prompt,key\na fox,fox\n",
		"JSON":            "{\n  \"a\": 1\n}\n",
		"JSON in a line":  `{"prompt":"a fox"}` + "\n",
		"notes":           "of another run\n",
		"comments":        "# what to delete next week\n",
		"ids, then notes": "a\nwhat is left\n",
		"white space":     " \n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t, fakeapi.WithTasks("a"))
			path := clitest.WriteFile(t, filepath.Join(t.TempDir(), "mine"), content)
			got := clitest.Against(t, newRoot, fake).Run("images", "delete", "a", "--remaining", path)
			clitest.WantError(t, got, cli.Usage, "cannot write --remaining: "+path+" exists and is not a list of ids; name another file; nothing was sent")
			clitest.WantText(t, "the file", clitest.ReadFile(t, path), content)
			if names := clitest.NamesIn(t, filepath.Dir(path)); names != "mine" || len(fake.Requests()) != 0 {
				t.Errorf("files %q, %d requests", names, len(fake.Requests()))
			}
		})
	}
}

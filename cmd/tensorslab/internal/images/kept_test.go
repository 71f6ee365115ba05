package images

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// A file that is in the way of an image does not make the task fail, and the command to
// continue with succeeds.
func TestGenerateKeepsAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := clitest.WriteFile(t, filepath.Join(dir, firstTask+"-1.png"), "mine")
	s := clitest.Against(t, newRoot, fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{})))
	got := s.Run("images", "generate", "a fox", "--out", dir)
	next := "tensorslab images download --force --out " + cli.ShellQuote(dir) + " " + firstTask
	clitest.WantError(t, got, cli.Failed, "the task is completed, but an existing file was kept; to replace it: "+next)
	if want := firstTask + ": not saved: image 1: " + name + " exists and was kept\n"; !strings.HasSuffix(got.Out, want) {
		t.Errorf("stdout %q, want %q", got.Out, want)
	}
	clitest.WantText(t, "file", clitest.ReadFile(t, name), "mine")
	clitest.WantStatus(t, s.Run("images", "download", "--force", "--out", dir, firstTask), cli.OK)
	if clitest.ReadFile(t, name) == "mine" {
		t.Error("the command to continue with did not replace the file")
	}
}

func TestIsKept(t *testing.T) {
	t.Parallel()
	kept := fmt.Errorf("image 1: %w", &keptError{"a.png"})
	for name, tt := range map[string]struct {
		err  error
		want bool
	}{
		"one":               {kept, true},
		"two":               {errors.Join(kept, kept), true},
		"one and a failure": {errors.Join(kept, errors.New("no")), false},
		"a failure":         {errors.New("no"), false},
	} {
		if got := isKept(tt.err); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestEndWithKeptFiles(t *testing.T) {
	t.Parallel()
	for want, run := range map[string]*taskRun{
		"2 of 3 tasks were not saved, because existing files were kept; pass --force to replace them, or another --out":                                     {kept: 2},
		"1 of 3 tasks failed, and 1 was not saved, because existing files were kept; pass --force to replace them, or another --out":                        {kept: 1, failed: 1},
		"1 of 3 tasks failed, 1 is not finished yet, and 1 was not saved, because existing files were kept; pass --force to replace them, or another --out": {kept: 1, failed: 1, unfinished: 1},
		"1 of 3 tasks is not finished yet, and 1 was not saved, because existing files were kept; pass --force to replace them, or another --out":           {kept: 1, unfinished: 1},
	} {
		run.report = newTestRun(nil).report
		if err := run.end(t.Context(), 3); cli.StatusOf(err) != cli.Failed || err.Error() != want {
			t.Errorf("%d, %v, want %s", cli.StatusOf(err), err, want)
		}
	}
}

// The tasks of a demo end with it, so that nothing can be continued.
func TestDemoHasNothingToContinue(t *testing.T) {
	t.Parallel()
	s := clitest.Session{T: t, Root: newRoot, Stdout: clitest.WriterFunc(func(p []byte) (int, error) {
		if strings.Contains(string(p), firstTask) {
			return 0, errors.New("full")
		}
		return len(p), nil
	})}
	got := s.Run("images", "generate", "a fox", "--demo")
	clitest.WantError(t, got, cli.Failed, "the task was created, but standard output could not be written (full)")
}

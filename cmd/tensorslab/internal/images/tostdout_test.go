package images

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// Standard output gets the image and nothing else.
func TestDownloadToStdout(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("task_1"))
	got := clitest.Against(t, newRoot, fake).Run("images", "download", "task_1", "--out", "-")
	clitest.WantStatus(t, got, cli.OK)
	clitest.WantText(t, "stdout", got.Out, string(fake.Image(fake.ImageURLs("task_1")[0])))
	if !strings.HasPrefix(got.Err, "task_1: standard output (") || !strings.HasSuffix(got.Err, " bytes)\n") {
		t.Errorf("stderr %q", got.Err)
	}
}

// Standard output gets nothing unless there is one whole image.
func TestDownloadToStdoutRefused(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("task_1", "task_2"), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	clitest.WantStatus(t, clitest.Against(t, newRoot, fake).Run("images", "generate", "a fox", "--batch", "2"), cli.OK)
	for name, tt := range map[string]struct {
		args   []string
		html   bool // in place of the image
		status int
		want   string
	}{
		"two ids":      {args: []string{"task_1", "task_2"}, status: cli.Usage, want: "--out - writes one image to standard output, but there are 2 ids; nothing was sent"},
		"two images":   {args: []string{"fake_0000000000000001"}, status: cli.Failed, want: "the task has 2 images, and --out - writes one; use --out DIR"},
		"no such task": {args: []string{"gone"}, status: cli.Failed, want: "no such task"},
		"no image":     {args: []string{"task_1", "--retries", "0"}, html: true, status: cli.Failed, want: "download from"},
		"--force":      {args: []string{"task_1", "--force"}, status: cli.Usage, want: "--force does not apply to --out -"},
		"--quiet":      {args: []string{"task_1", "--quiet"}, status: cli.Usage, want: "--quiet does not apply to --out -"},
		"JSON":         {args: []string{"task_1", "-o", "json"}, status: cli.Usage, want: "--output does not apply to --out -"},
		"--name":       {args: []string{"task_1", "--name", "a{ext}"}, status: cli.Usage, want: "--name does not apply to --out -"},
	} {
		if tt.html {
			fake.ImageHost().FailNext(1, fakeapi.Respond(200, "image/png", "<html>"))
		}
		got := clitest.Against(t, newRoot, fake).Run(append([]string{"images", "download", "--out", "-"}, tt.args...)...)
		clitest.WantStatus(t, got, tt.status)
		clitest.WantText(t, name+": stdout", got.Out, "")
		if !strings.Contains(got.Err, tt.want) {
			t.Errorf("%s: stderr %q", name, got.Err)
		}
	}
	got := clitest.Against(t, newRoot, fake).Run("images", "generate", "a fox", "--out", "-")
	clitest.WantError(t, got, cli.Usage, `--out - is for "tensorslab images download", to which --quiet pipes the id; nothing was sent`)
}

// An image that cannot be written is a failure, and the temporary file goes.
func TestDownloadToFullStdout(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s := clitest.Against(t, newRoot, fakeapi.Start(t, fakeapi.WithTasks("task_1")))
	s.Stdout = clitest.FailingWriter{Err: errors.New("no space left")}
	got := s.Run("images", "download", "task_1", "--out", "-")
	clitest.WantStatus(t, got, cli.Failed)
	if !strings.Contains(got.Err, "task_1: failed: standard output could not be written: no space left\n") {
		t.Errorf("stderr %q", got.Err)
	}
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "tensorslab-image-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

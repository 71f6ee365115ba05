package images

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestDownloadNames(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		"{task}-{n}{ext}":          "t-a-1.png",
		"{task}/{n}{ext}":          "t-a/1.png",
		"{model}/{key}-{n}{ext}":   "zimage/a-1.png",
		"{key}{ext}":               "a.png",
		"x/y/{key}":                "x/y/a",
		"{task}-{key}-{n}-v1{ext}": "t-a-a-1-v1.png",
	} {
		fake := fakeapi.Start(t, fakeapi.WithTasks("t-a"), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
		s, _ := journaled(t, fake, job("a", batch.Submitted, 1))
		dir := t.TempDir()
		for _, ids := range []string{"--from-journal", "t-a"} { // the second one finds the file
			got := s.Run("images", "download", ids, "--out", dir, "--name", template, "-q")
			clitest.WantStatus(t, got, cli.OK)
			clitest.WantText(t, template+" "+ids, got.Out, filepath.Join(dir, filepath.FromSlash(want))+"\n")
		}
		if n := strings.Count(clitest.ReadFile(t, filepath.Join(dir, filepath.FromSlash(want))), "IEND"); n != 1 {
			t.Errorf("%s: no whole image", template)
		}
	}
}

// A name that does not tell two images apart, or that needs what nobody knows, is an
// error of the task, and nothing is saved under it.
func TestDownloadNamesThatCannotBe(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		"{key}-{n}{ext}":     "a: failed: image 1: --name has {key} or {model}, and the journal does not know the task; image 2: --name has",
		"{model}/{task}-{n}": "a: failed: image 1: --name has {key} or {model}, and the journal does not know the task; image 2: --name has",
		"{task}{ext}":        "a: failed: image 2: --name has no {n}, and the task has several images\n",
	} {
		s, _ := listing(t, 2)
		got := s.Run("images", "download", "a", "--out", t.TempDir(), "--name", template)
		clitest.WantStatus(t, got, cli.Failed)
		if !strings.Contains(got.Out, want) {
			t.Errorf("%s: %q", template, got.Out)
		}
	}
	for _, template := range []string{"{n}{ext}", "{task", "{what}", "../{task}", "/{task}", "{task}/", "a\\{task}", "{ext}/{task}"} {
		s, fetched := listing(t, 1)
		dir := t.TempDir()
		got := s.Run("images", "download", "a", "--out", filepath.Join(dir, "new"), "--name", template)
		clitest.WantStatus(t, got, cli.Usage)
		if !strings.HasPrefix(got.Err, "tensorslab: --name: the template of file names is not usable: ") || fetched.Load() > 0 || clitest.NamesIn(t, dir) != "" {
			t.Errorf("%s: %q, made %s", template, got.Err, clitest.NamesIn(t, dir))
		}
	}
}

// A file with a name that another task could have is compared, and not taken for the image.
func TestDownloadNamesOfOtherTasks(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("t-a", "t-b"), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	s, _ := journaled(t, fake, job("a", batch.Submitted, 1), job("b", batch.Submitted, 1))
	dir := t.TempDir()
	clitest.WantStatus(t, s.Run("images", "download", "t-a", "--out", dir, "--name", "{key}{ext}"), cli.OK)
	other := clitest.WriteFile(t, filepath.Join(dir, "b.png"), clitest.ReadFile(t, filepath.Join(dir, "a.png")))
	got := s.Run("images", "download", "t-b", "--out", dir, "--name", "{key}{ext}")
	clitest.WantStatus(t, got, cli.Failed)
	if !strings.Contains(got.Out, "b.png exists and was kept") || clitest.ReadFile(t, other) != clitest.ReadFile(t, filepath.Join(dir, "a.png")) {
		t.Errorf("%q", got.Out)
	}
}

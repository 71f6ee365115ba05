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

// shows returns a session that notes which files are opened.
func shows(t *testing.T, fake *fakeapi.Server, err error) (clitest.Session, *[]string) {
	t.Helper()
	var opened []string
	s := clitest.Against(t, newRoot, fake)
	s.Open = func(target string) error {
		opened = append(opened, target)
		return err
	}
	return s, &opened
}

// The first image that was saved is shown, once, by its absolute name.
func TestOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fake := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}), fakeapi.WithTasks("task_1", "task_2"))
	for name, args := range map[string][]string{
		"generate":      {"generate", "a fox", "--batch", "3", "--out", filepath.Join(dir, "a")},
		"download":      {"download", "task_1", "task_2", "--out", filepath.Join(dir, "b")},
		"by a template": {"download", "task_1", "--out", filepath.Join(dir, "c"), "--name", "-{task}{ext}"},
	} {
		s, opened := shows(t, fake, nil)
		got := s.Run(append(append([]string{"images"}, args...), "--open")...)
		clitest.WantStatus(t, got, cli.OK)
		clitest.WantText(t, "stderr", got.Err, "")
		if len(*opened) != 1 || !filepath.IsAbs((*opened)[0]) || filepath.Ext((*opened)[0]) != ".png" || !strings.HasPrefix(clitest.ReadFile(t, (*opened)[0]), "\x89PNG") {
			t.Errorf("%s: opened %q", name, *opened)
		}
		s, opened = shows(t, fake, nil)
		s.Run(append([]string{"images"}, args...)...)
		if len(*opened) > 0 {
			t.Errorf("%s, without --open: opened %q", name, *opened)
		}
	}
}

// An image that is saved and cannot be shown is a success with a warning. What is no image
// by its name and its content is not opened, because an opener may run it.
func TestCannotBeShown(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("task_1"))
	for name, tt := range map[string]struct {
		err   error
		none  bool
		flags []string
		want  string
		opens int
	}{
		"no opener":    {none: true, want: "there is no program for that here, or no screen"},
		"it fails":     {err: errors.New("exit status 3"), want: "exit status 3", opens: 1},
		"a script":     {flags: []string{"--name", "{task}.bat"}, want: "it is not an image with the extension of its kind"},
		"another kind": {flags: []string{"--name", "{task}.html"}, want: "it is not an image with the extension of its kind"},
		"no extension": {flags: []string{"--name", "{task}"}, want: "it is not an image with the extension of its kind"},
	} {
		s, opened := shows(t, fake, tt.err)
		if tt.none {
			s.Open = nil
		}
		dir := t.TempDir()
		got := s.Run(append([]string{"images", "download", "task_1", "--open", "--out", dir}, tt.flags...)...)
		clitest.WantStatus(t, got, cli.OK)
		if !strings.HasPrefix(got.Err, "tensorslab: --open: "+dir) || !strings.HasSuffix(got.Err, " is saved, but cannot be shown: "+tt.want+"\n") || len(*opened) != tt.opens {
			t.Errorf("%s: opened %q, stderr %q", name, *opened, got.Err)
		}
	}
}

// Nothing is opened if nothing was saved.
func TestNothingToShow(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("task_1"))
	dir := t.TempDir()
	clitest.WriteFile(t, filepath.Join(dir, "task_1-1.png"), "another file")
	s, opened := shows(t, fake, nil)
	clitest.WantStatus(t, s.Run("images", "download", "task_1", "gone", "--open", "--out", dir), cli.Failed)
	fake.ImageHost().FailNext(9, fakeapi.Respond(404, "text/plain", "gone"))
	clitest.WantStatus(t, s.Run("images", "download", "task_1", "--open", "--retries", "0", "--out", t.TempDir()), cli.Failed)
	for want, args := range map[string][]string{
		"--open requires --out; nothing was sent":                                     {"images", "generate", "a fox", "--open"},
		"--open does not apply to --file; nothing was sent":                           {"images", "generate", "--file", "prompts.txt", "--open", "--out", dir},
		"--open does not apply to --out -, which writes one image to standard output": {"images", "download", "task_1", "--open", "--out", "-"},
	} {
		clitest.WantError(t, s.Run(args...), cli.Usage, want)
	}
	if len(*opened) > 0 {
		t.Errorf("opened %q", *opened)
	}
	if _, err := os.Stat("-"); err == nil {
		t.Error("there is a folder of the name -")
	}
}

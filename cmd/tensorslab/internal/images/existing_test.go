package images

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// An image that is there already and whole is not downloaded again, and that is success.
// What was cut or is something else is kept, and is no success.
func TestDownloadOfExistingFiles(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change   func(image string) string // of the file that an earlier download left
		status   int
		requests int // of the image
		want     string
	}{
		"whole":        {func(s string) string { return s }, cli.OK, 0, "skipped: it is there already)\n"},
		"cut":          {func(s string) string { return s[:len(s)/2] }, cli.Failed, 1, "exists and was kept\n"},
		"empty":        {func(string) string { return "" }, cli.Failed, 1, "exists and was kept\n"},
		"other":        {func(string) string { return "mine" }, cli.Failed, 1, "exists and was kept\n"},
		"more at end":  {func(s string) string { return s + "x" }, cli.Failed, 1, "exists and was kept\n"},
		"zeros at end": {func(s string) string { return s + "\x00" }, cli.OK, 0, "skipped: it is there already)\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t, fakeapi.WithTasks("a"), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
			s, dir := clitest.Against(t, newRoot, fake), t.TempDir()
			path := filepath.Join(dir, "a-1.png")
			clitest.WantStatus(t, s.Run("images", "download", "a", "--out", dir), cli.OK)
			content := tt.change(clitest.ReadFile(t, path))
			clitest.WriteFile(t, path, content)
			before := len(fake.ImageHost().Requests())
			got := s.Run("images", "download", "a", "--out", dir)
			clitest.WantStatus(t, got, tt.status)
			if n := len(fake.ImageHost().Requests()) - before; n != tt.requests || !strings.HasSuffix(got.Out, tt.want) {
				t.Errorf("%d requests, stdout %q", n, got.Out)
			}
			clitest.WantText(t, "file", clitest.ReadFile(t, path), content)
			clitest.WantText(t, "files", clitest.NamesIn(t, dir), "a-1.png")
			clitest.WantStatus(t, s.Run("images", "download", "a", "--out", dir, "--force"), cli.OK)
		})
	}
}

// A file whose kind does not say where it ends is compared with the image.
func TestDownloadComparesWhatItCannotTell(t *testing.T) {
	t.Parallel()
	s, fetched := listing(t, 1)
	dir := t.TempDir()
	for i, want := range []string{"(8 bytes)", "(8 bytes, skipped: it is there already)"} {
		got := s.Run("images", "download", "a", "--out", dir)
		clitest.WantStatus(t, got, cli.OK)
		if !strings.Contains(got.Out, want) || int(fetched.Load()) != i+1 {
			t.Errorf("%d requests, stdout %q", fetched.Load(), got.Out)
		}
	}
}

// Of two images the one that is missing is downloaded.
func TestDownloadOfTheRest(t *testing.T) {
	t.Parallel()
	s, _ := listing(t, 2)
	dir := t.TempDir()
	clitest.WantStatus(t, s.Run("images", "download", "a", "--out", dir), cli.OK)
	if err := os.Remove(filepath.Join(dir, "a-2.png")); err != nil {
		t.Fatal(err)
	}
	got := s.Run("images", "download", "a", "--out", dir, "--output", "json")
	clitest.WantStatus(t, got, cli.OK)
	lines := strings.Split(got.Out, "\n")
	if !strings.Contains(lines[0], `"skipped":true`) || strings.Contains(lines[1], "skipped") || clitest.NamesIn(t, dir) != "a-1.png a-2.png" {
		t.Errorf("stdout %q, %s", got.Out, clitest.NamesIn(t, dir))
	}
}

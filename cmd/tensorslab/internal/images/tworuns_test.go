package images

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// A run with the same --remaining as one that is under way is refused, and so is one that
// would replace the ids of an earlier run.
func TestTwoRunsWithOneFile(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTasks("a", "b", "c"))
	fake.RefuseTasks("a", "b")
	path := filepath.Join(t.TempDir(), "left.txt")
	second := clitest.Against(t, newRoot, fake)
	first := second
	var out bytes.Buffer
	first.Stdout = clitest.WriterFunc(func(p []byte) (int, error) {
		if out.Len() == 0 { // in the middle of the first run
			got := second.Run("images", "delete", "c", "--remaining", path)
			clitest.WantError(t, got, cli.Usage, "cannot write --remaining: another run is about to write the file; nothing was sent")
		}
		return out.Write(p)
	})
	clitest.WantStatus(t, first.Run("images", "delete", "a", "b", "--remaining", path), cli.Failed)
	clitest.WantText(t, "remaining", clitest.ReadFile(t, path), "a\nb\n")

	before := len(fake.Requests())
	got := second.Run("images", "delete", "a", "c", "--remaining", path)
	clitest.WantError(t, got, cli.Usage, "cannot write --remaining: "+path+" has 1 other id that would be lost; resume with --file "+path+
		" first, or name another file; nothing was sent")
	clitest.WantText(t, "remaining", clitest.ReadFile(t, path), "a\nb\n")
	if n := len(fake.Requests()); n != before {
		t.Errorf("%d requests more", n-before)
	}

	// The same ids again, or the file itself, are the way to resume.
	clitest.WantStatus(t, second.Run("images", "delete", "a", "b", "c", "--remaining", path), cli.Failed)
	clitest.WantStatus(t, second.Run("images", "delete", "--file", path, "--remaining", path), cli.Failed)
	if names := clitest.NamesIn(t, filepath.Dir(path)); names != "left.txt" || !strings.Contains(out.String(), "2 refused") {
		t.Errorf("files %q, output %q", names, out.String())
	}
}

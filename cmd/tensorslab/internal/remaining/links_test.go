package remaining

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A link to a file that does not exist yet is followed as well.
func TestDanglingSymlinkIsFollowed(t *testing.T) {
	t.Parallel()
	for name, relative := range map[string]bool{"absolute": false, "relative": true} {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "other"), 0o700); err != nil {
			t.Fatal(err)
		}
		target, link, second := filepath.Join(dir, "other", "target"), filepath.Join(dir, "link"), filepath.Join(dir, "second")
		to := target
		if relative {
			to = filepath.Join("other", "target")
		}
		if err := errors.Join(os.Symlink(to, link), os.Symlink("link", second)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
		f, err := Create(second)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Save(slices.Values([]string{"a"})); err != nil {
			t.Fatal(err)
		}
		if got := read(t, target); got != "a\n" {
			t.Errorf("%s: target holds %q", name, got)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s: the link was replaced: %v, %v", name, info, err)
		}
	}
}

// Links that lead nowhere are refused.
func TestSymlinkLoop(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	if err := errors.Join(os.Symlink(a, b), os.Symlink(b, a)); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if err := os.Symlink(filepath.Join(dir, "none", "left.txt"), filepath.Join(dir, "c")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "c"} {
		if _, err := Create(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s: Create succeeded", name)
		}
	}
	if got := names(t, dir); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("files %q", got)
	}
}

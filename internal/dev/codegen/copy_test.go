package codegen

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCopyModule(t *testing.T) {
	t.Parallel()
	root, dst := t.TempDir(), t.TempDir()
	for _, name := range []string{
		"go.mod", "wrapper/client.go", "wrapper/vendor/a.go", "cmd/bin/b.go", ".github/ci.yml", "testdata/x/y/z.json",
		".git/HEAD", "bin/tensorslab", "vendor/modules.txt",
	} {
		writeFile(t, "text of "+name, root, filepath.FromSlash(name))
	}
	if err := os.Symlink("go.mod", filepath.Join(root, "link")); err != nil {
		t.Log(err)
	}
	before := snapshot(t, root)
	if err := CopyModule(root, dst); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for path, text := range relative(t, root) {
		if filepath.IsLocal(path) && text[0] == 't' {
			want[path] = text
		}
	}
	for _, name := range []string{".git/HEAD", "bin/tensorslab", "vendor/modules.txt"} {
		delete(want, filepath.FromSlash(name))
	}
	got := relative(t, dst)
	for path, text := range got {
		if text[0] == 'd' {
			delete(got, path) // a folder
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	unchanged(t, root, before)
}

// The temporary folder may be below the module.
func TestCopyModuleIntoItself(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	writeFile(t, "text", root, "temp", "a")
	writeFile(t, "text", root, "b")
	dst := filepath.Join(root, "temp", "copy")
	if err := CopyModule(root, dst); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{".": "d---------", "b": "text"}
	if d := cmp.Diff(want, relative(t, dst)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestCopyModuleKeepsModes(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files have no such modes here")
	}
	root, dst := t.TempDir(), t.TempDir()
	for name, mode := range map[string]os.FileMode{"run": 0o755, "plain": 0o644, "readonly": 0o444} {
		writeFile(t, "", root, "sub", name)
		if err := os.Chmod(filepath.Join(root, "sub", name), mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := CopyModule(root, dst); err != nil {
		t.Fatal(err)
	}
	for name, runs := range map[string]bool{"run": true, "plain": false, "readonly": false} {
		info, err := os.Stat(filepath.Join(dst, "sub", name))
		if err != nil || info.Mode()&0o200 == 0 || info.Mode()&0o100 != 0 != runs {
			t.Errorf("%s: mode %v, %v; want it writable, and executable: %t", name, info.Mode().Perm(), err, runs)
		}
	}
}

func TestCopyModuleFails(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	writeFile(t, "", root, "a", "b")
	taken := t.TempDir()
	writeFile(t, "", taken, "a")
	if err := CopyModule(filepath.Join(root, "none"), t.TempDir()); err == nil {
		t.Error("copied a module that is not there")
	}
	if err := CopyModule(root, taken); err == nil {
		t.Error("copied a folder over a file")
	}
}

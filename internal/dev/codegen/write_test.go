package codegen

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	output := Files{"generated/a.go": []byte("new a"), "generated/sub/b.go": []byte("new b")}
	tests := []struct {
		name    string
		have    Files
		removed []string
	}{
		{"no folder", nil, nil},
		{"an older file", Files{"generated/a.go": []byte("old a")}, nil},
		{"stale files", Files{"generated/old.go": nil, "generated/.hidden": nil, "generated/gone/deep/c.go": nil, "generated/sub/c.go": nil},
			[]string{"generated/.hidden", "generated/gone/deep/c.go", "generated/old.go", "generated/sub/c.go"}},
		{"nothing to do", output, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			if err := writeAll(root, tt.have); err != nil {
				t.Fatal(err)
			}
			removed, err := Write(root, output)
			if err != nil || !slices.Equal(removed, tt.removed) {
				t.Fatalf("removed %q, %v; want %q", removed, err, tt.removed)
			}
			got, err := Output(root)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(output, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

// relative is a snapshot whose names do not depend on the folder's own.
func relative(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for path, data := range snapshot(t, dir) {
		name, err := filepath.Rel(dir, path)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	return files
}

func TestWriteLeavesTheRestAlone(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	writeFile(t, "same", root, OutputDir, "same.go")
	writeFile(t, "mine", root, "wrapper", "client.go")
	past := time.Now().Add(-time.Hour).Truncate(time.Second)
	same := filepath.Join(root, OutputDir, "same.go")
	if err := os.Chtimes(same, past, past); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(root, Files{"generated/same.go": []byte("same"), "generated/new.go": []byte("new")}); err != nil {
		t.Fatal(err)
	}
	if readFile(t, root, "wrapper", "client.go") != "mine" {
		t.Error("a file outside the folder was changed")
	}
	info, err := os.Stat(same)
	if err != nil || !info.ModTime().Equal(past) {
		t.Errorf("a file that is up to date was written again: %v, %v", info.ModTime(), err)
	}
	info, err = os.Stat(filepath.Join(root, OutputDir, "new.go"))
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o644 {
		t.Errorf("mode of a new file: %v, %v; want 0644", info.Mode(), err)
	}
}

// If one file cannot be written, none is.
func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]Files{
		"a file where a folder is": {"generated/a.go": []byte("new"), "generated/dir": []byte("x")},
		"a folder where a file is": {"generated/0.go": []byte("new"), "generated/a.go/b.go": nil},
	}
	for name, output := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			writeFile(t, "old", root, OutputDir, "a.go")
			writeFile(t, "old", root, OutputDir, "dir", "b.go")
			before := snapshot(t, root)
			_, err := Write(root, output)
			oneLine(t, err)
			unchanged(t, root, before)
		})
	}
}

func TestWriteRefusesLinks(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	writeFile(t, "mine", root, "mine.go")
	writeFile(t, "old", root, OutputDir, "a.go")
	if err := os.Symlink(filepath.Join("..", "mine.go"), filepath.Join(root, OutputDir, "b.go")); err != nil {
		t.Skip(err)
	}
	before := snapshot(t, root)
	_, err := Write(root, Files{"generated/a.go": nil, "generated/b.go": nil})
	oneLine(t, err)
	unchanged(t, root, before)
}

func TestWriteToReadOnlyFolder(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("the mode of a folder does not stop this user")
	}
	root := t.TempDir()
	writeFile(t, "old", root, OutputDir, "a.go")
	dir := filepath.Join(root, OutputDir)
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o755) })
	before := snapshot(t, root)
	_, err := Write(root, Files{"generated/a.go": []byte("new")})
	oneLine(t, err)
	unchanged(t, root, before)
}

func TestReplace(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	writeFile(t, "old", root, Contract)
	writeFile(t, "mine", root, "wrapper", "client.go")
	files := Files{Contract: []byte("new contract"), "testdata/c.json": []byte("new c")}
	if err := Replace(root, files); err != nil {
		t.Fatal(err)
	}
	files["wrapper/client.go"] = []byte("mine")
	want := t.TempDir()
	if err := writeAll(want, files); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(relative(t, want), relative(t, root)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestPartError(t *testing.T) {
	t.Parallel()
	err := error(&PartError{Replaced: []string{"go.mod"}, Err: os.ErrPermission})
	oneLine(t, err)
	if !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), `"go.mod"`) {
		t.Errorf("%v does not name the cause and the file", err)
	}
}

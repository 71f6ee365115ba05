package remaining

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// names returns the files of a directory, to check that no temporary file is left.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestSave(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		old  *string
		ids  []string
		want string
	}{
		"new":                {ids: []string{"a", "b"}, want: "a\nb\n"},
		"replaced":           {old: ptr("x\ny\nz\n"), ids: []string{"a"}, want: "a\n"},
		"nothing left, new":  {want: ""},
		"nothing left, old":  {old: ptr("x\n"), want: ""},
		"more than a buffer": {ids: []string{strings.Repeat("a", 10_000), "b"}, want: strings.Repeat("a", 10_000) + "\nb\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "left.txt")
			if tt.old != nil {
				if err := os.WriteFile(path, []byte(*tt.old), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			f, err := Create(path)
			if err != nil {
				t.Fatal(err)
			}
			if tt.old != nil && read(t, path) != *tt.old {
				t.Error("Create changed the old file")
			}
			if err := f.Save(slices.Values(tt.ids)); err != nil {
				t.Fatal(err)
			}
			if got := read(t, path); got != tt.want {
				t.Errorf("file holds %.40q, want %.40q", got, tt.want)
			}
			if got := names(t, dir); !slices.Equal(got, []string{"left.txt"}) {
				t.Errorf("files %q", got)
			}
		})
	}
}

func ptr(s string) *string { return &s }

func TestModeIsKept(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("has no such modes")
	}
	dir := t.TempDir()
	shared := filepath.Join(dir, "shared")
	if err := os.WriteFile(shared, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(shared, 0o664); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]fs.FileMode{shared: 0o664, filepath.Join(dir, "new"): 0o600} {
		f, err := Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Save(slices.Values([]string{"a"})); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, %v; want %v", filepath.Base(path), info.Mode(), err, want)
		}
	}
}

func TestSymlinkIsFollowed(t *testing.T) {
	t.Parallel()
	dir, other := t.TempDir(), t.TempDir()
	target, link := filepath.Join(other, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, []byte("old\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	f, err := Create(link)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Save(slices.Values([]string{"a"})); err != nil {
		t.Fatal(err)
	}
	if got := read(t, target); got != "a\n" {
		t.Errorf("target holds %q", got)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info, err)
	}
}

func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"a folder":            dir,
		"a missing folder":    filepath.Join(dir, "none", "left.txt"),
		"a file as a folder":  filepath.Join(file, "left.txt"),
		"the null device":     os.DevNull,
		"a name that is long": filepath.Join(dir, strings.Repeat("x", 300)),
	} {
		if f, err := Create(path); err == nil {
			f.Discard()
			t.Errorf("%s: Create succeeded", name)
		}
	}
	if got := names(t, dir); !slices.Equal(got, []string{"file"}) {
		t.Errorf("files %q", got)
	}
}

func TestDiscard(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "left.txt")
	if err := os.WriteFile(path, []byte("old\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Discard(); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(slices.Values([]string{"a"})); err == nil {
		t.Error("Save after Discard succeeded")
	}
	if got := read(t, path); got != "old\n" {
		t.Errorf("file holds %q", got)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"left.txt"}) {
		t.Errorf("files %q", got)
	}
}

func TestSaveFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "left.txt")
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	first := f.Save(slices.Values([]string{"a"}))
	if first == nil {
		t.Fatal("Save over a folder succeeded")
	}
	if again := f.Save(slices.Values([]string{"a"})); !errors.Is(again, first) {
		t.Errorf("second Save: %v, want %v", again, first)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"left.txt"}) {
		t.Errorf("files %q", got)
	}
}

// A second Ctrl-C saves while the first save may be in progress.
func TestSaveOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "left.txt")
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := f.Save(slices.Values([]string{"a", "b"})); err != nil {
				t.Error(err)
			}
			if got := read(t, path); got != "a\nb\n" {
				t.Errorf("file holds %q", got)
			}
		}()
	}
	wg.Wait()
}

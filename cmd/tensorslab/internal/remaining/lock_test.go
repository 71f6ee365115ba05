package remaining

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

// While one run is going to write the file, another is refused, also through a link.
func TestTwoRuns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, link := filepath.Join(dir, "left.txt"), filepath.Join(dir, "link")
	if err := os.Symlink("left.txt", link); err != nil {
		link = path
	}
	for _, end := range []func(*File) error{
		func(f *File) error { return f.Save(slices.Values([]string{"a"})) },
		(*File).Discard,
		func(f *File) error { return f.Save(slices.Values([]string{"b"})) },
	} {
		first, err := Create(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{path, link} {
			if _, err := Create(name); !errors.Is(err, ErrBusy) {
				t.Errorf("%s: %v", filepath.Base(name), err)
			}
		}
		if err := end(first); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, path); got != "b\n" {
		t.Errorf("file holds %q", got)
	}
	if _, err := os.Lstat(filepath.Join(dir, ".left.txt.lock")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the lock is left: %v", err)
	}
}

// Of many runs that begin at once, only one at a time has the file.
func TestOnlyOneRunHasTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "left.txt")
	var holders atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				f, err := Create(path)
				if errors.Is(err, ErrBusy) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				if n := holders.Add(1); n != 1 {
					t.Errorf("%d runs have the file", n)
				}
				holders.Add(-1)
				if err := f.Save(slices.Values([]string{"a"})); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

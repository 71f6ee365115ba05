package outfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

const png = "\x89PNG\r\n\x1a\n"

func writes(content string) func(string) (string, error) {
	return func(part string) (string, error) { return ".png", os.WriteFile(part, []byte(content), 0o666) }
}

// named returns a name with an extension at its end.
func named(base string) NameFunc { return func(extension string) string { return base + extension } }

// list returns the names in a directory, with temporary files.
func list(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

func open(t *testing.T, dir string, force bool) *Folder {
	t.Helper()
	f, err := Open(dir, force)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The mode is the one that the umask allows.
func TestSaveMode(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	plain, err := os.Create(filepath.Join(dir, "plain"))
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	path, err := open(t, dir, false).Save(named("a"), writes(png))
	if err != nil {
		t.Fatal(err)
	}
	want, _ := plain.Stat()
	if got, err := os.Stat(path); err != nil || got.Mode() != want.Mode() {
		t.Errorf("%v, %v; want the mode %v", got, err, want.Mode())
	}
}

func TestSaveLeavesNothingOfWhatFailed(t *testing.T) {
	t.Parallel()
	dir, failed := t.TempDir(), errors.New("the host hung up")
	_, err := open(t, dir, false).Save(named("a"), func(part string) (string, error) {
		put(t, part, png)
		return "", failed
	})
	if !errors.Is(err, failed) || list(t, dir) != "" {
		t.Errorf("%v, left %q", err, list(t, dir))
	}
}

func TestSaveOverwritesByForceAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"a.png", "a.jpg"} {
		put(t, filepath.Join(dir, name), "mine")
		fetched := false
		_, err := open(t, dir, false).Save(named("a"), func(string) (string, error) { fetched = true; return ".png", nil })
		if !errors.Is(err, fs.ErrExist) || fetched {
			t.Errorf("%s: %v, fetched: %t", name, err, fetched)
		}
		if got, _ := os.ReadFile(filepath.Join(dir, name)); string(got) != "mine" {
			t.Errorf("%s holds %q", name, got)
		}
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := open(t, dir, true).Save(named("a"), writes(png+"1")); err != nil {
		t.Fatal(err)
	}
	path, err := open(t, dir, true).Save(named("a"), writes(png+"2"))
	if got, _ := os.ReadFile(path); err != nil || string(got) != png+"2" || list(t, dir) != "a.png" {
		t.Errorf("%q, %v in %s", got, err, list(t, dir))
	}
}

// A file that is created during the download is not overwritten either.
func TestSaveOverwritesNothingThatComesLater(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := open(t, dir, false).Save(named("a"), func(part string) (string, error) {
		put(t, part, png)
		return ".png", os.WriteFile(filepath.Join(dir, "a.png"), []byte("mine"), 0o600)
	})
	got, _ := os.ReadFile(filepath.Join(dir, "a.png"))
	if !errors.Is(err, fs.ErrExist) || string(got) != "mine" || list(t, dir) != "a.png" {
		t.Errorf("%v, %q in %s", err, got, list(t, dir))
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	open(t, dir, false)
	if list(t, dir) != "" {
		t.Errorf("left %q", list(t, dir))
	}
	file := filepath.Join(dir, "file")
	put(t, file, "")
	if _, err := Open(file, false); err == nil {
		t.Error("a file is taken for a folder")
	}
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		return // neither heeds the mode of a folder
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, false); err == nil {
		t.Error("a folder that is read-only is taken")
	}
}

// Discard removes incomplete files and prevents new ones.
func TestDiscard(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := open(t, dir, false)
	_, err := f.Save(named("a"), func(part string) (string, error) {
		put(t, part, png)
		put(t, part+".beside", png)
		if !strings.HasSuffix(list(t, dir), ".tmp") {
			t.Errorf("temporary files: %q", list(t, dir))
		}
		f.Discard()
		if got := list(t, dir); got != "" {
			t.Errorf("left %q", got)
		}
		return ".png", nil
	})
	if err == nil || list(t, dir) != "" {
		t.Errorf("%v, left %q", err, list(t, dir))
	}
	if _, err := f.Save(named("b"), writes(png)); err == nil {
		t.Errorf("%v, left %q", err, list(t, dir))
	}
}

// Of several writers of the same file exactly one succeeds, and the file is complete.
func TestSaveRaces(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := open(t, dir, false)
	var all sync.WaitGroup
	var saved atomic.Int32
	for i := range 8 {
		all.Go(func() {
			_, err := f.Save(named("a"), writes(fmt.Sprint(png, i)))
			switch {
			case err == nil:
				saved.Add(1)
			case !errors.Is(err, fs.ErrExist) || strings.Contains(err.Error(), ".tmp"):
				t.Error(err)
			}
		})
	}
	all.Wait()
	got, err := os.ReadFile(filepath.Join(dir, "a.png"))
	if saved.Load() != 1 || err != nil || len(got) != len(png)+1 || list(t, dir) != "a.png" {
		t.Errorf("%d saved, %q, %v in %s", saved.Load(), got, err, list(t, dir))
	}
}

func TestNameNew(t *testing.T) {
	t.Parallel()
	unable := func(string, string) error { return errors.ErrUnsupported }
	for name, link := range map[string]func(from, to string) error{"by link": os.Link, "where there are no links": unable} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
			put(t, from, "new")
			if err := renameNew(from, to, link); err != nil {
				t.Fatal(err)
			}
			_ = os.Remove(from) // a link is the same file
			put(t, from, "newer")
			if err := renameNew(from, to, link); !errors.Is(err, fs.ErrExist) {
				t.Errorf("error %v", err)
			}
			if got, err := os.ReadFile(to); string(got) != "new" || err != nil {
				t.Errorf("%q, %v", got, err)
			}
			if err := renameNew(filepath.Join(dir, "none"), filepath.Join(dir, "place"), link); err == nil || strings.Contains(list(t, dir), "place") {
				t.Errorf("%v, left %s", err, list(t, dir))
			}
		})
	}
}

// --force does not replace a directory.
func TestSaveMeetsAFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "a.png"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := open(t, dir, true).Save(named("a"), writes(png))
	if err == nil || strings.Contains(err.Error(), ".tmp") || list(t, dir) != "a.png" {
		t.Errorf("%v in %s", err, list(t, dir))
	}
}

package outfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const png = "\x89PNG\r\n\x1a\n"

func writes(content string) func(io.Writer) error {
	return func(w io.Writer) error {
		for _, c := range []byte(content) {
			if _, err := w.Write([]byte{c}); err != nil {
				return err
			}
		}
		return nil
	}
}

// list is the names in a folder, temporary files included.
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

func TestSaveNamesFilesByTheirContent(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		png + "x": "a.png", "\xff\xd8\xff": "a.jpg", "RIFF0000WEBPVP8 ": "a.webp", "GIF89a": "a.gif", "text": "a.bin", "": "a.bin",
		png + strings.Repeat("x", 5000): "a.png",
	} {
		dir := t.TempDir()
		path, err := Save(dir, "a", false, writes(content))
		if err != nil || filepath.Base(path) != want {
			t.Errorf("%q: %s, %v; want %s", content[:min(8, len(content))], path, err, want)
			continue
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != content || list(t, dir) != want {
			t.Errorf("%d bytes, %v, in %s", len(got), err, list(t, dir))
		}
	}
}

func TestSaveLeavesNothingOfWhatFailed(t *testing.T) {
	t.Parallel()
	dir, failed := t.TempDir(), errors.New("the host hung up")
	_, err := Save(dir, "a", false, func(w io.Writer) error {
		_, _ = io.WriteString(w, png)
		return failed
	})
	if !errors.Is(err, failed) || list(t, dir) != "" {
		t.Errorf("%v, left %q", err, list(t, dir))
	}
}

func TestSaveOverwritesByForceAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"a.png", "a.jpg"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		asked := false
		_, err := Save(dir, "a", false, func(io.Writer) error { asked = true; return nil })
		if !errors.Is(err, fs.ErrExist) || asked {
			t.Errorf("%s: %v, fetched: %t", name, err, asked)
		}
		if got, _ := os.ReadFile(filepath.Join(dir, name)); string(got) != "mine" {
			t.Errorf("%s holds %q", name, got)
		}
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Save(dir, "a", true, writes(png+"1")); err != nil {
		t.Fatal(err)
	}
	path, err := Save(dir, "a", true, writes(png+"2"))
	if got, _ := os.ReadFile(path); err != nil || string(got) != png+"2" || list(t, dir) != "a.png" {
		t.Errorf("%q, %v in %s", got, err, list(t, dir))
	}
}

// A file that comes while another is fetched is not overwritten either.
func TestSaveOverwritesNothingThatComesLater(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := Save(dir, "a", false, func(w io.Writer) error {
		_, _ = io.WriteString(w, png)
		return os.WriteFile(filepath.Join(dir, "a.png"), []byte("mine"), 0o600)
	})
	got, _ := os.ReadFile(filepath.Join(dir, "a.png"))
	if !errors.Is(err, fs.ErrExist) || string(got) != "mine" || list(t, dir) != "a.png" {
		t.Errorf("%v, %q in %s", err, got, list(t, dir))
	}
}

func TestPrepare(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := Prepare(dir); err != nil || list(t, dir) != "" {
		t.Errorf("%v, left %q", err, list(t, dir))
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Prepare(file); err == nil {
		t.Error("a file is taken for a folder")
	}
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		return // neither heeds the mode of a folder
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if err := Prepare(dir); err == nil {
		t.Error("a folder that is read-only is taken")
	}
}

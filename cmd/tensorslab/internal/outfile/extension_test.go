package outfile

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestSaveNamesFilesAsTold(t *testing.T) {
	t.Parallel()
	for _, extension := range extensions {
		path, err := open(t, t.TempDir(), false).Save(named("a"), func(part string) (string, error) { put(t, part, png); return extension, nil })
		if err != nil || filepath.Base(path) != "a"+extension {
			t.Errorf("%s: %s, %v", extension, path, err)
		}
	}
}

// A name may have directories, which are made, and need not end in the extension.
func TestSaveBelowTheFolder(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{"b/c/*": "b/c/.png", "b/*-1": "b/.png-1", "fixed": "fixed"} {
		dir := t.TempDir()
		f := open(t, dir, false)
		name := func(extension string) string { return strings.ReplaceAll(pattern, "*", extension) }
		path, err := f.Save(name, writes(png))
		if err != nil || path != filepath.Join(dir, filepath.FromSlash(want)) || list(t, filepath.Dir(path)) != filepath.Base(want) {
			t.Errorf("%s: %s, %v", pattern, path, err)
		}
		if found, err := f.Find(name); found != path || err != nil {
			t.Errorf("%s: found %q, %v", pattern, found, err)
		}
	}
}

// What is in the way of a directory is an error that names it.
func TestSaveBelowAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, filepath.Join(dir, "b"), "mine")
	for _, force := range []bool{false, true} {
		_, err := open(t, dir, force).Save(named("b/a"), writes(png))
		if err == nil || strings.Contains(err.Error(), ".tmp") || !strings.Contains(err.Error(), filepath.Join(dir, "b")) || list(t, dir) != "b" {
			t.Errorf("force %t: %v in %s", force, err, list(t, dir))
		}
	}
}

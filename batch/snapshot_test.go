package batch

import (
	"os"
	"path/filepath"
	"testing"
)

// A preview finds the files that are there, wherever the template puts them and whatever
// the directory is.
func TestPreviewFindsFiles(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	for name, tt := range map[string]struct {
		template, file string
		link           string // a name for the directory, or for one in it
	}{
		"plain":             {"{key}-{n}{ext}", "fox-1.png", ""},
		"another extension": {"{key}{ext}", "fox.tiff", ""},
		"no extension":      {"{key}", "fox", ""},
		"a folder":          {"{model}/{key}{ext}", "seedreamv45/fox.png", ""},
		"a link to it":      {"{key}{ext}", "fox.png", "linked"},
		"a link in it":      {"x/{key}{ext}", "y/fox.png", "x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, filepath.FromSlash(tt.file))
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			write(t, path, "mine")
			used := dir
			switch tt.link {
			case "linked":
				used = filepath.Join(t.TempDir(), tt.link)
				symlink(t, dir, used)
			case "x":
				symlink(t, filepath.Dir(path), filepath.Join(dir, tt.link))
			}
			for i, r := range previewed(t, c, newJournal(t), Jobs(job("fox", "p"), job("owl", "p")), Options{Save: ToDir(used, tt.template)}) {
				if (r.Err != nil) != (i == 0) {
					t.Errorf("%+v", r)
				}
			}
		})
	}
	if r := previewed(t, c, newJournal(t), numbered(1), Options{Save: ToDir(filepath.Join(t.TempDir(), "none"), "{key}")}); r[0].Err != nil {
		t.Errorf("a directory that does not exist: %+v", r)
	}
}

func symlink(t *testing.T, to, name string) {
	t.Helper()
	if err := os.Symlink(to, name); err != nil {
		t.Skip(err)
	}
}

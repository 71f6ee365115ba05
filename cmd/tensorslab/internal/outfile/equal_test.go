package outfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEqual(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<16)
	for name, tt := range map[string]struct {
		there, wrote string
		want         bool
	}{
		"the same": {png, png, true}, "both empty": {"", "", true}, "as long as a chunk": {long, long, true}, "long": {long + "1", long + "1", true},
		"shorter": {png, png + "1", false}, "longer": {png + "1", png, false}, "other": {png + "1", png + "2", false},
		"a chunk less": {long, long + long, false}, "a chunk more": {long + long, long, false}, "empty": {"", png, false},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "a.png")
		put(t, path, tt.there)
		same, err := open(t, dir, false).Equal(path, writes(tt.wrote))
		if same != tt.want || err != nil || list(t, dir) != "a.png" {
			t.Errorf("%s: %t, %v in %s", name, same, err, list(t, dir))
		}
		if got, _ := os.ReadFile(path); string(got) != tt.there {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

// What is no file is not equal to one; a failure of fill is an error.
func TestEqualToOtherThings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := open(t, dir, false)
	if err := os.Symlink("nowhere", filepath.Join(dir, "dangling")); err != nil {
		t.Skip(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"dangling", "folder"} {
		if same, err := f.Equal(filepath.Join(dir, name), writes(png)); same || err != nil {
			t.Errorf("%s: %t, %v", name, same, err)
		}
	}
	failed := errors.New("the host hung up")
	if _, err := f.Equal(filepath.Join(dir, "folder"), func(string) (string, error) { return "", failed }); !errors.Is(err, failed) {
		t.Error(err)
	}
	if list(t, dir) != "dangling folder" {
		t.Errorf("left %s", list(t, dir))
	}
}

package codegen

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLoadNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, name := range All.inputs() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := moduleCopy(t)
			remove(t, dir, filepath.FromSlash(name))
			_, err := Load(dir)
			oneLine(t, err)
			if !strings.Contains(err.Error(), filepath.Join(dir, filepath.FromSlash(name))) {
				t.Errorf("%v does not name %s", err, name)
			}
		})
	}
}

func TestPublished(t *testing.T) {
	tests := []struct {
		name string
		root string // below the folder that holds the module cache "mod"
		pin  bool
		want bool
	}{
		{"module cache", "mod/github.com/x/y@v1.0.0", false, true},
		{"module cache with the pin", "mod/github.com/x/y@v1.0.0", true, false},
		{"elsewhere without the pin", "src/y", false, false},
		{"elsewhere", "src/y", true, false},
		{"beside the module cache", "mods/y", false, false},
		{"above the module cache", ".", false, false},
		{"the module cache itself", "mod", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			t.Setenv("GOMODCACHE", filepath.Join(dir, "mod"))
			root := filepath.Join(dir, filepath.FromSlash(tt.root))
			writeFile(t, "", dir, "mod", "any")
			writeFile(t, "", root, "go.mod")
			if tt.pin {
				writeFile(t, "", root, "tools", "go.mod")
			}
			got, err := Published(context.Background(), root)
			if err != nil || got != tt.want {
				t.Errorf("Published = %t, %v; want %t", got, err, tt.want)
			}
		})
	}
}

func TestPublishedFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, "", dir, "real", "x@v1.0.0", "go.mod")
	if err := os.Symlink(filepath.Join(dir, "real"), filepath.Join(dir, "mod")); err != nil {
		t.Skip(err)
	}
	t.Setenv("GOMODCACHE", filepath.Join(dir, "mod"))
	got, err := Published(context.Background(), filepath.Join(dir, "real", "x@v1.0.0"))
	if err != nil || !got {
		t.Errorf("Published = %t, %v; want true", got, err)
	}
}

func TestPublishedWithoutModuleCache(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("GOMODCACHE", filepath.Join(dir, "none"))
	got, err := Published(context.Background(), dir)
	if err != nil || got {
		t.Errorf("Published = %t, %v; want false", got, err)
	}
}

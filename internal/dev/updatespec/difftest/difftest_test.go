package difftest

import (
	"os"
	"path/filepath"
	"testing"
)

const moduleRoot = "../../../.."

func TestPin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	Pin(t, moduleRoot, dir)
	for _, name := range pins {
		want, err := os.ReadFile(filepath.Join(moduleRoot, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil || string(got) != string(want) {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
	Need(t, dir)
}

// Package difftest is for tests that need the programs that tools/diff/go.mod pins.
package difftest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
)

// The files that pin the programs, by their path from the module's root.
var pins = []string{"tools/diff/go.mod", "tools/diff/go.sum"}

// Need skips where [nested.Need] does, and where the programs of the module at root
// are unavailable: in a published copy of it, which holds no nested modules, and with a
// Go that is older than they need and may not download another.
func Need(t *testing.T, root string) {
	t.Helper()
	nested.Need(t)
	InClone(t, root)
	if err := build(root); err != nil && strings.Contains(err.Error(), "requires go >=") {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
}

// InClone skips where the module at root is a published copy, which holds no nested
// modules.
func InClone(t *testing.T, root string) {
	t.Helper()
	published, err := codegen.Published(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	if published {
		t.Skip("the module cache holds none of the modules in tools/: run this in a clone of the repository")
	}
}

var (
	builds sync.Mutex
	built  = map[string]bool{} // by root
)

// build makes the go command build and cache the programs of the module at root.
// Parallel tests would build the same ones at the same time, each for itself.
func build(root string) error {
	builds.Lock()
	defer builds.Unlock()
	if built[root] {
		return nil
	}
	for _, name := range []string{"oasdiff", "apidiff"} {
		dir := filepath.Join(root, "tools", "diff")
		if _, err := codegen.Run(context.Background(), dir, []string{"GOFLAGS=-mod=readonly"}, "go", "tool", "-n", name); err != nil {
			return err
		}
	}
	built[root] = true
	return nil
}

// Pin pins the programs of the module at root in the one at dir, too.
func Pin(t *testing.T, root, dir string) {
	t.Helper()
	Need(t, root)
	for _, name := range pins {
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		Write(t, dir, name, string(data))
	}
}

// Write writes a file below dir, and the folders that it needs.
func Write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

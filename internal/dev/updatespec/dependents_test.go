package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

// Modules in the tree that import this one are tidied, with a replace directive and
// without.
func TestTidyDependents(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	goMod := "module example.com/m\n\ngo 1.26.0\n"
	difftest.Write(t, dir, "go.mod", goMod)
	difftest.Write(t, dir, "m.go", "package m\n")
	difftest.Write(t, dir, "bench/go.mod", "module example.com/m/bench\n\ngo 1.26.0\n\nreplace example.com/m => ../\n")
	difftest.Write(t, dir, "bench/go.sum", "")
	difftest.Write(t, dir, "bench/bench.go", "package bench\n\nimport _ \"example.com/m\"\n")
	difftest.Write(t, dir, "cmd/tensorslab/go.mod", "module example.com/m/cmd\n\ngo 1.26.0\n\nrequire example.com/m v0.1.0\n")
	difftest.Write(t, dir, "cmd/tensorslab/go.sum", "")
	difftest.Write(t, dir, "cmd/tensorslab/main.go", "package main\n\nimport _ \"example.com/m\"\n\nfunc main() {}\n")
	before := snapshot(t, dir)
	if tidied, err := tidyDependents(t.Context(), dir, []byte(goMod)); err != nil || len(tidied) > 0 {
		t.Errorf("go.mod as it was: %q, %v; want nothing", tidied, err)
	}
	unchanged(t, dir, before)
	tidied, err := tidyDependents(t.Context(), dir, nil)
	want := []string{"bench/go.mod", "bench/go.sum", "cmd/tensorslab/go.mod", "cmd/tensorslab/go.sum"}
	if err != nil || !slices.Equal(tidied, want) {
		t.Errorf("%q, %v; want %q", tidied, err, want)
	}
	for name, replaced := range map[string]bool{"bench/go.mod": true, "cmd/tensorslab/go.mod": false} {
		text := get(t, dir, name)
		if !strings.Contains(text, "require example.com/m ") || strings.Contains(text, "replace") != replaced {
			t.Errorf("%s is %s", name, text)
		}
	}
	difftest.Write(t, dir, "bench/bench.go", "package bench\n\nimport _ \"example.com/m/none\"\n")
	if _, err := tidyDependents(t.Context(), dir, nil); err == nil || !strings.Contains(err.Error(), "go mod tidy in bench: ") {
		t.Errorf("%v; want an error with the folder", err)
	}
}

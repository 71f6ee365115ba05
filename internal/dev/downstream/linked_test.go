package downstream

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

var update = flag.Bool("update", false, "rewrite testdata/linked.txt")

const (
	golden = "testdata/linked.txt"
	header = "# The third-party modules that every program links which imports a package of this module.\n" +
		"# One more is a decision; see CONTRIBUTING.md.\n"
	fix = "go test ./internal/dev/downstream -run TestLinkedModules -update"
)

// most is how many third-party modules a package may ever bring with it. generated
// has none, or those of oapi-codegen's runtime once an operation needs it.
var most = map[string]int{"generated": 3, "wrapper": 9, "batch": 9}

// platforms are those whose files decide what is linked.
var platforms = []string{"linux", "darwin", "windows"}

func TestLinkedModules(t *testing.T) {
	t.Parallel()
	linked := map[string][]string{}
	for name, limit := range most {
		linked[name] = linkedBy(t, name)
		if n := len(linked[name]); n > limit {
			t.Errorf("%s links %d third-party modules; at most %d are allowed: %s", name, n, limit, strings.Join(linked[name], ", "))
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(header+list(linked)), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	allowed := strings.TrimPrefix(strings.ReplaceAll(string(data), "\r\n", "\n"), header)
	for _, difference := range differences(allowed, list(linked)) {
		t.Error(difference)
	}
}

// linkedBy lists the third-party modules, sorted.
func linkedBy(t *testing.T, name string) []string {
	t.Helper()
	found := map[string]bool{}
	for _, platform := range platforms {
		env := []string{"GOOS=" + platform, "GOARCH=amd64", "GOFLAGS=-mod=readonly"}
		out, err := codegen.Run(t.Context(), moduleRoot, env, "go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./"+name)
		if err != nil {
			t.Fatal(err)
		}
		for _, module := range strings.Fields(out) {
			found[module] = true
		}
	}
	if !found[modulePath] {
		t.Fatalf("go list says that %s needs no package of this module, not even itself", name)
	}
	delete(found, modulePath)
	return slices.Sorted(maps.Keys(found))
}

// list has a line for each package and module.
func list(linked map[string][]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(linked)) {
		for _, module := range linked[name] {
			fmt.Fprintf(&b, "%s %s\n", name, module)
		}
	}
	return b.String()
}

// differences describes what is not as it was decided, and how to change the decision.
func differences(allowed, linked string) []string {
	old, now := strings.Split(allowed, "\n"), strings.Split(linked, "\n")
	var found []string
	for _, line := range now {
		name, module, ok := strings.Cut(line, " ")
		if ok && !slices.Contains(old, line) {
			found = append(found, fmt.Sprintf("every program that imports %s now links %s; if that is meant, run: %s", name, module, fix))
		}
	}
	for _, line := range old {
		if name, module, ok := strings.Cut(line, " "); ok && !slices.Contains(now, line) {
			found = append(found, fmt.Sprintf("%s no longer links %s; run: %s", name, module, fix))
		}
	}
	return found
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	tests := []struct {
		allowed, linked string
		want            []string
	}{
		{"", "", nil},
		{"wrapper a\nwrapper b\n", "wrapper a\nwrapper b\n", nil},
		{"wrapper a\n", "generated a\nwrapper a\n", []string{"every program that imports generated now links a; if that is meant, run: " + fix}},
		{"generated a\nwrapper a\n", "wrapper a\n", []string{"generated no longer links a; run: " + fix}},
		{"wrapper a\n", "wrapper ab\n", []string{
			"every program that imports wrapper now links ab; if that is meant, run: " + fix,
			"wrapper no longer links a; run: " + fix,
		}},
	}
	for _, tt := range tests {
		if got := differences(tt.allowed, tt.linked); !slices.Equal(got, tt.want) {
			t.Errorf("differences(%q, %q) = %q; want %q", tt.allowed, tt.linked, got, tt.want)
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	got := list(map[string][]string{"wrapper": {"a", "b"}, "generated": nil, "fakeapi": {"a"}})
	if want := "fakeapi a\nwrapper a\nwrapper b\n"; got != want {
		t.Errorf("%q; want %q", got, want)
	}
}

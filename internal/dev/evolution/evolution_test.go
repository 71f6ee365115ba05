package evolution

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
)

const moduleRoot = "../../.."

// documents is for looking at what a contract leads to, as with
// make update-spec SPEC_FILE=…
var documents = flag.String("documents", "", "`folder` to write the changed contracts to, as NAME.json")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A contract with all changes is adopted with no edit by hand: the client is
// generated, compiles and passes vet, and what is new can be called through the
// wrapper as it is, which authenticates, limits, validates and gives typed errors.
// All changes share one module, since each module of its own would compile the
// wrapper and the fake again.
func TestContractsThatGrow(t *testing.T) {
	nested.Need(t)
	needGenerator(t)
	dir := moduleCopy(t)
	for _, contract := range stages(t, changes(t)...) {
		if err := codegen.Adopt(t.Context(), dir, contract); err != nil {
			t.Fatal(err)
		}
	}
	goCommand(t, dir, "vet", "./generated")
	// Without debugging information, which takes half of the time to link.
	goCommand(t, dir, "test", "-count=1", "-ldflags=-w", "./evolved")
}

// needGenerator skips in a published copy of the module, which holds no nested
// modules and so no pin of the generator.
func needGenerator(t *testing.T) {
	t.Helper()
	published, err := codegen.Published(t.Context(), moduleRoot)
	if err != nil {
		t.Fatal(err)
	}
	if published {
		t.Skip("the module cache holds no tools/go.mod: run this in a clone of the repository")
	}
}

// moduleCopy returns a copy of the packages for users, with the calls of all
// changes in one more package. Its go.sum knows what a contract may add to go.mod,
// so that no checksum database is consulted.
func moduleCopy(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := codegen.CopyModule(moduleRoot, dir); err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{"cmd", "durable", "bench", "go.work", "internal/conformance", "internal/testkit", "internal/dev",
		"*_test.go", "*/*_test.go", "internal/*/*_test.go"} {
		removeAll(t, filepath.Join(dir, filepath.FromSlash(other)))
	}
	sums := filepath.Join(dir, "go.sum")
	writeFile(t, sums, slices.Concat(readFile(t, sums), readFile(t, filepath.Join("testdata", "go.sum"))))
	copyFile(t, filepath.Join("testdata", "trial_test.go"), filepath.Join(dir, "evolved", "trial_test.go"))
	for _, name := range changes(t) {
		copyFile(t, filepath.Join("testdata", name, "call_test.go"), filepath.Join(dir, "evolved", name+"_call_test.go"))
	}
	return dir
}

func removeAll(t *testing.T, pattern string) {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range found {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
}

func goCommand(t *testing.T, dir string, args ...string) {
	t.Helper()
	var out bytes.Buffer
	if err := codegen.Stream(t.Context(), &out, dir, []string{"GOFLAGS=-mod=readonly"}, "go", args...); err != nil {
		t.Fatalf("go %s: %v\n%s", args[0], err, out.Bytes())
	}
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func writeFile(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	writeFile(t, to, readFile(t, from))
}

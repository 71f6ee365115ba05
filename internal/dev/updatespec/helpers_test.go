package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const moduleRoot = "../../.."

// notNeeded is what a contract can be imported without: programs, and tests but for
// those that hold the tree equal to what is generated.
var notNeeded = []string{"bench", "cmd", "durable", "go.work", "docs_test.go", "goversions_test.go", "optionexamples_test.go", "*/*_test.go", "internal/*/*_test.go",
	"internal/conformance", "internal/testkit", "internal/dev/[^c]*", "internal/dev/codegen/*_test.go"}

// client is the part of the module that takes longest to build, and what uses it.
var client = []string{"wrapper", "batch", "fakeapi", "testdata/downstream"}

// moduleCopy returns a copy of the module to import contracts into, without more.
func moduleCopy(t *testing.T, without ...string) string {
	t.Helper()
	difftest.Need(t, moduleRoot)
	dir := t.TempDir()
	if err := codegen.CopyModule(moduleRoot, dir); err != nil {
		t.Fatal(err)
	}
	for _, pattern := range slices.Concat(without, notNeeded) {
		found, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			if err := os.RemoveAll(path); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// snapshot reads all files below dir.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func unchanged(t *testing.T, dir string, before map[string]string) {
	t.Helper()
	if d := cmp.Diff(before, snapshot(t, dir)); d != "" {
		t.Errorf("%s has changed (-before +after):\n%s", dir, d)
	}
}

func get(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// inSchema is the contract in dir with one old part of a schema, which must be
// there, now another. (Others may have the same part, as the contract grows.)
func inSchema(t *testing.T, dir, schema, old, now string) string {
	t.Helper()
	before, after, ok := strings.Cut(get(t, dir, codegen.Contract), `"`+schema+`": {`)
	if !ok {
		t.Fatalf("the contract has no schema %s", schema)
	}
	return before + `"` + schema + `": {` + replaced(t, after, old, now)
}

// grown is the contract in dir with one more field in the response of deleteImagesTask.
func grown(t *testing.T, dir string) string {
	t.Helper()
	return inSchema(t, dir, "DeleteImagesTaskData", `"properties": {`, `"properties": {"trial": {"type": "integer"}, `)
}

// replaced is text with one old part, which must be there, now another.
func replaced(t *testing.T, text, old, now string) string {
	t.Helper()
	if !strings.Contains(text, old) {
		t.Fatalf("the text does not hold %q", old)
	}
	return strings.Replace(text, old, now, 1)
}

// edited is a document, changed by a function.
func edited(t *testing.T, document string, change func(spec map[string]any)) string {
	t.Helper()
	var spec map[string]any
	if err := json.Unmarshal([]byte(document), &spec); err != nil {
		t.Fatal(err)
	}
	change(spec)
	data, err := json.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

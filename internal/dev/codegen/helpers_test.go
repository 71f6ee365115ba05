package codegen

import (
	"context"
	_ "embed"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const moduleRoot = "../../.."

// needGenerator skips where [nested.Need] does, and in a published copy, which lacks
// the generator's pin. Where the pin should be, its absence fails the test that needs
// it.
func needGenerator(t *testing.T) {
	t.Helper()
	nested.Need(t)
	published, err := Published(context.Background(), moduleRoot)
	if err != nil {
		t.Fatal(err)
	}
	if published {
		t.Skip("the module cache holds no tools/go.mod: run this in a clone of the repository")
	}
}

// moduleCopy returns a folder with what is generated and what it is made of.
func moduleCopy(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, files := range []Files{moduleInputs(t), generated(t)} {
		if err := writeAll(dir, files); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// loadInputs reads what is in the tree, with the contract of these tests in the
// place of the vendored one, which may become another.
func loadInputs() (Files, error) {
	files, err := Load(moduleRoot)
	if err != nil {
		return nil, err
	}
	files[Contract] = document
	return files, nil
}

func moduleInputs(t *testing.T) Files {
	t.Helper()
	needGenerator(t)
	files, err := loadInputs()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// generateOnce runs the pinned generator.
var generateOnce = sync.OnceValues(func() (Files, error) {
	inputs, err := loadInputs()
	if err != nil {
		return nil, err
	}
	return Generate(context.Background(), inputs)
})

func generated(t *testing.T) Files {
	t.Helper()
	needGenerator(t)
	output, err := generateOnce()
	if err != nil {
		t.Fatal(err)
	}
	return output
}

//go:embed testdata/generator.go
var fakeGenerator []byte

// withFakeGenerator moves the pin to a generator that does what config says.
func withFakeGenerator(inputs Files, config string) Files {
	inputs[ToolsMod] = []byte("module example.com/tools\n\ngo 1.26.0\n\ntool example.com/tools/oapi-codegen\n")
	inputs["oapi-codegen/main.go"] = fakeGenerator
	inputs[Config] = []byte(config)
	return inputs
}

// moveGenerator pins another generator in the module at dir, and changes nothing
// else of it.
func moveGenerator(t *testing.T, dir string) {
	t.Helper()
	other := t.TempDir()
	writeFile(t, "module example.com/other\n\ngo 1.26.0\n", other, "go.mod")
	writeFile(t, string(fakeGenerator), other, "oapi-codegen", "main.go")
	writeFile(t, "module example.com/tools\n\ngo 1.26.0\n\ntool example.com/other/oapi-codegen\n\n"+
		"require example.com/other v1.0.0\n\nreplace example.com/other => "+strconv.Quote(other)+"\n", dir, ToolsMod)
}

// pinnedVersion is the version of the generator that tools/go.mod requires.
func pinnedVersion(t *testing.T) string {
	t.Helper()
	found := regexp.MustCompile(`oapi-codegen/v2 (v\S+)`).FindStringSubmatch(readFile(t, moduleRoot, ToolsMod))
	if found == nil {
		t.Fatal("tools/go.mod does not require the generator")
	}
	return found[1]
}

//go:embed testdata/contract.json
var document []byte

// contract returns the contract of these tests, of one operation, each old text in
// it replaced once.
func contract(t *testing.T, oldNew ...string) string {
	t.Helper()
	text := string(document)
	for i := 0; i < len(oldNew); i += 2 {
		if !strings.Contains(text, oldNew[i]) {
			t.Fatalf("the contract does not hold %q", oldNew[i])
		}
		text = strings.Replace(text, oldNew[i], oldNew[i+1], 1)
	}
	return text
}

// withSecondOperation is a contract with a copy of its operation at another path.
func withSecondOperation(t *testing.T) []byte {
	t.Helper()
	_, item, _ := strings.Cut(contract(t), `"/v1/images/deleteimagestask": `)
	item, _, _ = strings.Cut(item, "\n  },\n  \"components\"")
	item = strings.Replace(item, `"deleteImagesTask"`, `"deleteImagesTaskAgain"`, 1)
	return []byte(contract(t, `"paths": {`, `"paths": { "/v1/again": `+item+","))
}

// snapshot reads every file below dir, links and folders by their mode.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !entry.Type().IsRegular() {
			files[path] = entry.Type().String()
			return nil
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

func readFile(t *testing.T, path ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func writeFile(t *testing.T, data string, path ...string) {
	t.Helper()
	name := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

// edit replaces old, which must be there, everywhere in a file.
func edit(t *testing.T, old, now string, path ...string) {
	t.Helper()
	text := readFile(t, path...)
	if !strings.Contains(text, old) {
		t.Fatalf("%s does not hold %q", filepath.Join(path...), old)
	}
	writeFile(t, strings.ReplaceAll(text, old, now), path...)
}

// oneLine fails unless err is one line of sensible length.
func oneLine(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	if text := err.Error(); strings.ContainsAny(text, "\n\r") || len(text) > 1024 {
		t.Errorf("not one line of at most 1 KB: %q", text)
	}
}

func remove(t *testing.T, path ...string) {
	t.Helper()
	if err := os.Remove(filepath.Join(path...)); err != nil {
		t.Fatal(err)
	}
}

package evolution

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

// A second service is one more entry in the list of services, and its contract is one
// more file to embed: the engine, the generator and the fake take it as they take the
// first one, although operations, schemas and types of both have the same names.
func TestASecondService(t *testing.T) {
	nested.Need(t)
	needGenerator(t)
	dir := moduleCopy(t)
	services := append(slices.Clone(codegen.All), codegen.Service{
		Name: "videos", Document: "videos.json", Config: "videos.yaml", Overlay: codegen.Overlay, Package: "generated/videos",
	})
	config := string(readFile(t, filepath.Join(dir, codegen.Config)))
	config = strings.NewReplacer("package: generated", "package: videos", "output: generated/", "output: generated/videos/").Replace(config)
	writeFile(t, filepath.Join(dir, "videos.yaml"), []byte(config))
	for from, to := range map[string]string{
		"videos.json": "videos.json", "root.go": "videos.go", "vendored.go": "internal/vendored/videos.go", "call_test.go": "wrapper/videos_test.go",
	} {
		copyFile(t, filepath.Join("testdata", "videos", from), filepath.Join(dir, filepath.FromSlash(to)))
	}
	contracts := codegen.Files{"videos.json": readFile(t, filepath.Join("testdata", "videos", "videos.json")), codegen.Contract: difftest.Encode(t, base(t))}
	if err := services.Adopt(t.Context(), dir, contracts); err != nil {
		t.Fatal(err)
	}
	goCommand(t, dir, "vet", "./generated/...", "./wrapper")
	goCommand(t, dir, "test", "-count=1", "-ldflags=-w", "./wrapper")
	if err := services.Check(t.Context(), dir); err != nil {
		t.Errorf("the drift check of what was just generated: %v", err)
	}
}

package codegen

import (
	"context"
	"strings"
	"testing"
)

func TestCheckImports(t *testing.T) {
	t.Parallel()
	const goMod = "module example.com/m\n\nrequire example.com/one v1.0.0\n\nrequire (\n\texample.com/two/v2 v2.0.0\n\texample.com/three v1.0.0 // indirect\n)\n"
	for path, allowed := range map[string]bool{
		"encoding/json": true, "github.com/oapi-codegen/runtime": true, "github.com/oapi-codegen/runtime/types": true,
		"example.com/one": true, "example.com/one/p": true, "example.com/two/v2": true, "example.com/three": true,
		"github.com/oapi-codegen/runtimes": false, "example.com/onemore": false, "example.com/two": false, "github.com/google/uuid": false, "example.com/m": false,
	} {
		err := checkImports(Files{"generated/a.go": []byte("package generated\n\nimport _ \"" + path + "\"\n"), "a.txt": nil}, []byte(goMod))
		if allowed != (err == nil) || err != nil && !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if err := checkImports(Files{"generated/a.go": []byte("func {")}, nil); err != nil {
		t.Error(err)
	}
}

// A module that the document names is not looked for, and the module stays as it is if
// generated code needs another one.
func TestAdoptFetchesNoModule(t *testing.T) {
	t.Parallel()
	dir := moduleCopy(t)
	t.Run("named by a document", func(t *testing.T) {
		named := contract(t, `"DeleteImagesTaskData": {`, `"DeleteImagesTaskData": {"x-go-type": "y.T", "x-go-type-import": {"name": "y", "path": "module.invalid/y"},`)
		adopt(t, dir, named)
		if code := readFile(t, dir, "generated", client) + readFile(t, dir, "go.mod"); strings.Contains(code, "module.invalid") {
			t.Error("the module is used")
		}
	})
	t.Run("named by the configuration", func(t *testing.T) {
		edit(t, "generate:\n", "additional-imports:\n  - package: module.invalid/y\n    alias: _\ngenerate:\n", dir, Config)
		before := snapshot(t, dir)
		err := Adopt(context.Background(), dir, []byte(contract(t)))
		oneLine(t, err)
		if !strings.Contains(err.Error(), "module.invalid/y") {
			t.Error(err)
		}
		unchanged(t, dir, before)
	})
}

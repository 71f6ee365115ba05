package codegen

import (
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// checkImports returns an error if generated code imports a package that is neither in
// the standard library, nor in the runtime of the generator, nor in a module that
// go.mod requires. The go command would fetch it, so it is not run then.
func checkImports(output Files, goMod []byte) error {
	for _, name := range slices.Sorted(maps.Keys(output)) {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, output[name], parser.ImportsOnly)
		if err != nil {
			return nil // the compiler gives the better error
		}
		for _, spec := range file.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") && !isRequired(path, goMod) {
				return fmt.Errorf("%s imports %s, whose module go.mod does not require; no module is fetched because a contract leads to it", name, path)
			}
		}
	}
	return nil
}

// isRequired reports whether a package is in the runtime, or in a module of go.mod.
func isRequired(path string, goMod []byte) bool {
	if path == runtimeModule || strings.HasPrefix(path, runtimeModule+"/") {
		return true
	}
	for line := range strings.Lines(string(goMod)) {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(fields) > 1 && strings.HasPrefix(fields[1], "v") && (path == fields[0] || strings.HasPrefix(path, fields[0]+"/")) {
			return true
		}
	}
	return false
}

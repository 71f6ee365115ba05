package codegen

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// runtimeModule is imported by generated code that has parameters or takes files.
const runtimeModule = "github.com/oapi-codegen/runtime"

// checkCodec returns an error if a generated file encodes or decodes JSON by the
// codec of oapi-codegen's runtime. A program's main package may replace that codec
// for the whole process (runtime.SetJSONCodec), and then the generated client would
// decode something else than what the wrapper validated. It has to use
// encoding/json.
func checkCodec(output Files) error {
	for _, name := range slices.Sorted(maps.Keys(output)) {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, output[name], parser.SkipObjectResolution)
		if err != nil {
			return nil // the compiler gives the better error
		}
		if used := usedCodec(file); used != "" {
			return fmt.Errorf("%s uses %s, whose codec a program can replace: the generated client has to use encoding/json; "+
				"see CONTRIBUTING.md, and pin a generator or set an option that does so", name, used)
		}
	}
	return nil
}

// usedCodec returns the first use of the codec in file, or nothing.
func usedCodec(file *ast.File) string {
	runtime, used := importedAs(file, runtimeModule), ""
	if runtime == "." {
		return "a dot import of " + runtimeModule
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok && used == "" && isCodec(selector.Sel.Name) {
			if pkg, ok := selector.X.(*ast.Ident); ok && pkg.Name == runtime {
				used = runtimeModule + "." + selector.Sel.Name
			}
		}
		return used == ""
	})
	return used
}

// isCodec reports whether a name of the runtime stands for its codec: JSONMarshal,
// JSONUnmarshalRead, BindJSONBody and others. JSONMerge uses encoding/json, and
// functions for parameters decode no response.
func isCodec(name string) bool {
	return strings.Contains(name, "JSON") && !strings.HasPrefix(name, "JSONMerge")
}

// importedAs returns the name by which file refers to a package, or nothing.
func importedAs(file *ast.File, path string) string {
	for _, spec := range file.Imports {
		if value, err := strconv.Unquote(spec.Path.Value); err != nil || value != path {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return "runtime"
	}
	return ""
}

package tensorslab_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
	"unicode"
)

// Each option of the client, of the fake and of a batch has an example that runs, so that its
// documentation shows what it is for.
func TestEachOptionHasAnExample(t *testing.T) {
	t.Parallel()
	for folder, atLeast := range map[string]int{"wrapper": 10, "fakeapi": 10, "batch": 5} {
		var want []string
		examples := map[string]bool{}
		for _, name := range globbed(folder + "/*.go") {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(name, "_test.go") {
				want = append(want, optionsIn(file)...)
				continue
			}
			for _, decl := range file.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok {
					examples[f.Name.Name] = hasOutput(file, f)
				}
			}
		}
		if len(want) < atLeast {
			t.Errorf("%s: found the options %q only", folder, want)
		}
		for _, name := range want {
			if !examples[name] {
				t.Errorf("%s: there is no %s with an output", folder, name)
			}
		}
	}
}

// optionsIn returns the names of the examples that the options in a file should have: the
// functions With…, and the fields of a struct Options.
func optionsIn(file *ast.File) []string {
	var names []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && strings.HasPrefix(n.Name.Name, "With") {
				names = append(names, "Example"+n.Name.Name)
			}
			return false
		case *ast.TypeSpec:
			if fields, ok := n.Type.(*ast.StructType); ok && n.Name.Name == "Options" {
				for _, field := range fields.Fields.List {
					for _, name := range field.Names {
						names = append(names, "ExampleOptions_"+string(unicode.ToLower(rune(name.Name[0])))+name.Name[1:])
					}
				}
			}
		}
		return true
	})
	return names
}

// hasOutput reports whether go test runs the example, which it does if the example states
// what it prints.
func hasOutput(file *ast.File, f *ast.FuncDecl) bool {
	for _, comment := range file.Comments {
		if comment.Pos() > f.Pos() && comment.End() < f.End() && strings.HasPrefix(comment.Text(), "Output:") {
			return true
		}
	}
	return false
}

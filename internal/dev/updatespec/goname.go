package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// sources are the Go files of a module, parsed, by their path from its root.
type sources struct {
	positions *token.FileSet
	files     map[string]*ast.File
	service   codegen.Service // that all files may be about
}

// skippedFolders hold no hand-written code of the module.
var skippedFolders = []string{".git", "bin", "dist", "vendor", codegen.OutputDir}

// parseSources parses the hand-written Go files below root that may be about a service.
// What does not parse is left to the compiler.
func parseSources(root string, service codegen.Service) (*sources, error) {
	s := &sources{token.NewFileSet(), map[string]*ast.File{}, service}
	err := walkSources(root, func(name, path string) error {
		if filepath.Ext(name) != ".go" {
			return nil
		}
		if file, err := parser.ParseFile(s.positions, path, nil, parser.SkipObjectResolution|parser.ParseComments); err == nil && s.isAbout(name, file) {
			s.files[name] = file
		}
		return nil
	})
	return s, err
}

// prefixOf begins the names of the files that are about a service: nothing for the first
// one, and videos_ for one with the name videos.
func prefixOf(service codegen.Service) string {
	if service.Name == codegen.All[0].Name {
		return ""
	}
	return service.Name + "_"
}

// isAbout reports whether a file may be about the service, whose operations may have the
// names of those of another one. A file is about one that is not the first if it has its
// prefix, or imports what is generated for it.
func (s *sources) isAbout(name string, file *ast.File) bool {
	prefix := prefixOf(s.service)
	if prefix == "" {
		return !slices.ContainsFunc(codegen.All[1:], func(other codegen.Service) bool { return strings.HasPrefix(path.Base(name), prefixOf(other)) })
	}
	return strings.HasPrefix(path.Base(name), prefix) || slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool {
		imported, _ := text(spec.Path)
		return strings.HasSuffix(imported, "/"+s.service.Package)
	})
}

// walkSources visits the files that people write, with their path from root.
func walkSources(root string, visit func(name, path string) error) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if entry.IsDir() {
			for _, skipped := range skippedFolders {
				if name == skipped {
					return fs.SkipDir
				}
			}
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		return visit(name, path)
	})
}

// goNames are names of Go: those that a package declares, and the methods of its types.
type goNames struct{ declared, methods map[string]bool }

// namesIn lists the names of generated code.
func namesIn(files codegen.Files) goNames {
	names := goNames{map[string]bool{}, map[string]bool{}}
	for name, data := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, data, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, decl := range file.Decls {
			set := names.declared
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv != nil {
				set = names.methods
			}
			for _, found := range declaredBy(decl) {
				set[found] = true
			}
		}
	}
	return names
}

// without returns the names that are not in others.
func (n goNames) without(others goNames) goNames {
	rest := goNames{maps.Clone(n.declared), maps.Clone(n.methods)}
	maps.DeleteFunc(rest.declared, func(name string, _ bool) bool { return others.declared[name] })
	maps.DeleteFunc(rest.methods, func(name string, _ bool) bool { return others.methods[name] })
	return rest
}

func declaredBy(decl ast.Decl) (names []string) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		return []string{decl.Name.Name}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, spec.Name.Name)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}

// isTest reports whether a file is one of tests.
func isTest(name string) bool { return strings.HasSuffix(name, "_test.go") }

// text returns the value of a string literal, or nothing.
func text(node ast.Node) (string, bool) {
	lit, ok := node.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(lit.Value)
	return value, err == nil
}

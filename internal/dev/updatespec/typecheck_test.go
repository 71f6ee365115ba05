package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// checker does in a moment what the compiler takes seconds for: it finds where the
// packages of the module do not compile with another package of generated code.
type checker struct {
	one     sync.Mutex
	root    string // of the module whose packages these are
	files   *token.FileSet
	parsed  map[string]*ast.File // by path
	listed  map[string]listed    // by import path
	library types.Importer       // of packages that do not depend on generated code
}

// listed is what the go command says of a package.
type listed struct {
	ImportPath, Dir, Export   string
	GoFiles, Deps             []string
	TestGoFiles, XTestGoFiles []string
	Module                    *struct{ Main bool }
}

const generatedPath = "github.com/tensorslab/tensorslab-go/generated"

// newChecker lists the packages in the module at root and all that they depend on,
// which are compiled.
func newChecker(ctx context.Context, root string, packages ...string) (*checker, error) {
	args := append([]string{"list", "-export", "-test", "-deps", "-json=ImportPath,Dir,Export,GoFiles,Deps,TestGoFiles,XTestGoFiles,Module"}, packages...)
	out, err := codegen.Run(ctx, root, []string{"GOWORK=", "GOFLAGS=-mod=readonly"}, "go", args...)
	if err != nil {
		return nil, err
	}
	c := &checker{root: root, files: token.NewFileSet(), parsed: map[string]*ast.File{}, listed: map[string]listed{}}
	for dec := json.NewDecoder(strings.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		c.listed[p.ImportPath] = p
	}
	c.library = importer.ForCompiler(c.files, "gc", func(path string) (io.ReadCloser, error) {
		if export := c.listed[path].Export; export != "" {
			return os.Open(export)
		}
		return nil, fmt.Errorf("no package %s", path)
	})
	return c, nil
}

// depends reports whether a package is checked anew.
func (c *checker) depends(path string) bool {
	return path == generatedPath || slices.Contains(c.listed[path].Deps, generatedPath) && c.listed[path].Module != nil && c.listed[path].Module.Main
}

// round is one check, with one package of generated code, and the packages that take
// part in it.
type round struct {
	*checker
	generated codegen.Files
	tested    string // the package that counts with its tests
	packages  map[string]*types.Package
	messages  *[]message
}

// check returns what the compiler would say of all packages of the module.
func (c *checker) check(generated codegen.Files, tested ...string) []message {
	c.one.Lock()
	defer c.one.Unlock()
	var messages []message
	plain := round{c, generated, "", map[string]*types.Package{}, &messages}
	for path := range c.listed {
		if c.depends(path) && !strings.Contains(path, " ") && !strings.HasSuffix(path, ".test") && !strings.HasSuffix(path, "_test") {
			_, _ = plain.Import(path)
		}
	}
	for _, path := range tested {
		r := round{c, generated, path, map[string]*types.Package{}, &messages}
		_, _ = r.Import(path)
		r.source(path+"_test", c.listed[path].Dir, c.listed[path].XTestGoFiles)
	}
	slices.SortStableFunc(messages, func(a, b message) int { return byWeight(a.place, b.place) })
	return slices.Compact(messages)
}

// Import is for the packages that import one another.
func (r round) Import(path string) (*types.Package, error) {
	if found := r.packages[path]; found != nil {
		return found, nil
	}
	if !r.depends(path) {
		return r.library.Import(path)
	}
	p := r.listed[path]
	names := p.GoFiles
	if path == r.tested {
		names = slices.Concat(names, p.TestGoFiles)
	}
	r.packages[path] = r.source(path, p.Dir, names)
	return r.packages[path], nil
}

// source checks the files of a package.
func (r round) source(path, dir string, names []string) *types.Package {
	var files []*ast.File
	if path == generatedPath {
		for name, data := range r.generated {
			if filepath.Ext(name) == ".go" {
				file, _ := parser.ParseFile(r.files, name, data, parser.SkipObjectResolution)
				files = append(files, file)
			}
		}
	}
	for _, name := range names {
		if path != generatedPath {
			files = append(files, r.parse(filepath.Join(dir, name)))
		}
	}
	config := types.Config{Importer: r, Error: func(err error) {
		var found types.Error
		if !errors.As(err, &found) || found.Soft {
			return
		}
		at := r.files.Position(found.Pos)
		if name, err := filepath.Rel(r.root, at.Filename); err == nil && filepath.IsAbs(at.Filename) {
			at.Filename = filepath.ToSlash(name)
		}
		*r.messages = append(*r.messages, message{fmt.Sprintf("%s:%d", at.Filename, at.Line), strings.ReplaceAll(found.Msg, "\n\t", " ")})
	}}
	checked, _ := config.Check(path, r.files, files, nil)
	return checked
}

func (c *checker) parse(path string) *ast.File {
	if c.parsed[path] == nil {
		c.parsed[path], _ = parser.ParseFile(c.files, path, nil, parser.SkipObjectResolution)
	}
	return c.parsed[path]
}

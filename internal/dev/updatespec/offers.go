package main

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"
)

// rooms are the packages with a file for each operation that they know.
var rooms = []string{"wrapper", "fakeapi"}

// offer is what the module offers of one operation.
type offer struct {
	operation string
	own       []string        // the files that are only about it
	methods   []string        // of Client
	models    []string        // the values that --model takes for it
	names     map[string]bool // what the own files declare
	mentions  bool            // another file of the rooms names it
}

// offerOf finds what is offered of an operation. A file is only about it if it is
// named after it.
func (s *sources) offerOf(id string) offer {
	o := offer{operation: id, names: map[string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		if !slices.Contains(rooms, path.Dir(name)) {
			continue
		}
		stem := strings.TrimSuffix(strings.TrimSuffix(path.Base(name), ".go"), "_test")
		switch {
		case stem == prefixOf(s.service)+strings.ToLower(id):
			o.own = append(o.own, name)
			if !isTest(name) {
				o.add(name, s.files[name])
			}
		case !isTest(name) && s.mentions(s.files[name], id):
			o.mentions = true
		}
	}
	return o
}

// is reports whether anything is offered.
func (o offer) is() bool { return len(o.own) > 0 || o.mentions }

func (o *offer) add(name string, file *ast.File) {
	for _, decl := range file.Decls {
		for _, found := range declaredBy(decl) {
			o.names[found] = found != "init"
		}
		if fn, ok := decl.(*ast.FuncDecl); ok && path.Dir(name) == "wrapper" && fn.Name.IsExported() && receiver(fn) == "Client" {
			o.methods = append(o.methods, "Client."+fn.Name.Name)
		}
		o.models = append(o.models, models(decl)...)
	}
}

func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) != 1 {
		return ""
	}
	kind := fn.Recv.List[0].Type
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = star.X
	}
	if ident, ok := kind.(*ast.Ident); ok {
		return ident.Name
	}
	return ""
}

// models returns the values of constants of the type Model.
func models(decl ast.Decl) (found []string) {
	gen, ok := decl.(*ast.GenDecl)
	if !ok {
		return nil
	}
	for _, spec := range gen.Specs {
		values, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		if kind, ok := values.Type.(*ast.Ident); !ok || kind.Name != "Model" {
			continue
		}
		for _, value := range values.Values {
			if text, ok := text(value); ok {
				found = append(found, text)
			}
		}
	}
	return found
}

func (s *sources) mentions(file *ast.File, id string) (found bool) {
	ast.Inspect(file, func(node ast.Node) bool {
		value, ok := text(node)
		found = found || ok && value == id
		return !found
	})
	return found
}

// lacks says what happened to the operation, and who offers it.
func (o offer) lacks(lost loss) string {
	if lost.renamed != "" {
		return fmt.Sprintf("%s; its old name is that of %s", lost, o)
	}
	verb := "offer"
	if len(o.parts()) == 1 {
		verb = "offers"
	}
	return fmt.Sprintf("%s, which %s %s", lost, o, verb)
}

// String lists who offers the operation, as in "A, B and C".
func (o offer) String() string {
	parts := o.parts()
	last := len(parts) - 1
	if last == 0 {
		return parts[0]
	}
	return strings.Join(parts[:last], ", ") + " and " + parts[last]
}

func (o offer) parts() []string {
	parts := slices.Clone(o.methods)
	for _, name := range o.own {
		if path.Dir(name) == "fakeapi" && !isTest(name) {
			parts = append(parts, "the fake")
		}
	}
	for _, model := range o.models {
		parts = append(parts, fmt.Sprintf("\"generate --model %s\"", model))
	}
	if len(parts) == 0 {
		return slices.Clone(rooms[:1])
	}
	return parts
}

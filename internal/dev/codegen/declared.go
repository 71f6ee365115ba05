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

// named is an operation or a schema of a contract, with what its Go name is made of.
type named struct {
	what, name string // such as "operation" and "getTask"
	target     string // of an overlay
	key        string // that gives it another name in Go
	node       node
}

// named lists the operations and schemas of a contract in the order of their names,
// operations first.
func (d draft) named() (list []named) {
	for path, item := range sortedMembers(d.root["paths"]) {
		for method, operation := range sortedMembers(item) {
			if id, ok := operation["operationId"].(string); ok {
				list = append(list, named{"operation", id, "$.paths" + inPath(path) + "." + method, "operationId", operation})
			}
		}
	}
	slices.SortFunc(list, func(a, b named) int { return strings.Compare(a.name, b.name) })
	components, _ := d.root["components"].(node)
	for name, schema := range sortedMembers(components["schemas"]) {
		list = append(list, named{"schema", name, "$.components.schemas" + inPath(name), goName, schema})
	}
	return list
}

// String names it with what it is.
func (n named) String() string { return fmt.Sprintf("the %s %q", n.what, n.name) }

// rename returns the action of an overlay that gives it another name in Go.
func (n named) rename(name string) string {
	return action(n.target, "update: {"+n.key+": "+name+"}")
}

// declares reports whether the generator makes a Go name of this one: the name itself or,
// for an operation, one of those around it, such as NewGetTaskRequest.
func (n named) declares(name string) bool {
	own := generatedName(n.name)
	if n.what == "schema" || strings.EqualFold(own, name) {
		return strings.EqualFold(own, name)
	}
	at := strings.Index(strings.ToLower(name), strings.ToLower(own))
	if own == "" || at < 0 {
		return false
	}
	before, after := name[:at], name[at+len(own):]
	return slices.Contains([]string{"", "New", "Parse"}, before) && slices.Contains(strings.Fields(
		"Request RequestWithBody WithBody WithResponse WithBodyWithResponse HTTPResponse Params JSONBody JSONRequestBody"), after)
}

// unnamedOperation begins the operationId of an operation for which [checkDeclared] asks
// for a name.
const unnamedOperation = unnamed + "Operation"

// nameOperations gives another operationId to an operation of whose own no Go name can be
// made: the generator would call it Empty. It is refused later unless the overlay gives
// another one. The names of schemas are ASCII, of which there always is a Go name.
func (d draft) nameOperations() {
	for _, n := range d.named() {
		if n.what == "operation" && !token.IsExported(generatedName(n.name)) {
			n.node[n.key] = unnamedOperation + hexOf(n.name)
		}
	}
}

// checkDeclared returns an error if an operation or a schema gets no Go name, or one that
// the generated code has already. The error gives the overlay action that renames it.
func (c naming) checkDeclared(output Files) error {
	d, err := decode(c.contract)
	if err != nil {
		return err
	}
	list, declared := d.named(), declaredIn(output)
	for _, n := range list {
		if n.what == "operation" && declared["New"+unnamedOperation+hexOf(n.name)+"Request"] > 0 {
			return fmt.Errorf("no Go name can be made of %s; give it one in %s, such as: %s", n, c.overlay, n.rename("X"+hexOf(n.name)))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		if owners := slices.DeleteFunc(slices.Clone(list), func(n named) bool { return declared[name] == 1 || !n.declares(name) }); len(owners) > 0 {
			return c.takenError(name, owners, declared)
		}
	}
	return nil // the compiler tells what else is wrong
}

// takenError says how to rename the first of several owners of a Go name after the one
// that keeps it. One whose new name is declared has been renamed by the overlay.
func (c naming) takenError(name string, owners []named, declared map[string]int) error {
	other := "the generated code itself"
	if len(owners) > 1 {
		other, owners = owners[0].String(), owners[1:]
	}
	for i, n := range owners {
		renamed := generatedName(n.name) + strconv.Itoa(i+2)
		if i == len(owners)-1 || declared[renamed] == 0 {
			return fmt.Errorf("%s gets the Go name %s, which %s has; give it another in %s, such as: %s", n, name, other, c.overlay, n.rename(renamed))
		}
	}
	return nil
}

// declaredIn returns how often a file declares each name, or a type has it for a field or
// a method: the most of all types and files.
func declaredIn(output Files) map[string]int {
	most := map[string]int{}
	for _, name := range slices.Sorted(maps.Keys(output)) {
		file, err := parser.ParseFile(token.NewFileSet(), name, output[name], parser.SkipObjectResolution)
		if err != nil {
			continue // the compiler gives the better error
		}
		scoped := map[string]int{}
		declare := func(scope string, names ...string) {
			for _, name := range names {
				key := scope + "." + name
				scoped[key]++
				most[name] = max(most[name], scoped[key])
			}
		}
		declare("", serverName)
		for owner, methods := range methodsOf(file) {
			declare(owner, methods...)
		}
		for _, decl := range file.Decls {
			declaredBy(decl, declare)
		}
	}
	return most
}

// declaredBy passes on the names of a declaration, and those of a struct's fields.
func declaredBy(decl ast.Decl, declare func(scope string, names ...string)) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv == nil && decl.Name.Name != "init" {
			declare("", decl.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					declare("", name.Name)
				}
			case *ast.TypeSpec:
				declare("", spec.Name.Name)
				declareFields(spec, declare)
			}
		}
	}
}

// declareFields leaves out the fields of properties, which [naming.checkFields] checks.
func declareFields(spec *ast.TypeSpec, declare func(scope string, names ...string)) {
	fields, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, field := range fields.Fields.List {
		if _, ok := propertyOf(field); ok {
			continue
		}
		for _, name := range field.Names {
			declare(spec.Name.Name, name.Name)
		}
	}
}

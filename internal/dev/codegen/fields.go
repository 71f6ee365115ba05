package codegen

import (
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// naming is what the names of a service's fields are checked with: the contract, and
// the path of the overlay that errors refer to.
type naming struct {
	contract []byte
	overlay  string
}

// checkFields returns an error if a property or parameter of the contract got no
// exported Go field of its own in the output. The error gives the overlay action that
// names it.
func (c naming) checkFields(output Files) error {
	for _, name := range slices.Sorted(maps.Keys(output)) {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		if found := unnamedIn.FindSubmatch(output[name]); found != nil {
			property, _ := hex.DecodeString(string(found[1]))
			return c.unnamedError(string(property))
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, output[name], parser.SkipObjectResolution)
		if err != nil {
			return nil // the compiler gives the better error
		}
		if err := c.checkStructs(file); err != nil {
			return err
		}
	}
	return nil
}

var unnamedIn = regexp.MustCompile(`\b[Uu]` + unnamed[1:] + `((?:[0-9A-F]{2})*)\b`)

// checkStructs checks each struct of a file, also those inside of others.
func (c naming) checkStructs(file *ast.File) (err error) {
	methods := methodsOf(file)
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok {
			if top, ok := spec.Type.(*ast.StructType); ok && err == nil {
				err = c.checkStruct(top, methods[spec.Name.Name])
			}
		}
		if inner, ok := n.(*ast.StructType); ok && err == nil {
			err = c.checkStruct(inner, nil)
		}
		return err == nil
	})
	return err
}

// checkStruct looks for fields without an exported name, and for names that another
// field or a method has.
func (c naming) checkStruct(s *ast.StructType, methods []string) error {
	owners, properties := ownersOf(s, methods), map[string]string{}
	for _, field := range s.Fields.List {
		property, ok := propertyOf(field)
		if !ok {
			continue
		}
		if len(field.Names) != 1 || !field.Names[0].IsExported() {
			return c.unnamedError(property)
		}
		name := field.Names[0].Name
		if owner, taken := owners[name]; taken {
			if owner == "" {
				owner = c.describe(properties[name])
			}
			return fmt.Errorf("%s gets the Go name %s, which %s has; give it another in %s, such as: %s", c.describe(property),
				name, owner, c.overlay, c.nameAction(property, name+"2"))
		}
		owners[name], properties[name] = "", property
	}
	return nil
}

// ownersOf says what has a name before any property gets it.
func ownersOf(s *ast.StructType, methods []string) map[string]string {
	owners := map[string]string{}
	for _, method := range methods {
		owners[method] = "a method of the generated type"
	}
	for _, field := range s.Fields.List {
		if _, ok := propertyOf(field); ok {
			continue
		}
		for _, name := range field.Names {
			owners[name.Name] = "a field of the generated type"
		}
	}
	return owners
}

// propertyOf returns the property of a field, if it has one.
func propertyOf(field *ast.Field) (string, bool) {
	if field.Tag == nil {
		return "", false
	}
	text, _ := strconv.Unquote(field.Tag.Value)
	if name, ok := reflect.StructTag(text).Lookup(fieldTag); ok {
		return name, true
	}
	name, _, options := strings.Cut(reflect.StructTag(text).Get("json"), ",")
	return name, name != "" && (name != "-" || options)
}

func methodsOf(file *ast.File) map[string][]string {
	found := map[string][]string{}
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Recv == nil {
			continue
		}
		receiver := f.Recv.List[0].Type
		if pointer, ok := receiver.(*ast.StarExpr); ok {
			receiver = pointer.X
		}
		if name, ok := receiver.(*ast.Ident); ok {
			found[name.Name] = append(found[name.Name], f.Name.Name)
		}
	}
	return found
}

// unnamedError says how to name a property from whose name no Go name can be made.
func (c naming) unnamedError(property string) error {
	if strings.ContainsFunc(property, isUnwritable) {
		return c.unwritableError(property)
	}
	return fmt.Errorf("no Go name can be made of %s; give it one in %s, such as: %s", c.describe(property), c.overlay,
		c.nameAction(property, "X"+hexOf(property)))
}

// isUnwritable reports whether a character of a property's name can't be written by
// the generator into Go.
func isUnwritable(r rune) bool {
	return r == '"' || r == '`' || r == '\\' || r < ' ' || r >= 0x7f && r < 0xa0
}

// unwritableError says how to keep the value of a property whose name the generator
// can't write: among the additional properties, which its schema has for that.
func (c naming) unwritableError(property string) error {
	if strings.ContainsFunc(property, unicode.IsControl) {
		return fmt.Errorf("the generator can't write the property name %q, which has a control character; no action of %s can name it", property, c.overlay)
	}
	return fmt.Errorf("the generator can't write the property name %q; to have its value in AdditionalProperties, add to %s: %s",
		property, c.overlay, action("$..properties"+inPath(property), "remove: true"))
}

// describe returns what the contract has by that name: a property, or a parameter.
func (c naming) describe(name string) string {
	if c.isProperty(name) {
		return fmt.Sprintf("the property %q", name)
	}
	return fmt.Sprintf("the parameter %q", name)
}

func (c naming) isProperty(name string) (found bool) {
	d, err := decode(c.contract)
	if err != nil {
		return false
	}
	each(d.root, func(n node) {
		_, has := members(n["properties"])[name]
		found = found || has
	})
	return found
}

// nameAction returns the action of an overlay that names a property, or a parameter.
func (c naming) nameAction(property, name string) string {
	target := "$..properties" + inPath(property)
	if !c.isProperty(property) {
		target = "$..[?(@.in && @.name==" + strings.Trim(inPath(property), "[]") + ")]"
	}
	return action(target, "update: {"+goName+": "+name+"}")
}

// action returns an action of an overlay in one line of YAML.
func action(target, change string) string {
	return "- {target: '" + strings.ReplaceAll(target, "'", "''") + "', description: The name is none in Go., " + change + "}"
}

// inPath returns a key in brackets and quotes, as JSONPath has it.
func inPath(key string) string {
	return "['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\t", `\t`, "\r", `\r`).Replace(key) + "']"
}

// unwritable returns the name of a property that the generator can't write.
func (c naming) unwritable() (name string, ok bool) {
	d, err := decode(c.contract)
	if err != nil {
		return "", false
	}
	each(d.root, func(n node) {
		for property := range members(n["properties"]) {
			if strings.ContainsFunc(property, isUnwritable) && (!ok || property < name) {
				name, ok = property, true
			}
		}
	})
	return name, ok
}

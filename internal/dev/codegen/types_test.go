package codegen

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// formats are the pairs of type and format for which oapi-codegen has a Go type
// of its own, each with a value that satisfies the validator and that a narrower
// Go type refuses or changes.
var formats = []struct{ kind, format, goType, value string }{
	{"string", "", "string", `"x"`},
	{"string", "date-time", "string", `"2016-12-31T23:59:60Z"`},
	{"string", "date", "string", `"2026-01-30"`},
	{"string", "email", "string", `"nobody"`},
	{"string", "uuid", "string", `"1234"`},
	{"string", "duration", "string", `"soon"`},
	{"string", "byte", "string", `"-_8"`},
	{"string", "json", "string", `"{"`},
	{"number", "", "float64", `1234567890.5`},
	{"number", "float", "float64", `1e39`},
	{"number", "double", "float64", `1e39`},
	{"integer", "", "int", `-1`},
	{"integer", "int32", "int32", `-2147483648`},
	{"integer", "int64", "int64", `-9223372036854775808`},
	{"integer", "uint", "int", `-1`},
	{"integer", "uint8", "int", `-1`},
	{"integer", "uint16", "int", `-1`},
	{"integer", "uint32", "int", `-1`},
	{"integer", "uint64", "int", `-1`},
}

// What the validator accepts, the struct accepts and gives back unchanged.
func TestTypesAreAsWideAsTheValidator(t *testing.T) {
	t.Parallel()
	fields := generateFields(t)
	for i, f := range formats {
		t.Run(f.kind+" "+f.format, func(t *testing.T) {
			t.Parallel()
			if got := fields[fmt.Sprintf("P%d", i)]; got != f.goType {
				t.Fatalf("generated as %q; want %s", got, f.goType)
			}
			var value any
			if err := json.Unmarshal([]byte(f.value), &value); err != nil {
				t.Fatal(err)
			}
			schema := &openapi3.Schema{Type: &openapi3.Types{f.kind}, Format: f.format}
			if err := schema.VisitJSON(value, openapi3.VisitAsResponse()); err != nil {
				t.Errorf("the validator refuses %s: %v", f.value, err)
			}
			if got, err := throughGo(f.goType, f.value); err != nil || got != f.value {
				t.Errorf("%s comes back as %s, %v", f.value, got, err)
			}
		})
	}
}

// generateFields generates a client for a contract with a property for each of
// formats, and returns the types of the struct's fields. The package must link
// nothing but the standard library.
func generateFields(t *testing.T) map[string]string {
	t.Helper()
	properties := map[string]any{}
	for i, f := range formats {
		property := map[string]string{"type": f.kind}
		if f.format != "" {
			property["format"] = f.format
		}
		properties[fmt.Sprintf("p%d", i)] = property
	}
	schema, err := json.Marshal(map[string]any{"type": "object", "properties": properties})
	if err != nil {
		t.Fatal(err)
	}
	inputs := moduleInputs(t)
	inputs[Contract] = []byte(contract(t, `"DeleteImagesTaskData": {`, `"DeleteImagesTaskData": `+string(schema)+`, "Unused": {`))
	output, err := Generate(context.Background(), inputs)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), client, output["generated/"+client], parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		if strings.Contains(spec.Path.Value, ".") {
			t.Errorf("the generated package imports %s", spec.Path.Value)
		}
	}
	return structFields(file, "DeleteImagesTaskData")
}

func structFields(file *ast.File, name string) map[string]string {
	fields := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != name {
			return true
		}
		for _, field := range spec.Type.(*ast.StructType).Fields.List {
			fields[field.Names[0].Name] = types.ExprString(field.Type)
		}
		return false
	})
	return fields
}

// throughGo decodes a JSON value into a variable of a Go type, and encodes it.
func throughGo(goType, value string) (string, error) {
	target, ok := map[string]any{
		"string": new(string), "float64": new(float64),
		"int": new(int), "int32": new(int32), "int64": new(int64),
	}[goType]
	if !ok {
		return "", fmt.Errorf("no variable of type %s", goType)
	}
	if err := json.Unmarshal([]byte(value), target); err != nil {
		return "", err
	}
	data, err := json.Marshal(target)
	return strings.Replace(string(data), "e+", "e", 1), err
}

// withFiles is a contract whose operation takes files.
func withFiles(t *testing.T) []byte {
	t.Helper()
	return []byte(contract(t, `"application/json": {
              "schema": {
                "$ref": "#/components/schemas/DeleteImagesTaskRequest"`, `"multipart/form-data": {
              "schema": {
                "type": "object", "properties": {"sourceImage": {"type": "array", "items": {"type": "string", "format": "binary"}}}`))
}

// Files of a multipart request keep the type that can stream them.
func TestMultipartFilesStayFiles(t *testing.T) {
	t.Parallel()
	inputs := moduleInputs(t)
	inputs[Contract] = withFiles(t)
	output, err := Generate(context.Background(), inputs)
	if err != nil && !strings.Contains(err.Error(), "github.com/oapi-codegen/runtime/types") {
		t.Errorf("%v does not ask for the package of the type", err)
	}
	if err == nil && !strings.Contains(string(output["generated/"+client]), "SourceImage []openapi_types.File") {
		t.Error("the field is no []openapi_types.File")
	}
}

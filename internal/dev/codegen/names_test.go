package codegen

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Names that Go has no field or tag for keep their values.
func TestOddNamesKeepTheirValues(t *testing.T) {
	t.Parallel()
	needGenerator(t)
	sentBy(t, "names")
}

func TestGeneratedName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"taskid": "Taskid", "task_id": "TaskId", "a b": "AB", "@type": "Type", "größe": "Größe", "1st": "N1St", "$id": "Id", "-": "Symbol", "": "Symbol", "$": "Symbol",
		"_a": "SymbolA", "$1": "N1", "进度": "", "进1": "1", "a进b": "AB", "ßx": "", "@": "", "HTTPServer": "HTTPServer",
	} {
		if got := generatedName(name); got != want {
			t.Errorf("%q: %q; want %q", name, got, want)
		}
	}
}

func TestIsTag(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a", "进度", "a b", "@type", "a.b", "a-b", "--", "$", "größe", "a,b", "", "-", "it's", `a"b`, `a\b`, "（x）", "a\tb", "a`b"} {
		kept := isKept(t, name)
		if isTag(name) != kept && !(kept && slices.Contains([]string{"（x）", "a\tb"}, name)) { // which Go 1.26 does not keep, and 1.27 does
			t.Errorf("%q: %t; encoding/json says %t", name, isTag(name), kept)
		}
	}
}

// isKept reports whether encoding/json encodes a field by the name in its tag.
func isKept(t *testing.T, name string) bool {
	t.Helper()
	tag := reflect.StructTag("json:" + strconv.Quote(name))
	field := reflect.StructField{Name: "F", Type: reflect.TypeFor[int](), Tag: tag}
	data, err := json.Marshal(reflect.Zero(reflect.StructOf([]reflect.StructField{field})).Interface())
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]int
	if err := json.Unmarshal(data, &object); err != nil {
		t.Fatal(err)
	}
	_, ok := object[name]
	return ok
}

// refusals are properties that get no field of their own, and what the error is about.
var refusals = map[string]struct{ properties, want string }{
	"no letters":        {`"进度": {"type": "string"}`, `the property "进度"`},
	"embedded lists":    {`"进度": {"type": "array", "items": {"type": "string"}}, "标题": {"type": "string"}`, `the property "标题"`},
	"only a digit":      {`"@1": {"type": "string"}`, `the property "@1"`},
	"case":              {`"url": {"type": "string"}, "URL": {"type": "string"}`, `the property "url" gets the Go name URL`},
	"punctuation":       {`"a-b": {"type": "string"}, "a_b": {"type": "string"}, "a.b": {"type": "string"}`, "gets the Go name AB"},
	"an at sign":        {`"@type": {"type": "string"}, "type": {"type": "string"}`, "gets the Go name Type"},
	"a method":          {`"get": {"type": "string"}, "a,b": {"type": "string"}`, `the property "get" gets the Go name Get, which a method of the generated type has`},
	"a map's field":     {`"additionalProperties": {"type": "string"}, "a,b": {"type": "string"}`, "AdditionalProperties"},
	"an apostrophe":     {`"it's": {"type": "string"}, "it_s": {"type": "string"}`, "gets the Go name ItS"},
	"a quote":           {`"a\"b": {"type": "string"}`, `the property name "a\"b"`},
	"a backslash":       {`"a\\b": {"type": "string"}`, `the property name "a\\b"`},
	"a backtick":        {"\"a`b\": {\"type\": \"string\"}", "the property name \"a`b\""},
	"inside of objects": {`"p": {"type": "object", "properties": {"q": {"type": "array", "items": {"type": "object", "properties": {"进度": {"type": "string"}}}}}}`, `the property "进度"`},
	"inside of unions":  {`"p": {"oneOf": [{"type": "string"}, {"type": "object", "properties": {"进度": {"type": "string"}}}]}`, `the property "进度"`},
}

// What has no field of its own is refused in one line, and the overlay actions of the
// errors lead to code in which it has one.
func TestNamesAreRefusedWithTheActionThatHelps(t *testing.T) {
	t.Parallel()
	for name, tt := range refusals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inputs := moduleInputs(t)
			inputs[Contract] = []byte(contractOf(`"Response": {"type": "object", "properties": {`+tt.properties+`, "other": {"type": "string"}}}`, "application/json"))
			err := generateUntilAccepted(t, inputs)
			oneLine(t, err)
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v; want %q in it", err, tt.want)
			}
		})
	}
}

// generateUntilAccepted adds the action of each error to the overlay, as often as there
// is one, and returns the first error.
func generateUntilAccepted(t *testing.T, inputs Files) (first error) {
	t.Helper()
	for range 4 {
		output, err := All.generate(context.Background(), inputs, func(string) error { return nil })
		if err == nil {
			declaredOnce(t, output)
			return first
		}
		if first == nil {
			first = err
		}
		_, action, ok := strings.Cut(err.Error(), ": - {")
		if !ok {
			t.Fatalf("no action in: %v", err)
		}
		inputs[Overlay] = append(inputs[Overlay], "  - {"+action+"\n"...)
	}
	t.Errorf("the actions do not help: %v", first)
	return first
}

// declaredOnce checks that no field of a struct has the name of another one, nor that
// of a method, as the compiler does.
func declaredOnce(t *testing.T, output Files) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, client, output["generated/"+client], parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	config := types.Config{Error: func(err error) {
		if text := err.Error(); strings.Contains(text, "redeclared") || strings.Contains(text, "field and method") {
			t.Error(text)
		}
	}}
	_, _ = config.Check("generated", files, []*ast.File{file}, nil) // it does not find the imports
}

// Parameters have names, too.
func TestParametersAreRefusedWithTheActionThatHelps(t *testing.T) {
	t.Parallel()
	for _, parameters := range []string{
		`{"name": "进度", "in": "query", "schema": {"type": "string"}}`,
		`{"name": "进度", "in": "path", "required": true, "schema": {"type": "string"}}`,
		`{"name": "a-b", "in": "query", "schema": {"type": "string"}}, {"name": "a_b", "in": "header", "schema": {"type": "string"}}`,
		`{"$ref": "#/components/parameters/P"}`,
	} {
		inputs := moduleInputs(t)
		inputs[Contract] = []byte(`{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "servers": [{"url": "https://api.example.com"}], "paths": {"/a/{进度}": {"get": {"operationId": "get", "parameters": [` + parameters + `],
			"responses": {"200": {"description": "OK"}}}}}, "components": {"parameters": {"P": {"name": "标题", "in": "cookie", "schema": {"type": "string"}}}}}`)
		if !strings.Contains(parameters, `"path"`) {
			inputs[Contract] = []byte(strings.Replace(string(inputs[Contract]), "/a/{进度}", "/a", 1))
		}
		if err := generateUntilAccepted(t, inputs); err == nil || !strings.Contains(err.Error(), "the parameter ") {
			t.Errorf("%s: %v", parameters, err)
		}
	}
}

// A name with a control character can't be fixed by an overlay, and the error says so.
func TestControlCharactersInNames(t *testing.T) {
	t.Parallel()
	inputs := moduleInputs(t)
	inputs[Contract] = []byte(contractOf(`"Response": {"type": "object", "properties": {"a\nb": {"type": "string"}}}`, "application/json"))
	_, err := Generate(context.Background(), inputs)
	oneLine(t, err)
	if !strings.Contains(err.Error(), `"a\nb", which has a control character`) {
		t.Error(err)
	}
}

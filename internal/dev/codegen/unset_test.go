package codegen

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// What the marks of a property mean.
const (
	pointer = "x-go-type-skip-optional-pointer=false"
	emptyOK = "x-omitempty=false x-omitzero=true"
	always  = "x-omitempty=false"
	plain   = ""
)

// marksOf lists the extensions of a schema.
func marksOf(t *testing.T, property any) string {
	t.Helper()
	var marks []string
	for _, key := range []string{skipPointer, omitEmpty, omitZero} {
		if value, ok := property.(node)[key]; ok {
			marks = append(marks, fmt.Sprintf("%s=%v", key, value))
		}
	}
	return strings.Join(marks, " ")
}

// others are schemas that properties refer to.
const others = `"Word": {"type": "string", "enum": ["a"]}, "Free": {"type": "string"}, "List": {"type": "array", "items": {"type": "string"}},
	"Map": {"type": "object", "additionalProperties": {"type": "string"}}, "Part": {"type": "object", "properties": {"on": {"type": "boolean"}}},
	"Null": {"type": "string", "nullable": true}`

var properties = []struct{ schema, asJSON, asForm, strict string }{
	{`{"type": "boolean"}`, pointer, pointer, pointer},
	{`{"type": "boolean", "default": true}`, pointer, pointer, pointer},
	{`{"type": "boolean", "enum": [true]}`, plain, plain, pointer},
	{`{"type": "integer"}`, pointer, pointer, pointer},
	{`{"type": "integer", "minimum": 0}`, pointer, pointer, pointer},
	{`{"type": "integer", "minimum": 0, "exclusiveMinimum": true}`, plain, plain, pointer},
	{`{"type": "integer", "minimum": 1}`, plain, plain, pointer},
	{`{"type": "number", "maximum": -0.5}`, plain, plain, pointer},
	{`{"type": "integer", "enum": [0, 1]}`, pointer, pointer, pointer},
	{`{"type": "integer", "enum": [1, 2]}`, plain, plain, pointer},
	{`{"type": "string"}`, pointer, pointer, pointer},
	{`{"type": "string", "default": "x"}`, pointer, pointer, pointer},
	{`{"type": "string", "minLength": 1}`, plain, plain, pointer},
	{`{"type": "string", "pattern": "^[a-z]+$"}`, plain, plain, pointer},
	{`{"type": "string", "pattern": "^(?!x)"}`, pointer, pointer, pointer}, // Go knows no such pattern
	{`{"type": "string", "enum": ["a", "b"]}`, plain, plain, pointer},
	{`{"type": "string", "enum": ["a", ""]}`, pointer, pointer, pointer},
	{`{"type": "string", "format": "binary"}`, pointer, plain, pointer},
	{`{"type": "array", "items": {"type": "string"}}`, emptyOK, plain, plain},
	{`{"type": "object", "additionalProperties": {"type": "string"}}`, emptyOK, plain, plain},
	{`{"type": "object"}`, emptyOK, plain, plain},
	{`{}`, emptyOK, plain, pointer},
	{`{"type": "object", "properties": {"a": {"type": "string"}}}`, pointer, pointer, pointer},
	{`{"oneOf": [{"type": "string"}, {"type": "integer"}]}`, pointer, pointer, pointer},
	{`{"$ref": "#/components/schemas/Word"}`, plain, plain, pointer},
	{`{"$ref": "#/components/schemas/Free"}`, pointer, pointer, pointer},
	{`{"$ref": "#/components/schemas/List"}`, emptyOK, plain, plain},
	{`{"$ref": "#/components/schemas/Map"}`, emptyOK, plain, pointer},
	{`{"$ref": "#/components/schemas/Part"}`, pointer, pointer, pointer},
	{`{"$ref": "#/components/schemas/Null"}`, pointer, pointer, pointer},
	{`{"allOf": [{"$ref": "#/components/schemas/Word"}], "description": "d"}`, plain, plain, pointer},
	{`{"allOf": [{"$ref": "#/components/schemas/Free"}], "default": "x"}`, pointer, pointer, pointer},
	{`{"allOf": [{"$ref": "#/components/schemas/Part"}], "nullable": true}`, pointer, pointer, pointer},
	{`{"allOf": [{"$ref": "#/components/schemas/List"}]}`, emptyOK, plain, pointer},
	{`{"type": "string", "readOnly": true}`, plain, plain, pointer},
	{`{"type": "object", "properties": {"a": {}}, "readOnly": true}`, pointer, pointer, pointer},
	{`{"type": "integer", "writeOnly": true}`, pointer, pointer, pointer},
	{`{"type": "string", "nullable": true, "minLength": 1}`, plain, plain, pointer},
}

// An optional property of a request gets the marks that let it be left out and be set.
func TestOptionalProperties(t *testing.T) {
	t.Parallel()
	for _, tt := range properties {
		for how, want := range map[string]string{"application/json": tt.asJSON, "multipart/form-data": tt.asForm, "application/x-www-form-urlencoded": tt.asForm} {
			schemas := schemasOf(t, `"Request": {"type": "object", "properties": {"p": `+tt.schema+`}},`+others, how)
			if got := marksOf(t, at(t, schemas, "Request/properties/p")); got != want {
				t.Errorf("%s as %s: %q; want %q", tt.schema, how, got, want)
			}
		}
		for _, open := range []string{`"additionalProperties": true`, `"additionalProperties": {"type": "string"}`, `"oneOf": [{"type": "object"}, {"type": "object"}]`} {
			schemas := schemasOf(t, `"Request": {"type": "object", `+open+`, "properties": {"p": `+tt.schema+`}},`+others)
			if got := marksOf(t, at(t, schemas, "Request/properties/p")); got != tt.strict {
				t.Errorf("%s with %s: %q; want %q", tt.schema, open, got, tt.strict)
			}
		}
		schemas := schemasOf(t, `"Response": {"type": "object", "properties": {"p": `+tt.schema+`}},`+others)
		if got := marksOf(t, at(t, schemas, "Response/properties/p")); got != plain {
			t.Errorf("%s in a response: %q", tt.schema, got)
		}
	}
}

func TestRequiredProperties(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]string{
		`{"type": "boolean"}`:                                           plain,
		`{"type": "array", "items": {}}`:                                plain,
		`{"$ref": "#/components/schemas/Part"}`:                         plain,
		`{"type": "string", "nullable": true}`:                          pointer,
		`{"$ref": "#/components/schemas/Null"}`:                         pointer,
		`{"type": "boolean", "writeOnly": true}`:                        always,
		`{"type": "string", "nullable": true, "writeOnly": true}`:       pointer + " " + always,
		`{"type": "string", "readOnly": true}`:                          plain,
		`{"type": "object", "properties": {"a": {}}, "readOnly": true}`: pointer,
	} {
		schemas := schemasOf(t, `"Request": {"type": "object", "required": ["p"], "properties": {"p": `+schema+`}},`+others)
		if got := marksOf(t, at(t, schemas, "Request/properties/p")); got != want {
			t.Errorf("%s: %q; want %q", schema, got, want)
		}
	}
}

// An object in a form is sent as JSON, in which a list may be empty.
func TestObjectsOfForms(t *testing.T) {
	t.Parallel()
	for how, want := range map[string]string{"multipart/form-data; charset=utf-8": emptyOK, "application/x-www-form-urlencoded": plain} {
		schemas := schemasOf(t, `"Request": {"type": "object", "properties": {"p": {"$ref": "#/components/schemas/Used"}}},
			"Used": {"type": "object", "properties": {"list": {"type": "array", "items": {"type": "string"}}}}`, how)
		if got := marksOf(t, at(t, schemas, "Used/properties/list")); got != want {
			t.Errorf("%s: %q; want %q", how, got, want)
		}
	}
}

// The rule holds wherever a request leads, and for what it shares with a response.
func TestEverythingThatARequestUsesIsMarked(t *testing.T) {
	t.Parallel()
	const use = `{"$ref": "#/components/schemas/Used"}`
	for name, request := range map[string]string{
		"itself":                use,
		"a property":            `{"type": "object", "properties": {"p": ` + use + `}}`,
		"a required property":   `{"type": "object", "required": ["p"], "properties": {"p": ` + use + `}}`,
		"items":                 `{"type": "array", "items": ` + use + `}`,
		"additional properties": `{"type": "object", "additionalProperties": ` + use + `}`,
		"allOf":                 `{"allOf": [` + use + `, {"type": "object"}]}`,
		"oneOf":                 `{"oneOf": [` + use + `, {"type": "string"}]}`,
		"anyOf":                 `{"anyOf": [{"type": "string"}, {"allOf": [` + use + `]}]}`,
		"deep inside":           `{"type": "object", "properties": {"p": {"type": "array", "items": {"type": "object", "properties": {"q": ` + use + `}}}}}`,
		"a circle":              `{"type": "object", "properties": {"p": ` + use + `, "me": {"$ref": "#/components/schemas/Request"}}}`,
	} {
		schemas := schemasOf(t, `"Request": `+request+`, "Response": `+use+`,
			"Used": {"type": "object", "properties": {"on": {"type": "boolean"}}}, "Unused": {"type": "object", "properties": {"on": {"type": "boolean"}}}`)
		if got := marksOf(t, at(t, schemas, "Used/properties/on")); got != pointer {
			t.Errorf("%s: %q", name, got)
		}
		if got := marksOf(t, at(t, schemas, "Unused/properties/on")); got != plain {
			t.Errorf("%s: what it does not use has %q", name, got)
		}
	}
}

func TestParameters(t *testing.T) {
	t.Parallel()
	for parameter, want := range map[string]string{
		`"in": "query", "schema": {"type": "integer", "minimum": 1}`:                                                 pointer,
		`"in": "query", "schema": {"type": "string"}`:                                                                pointer,
		`"in": "query", "required": true, "schema": {"type": "string"}`:                                              plain,
		`"in": "query", "schema": {"type": "array", "items": {"type": "string"}}`:                                    plain,
		`"in": "query", "schema": {"type": "object", "additionalProperties": {"type": "string"}}`:                    plain,
		`"in": "query", "schema": {"$ref": "#/components/schemas/Map"}`:                                              pointer,
		`"in": "query", "schema": {"$ref": "#/components/schemas/List"}`:                                             plain,
		`"in": "query", "schema": {"oneOf": [{"type": "string"}, {"type": "integer"}]}`:                              pointer,
		`"in": "query", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Part"}}}`:          pointer,
		`"in": "query", "content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}}`: plain,
		`"in": "header", "schema": {"type": "boolean"}`:                                                              pointer,
		`"in": "cookie", "schema": {}`:                                                                               pointer,
	} {
		for _, place := range []string{`"/p": {"parameters": [P], "get": {"responses": {}}}`, `"/p": {"get": {"parameters": [P], "responses": {}}}`,
			`"/p": {"get": {"parameters": [{"$ref": "#/components/parameters/P"}], "responses": {}}}, "/q": {}`} {
			found := preparedParameter(t, place, `{"name": "p", `+parameter+`}`)
			if got := marksOf(t, found); got != want {
				t.Errorf("%s in %s: %q; want %q", parameter, place, got, want)
			}
		}
	}
}

// preparedParameter prepares a contract with a parameter in that place, or in the
// components, and returns it.
func preparedParameter(t *testing.T, place, parameter string) (found node) {
	t.Helper()
	text := `{"paths": {` + place + `}, "components": {"parameters": {"P": P}, "schemas": {` + others + `}}}`
	prepared, err := prepare(bytes.ReplaceAll([]byte(text), []byte("P}"), []byte(parameter+"}")))
	if bytes.Contains([]byte(place), []byte("[P]")) {
		prepared, err = prepare(bytes.ReplaceAll(bytes.Replace([]byte(text), []byte(`"P": P`), nil, 1), []byte("[P]"), []byte("["+parameter+"]")))
	}
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(prepared, &value); err != nil {
		t.Fatal(err)
	}
	each(value, func(n node) {
		if n["name"] == "p" {
			found = n
		}
	})
	if found == nil {
		t.Fatal("no parameter")
	}
	return found
}

// The objects of a parameter are encoded by the runtime, which leaves out nil pointers
// and nothing else.
func TestObjectsOfParameters(t *testing.T) {
	t.Parallel()
	schemas := preparedSchemas(t, `{"paths": {"/p": {"get": {"parameters": [{"name": "p", "in": "query", "schema": {"$ref": "#/components/schemas/Flat"}}]}}},
		"components": {"schemas": {"Flat": {"type": "object", "properties": {"list": {"type": "array", "items": {}}, "any": {}, "size": {"type": "integer", "minimum": 1}}}}}}`)
	for _, name := range []string{"list", "any", "size"} {
		if got := marksOf(t, at(t, schemas, "Flat/properties/"+name)); got != pointer {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func preparedSchemas(t *testing.T, contract string) node {
	t.Helper()
	prepared, err := prepare([]byte(contract))
	if err != nil {
		t.Fatal(err)
	}
	var document struct{ Components struct{ Schemas node } }
	if err := json.Unmarshal(prepared, &document); err != nil {
		t.Fatal(err)
	}
	return document.Components.Schemas
}

// sentBy generates a client for the contract in a folder of testdata, and runs the
// tests there in its module.
func sentBy(t *testing.T, name string) {
	t.Helper()
	dir := moduleCopy(t)
	adopt(t, dir, readFile(t, "testdata", name, Contract))
	writeFile(t, readFile(t, "testdata", name, "sent_test.go"), dir, name, "sent_test.go")
	for _, args := range [][]string{{"vet", "./..."}, {"test", "-count=1", "-ldflags=-w", "./" + name}} {
		var out bytes.Buffer
		if err := Stream(context.Background(), &out, dir, []string{"GOFLAGS=-mod=readonly"}, "go", args...); err != nil {
			t.Errorf("go %s: %v\n%s", args[0], err, out.Bytes())
		}
	}
}

// What the caller of a generated client does not set is not sent, and zeros that are
// set are.
func TestWhatIsNotSetIsNotSent(t *testing.T) {
	t.Parallel()
	needGenerator(t)
	sentBy(t, "unset")
}

package codegen

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// everywhere is a contract with EXT, an extension and a comma, in each place where
// OpenAPI allows one, and with names and data that begin with x- in each place where
// they are something else.
const everywhere = `{EXT "openapi": "3.0.3",
  "info": {EXT "title": "Extensions", "version": "1", "contact": {EXT "name": "n"}, "license": {EXT "name": "l"}},
  "servers": [{EXT "url": "https://api.example.com"}, {EXT "url": "https://{v}.example.com", "variables": {"v": {EXT "default": "x-1"}}}],
  "tags": [{EXT "name": "t", "externalDocs": {EXT "url": "https://example.com"}}],
  "paths": {EXT
    "/a/{id}": {EXT
      "parameters": [{EXT "name": "id", "in": "path", "required": true, "schema": {EXT "type": "string"}}, {"$ref": "#/components/parameters/x-page" EXTRA}],
      "post": {EXT
        "operationId": "sendA", "security": [{"x-key": []}],
        "parameters": [
          {EXT "name": "x-limit", "in": "query", "schema": {"$ref": "#/components/schemas/x-word" EXTRA}},
          {EXT "name": "filter", "in": "query", "content": {"application/json": {EXT "schema": {EXT "type": "object", "properties": {"x-a": {EXT "type": "string"}}}}}}
        ],
        "requestBody": {EXT "content": {"application/json": {EXT "schema": {"$ref": "#/components/schemas/Thing" EXTRA}, "example": {"x-data": 1}}}},
        "responses": {EXT
          "200": {EXT "description": "OK",
            "headers": {"x-count": {EXT "schema": {EXT "type": "integer"}}, "Other": {"$ref": "#/components/headers/x-head" EXTRA}},
            "content": {"application/json": {EXT "schema": {EXT "type": "array", "items": {"$ref": "#/components/schemas/Thing" EXTRA}}, "examples": {"x-one": {"value": [{"x-data": 1}]}}}},
            "links": {"x-link": {EXT "operationId": "sendA"}}},
          "400": {"$ref": "#/components/responses/x-bad" EXTRA}
        },
        "callbacks": {"x-done": {EXT "{$request.body#/url}": {EXT "post": {EXT "responses": {EXT "200": {EXT "description": "OK"}}}}}}
      }
    }
  },
  "components": {EXT
    "schemas": {
      "x-word": {EXT "type": "string", "enum": ["x-a", "b"]},
      "Thing": {EXT "type": "object", "required": ["x-size"], "properties": {
        "x-size": {EXT "type": "integer"},
        "word": {"$ref": "#/components/schemas/x-word" EXTRA},
        "list": {EXT "type": "array", "items": {EXT "type": "string"}},
        "map": {EXT "type": "object", "additionalProperties": {EXT "type": "string"}},
        "all": {EXT "allOf": [{"$ref": "#/components/schemas/Part" EXTRA}, {EXT "type": "object", "properties": {"more": {EXT "type": "string", "default": "x-y"}}}]},
        "one": {EXT "oneOf": [{"$ref": "#/components/schemas/Part" EXTRA}, {EXT "type": "string"}]},
        "data": {EXT "type": "object", "default": {"x-data": 1}, "example": {"x-data": 2}}
      }},
      "Part": {EXT "type": "object", "properties": {"enum": {EXT "type": "string"}, "example": {EXT "type": "object", "properties": {"default": {EXT "type": "string"}}}}}
    },
    "parameters": {"x-page": {EXT "name": "page", "in": "query", "schema": {EXT "type": "integer"}}},
    "headers": {"x-head": {EXT "schema": {EXT "type": "string"}}},
    "responses": {"x-bad": {EXT "description": "bad"}},
    "requestBodies": {"x-body": {EXT "content": {"application/json": {EXT "schema": {EXT "type": "string"}}}}},
    "securitySchemes": {"x-key": {EXT "type": "apiKey", "in": "header", "name": "x-api-key"}}
  }
}`

// withExtension returns that contract with an extension everywhere, or with none if it
// is empty.
func withExtension(extension string) []byte {
	before, after := "", ""
	if extension != "" {
		before, after = extension+",", ", "+extension
	}
	return []byte(strings.NewReplacer("EXTRA", after, "EXT", before).Replace(everywhere))
}

// obeyed are the extensions that the generator obeys, and one that it does not know.
var obeyed = []string{
	`"x-go-name": "Renamed"`, `"x-go-type": "uuid.UUID"`, `"x-go-type": "any", "x-go-type-import": {"name": "y", "path": "example.com/y"}`,
	`"x-go-type-name": "Renamed"`, `"x-go-type-skip-optional-pointer": false`, `"x-go-json-ignore": true`, `"x-omitempty": false`,
	`"x-omitzero": true`, `"x-oapi-codegen-extra-tags": {"json": "-"}`, `"x-oapi-codegen-only-honour-go-name": true`,
	`"x-enum-varnames": ["P", "Q"]`, `"x-enumNames": ["P", "Q"]`, `"x-order": 1`, `"x-deprecated-reason": "old"`, `"x-go-future": {"x": 1}`,
}

// An extension has no effect wherever it is, and what is none stays.
func TestExtensionsAreDropped(t *testing.T) {
	t.Parallel()
	d, err := decode(withExtension(""))
	if err != nil {
		t.Fatal(err)
	}
	want := d.root
	for _, extension := range append(slices.Clone(obeyed), `"x-anything": null`) {
		d, err := decode(withExtension(extension))
		if err != nil {
			t.Fatal(err)
		}
		d.dropExtensions()
		if diff := cmp.Diff(want, d.root); diff != "" {
			t.Errorf("%s is not dropped (-want +got):\n%s", extension, diff)
		}
	}
	if n := strings.Count(everywhere, `"x-`); n != strings.Count(string(mustJSON(t, want)), `"x-`) || n < 15 {
		t.Errorf("the contract has %d names and data that begin with x-", n)
	}
}

func mustJSON(t *testing.T, value any) []byte {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// All extensions at once lead to the same code as none, which needs no other module.
func TestExtensionsDoNotReachTheGenerator(t *testing.T) {
	t.Parallel()
	inputs := moduleInputs(t)
	var outputs []Files
	all := strings.Join(slices.Delete(slices.Clone(obeyed), 1, 2), ", ") // x-go-type comes once more
	for _, extensions := range []string{"", all} {
		inputs[Contract] = withExtension(extensions)
		output, err := All.generate(context.Background(), inputs, func(string) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		outputs = append(outputs, output)
	}
	if d := cmp.Diff(string(outputs[0]["generated/"+client]), string(outputs[1]["generated/"+client])); d != "" {
		t.Errorf("extensions of the document change the code (-without +with):\n%s", d)
	}
}

// The overlay is ours: its extensions are obeyed.
func TestTheOverlayHasTheLastWord(t *testing.T) {
	t.Parallel()
	inputs := moduleInputs(t)
	inputs[Contract] = withExtension(`"x-go-name": "Theirs"`)
	inputs[Overlay] = append(inputs[Overlay], "  - {target: '$..properties.word', description: d, update: {x-go-name: Ours}}\n"...)
	output, err := All.generate(context.Background(), inputs, func(string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if code := string(output["generated/"+client]); !strings.Contains(code, "Ours ") || strings.Contains(code, "Theirs") {
		t.Error("the field is not named by the overlay")
	}
}

// What the service sends is no part of a client, and two callbacks may have one name.
func TestCallbacksAreDropped(t *testing.T) {
	t.Parallel()
	const callbacks = `"callbacks": {"done": {"{$request.body#/url}": {"post": {"requestBody": {"content": {"application/json": {"schema": {"type": "object",
		"properties": {"a": {"type": "string"}}}}}}, "responses": {"200": {"description": "OK"}}}}}}`
	inputs := moduleInputs(t)
	var outputs []string
	for _, with := range []string{"", callbacks + ","} {
		inputs[Contract] = []byte(`{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "servers": [{"url": "https://api.example.com"}], "paths": {"/a": {
			"get": {"operationId": "one", ` + with + `"responses": {"200": {"description": "OK"}}}, "post": {"operationId": "two", ` + with + `"responses": {"200": {"description": "OK"}}}}}}`)
		output, err := Generate(context.Background(), inputs)
		if err != nil {
			t.Fatal(err)
		}
		outputs = append(outputs, string(output["generated/"+client]))
	}
	if outputs[0] != outputs[1] {
		t.Error("callbacks change the code")
	}
}

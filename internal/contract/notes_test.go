package contract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Examples that violate their own schema are named by their place, wherever a document
// has examples, and so is what is ignored.
func TestNotes(t *testing.T) {
	t.Parallel()
	const document = `{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "x-tags": 1, "tagz": [], "paths": {
		"/{id}": {
			"parameters": [{"name": "id", "in": "path", "required": true, "example": 7, "schema": {"type": "string", "example": 8}}],
			"post": {"operationId": "post",
				"parameters": [{"name": "q", "in": "query", "schema": {"type": "integer"}, "examples": {"good": {"value": 1}, "bad": {"value": "x"}}},
					{"name": "f", "in": "query", "content": {"application/json": {"schema": {"type": "array", "items": {}}, "example": {}}}},
					{"$ref": "#/components/parameters/P"}],
				"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S"}, "example": {"n": 1, "made": 2}}}},
				"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/S"},
					"examples": {"a": {"value": {"n": "x"}}, "b": {"value": {"n": 1, "made": 2, "when": "2026-01-30 12:00:00"}}, "c": {"externalValue": "https://example.com"}}}}},
					"404": {"$ref": "#/components/responses/R"}}}}},
		"components": {
			"parameters": {"P": {"name": "p", "in": "query", "schema": {"type": "boolean"}, "example": "yes"}},
			"responses": {"R": {"description": "r", "content": {"text/plain": {"schema": {"type": "string"}, "example": 404}, "image/png": {"example": 1}}}},
			"requestBodies": {"B": {"content": {"application/json": {"schema": {"type": "integer", "maximum": 3}, "example": 4}}}},
			"schemas": {"S": {"type": "object", "required": ["n"], "example": {"m": 1}, "properties": {
				"n": {"type": "integer", "example": "one"}, "made": {"type": "integer", "readOnly": true},
				"when": {"type": "string", "format": "date-time", "example": "2026-01-30 12:00:00"}, "id": {"type": "string", "pattern": "^(?=a)", "example": "b"},
				"list": {"type": "array", "items": {"type": "string", "enum": ["a"], "example": "b"}}, "map": {"additionalProperties": {"type": "string", "maxLength": 1, "example": "ab"}},
				"one": {"oneOf": [{"type": "string", "minLength": 2, "example": "a"}, {"$ref": "#/components/schemas/S"}]}}}}}}`
	want := []string{
		"/tagz is ignored: OpenAPI 3.0 has no such key there",
		"/components/schemas/S/properties/id/pattern is not checked: it has a lookahead",
		"/paths/~1{id}/parameters/0/example is not used: it violates type of its own schema",
		"/paths/~1{id}/parameters/0/schema/example is not used: it violates type of its own schema",
		"/paths/~1{id}/post/parameters/0/examples/bad is not used: it violates type of its own schema",
		"/paths/~1{id}/post/parameters/1/content/application~1json/example is not used: it violates type of its own schema",
		"/paths/~1{id}/post/requestBody/content/application~1json/example is not used: it violates readOnly of its own schema at /made",
		"/paths/~1{id}/post/responses/200/content/application~1json/examples/a is not used: it violates type of its own schema at /n",
		"/components/schemas/S/example is not used: it violates required of its own schema at /n",
		"/components/schemas/S/properties/list/items/example is not used: it violates enum of its own schema",
		"/components/schemas/S/properties/map/additionalProperties/example is not used: it violates maxLength of its own schema",
		"/components/schemas/S/properties/n/example is not used: it violates type of its own schema",
		"/components/schemas/S/properties/one/oneOf/0/example is not used: it violates minLength of its own schema",
		"/components/parameters/P/example is not used: it violates type of its own schema",
		"/components/requestBodies/B/content/application~1json/example is not used: it violates maximum of its own schema",
		"/components/responses/R/content/text~1plain/example is not used: it violates type of its own schema",
		`/paths/~1{id}/post: the query parameter "f" is not checked before it is sent: it has a media type of its own`,
	}
	if diff := cmp.Diff(want, parseText(t, document).Notes()); diff != "" {
		t.Error(diff)
	}
}

// Our own contract has nothing that is ignored, and a call changes nothing.
func TestNotesOfGoodDocuments(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]*Document{"ours": ours(t), "grown": parseText(t, grown), "pets": parseText(t, pets)} {
		for range 2 {
			if notes := d.Notes(); len(notes) > 0 {
				t.Errorf("%s: %q", name, notes)
			}
		}
	}
}

func TestNotesAreBounded(t *testing.T) {
	t.Parallel()
	var properties []string
	for i := range 1000 {
		properties = append(properties, fmt.Sprintf(`"p%d": {"type": "string", "example": 1, "foo": 2}`, i))
	}
	notes := parseText(t, around(`{"properties": {`+strings.Join(properties, ", ")+`}}`, "")).Notes()
	if len(notes) != maxNotes || notes[maxNotes-1] != "and 1801 more places" {
		t.Errorf("%d notes, the last is %q", len(notes), notes[len(notes)-1])
	}
}

// Limits are compared wherever they are, each with its own counterpart.
func TestNotesOfLimits(t *testing.T) {
	t.Parallel()
	const at = "/paths/~1/get/responses/200/content/application~1json/schema"
	const ending = " is satisfied by no value: its "
	for schema, want := range map[string]string{
		`{"type": "string", "enum": []}`:                               "/enum is ignored: it lists no value",
		`{"type": "string", "enum": ["a"]}`:                            "",
		`{"type": "string", "minLength": 3, "maxLength": 3}`:           "",
		`{"type": "string", "minLength": 4, "maxLength": 3}`:           ending + "minLength is above its maxLength",
		`{"type": "array", "items": {}, "minItems": 4, "maxItems": 0}`: ending + "minItems is above its maxItems",
		`{"type": "object", "minProperties": 2, "maxProperties": 1}`:   ending + "minProperties is above its maxProperties",
		`{"type": "number", "minimum": 0.5, "maximum": 0.4}`:           ending + "minimum is above its maximum",
		`{"type": "number", "minimum": -1}`:                            "",
	} {
		for place, document := range map[string]string{
			at + "/properties/p": `{"type": "object", "properties": {"p": ` + schema + `}}`,
			at + "/oneOf/0":      `{"oneOf": [` + schema + `]}`,
		} {
			notes := strings.Join(parseText(t, around(document, "")).Notes(), "; ")
			if notes != "" && want == "" || want != "" && notes != place+want {
				t.Errorf("%s: %q; want %q", document, notes, want)
			}
		}
	}
}

// What is read as YAML alone is refused where a contract is imported.
func TestCheckTypes(t *testing.T) {
	t.Parallel()
	const at = "/paths/~1/get/responses/200/content/application~1json/schema/properties/p"
	for schema, want := range map[string]string{
		`{"type": "string", "readOnly": true}`:       "",
		`{"type": "string", "readOnly": "yes"}`:      "a value of a wrong type (string); see " + at + "/readOnly",
		`{"type": "string", "deprecated": "true"}`:   "a value of a wrong type (string); see " + at + "/deprecated",
		`{"type": "number", "minimum": "1"}`:         "a value of a wrong type (string); see " + at + "/minimum",
		`{"type": "string", "maxLength": "10"}`:      "a value of a wrong type (string); see " + at + "/maxLength",
		`{"type": "string", "description": ["a"]}`:   "a value of a wrong type (array); see " + at,
		`{"type": "string", "x-anything": ["a", 1]}`: "",
	} {
		document := []byte(around(`{"type": "object", "properties": {"p": `+schema+`}}`, ""))
		err := CheckTypes(document)
		if got := fmt.Sprint(err); want == "" && err != nil || want != "" && !strings.HasSuffix(got, want) {
			t.Errorf("%s: %v; want %q", schema, err, want)
		}
	}
}

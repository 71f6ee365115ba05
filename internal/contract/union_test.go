package contract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
)

// pets has the kinds of unions that documents use, each a property of the response.
const pets = `{"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
  "paths": {"/": {"get": {"operationId": "get", "responses": {"200": {"description": "ok",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/All"}}}}}}}},
  "components": {"schemas": {
    "Cat": {"type": "object", "required": ["kind", "lives"], "properties": {"kind": {"type": "string", "enum": ["cat"]}, "lives": {"type": "integer"},
      "tag": {"type": "object", "properties": {"note": {"type": "string"}}}}},
    "Dog": {"type": "object", "required": ["kind", "lives"], "properties": {"kind": {"type": "string", "enum": ["dog"]}, "lives": {"type": "number"},
      "Name": {"type": "string"}, "tag": {"type": "object", "properties": {"NOTE": {"type": "string", "nullable": true}}}}},
    "A": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}, "note": {"type": "string"}}},
    "B": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "lives": {"type": "number"}, "NOTE": {"type": "string"}}},
    "Based": {"allOf": [{"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "own": {"type": "string"}}},
      {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]}]},
    "Tree": {"oneOf": [{"type": "integer"}, {"type": "object", "required": ["left"], "properties": {
      "left": {"$ref": "#/components/schemas/Tree"}, "right": {"$ref": "#/components/schemas/Tree"}}}]},
    "Loop": {"oneOf": [{"$ref": "#/components/schemas/Loop"}, {"type": "object", "properties": {"n": {"type": "integer"}}}]},
    "All": {"type": "object", "properties": {
      "one": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
      "any": {"anyOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
      "open": {"anyOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]},
      "mapped": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
        "discriminator": {"propertyName": "kind", "mapping": {"first": "#/components/schemas/A", "second": "B"}}},
      "partly": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
        "discriminator": {"propertyName": "kind", "mapping": {"first": "#/components/schemas/A"}}},
      "named": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}], "discriminator": {"propertyName": "kind"}},
      "listed": {"anyOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}], "discriminator": {"propertyName": "kind"}},
      "based": {"$ref": "#/components/schemas/Based"},
      "nested": {"oneOf": [{"type": "string"}, {"anyOf": [{"type": "array", "items": {"$ref": "#/components/schemas/Based"}}, {"type": "boolean"}]}]},
      "tree": {"$ref": "#/components/schemas/Tree"}, "loop": {"$ref": "#/components/schemas/Loop"},
      "number": {"anyOf": [{"type": "integer"}, {"type": "number"}]}, "text": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
      "not": {"type": "object", "not": {"required": ["bad"], "properties": {"bad": {"type": "integer"}, "code": {}}}, "properties": {"Code": {"type": "string"}}},
      "list": {"type": "array", "items": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]}}}}}}}`

// A branch says something about a value only if the value satisfies it. What follows
// from two branches that disagree is neither.
func TestUnions(t *testing.T) {
	t.Parallel()
	for _, document := range []string{pets, strings.Replace(pets, `"own": {"type": "string"}`, `"own": {"type": "string", "readOnly": true}`, 1)} {
		op := parseText(t, document).Operation("get")
		for _, tt := range []struct{ body, want string }{
			{`{"one":{"kind":"cat","lives":9}}`, ""},
			{`{"one":{"kind":"dog","lives":9}}`, ""},
			{`{"one":{"kind":"dog","lives":9.5}}`, ""},
			{`{"one":{"kind":"dog","lives":1e3}}`, ""},
			{`{"one":{"kind":"dog","lives":99999999999999999999}}`, ""},
			{`{"one":{"kind":"cat","lives":9.5}}`, "/one: oneOf"},
			{`{"one":{"kind":"cat","lives":9.0}}`, "/one/lives: type"},
			{`{"one":{"kind":"cow","lives":1}}`, "/one: oneOf"},
			{`{"one":{"kind":"cat","lives":9,"name":"x"}}`, ""},
			{`{"one":{"kind":"dog","lives":9,"name":"x"}}`, "/one/name: keyCase"},
			{`{"one":{"kind":"cat","lives":9,"Lives":1}}`, "/one/Lives: keyCase"},
			{`{"one":{"kind":"dog","lives":9,"tag":{"note":"x"}}}`, "/one/tag/note: keyCase"},
			{`{"one":{"kind":"cat","lives":9,"tag":{"note":"x"}}}`, ""},
			{`{"any":{"kind":"dog","lives":9.5,"tag":{"NOTE":"x"}}}`, ""},
			{`{"any":{"kind":"dog","lives":9.5,"tag":{"note":"x"}}}`, "/any/tag/note: keyCase"},
			{`{"any":{"kind":"cat","lives":9.5}}`, "/any: anyOf"},
			{`{"open":{"kind":"a","lives":9.5}}`, ""},
			{`{"open":{"kind":"a","lives":9.0}}`, ""},
			{`{"open":{"kind":"a","note":"x"}}`, ""},
			{`{"open":{"kind":"a","Note":"x"}}`, "/open/Note: keyCase"},
			{`{"mapped":{"kind":"second","lives":9.5,"NOTE":"x"}}`, ""},
			{`{"mapped":{"kind":"second","lives":9.0}}`, ""},
			{`{"mapped":{"kind":"first","lives":9.0}}`, "/mapped/lives: type"},
			{`{"mapped":{"kind":"first","lives":9.5}}`, "/mapped: oneOf"},
			{`{"mapped":{"kind":"A","lives":9}}`, ""},
			{`{"mapped":{"kind":"third","lives":9}}`, "/mapped: discriminator"},
			{`{"mapped":{"lives":9}}`, "/mapped: discriminator"},
			{`{"partly":{"kind":"B","lives":9.0}}`, ""},
			{`{"partly":{"kind":"first","lives":9}}`, ""},
			{`{"partly":{"kind":"second","lives":9}}`, "/partly: discriminator"},
			{`{"named":{"kind":"A","lives":9}}`, ""},
			{`{"named":{"kind":"B","lives":9.5}}`, ""},
			{`{"named":{"kind":"A","lives":9.5}}`, "/named: oneOf"},
			{`{"listed":{"kind":"cat","lives":9}}`, ""},
			{`{"listed":{"kind":"dog","lives":9.0}}`, ""},
			{`{"listed":{"kind":"Dog","lives":9.0}}`, "/listed: anyOf"},
			{`{"based":{"id":1,"kind":"dog","lives":9.5}}`, ""},
			{`{"based":{"ID":1,"kind":"dog","lives":9.5}}`, "/based/ID: keyCase, /based/id: required"},
			{`{"based":{"id":1.0,"kind":"dog","lives":9.5,"name":""}}`, "/based/id: type, /based/name: keyCase"},
			{`{"based":{"id":1,"kind":"cat","lives":9.5}}`, "/based: oneOf"},
			{`{"nested":"x"}`, ""},
			{`{"nested":true}`, ""},
			{`{"nested":[{"id":1,"kind":"dog","lives":9.5},{"id":1,"kind":"cat","lives":9.0}]}`, "/nested/1/lives: type"},
			{`{"nested":[{"id":1,"kind":"cat","lives":9,"name":"x"},{"Id":1,"id":1,"kind":"cat","lives":9}]}`, "/nested/1/Id: keyCase"},
			{`{"tree":{"left":1,"right":{"left":{"left":2}}}}`, ""},
			{`{"tree":{"left":1,"right":{"left":{"left":2.0}}}}`, "/tree/right/left/left: type"},
			{`{"tree":{"left":1,"Right":2}}`, "/tree/Right: keyCase"},
			{`{"tree":{"left":1,"right":{"Left":2}}}`, "/tree: oneOf, /tree/right/Left: keyCase"},
			{`{"any":{"lives":9.5,"Kind":"dog"}}`, "/any: anyOf, /any/Kind: keyCase"},
			{`{"any":{"kind":"dog","Lives":1.0}}`, "/any: anyOf, /any/Lives: keyCase"},
			{`{"number":1000.0}`, ""},
			{`{"number":1e3}`, ""},
			{`{"text":1}`, ""},
			{`{"text":1e3}`, "/text: type"},
			{`{"not":{"bad":1.5}}`, ""},
			{`{"not":{"Bad":1}}`, ""},
			{`{"not":{"bad":1.0}}`, "/not: not"},
			{`{"not":{"bad":"x","CODE":1}}`, "/not/CODE: keyCase"},
			{`{"not":{"code":1}}`, ""},
			{`{"list":[{"kind":"cat","lives":1},{"kind":"dog","lives":1.5}]}`, ""},
			{`{"list":[{"kind":"cat","lives":1},{"kind":"dog","LIVES":1.5,"lives":2}]}`, "/list/1/LIVES: keyCase"},
		} {
			if got := check(t, op, tt.body); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.body, got, tt.want)
			}
		}
	}
}

// A null that counts as missing counts so in the branch that the value is of.
func TestNullInAUnion(t *testing.T) {
	t.Parallel()
	op := parseText(t, pets).Operation("get")
	for _, tt := range []struct{ body, want string }{
		{`{"one":{"kind":"cat","lives":9,"tag":null}}`, ""},
		{`{"one":{"kind":"dog","lives":9.5,"Name":null,"tag":null}}`, ""},
		{`{"one":{"kind":"cat","lives":null}}`, "/one: oneOf"},
		{`{"one":{"kind":"cat","lives":9,"tag":{"note":null}}}`, ""},
		{`{"one":{"kind":"dog","lives":9,"tag":{"NOTE":null}}}`, ""},
		{`{"one":{"kind":"dog","lives":9,"name":null}}`, "/one/name: keyCase"},
		{`{"any":{"kind":"dog","lives":9,"tag":null,"Name":null}}`, ""},
		{`{"open":{"kind":"x","lives":null}}`, ""},
		{`{"mapped":{"kind":"second","lives":null,"NOTE":null}}`, ""},
		{`{"mapped":{"kind":null}}`, "/mapped: discriminator"},
		{`{"based":{"id":1,"own":null,"kind":"cat","lives":9,"tag":null}}`, ""},
		{`{"based":{"id":null,"own":null,"kind":"cat","lives":9}}`, "/based/id: nullable"},
		{`{"tree":{"left":1,"right":null}}`, ""},
		{`{"tree":{"left":{"left":1,"right":null},"right":{"left":2,"right":null}}}`, ""},
		{`{"tree":{"left":null}}`, "/tree: oneOf"},
		{`{"list":[{"kind":"cat","lives":1,"tag":null},{"kind":"dog","lives":1.5,"Name":null}]}`, ""},
		{`{"list":[null]}`, "/list/0: oneOf"},
		{`{"one":null,"any":null,"tree":null,"number":null,"nested":null}`, ""},
	} {
		if got := check(t, op, tt.body); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.body, got, tt.want)
		}
	}
}

// Keys of a map are data, in whatever case. Those that it declares are checked, and
// where there is no map, a key in another case is a violation.
func TestKeysOfMaps(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ schema, body, want string }{
		{`{"properties": {"id": {"type": "string"}}, "additionalProperties": {"type": "integer"}}`, `{"id":"x","ID":1,"Id":2}`, ""},
		{`{"properties": {"id": {"type": "string"}}, "additionalProperties": {"type": "integer"}}`, `{"id":"x","ID":"y"}`, "/ID: type"},
		{`{"properties": {"id": {"type": "string"}}, "additionalProperties": {"type": "integer"}}`, `{"id":1,"ID":1e3}`, "/ID: type, /id: type"},
		{`{"properties": {"id": {"type": "string"}}, "additionalProperties": {}}`, `{"ID":"y"}`, ""},
		{`{"properties": {"id": {"type": "string"}}, "additionalProperties": true}`, `{"ID":"y"}`, ""},
		{`{"properties": {"id": {"type": "string"}}, "additionalProperties": false}`, `{"ID":"y"}`, ": properties, /ID: keyCase"},
		{`{"properties": {"id": {"type": "string"}}}`, `{"ID":"y"}`, "/ID: keyCase"},
		{`{"required": ["id"], "properties": {"id": {}}, "additionalProperties": {}}`, `{"ID":"y"}`, "/id: required"},
		{`{"allOf": [{"properties": {"id": {}}}, {"additionalProperties": {"type": "string"}}]}`, `{"ID":"y"}`, ""},
		{`{"additionalProperties": {"properties": {"id": {}}}}`, `{"a":{"ID":1},"A":{"id":1}}`, "/a/ID: keyCase"},
		{`{"additionalProperties": {"additionalProperties": {"type": "integer"}, "properties": {"n": {}}}}`, `{"a":{"N":1,"n":"x"}}`, ""},
		{`{"oneOf": [{"required": ["a"], "properties": {"a": {}}, "additionalProperties": {"type": "integer"}}, {"required": ["b"], "properties": {"b": {}}}]}`, `{"a":1,"A":2}`, ""},
		{`{"oneOf": [{"required": ["a"], "properties": {"a": {}}, "additionalProperties": {"type": "integer"}}, {"required": ["b"], "properties": {"b": {}}}]}`, `{"b":1,"B":2}`, "/B: keyCase"},
	} {
		op := parseText(t, around(tt.schema, "")).Operation("get")
		got := check(t, op, tt.body)
		if strings.HasPrefix(tt.want, ": ") {
			got = ": " + got
		}
		if got != tt.want {
			t.Errorf("%s of %s: %q, want %q", tt.body, tt.schema, got, tt.want)
		}
	}
}

// What a body costs stays bounded where something is found in each of its unions, or
// each holds a null, however deep they are.
func TestCostOfWhatUnionsHold(t *testing.T) {
	nested.WithoutRace(t)
	op := parseText(t, pets).Operation("get")
	nested := func(depth int, inner string) string {
		return `{"tree":` + strings.Repeat(`{"left":1,"Right":1,"right":`, depth) + inner + strings.Repeat("}", depth) + "}"
	}
	for name, body := range map[string]string{
		"keys in another case":          `{"list":[` + filled(`{"kind":"cat","lives":1,"Lives":1},`) + `]}`,
		"keys of the other branch":      `{"list":[` + filled(`{"kind":"cat","lives":1,"name":1},`) + `]}`,
		"long keys of the other branch": `{"list":[` + filled(`{"kind":"cat","lives":1,"tag":{"NOTE":1,"Note":2}},`) + `]}`,
		"nulls":                         `{"list":[` + filled(`{"kind":"cat","lives":1,"tag":null},`) + `]}`,
		"nulls of no branch":            `{"list":[` + filled(`{"kind":null,"lives":1,"tag":null},`) + `]}`,
		"deep":                          nested(200, "1"),
		"deep, with a null":             nested(200, "null"),
		"deep, of no branch":            nested(200, `"x"`),
		"broad and deep, with nulls":    `{"tree":` + strings.Repeat(`{"left":{"left":1,"right":null},"right":`, 200) + "1" + strings.Repeat("}", 200) + "}",
	} {
		t.Run(name, func(t *testing.T) {
			var found string
			n := allocated(func() { found = check(t, op, body) })
			t.Logf("%d bytes: %d MB, %.60s", len(body), n>>20, found)
			if found == "" {
				t.Error("nothing was found")
			}
			if n > 80<<20 {
				t.Errorf("%d bytes took %d MB", len(body), n>>20)
			}
		})
	}
	for name, body := range map[string]string{
		"a list of use":  `{"list":[` + strings.TrimSuffix(strings.Repeat(`{"kind":"cat","lives":1,"tag":null,"name":"x"},`, 1000), ",") + `]}`,
		"a tree of use":  `{"tree":` + strings.Repeat(`{"left":1,"right":`, 8) + "null" + strings.Repeat("}", 8) + "}",
		"a tree, broad":  fmt.Sprintf(`{"tree":%s}`, broadTree(7)),
		"a loop":         `{"loop":{"n":1}}`,
		"based, in list": `{"nested":[` + strings.TrimSuffix(strings.Repeat(`{"id":1,"kind":"dog","lives":1.5,"tag":null},`, 500), ",") + `]}`,
	} {
		if found := check(t, op, body); found != "" && name != "a loop" {
			t.Errorf("%s: %.100s", name, found)
		}
	}
}

func broadTree(depth int) string {
	if depth == 0 {
		return `{"left":1,"right":null}`
	}
	return `{"left":` + broadTree(depth-1) + `,"right":` + broadTree(depth-1) + `}`
}

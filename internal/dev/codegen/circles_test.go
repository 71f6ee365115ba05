package codegen

import (
	"context"
	"fmt"
	"testing"
)

// A struct that would hold itself does so by a pointer. Lists and maps are pointers
// already.
func TestCirclesAreBroken(t *testing.T) {
	t.Parallel()
	const circles = `
	"Response": {"type": "object", "properties": {"node": {"$ref": "#/components/schemas/Node"}, "pair": {"$ref": "#/components/schemas/Pair"}, "leaf": {"$ref": "#/components/schemas/Leaf"}}},
	"Node": {"type": "object", "properties": {"parent": {"$ref": "#/components/schemas/Node"}, "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
		"byName": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Node"}}, "leaf": {"$ref": "#/components/schemas/Leaf"},
		"inline": {"type": "object", "properties": {"up": {"$ref": "#/components/schemas/Node"}}}}},
	"Pair": {"allOf": [{"$ref": "#/components/schemas/Leaf"}, {"type": "object", "properties": {"left": {"allOf": [{"$ref": "#/components/schemas/Other"}]}}}]},
	"Other": {"type": "object", "properties": {"pair": {"$ref": "#/components/schemas/Pair"}}},
	"Leaf": {"type": "object", "properties": {"name": {"type": "string"}}}`
	schemas := schemasOf(t, circles)
	for path, want := range map[string]string{
		"Response/properties/node": plain, "Response/properties/pair": plain, "Response/properties/leaf": plain,
		"Node/properties/parent": pointer, "Node/properties/children": plain, "Node/properties/byName": plain, "Node/properties/leaf": plain,
		"Node/properties/inline": pointer, "NodeInline/properties/up": plain, "Other/properties/pair": pointer,
	} {
		if got := marksOf(t, at(t, schemas, path)); got != want {
			t.Errorf("%s: %q; want %q", path, got, want)
		}
	}
	inputs := moduleInputs(t)
	inputs[Contract] = []byte(contractOf(circles, "application/json"))
	if _, err := Generate(context.Background(), inputs); err != nil {
		t.Error(err)
	}
}

func TestSchemasThatArePartsOfThemselves(t *testing.T) {
	t.Parallel()
	const (
		refused = "the contract can't be used: the schema A is a part of itself by allOf; see /components/schemas/A"
		endless = "the contract can't be used: the schema A requires itself, directly or through others, so that no value satisfies it; see /components/schemas/A"
		needsA  = `"B": {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/A"}}}`
	)
	doubled := ""
	for i := range 24 {
		doubled += fmt.Sprintf(`"S%d": {"allOf": [{"$ref": "#/components/schemas/S%d"}, {"$ref": "#/components/schemas/S%[2]d"}]}, `, i, i+1)
	}
	for schemas, want := range map[string]string{
		`"A": {"allOf": [{"$ref": "#/components/schemas/A"}]}`:                                                                                          refused,
		`"A": {"allOf": [{"$ref": "#/components/schemas/B"}]}, "B": {"allOf": [{}, {"$ref": "#/components/schemas/A"}]}`:                                refused,
		`"A": {"allOf": [{"allOf": [{"$ref": "#/components/schemas/A"}]}]}`:                                                                             refused,
		`"A": {"allOf": [{"$ref": "#/components/schemas/B"}, {"$ref": "#/components/schemas/B"}]}, "B": {"type": "object"}`:                             "",
		`"A": {"type": "object", "properties": {"a": {"allOf": [{"$ref": "#/components/schemas/A"}]}}}`:                                                 "",
		`"A": {"allOf": [{"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A"}}}]}`:                                                 "",
		`"A": {"allOf": [{"$ref": "#/components/schemas/B"}]}, "B": {"properties": {"a": {"$ref": "#/components/schemas/A"}}}`:                          "",
		`"A": {"type": "object", "required": ["b"], "properties": {"b": {"$ref": "#/components/schemas/B"}}}, ` + needsA:                                endless,
		`"A": {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/A"}}}`:                                           endless,
		`"A": {"allOf": [{"$ref": "#/components/schemas/B"}]}, ` + needsA:                                                                               endless,
		`"A": {"type": "object", "required": ["b"], "properties": {"b": {"allOf": [{"$ref": "#/components/schemas/B"}], "nullable": true}}}, ` + needsA: "",
		`"A": {"type": "object", "required": ["b"], "properties": {"b": {"type": "array", "items": {"$ref": "#/components/schemas/B"}}}}, ` + needsA:    "",
		`"A": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B"}}}, ` + needsA:                                                   "",
		doubled + `"S24": {"type": "object"}`: "",
	} {
		err := Validate([]byte(contractOf(schemas, "application/json")))
		if got := fmt.Sprint(err); want == "" && err != nil || want != "" && got != want {
			t.Errorf("%s: %v; want %q", schemas, err, want)
		}
	}
}

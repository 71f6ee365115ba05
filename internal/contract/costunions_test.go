package contract

import (
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
)

// unions is a contract whose validator checks a value twice for each union that it
// is in, or copies it for each branch. Since one property is read-only, it is told
// the direction of a body.
const unions = `{"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
  "paths": {"/": {"get": {"operationId": "get", "responses": {"200": {"description": "ok",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/All"}}}}}}}},
  "components": {"schemas": {
    "All": {"type": "object", "properties": {
      "one": {"$ref": "#/components/schemas/One"}, "any": {"$ref": "#/components/schemas/Any"}, "not": {"$ref": "#/components/schemas/Not"},
      "set": {"$ref": "#/components/schemas/Set"},
      "id": {"type": "string", "readOnly": true}}},
    "One": {"oneOf": [{"type": "string", "maxLength": 9}, {"type": "object", "properties": {"n": {"$ref": "#/components/schemas/One"}}}]},
    "Any": {"anyOf": [{"type": "number"}, {"type": "string", "pattern": "a.*b$"}, {"type": "object", "properties": {"n": {"$ref": "#/components/schemas/Any"}}}]},
    "Set": {"type": "array", "uniqueItems": true, "items": {"$ref": "#/components/schemas/Set"}},
    "Not": {"not": {"type": "object", "required": ["x"], "properties": {"n": {"$ref": "#/components/schemas/Not"}}},
      "properties": {"n": {"$ref": "#/components/schemas/Not"}}}}}}`

// What the validator does with one value counts as often as it does it: it parses
// a number and matches a string from end to end, sorts the keys of an object, copies
// all of a value for each branch of a oneOf, and writes it out for uniqueItems. Each of these bodies once took
// minutes, although it has few values that the contract describes.
func TestCostBelowUnionsIsBounded(t *testing.T) {
	nested.WithoutRace(t)
	op := parseText(t, unions).Operation("get")
	below := func(field, value string, depth int) string {
		return `{"` + field + `":` + strings.Repeat(`{"n":`, depth) + value + strings.Repeat("}", depth) + "}"
	}
	number, text := "0."+strings.Repeat("1", 1<<20-400), `"`+strings.Repeat("a", 1<<20-400)+`b"`
	keys, blob := `{"x":0`+distinctKeys()[:900_000], `{"x":[`+filled("1,")[:900_001]+`]}`
	keys = keys[:strings.LastIndexByte(keys, ',')] + "}"
	for name, body := range map[string]string{
		"a long number":     below("any", number, 15),
		"a long string":     below("any", text, 15),
		"many keys":         below("any", keys, 15),
		"many keys, copied": below("one", keys, 15),
		"a blob, copied":    below("one", blob, 15),
		"deep in not":       below("not", "1", 40),
		"sets in sets":      `{"set":` + strings.Repeat("[", 200) + filled("[],")[:900_002] + strings.Repeat("]", 200) + "}",
	} {
		t.Run(name, func(t *testing.T) {
			var found string
			n := allocated(func() { found = check(t, op, body) })
			if !strings.HasSuffix(found, ": depth") || n > 50<<20 {
				t.Errorf("%d MB: %.100s", n>>20, found)
			}
		})
	}
	for name, body := range map[string]string{
		"a number of use":   below("any", "12.5", 12),
		"a string of use":   below("any", `"`+strings.Repeat("ab", 1000)+`"`, 6),
		"keys of use":       below("one", keys[:strings.LastIndexByte(keys[:2000], ',')]+"}", 4),
		"a blob at the top": below("one", `{"x":[`+filled("1,")[:300_001]+`]}`, 0),
		"a few in not":      below("not", "1", 8),
		"sets of use":       `{"set":[[],[[]],[[[]],[]]]}`,
	} {
		if found := check(t, op, body); found != "" {
			t.Errorf("%s: %.100s", name, found)
		}
	}
}

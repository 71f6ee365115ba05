package contract

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// provableContract has each keyword that the proof understands, and some traps.
const provableContract = `{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {
  "/plain": {"get": {"operationId": "plain", "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {
    "type": "object", "required": ["id"], "properties": {
      "id": {"type": "string"}, "Σς": {"type": "string"}, "msk": {"type": "boolean"}, "l": {"type": "integer"},
      "tiny": {"type": "integer", "format": "int8"}, "small": {"type": "integer", "format": "int16"},
      "medium": {"type": "integer", "format": "int32"}, "big": {"type": "integer", "format": "int64"},
      "ratio": {"type": "number", "format": "float"}, "when": {"type": "string", "format": "date-time"},
      "kind": {"type": "string", "enum": ["a", "b\"<é", "c"]}, "level": {"type": "integer", "enum": [1, 2, 300]},
      "note": {"type": "string", "nullable": true, "enum": ["x", null]}, "any": {}, "free": {"type": "object", "additionalProperties": true},
      "items": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}, "mixed": {"type": "array", "items": {}}}}}}}}}},
  "/loose": {"get": {"operationId": "loose", "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {
    "type": "object", "properties": {"code": {"type": "integer"}, "msg": {"type": "string"}}}}}}}}},
  "/enums": {"get": {"operationId": "enums", "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object", "properties": {
    "a": {"allOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["b", "c"]}]}}}}}}}}},
  "/items": {"get": {"operationId": "items", "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object", "properties": {
    "a": {"allOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "array", "items": {"type": "integer", "format": "int8"}}]}}}}}}}}},
  "/tree": {"get": {"operationId": "tree", "responses": {"default": {"description": "ok", "content": {"application/json; charset=utf-8": {"schema": {
    "$ref": "#/components/schemas/Tree"}}}}}}},
  "/heavy": {"get": {"operationId": "heavy", "responses": {"2XX": {"description": "ok", "content": {"application/json": {"schema": {
    "type": "object", "required": ["code", "msg"], "properties": {"code": {"type": "integer"}, "msg": {"type": "string"},
      "list": {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/Part"}, {"allOf": [{"type": "object"}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}]},
        {"type": "object"}, {"type": "object", "properties": {"b": {"type": "string"}}, "required": ["a", "b"]}]}}}}}}}}}}},
  "components": {"schemas": {
    "Part": {"type": "object", "properties": {"a": {"type": "integer"}}},
    "Tree": {"type": "object", "required": ["leaf"], "properties": {"leaf": {"type": "string"}, "left": {"$ref": "#/components/schemas/Tree"},
      "branches": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}}}}}`

// randomContract has one operation with a schema of which a part may not be
// understood.
func randomContract(rng *rand.Rand) string {
	schema := randomSchema(rng, 0)
	if rng.IntN(2) == 0 {
		schema = `{"allOf":[{"type":"object","required":["code","msg"],"properties":{"code":{"type":"integer"},"msg":{"type":"string"}}},` +
			`{"type":"object","properties":{"data":` + schema + `}}]}`
	}
	return `{"openapi":"3.0.3","info":{"title":"t","version":"1"},"paths":{"/":{"get":{"operationId":"random","responses":{"200":{"description":"ok",` +
		`"content":{"application/json":{"schema":` + schema + `}}}}}}}}`
}

// keywords are what a schema of each type may have besides; most are not understood.
var keywords = map[string][]string{
	"string": {`"minLength":2`, `"minLength":4`, `"maxLength":3`, `"pattern":"^a"`, `"format":"date"`, `"format":"byte"`, `"enum":["a","b"]`, `"enum":["x"]`, `"format":"uri"`},
	"integer": {`"minimum":1`, `"maximum":5`, `"multipleOf":2`, `"exclusiveMinimum":true,"minimum":0`, `"format":"int32"`, `"format":"int8"`,
		`"format":"int16"`, `"enum":[1,2]`, `"enum":[3]`},
	"number":  {`"minimum":1`, `"format":"double"`, `"enum":[1,1.5]`},
	"boolean": {`"enum":[true]`},
	"array":   {`"minItems":1`, `"maxItems":2`, `"uniqueItems":true`},
	"object":  {`"minProperties":1`, `"maxProperties":2`, `"additionalProperties":false`, `"additionalProperties":{"type":"string"}`, `"additionalProperties":true`},
	"": {`"nullable":true`, `"not":{"type":"string"}`, `"oneOf":[{"type":"string"},{"type":"integer"}]`, `"anyOf":[{"type":"string"},{"type":"object"}]`,
		`"description":"x"`, `"default":null`, `"x-y":1`, `"readOnly":true`, `"writeOnly":true`, `"deprecated":true`},
}

var (
	schemaTypes   = []string{"object", "object", "array", "string", "integer", "number", "boolean"}
	propertyNames = []string{"code", "msg", "data", "a", "k", "s", "url", "Data", "Σ"}
)

func randomSchema(rng *rand.Rand, depth int) string {
	kind := schemaTypes[rng.IntN(len(schemaTypes))]
	switch {
	case depth == 0:
		kind = "object"
	case depth > 3:
		kind = schemaTypes[3+rng.IntN(4)]
	}
	return randomSchemaOf(rng, kind, depth)
}

func randomSchemaOf(rng *rand.Rand, kind string, depth int) string {
	parts := []string{`"type":"` + kind + `"`}
	if rng.IntN(12) == 0 {
		parts = nil
	}
	for _, group := range []string{kind, ""} {
		if words := keywords[group]; rng.IntN(6) == 0 {
			parts = append(parts, words[rng.IntN(len(words))])
		}
	}
	switch {
	case kind == "array" && (len(parts) > 0 || rng.IntN(2) == 0):
		parts = append(parts, `"items":`+randomSchema(rng, depth+1))
	case kind == "object":
		parts = append(parts, randomProperties(rng, depth)...)
	}
	if depth < 5 && rng.IntN(6) == 0 {
		parts = append(parts, `"allOf":[`+randomSchemaOf(rng, kind, depth+1)+`,`+randomSchemaOf(rng, kind, depth+2)+`]`)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func randomProperties(rng *rand.Rand, depth int) []string {
	names := slices.Clone(propertyNames)
	rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	names = names[:rng.IntN(4)]
	properties, required := []string{}, []string{}
	for _, name := range names {
		if rng.IntN(30) > 0 {
			properties = append(properties, strconv.Quote(name)+":"+randomSchema(rng, depth+1))
		}
		if rng.IntN(3) == 0 {
			required = append(required, strconv.Quote(name))
		}
	}
	if len(required) == 0 {
		return []string{`"properties":{` + strings.Join(properties, ",") + "}"}
	}
	return []string{`"properties":{` + strings.Join(properties, ",") + "}", `"required":[` + strings.Join(required, ",") + "]"}
}

// extremes go beyond what a walk, JSON, or the long way takes, in a body that is valid
// for each operation of provableContract.
func extremes() []string {
	const head = `{"code":1000,"msg":"","id":"","leaf":""`
	return []string{
		head + `,"list":[` + strings.Repeat(`{"a":1,"b":""},`, 10_000) + `{"a":1,"b":""}]}`,
		head + `,"x":[` + strings.Repeat("{},", maxObjects) + `{}]}`,
		head + `,"x":` + strings.Repeat("[", 12_000) + strings.Repeat("]", 12_000) + `}`,
		strings.Repeat(head+`,"left":`, 260) + "null" + strings.Repeat("}", 260),
	}
}

// maxGenerated is the size at which a body gets no further optional parts.
const maxGenerated = 1000

// bodyGenerator writes bodies that nearly satisfy a schema.
type bodyGenerator struct {
	rng  *rand.Rand
	text []byte
}

func pick(rng *rand.Rand, from ...string) string { return from[rng.IntN(len(from))] }

// mangled is a body, of which every second has been damaged.
func (g *bodyGenerator) mangled(schema *openapi3.Schema) []byte {
	g.value(schema, 0)
	for g.rng.IntN(2) == 0 && len(g.text) > 0 {
		at := g.rng.IntN(len(g.text))
		end := min(len(g.text), at+1+g.rng.IntN(4))
		switch g.rng.IntN(5) {
		case 0:
			g.text = slices.Delete(g.text, at, end)
		case 1:
			g.text = slices.Insert(g.text, end, g.text[at:end]...)
		case 2:
			g.text[at] = byte(g.rng.IntN(256))
		case 3:
			g.text = append(g.text[:at:at], append([]byte(pick(g.rng, `,`, `"`, `\`, `}`, `]`, `:`, ` `, "\x00", "\xff", "é", "0", "-", `,"a":1`)), g.text[at:]...)...)
		case 4:
			g.text = append(g.text, pick(g.rng, " ", "\n", "x", "{}", ",", "\x00", "\ufeff")...)
		}
	}
	return g.text
}

func (g *bodyGenerator) write(texts ...string) {
	for _, text := range texts {
		g.text = append(g.text, text...)
		if g.rng.IntN(16) == 0 {
			g.text = append(g.text, pick(g.rng, " ", "\n", "\t", "\r", "  ", "\v", "\u00a0")...)
		}
	}
}

func (g *bodyGenerator) value(schema *openapi3.Schema, depth int) {
	kind := schemaTypes[g.rng.IntN(len(schemaTypes))]
	for _, part := range composed(schema, nil, true) {
		if part.Type != nil {
			kind = (*part.Type)[0]
		}
		if len(part.Enum) > 0 && g.rng.IntN(4) > 0 {
			literal, _ := json.Marshal(part.Enum[g.rng.IntN(len(part.Enum))])
			g.write(string(literal))
			return
		}
	}
	if g.rng.IntN(60) == 0 {
		kind = schemaTypes[g.rng.IntN(len(schemaTypes))]
	}
	switch kind {
	case "object":
		g.object(schema, depth)
	case "array":
		g.array(schema, depth)
	case "string":
		g.write(g.literal())
	case "boolean":
		g.write(pick(g.rng, "true", "false"))
	case "integer":
		g.write(g.number())
	default:
		g.write(pick(g.rng, g.number(), "1.5", "-0.25", "0.0", "1.", "-0.", "12345678.9012345678", "1e2", "null"))
	}
}

func (g *bodyGenerator) number() string {
	if g.rng.IntN(3) > 0 {
		return pick(g.rng, "0", "1", "2", "3", "7", "1000")
	}
	return pick(g.rng, "-0", "-7", "00", "01", "-01", "127", "128", "-128", "-129", "32768", "99999", "2147483647", "2147483648", "-2147483649", "999999999",
		"9999999999", "999999999999999999", "1000000000000000000", "9223372036854775808", "1.0", "1000.0", "1.", ".5", "-", "1e3", "1E2", "1e400", "0x10", "+1", "NaN")
}

func (g *bodyGenerator) literal() string {
	if g.rng.IntN(3) > 0 {
		return `"` + pick(g.rng, "", "a", "b", "abc", "1000", "https://example.com/a.png?x=1&y=2", strings.Repeat("x", g.rng.IntN(40))) + `"`
	}
	inside := pick(g.rng, `\n`, `\"`, `\\`, `\/`, `\u0041`, `\u00e9`, `\u0000`, `\ud83d\ude00`, `\ud83d`, `\ude00`, `\uD800\n`, `\u12`, `\u12g4`, `\x41`, `\`,
		"é", "漢😀", "\xff", "\xc3", "\xed\xa0\x80", "\xef\xbf\xbd", "\x00", "\x1f", "\x7f", "\t", "\n")
	return `"` + strings.Repeat("y", g.rng.IntN(12)) + inside + strings.Repeat("z", g.rng.IntN(12)) + `"`
}

func (g *bodyGenerator) array(schema *openapi3.Schema, depth int) {
	g.write("[")
	items := &openapi3.Schema{}
	for _, part := range composed(schema, nil, true) {
		if part.Items != nil {
			items = part.Items.Value
		}
	}
	for i := range g.rng.IntN(4) {
		if len(g.text) > maxGenerated {
			break
		}
		if i > 0 {
			g.write(",")
		}
		g.value(items, depth+1)
	}
	g.end("]")
}

// end writes a bracket, now and then after a comma.
func (g *bodyGenerator) end(bracket string) {
	if g.rng.IntN(60) == 0 {
		g.write(",")
	}
	g.write(bracket)
}

func (g *bodyGenerator) object(schema *openapi3.Schema, depth int) {
	properties, required := map[string]*openapi3.Schema{}, map[string]bool{}
	for _, part := range composed(schema, nil, true) {
		for name, ref := range part.Properties {
			properties[name] = ref.Value
		}
		for _, name := range part.Required {
			required[name] = true
			if properties[name] == nil {
				properties[name] = &openapi3.Schema{}
			}
		}
	}
	g.write("{")
	first := true
	for name, value := range properties {
		if required[name] && g.rng.IntN(40) > 0 || !required[name] && g.rng.IntN(2) == 0 && len(g.text) < maxGenerated {
			g.member(&first, name, value, depth)
		}
	}
	for g.rng.IntN(6) == 0 && len(g.text) < maxGenerated {
		g.unknown(&first, depth)
	}
	if depth == 0 && g.rng.IntN(8) == 0 {
		g.member(&first, "code", &openapi3.Schema{}, depth)
		g.member(&first, "msg", openapi3.NewStringSchema(), depth)
	}
	g.end("}")
}

func (g *bodyGenerator) member(first *bool, name string, value *openapi3.Schema, depth int) {
	if !*first {
		g.write(",")
	}
	*first = false
	switch g.rng.IntN(80) {
	case 0:
		name = strings.ToUpper(name)
	case 1:
		name = strings.NewReplacer("s", "ſ", "k", "K", "Σ", "σ").Replace(name)
	}
	quoted := `"` + name + `"`
	if g.rng.IntN(60) == 0 {
		quoted = pick(g.rng, fmt.Sprintf(`"%s\u0041"`, name), `"\u0061"`, "\"\xff\"", "\"\n\"", `"a`, `a`)
	}
	g.write(quoted, ":")
	switch {
	case g.rng.IntN(30) == 0:
		g.write("null")
	case name == "code" && depth == 0 && g.rng.IntN(10) > 0:
		g.write(pick(g.rng, "1000", "1000", "1000", "1000", "9999", "1000.0", "1e3", `"1000"`, "-1000"))
	default:
		g.value(value, depth+1)
	}
}

func (g *bodyGenerator) unknown(first *bool, depth int) {
	name := pick(g.rng, "x", "y", "z", "code", "msg", "Code", "MSG", "a", "A", "id", "tiny", "ID", strconv.Itoa(g.rng.IntN(20)))
	count := 1
	if g.rng.IntN(20) == 0 {
		count = 12
	}
	for i := range count {
		value := &openapi3.Schema{}
		if depth > 8 {
			value.Type = &openapi3.Types{"integer"}
		}
		if i > 0 {
			name = strconv.Itoa(i)
		}
		g.member(first, name, value, depth+1)
	}
}

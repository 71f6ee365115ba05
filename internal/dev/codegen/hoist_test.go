package codegen

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Objects and unions that are described in place get names, made of those around them.
func TestHoist(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ schemas, want string }{
		"nothing": {`"Response": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "object"}, "c": {"type": "array", "items": {"type": "integer"}},
			"d": {"allOf": [{"$ref": "#/components/schemas/Part"}]}, "e": {"type": "object", "additionalProperties": {"type": "string"}}}}, "Part": {"type": "object"}`, "Part"},
		"an object":             {`"Response": {"type": "object", "properties": {"task_data": {"type": "object", "properties": {"a": {}}}}}`, "ResponseTaskData"},
		"objects in objects":    {`"Response": {"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "object", "properties": {"c": {}}}}}}}`, "ResponseA ResponseAB"},
		"items":                 {`"Response": {"type": "object", "properties": {"list": {"type": "array", "items": {"type": "object", "properties": {"a": {}}}}}}`, "ResponseListItem"},
		"values":                {`"Response": {"type": "object", "additionalProperties": {"type": "object", "properties": {"a": {}}}}`, "ResponseValue"},
		"a union":               {`"Response": {"type": "object", "properties": {"u": {"oneOf": [{"type": "string"}, {"type": "object", "properties": {"a": {}}}]}}}`, "ResponseU ResponseU1"},
		"a union that is null":  {`"Response": {"type": "object", "properties": {"u": {"oneOf": [{"type": "string"}, {"type": "null"}]}}}`, ""},
		"members":               {`"Response": {"allOf": [{"type": "object", "properties": {"data": {"type": "object", "properties": {"a": {}}}}}]}`, "ResponseData"},
		"a merged property":     {`"Response": {"type": "object", "properties": {"m": {"allOf": [{"type": "object", "properties": {"a": {}}}, {"type": "object", "properties": {"b": {}}}]}}}`, "ResponseM"},
		"merged texts":          {`"Response": {"type": "object", "properties": {"m": {"allOf": [{"type": "string"}, {"minLength": 1, "type": "string"}]}}}`, ""},
		"a name that is taken":  {`"Response": {"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {}}}}}, "response_a": {"type": "object"}`, "ResponseAObject response_a"},
		"properties by keyword": {`"Response": {"type": "object", "properties": {"properties": {"type": "object", "properties": {"items": {}}}}}`, "ResponseProperties"},
	} {
		schemas := schemasOf(t, tt.schemas)
		names := slices.DeleteFunc(slices.Sorted(maps.Keys(schemas)), func(name string) bool { return name == "Request" || name == "Response" })
		if got := strings.Join(names, " "); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

// What the generator gives a name itself stays, unless it would lose its methods.
func TestHoistOutOfOperations(t *testing.T) {
	t.Parallel()
	const object, open = `{"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {}}}}}`,
		`{"type": "object", "properties": {"a": {}}, "additionalProperties": true}`
	for name, tt := range map[string]struct{ operation, want string }{
		"an object":    {`, "requestBody": {"content": {"application/json": {"schema": ` + object + `}}}`, "SendItBodyA"},
		"open":         {`, "requestBody": {"content": {"application/json": {"schema": ` + open + `}}}`, "SendItBody"},
		"a union":      {`, "requestBody": {"content": {"application/json": {"schema": {"oneOf": [{"type": "string"}, {"type": "integer"}]}}}}`, "SendItBody"},
		"a map":        {`, "requestBody": {"content": {"application/json": {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}}}`, ""},
		"a response":   {`, "responses": {"200": {"content": {"application/json": {"schema": ` + object + `}}}}`, "SendIt200ResponseA"},
		"the others":   {`, "responses": {"default": {"content": {"application/json": {"schema": ` + object + `}}}}`, "SendItDefaultResponseA"},
		"an open one":  {`, "responses": {"200": {"content": {"application/json": {"schema": ` + open + `}}}}`, ""},
		"a parameter":  {`, "parameters": [{"name": "f", "in": "query", "schema": ` + object + `}]`, "SendItParamsF SendItParamsFA"},
		"JSON in one":  {`, "parameters": [{"name": "f", "in": "query", "content": {"application/json": {"schema": ` + object + `}}}]`, "SendItParamsFA"},
		"no operation": {``, ""},
	} {
		schemas := preparedSchemas(t, `{"paths": {"/a": {"post": {"operationId": "send_it"`+tt.operation+`}}}}`)
		if d := cmp.Diff(tt.want, strings.Join(slices.Sorted(maps.Keys(schemas)), " ")); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

package contract

import (
	"fmt"
	"strings"
	"testing"
)

// limited is a contract of one operation whose JSON body has this schema.
func limited(schema string) string {
	return fmt.Sprintf(`{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/v1/a": {"post": {"operationId": "a",
    "requestBody": {"content": {"application/json": {"schema": %s}}}, "responses": {"200": {"description": "ok"}}}}},
  "components": {"schemas": {"ID": {"type": "string", "pattern": "^t_", "maxLength": 4}, "Tree": {"type": "object", "properties": {
    "left": {"$ref": "#/components/schemas/Tree"}, "leaf": {"type": "string", "minLength": 1}}}}}}`, schema)
}

func TestLimitsOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		property string
		maxItems int
		refused  string // of the texts t_1, t_12345, x and " "
	}{
		{`{"type": "array", "items": {"type": "string"}}`, 0, " "},
		{`{"type": "array", "maxItems": 50, "items": {"type": "string"}}`, 50, " "},
		{`{"allOf": [{"type": "array", "items": {"type": "string"}, "maxItems": 50}, {"maxItems": 7}]}`, 7, " "},
		{`{"type": "array", "items": {"$ref": "#/components/schemas/ID"}}`, 0, "t_12345 x  "},
		{`{"type": "array", "items": {"allOf": [{"type": "string"}, {"minLength": 3}]}}`, 0, "x  "},
		{`{"$ref": "#/components/schemas/ID"}`, 0, "t_12345 x  "},
		{`{"type": "string", "enum": ["x"]}`, 0, "t_1 t_12345  "},
		{`{"type": "string"}`, 0, " "},
	} {
		op := parseText(t, limited(`{"type": "object", "properties": {"ids": `+tt.property+`}}`)).Operation("a")
		l := op.LimitsOf("ids")
		var refused []string
		for _, text := range []string{"t_1", "t_12345", "x", " "} {
			if l.CheckText(text) != "" {
				refused = append(refused, text)
			}
		}
		if got := strings.Join(refused, " "); l.MaxItems != tt.maxItems || got != tt.refused {
			t.Errorf("%s: at most %d, refuses %q; want %d, %q", tt.property, l.MaxItems, got, tt.maxItems, tt.refused)
		}
		if other := op.LimitsOf("others"); other.MaxItems != 0 || other.CheckText("x") != "" {
			t.Errorf("%s: another property has limits", tt.property)
		}
	}
	var none *Operation
	if l := none.LimitsOf("ids"); l.MaxItems != 0 || l.CheckText("\xff") == "" {
		t.Error("no operation has limits, or allows any text")
	}
}

func TestHasLimits(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]bool{
		`{"type": "object", "required": ["ids"], "properties": {"ids": {"type": "array", "items": {"type": "string"}}, "n": {"type": "integer", "format": "int64"}}}`: false,
		`{"type": "object", "properties": {"ids": {"type": "array", "minItems": 1, "items": {"type": "string"}}}}`:                                                    true,
		`{"type": "object", "properties": {"ids": {"type": "array", "items": {"$ref": "#/components/schemas/ID"}}}}`:                                                  true,
		`{"type": "object", "additionalProperties": false}`:                                                                                                           true,
		`{"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}}`:                                                                               true,
		`{"allOf": [{"type": "object"}, {"properties": {"a": {"type": "string", "enum": ["x"]}}}]}`:                                                                   true,
		`{"$ref": "#/components/schemas/Tree"}`:                                                                                                                       true,
		`{"type": "object"}`:                                                                                                                                          false,
	} {
		if got := parseText(t, limited(schema)).Operation("a").HasLimits(); got != want {
			t.Errorf("%s: %t", schema, got)
		}
	}
}

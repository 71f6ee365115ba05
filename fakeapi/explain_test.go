package fakeapi

import (
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// The words for a violation, also where a pointer is cut or there is no schema.
func TestExplain(t *testing.T) {
	t.Parallel()
	color := openapi3.NewStringSchema()
	filter := openapi3.NewObjectSchema().WithProperty("color", color).WithProperty("a/b", openapi3.NewIntegerSchema())
	schema := openapi3.NewObjectSchema().WithProperty("filter", filter).
		WithProperty("list", openapi3.NewArraySchema().WithItems(filter)).
		WithProperty("labels", openapi3.NewObjectSchema().WithAdditionalProperties(color)).NewRef()
	deep := contract.Pointer(strings.Split(strings.Repeat("list/", 200), "/")...)
	for _, tt := range []struct {
		found  []contract.Violation
		schema *openapi3.SchemaRef
		want   string
	}{
		{nil, schema, ""},
		{[]contract.Violation{{Keyword: "type"}}, schema, "it must be of type object"},
		{[]contract.Violation{{Keyword: "type"}}, nil, `it does not satisfy "type" of the contract's schema`},
		{[]contract.Violation{{Pointer: "/list/3/color", Keyword: "type"}}, schema, `"/list/3/color" must be of type string`},
		{[]contract.Violation{{Pointer: "/labels/x", Keyword: "type"}}, schema, `"/labels/x" must be of type string`},
		{[]contract.Violation{{Pointer: "/filter/a~1b", Keyword: "type"}}, schema, `"/filter/a~1b" must be of type integer`},
		{[]contract.Violation{{Pointer: "/unknown", Keyword: "type"}}, schema, `"/unknown" does not satisfy "type" of the contract's schema`},
		{[]contract.Violation{{Pointer: deep, Keyword: "type"}}, schema, `"/list/list/list/list/list/list/list/list…" does not satisfy "type" of the contract's schema`},
		{[]contract.Violation{{Pointer: "/filter/A~1B", Keyword: "keyCase"}}, schema, `the key "/filter/A~1B"; the contract has "/filter/a~1b"`},
		{[]contract.Violation{{Pointer: "/X", Keyword: "keyCase"}}, schema, `the key "/X"; the contract has "/…"`},
		{[]contract.Violation{{Pointer: "/filter", Keyword: "properties"}, {Pointer: "/filter/Color", Keyword: "keyCase"}}, schema, `the key "/filter/Color"; the contract has "/filter/color"`},
		{[]contract.Violation{{Pointer: "/a\n\x00", Keyword: "uniqueKeys"}}, schema, `the key "/a\n\x00" is repeated`},
		{[]contract.Violation{{Pointer: "/a", Keyword: "json"}}, schema, `"/a" has half a surrogate pair in a \u escape`},
		{[]contract.Violation{{Pointer: "/a", Keyword: "depth"}}, schema, `"/a" is nested too deeply to be checked`},
		{[]contract.Violation{{Pointer: "/a", Keyword: "required"}, {Pointer: "/b", Keyword: "type"}}, schema, `"/a" is required`},
		{[]contract.Violation{{Pointer: "/a", Keyword: "nullable"}}, schema, `"/a" must not be null`},
		{[]contract.Violation{{Pointer: "/a", Keyword: "minLength"}}, schema, `"/a" does not satisfy "minLength" of the contract's schema`},
	} {
		got := ""
		if err := explain(tt.found, tt.schema); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%v: %s, want %s", tt.found, got, tt.want)
		}
	}
}

package contract

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// around returns a document with a schema of its one response, and what else it has.
func around(schema, rest string) string {
	return `{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/": {"get": {"operationId": "get",
		"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": ` + schema + `}}}}}}}` + rest + `}`
}

// What OpenAPI 3.0 has no name for is ignored, and named by its place.
func TestReadableIgnores(t *testing.T) {
	t.Parallel()
	const at = "/paths/~1/get/responses/200/content/application~1json/schema"
	const noKey = " is ignored: OpenAPI 3.0 has no such key there"
	for name, c := range map[string]struct {
		document string
		want     []string
	}{
		"nothing":               {around(`{"type": "string"}`, ""), nil},
		"examples":              {around(`{"examples": [1]}`, ""), []string{at + "/examples" + noKey}},
		"examples as an object": {around(`{"examples": {"a": {"value": 1}}}`, ""), []string{at + "/examples" + noKey}},
		"annotations": {around(`{"$comment": 1, "$id": "x", "$schema": 7, "contentEncoding": "base64"}`, ""),
			[]string{at + "/$comment" + noKey, at + "/$id" + noKey, at + "/$schema" + noKey, at + "/contentEncoding" + noKey}},
		"another case":       {around(`{"Type": "string", "minlength": 3}`, ""), []string{at + "/Type" + noKey, at + "/minlength" + noKey}},
		"deep in a schema":   {around(`{"allOf": [{}, {"items": {"foo": 1}, "properties": {"examples": {"bar": {}}}}]}`, ""), []string{at + "/allOf/1/items/foo" + noKey, at + "/allOf/1/properties/examples/bar" + noKey}},
		"data is not looked": {around(`{"example": {"foo": 1}, "default": {"foo": [{"bar": 1}]}, "enum": [{"foo": [{"bar": 1}]}], "x-foo": {"foo": 1}}`, ""), nil},
		"names are free": {around(`{"properties": {"foo": {}, "examples": {}, "x-y": {"foo": 1}, "$ref": {"bar": 2}}}`, `, "components": {"schemas": {"x-A": {"foo": 1}}}`),
			[]string{at + "/properties/x-y/foo" + noKey, at + "/properties/$ref/bar" + noKey, "/components/schemas/x-A/foo" + noKey}},
		"beside a reference": {around(`{"$ref": "#/components/schemas/A", "nullable": true, "description": "d", "x-a": 1, "foo": 1}`, `, "components": {"schemas": {"A": {}}}`),
			[]string{at + "/nullable is ignored: OpenAPI 3.0 ignores what is beside a $ref"}},
		"elsewhere": {around(`{}`, `, "foo": 1, "x-foo": 1, "servers": [{"url": "/", "name": "a"}], "tags": [{"name": "a", "parent": "b"}]`),
			[]string{"/foo" + noKey, "/servers/0/name" + noKey, "/tags/0/parent" + noKey}},
		"extensions of maps": {strings.Replace(around(`{}`, ``), `"paths": {`, `"paths": {"x-a": {"foo": 1}, `, 1), nil},
		"a callback": {strings.Replace(around(`{}`, ``), `"get": {`, `"get": {"callbacks": {"on": {"x-a": {"b": 1}, "{$request.body#/url}": {"post": {"foo": 1, "responses": {"200": {"description": "ok"}}}}}},`, 1),
			[]string{"/paths/~1/get/callbacks/on/{$request.body#~1url}/post/foo" + noKey}},
		"a name that is taken": {around(`{"foo": 1, "x-foo": 2, "x-ignored-foo": 3}`, ""), []string{at + "/foo" + noKey}},
		"a lookahead":          {around(`{"type": "string", "pattern": "^(?!a)b"}`, ""), []string{at + "/pattern is not checked: it has a negative lookahead"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, document := range []string{c.document, strings.Join(strings.Fields(c.document), " ")} {
				readable, ignored := Readable([]byte(document))
				if diff := cmp.Diff(c.want, ignored); diff != "" {
					t.Error(diff)
				}
				if again, more := Readable(readable); string(again) != string(readable) || more != nil && !strings.Contains(ignored[0], "$ref") {
					t.Errorf("read again: %s, %v", again, more)
				}
				if _, err := Parse([]byte(document)); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// Nothing that is known changes, keys keep their order, and white space stays.
func TestReadableKeepsTheRest(t *testing.T) {
	t.Parallel()
	var plain, read any
	readable, ignored := Readable([]byte(grown))
	if err := json.Unmarshal([]byte(grown), &plain); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(readable, &read); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(plain, read) || ignored != nil || string(readable) != grown {
		t.Errorf("ignored %v", ignored)
	}
	const before = "{ \"openapi\" : \"3.0.3\",\n \"foo\":[ 1 , {\"a\":\"\\u00e9\"} ],\"x\":{} }\n"
	const after = "{ \"openapi\" : \"3.0.3\",\n \"x-foo\":[ 1 , {\"a\":\"\\u00e9\"} ],\"x-x\":{} }\n"
	if got, _ := Readable([]byte("\ufeff" + before)); string(got) != after {
		t.Errorf("%s", got)
	}
}

// Descriptions that begin with a tab are read without it, since the generator can't
// write them as YAML.
func TestReadableTrimsDescriptions(t *testing.T) {
	t.Parallel()
	for description, want := range map[string]string{
		`\tfoo\nbar`: `foo\nbar`, `\n\tfoo\nbar`: `foo\nbar`, ` \t<b>foo`: `<b>foo`, `foo\n\tbar`: `foo\n\tbar`, `  foo`: `  foo`, `\t`: ``, `\u0009a\nb`: `a\nb`,
	} {
		document := around(`{"description": "`+description+`", "example": "\tfoo\nbar"}`, "")
		readable, _ := Readable([]byte(document))
		d := parseText(t, string(readable))
		schema := d.Operation("get").response(200).Content["application/json"].Schema.Value
		var text string
		if err := json.Unmarshal([]byte(`"`+want+`"`), &text); err != nil {
			t.Fatal(err)
		}
		if schema.Description != text || schema.Example != "\tfoo\nbar" {
			t.Errorf("%s: %q, example %q", description, schema.Description, schema.Example)
		}
	}
}

// What is no document comes back as it is, for Parse to refuse.
func TestReadableOfNoDocument(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\ufeff", "null", "[]", "openapi: 3.0.3\nfoo: 1\n", `{"a":`, `{"foo":1,"foo":2}`, `{"tags":[{},{}],"tags":[]}`} {
		if got, ignored := Readable([]byte("\ufeff" + text)); string(got) != text || ignored != nil {
			t.Errorf("%q: %q, %v", text, got, ignored)
		}
	}
	for _, text := range []string{`{"info":"x","paths":[1],"tags":{"a":1},"servers":[1,null],"components":{"schemas":{"a":5,"b":null,"c":[1]}}}`} {
		if got, ignored := Readable([]byte(text)); string(got) != text || ignored != nil {
			t.Errorf("%q: %q, %v", text, got, ignored)
		}
	}
}

// What decides what is valid is not ignored: a document of 3.0 that has it is refused.
func TestKeywordsOfLaterVersionsAreRefused(t *testing.T) {
	t.Parallel()
	for _, keyword := range []string{`"const": 1`, `"patternProperties": {"a": {}}`, `"dependentRequired": {"a": ["b"]}`, `"if": {}`, `"propertyNames": {}`,
		`"contains": {}`, `"prefixItems": [{}]`, `"unevaluatedProperties": false`, `"type": ["string", "null"]`, `"type": "null"`, `"exclusiveMinimum": 5`, `"$defs": {"a": {}}`} {
		_, err := Parse([]byte(around("{"+keyword+"}", "")))
		if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "invalid path /") {
			t.Errorf("%s: %v", keyword, err)
		}
	}
}

// What is read is JSON if the document is, says the same when it is read again, and
// never loses a value.
func FuzzReadable(f *testing.F) {
	for _, text := range []string{grown, pets, unions, around(`{"pattern": "^(?!a)", "examples": {"a": [1]}, "description": "\tx\ny"}`, `, "foo": 1`),
		`{"paths": {"/": {"get": {"parameters": [{"foo": 1}, null, 5]}}}, "components": {"schemas": {"A": {"allOf": [{"Type": 1}]}}}}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		readable, _ := Readable([]byte(text))
		if !json.Valid([]byte(text)) {
			return
		}
		if !json.Valid(readable) {
			t.Fatalf("%q is no JSON", readable)
		}
		if strings.Contains(text, "pattern") {
			return // it may be translated again, into the same in other words
		}
		if again, _ := Readable(readable); string(again) != string(readable) {
			t.Errorf("%q, and then %q", readable, again)
		}
		if strings.Count(string(readable), ":") < strings.Count(strings.TrimPrefix(text, "\ufeff"), ":") {
			t.Errorf("%q lost something of %q", readable, text)
		}
	})
}

package contract

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// answering returns the operation of a document whose response with status 200 has
// these media types: each with a schema, if any, after a space.
func answering(t *testing.T, method string, media ...string) *Operation {
	t.Helper()
	var content []string
	for _, m := range media {
		key, schema, _ := strings.Cut(m, " = ")
		if schema != "" {
			schema = `"schema": ` + schema
		}
		content = append(content, fmt.Sprintf("%q: {%s}", key, schema))
	}
	return parseText(t, `{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/": {"`+method+`": {"operationId": "get",
		"responses": {"200": {"description": "ok", "content": {`+strings.Join(content, ", ")+`}}}}}},
		"components": {"schemas": {"Shared": {"type": "object"}}}}`).Operation("get")
}

// Which body is judged as JSON, which is passed through, and which violates the
// contract by its Content-Type alone.
func TestMediaTypesOfResponses(t *testing.T) {
	t.Parallel()
	const object = ` = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}`
	const envelope = ` = {"type": "object", "required": ["code", "msg"], "properties": {"code": {"type": "integer"}, "msg": {"type": "string"}}}`
	const good, bad, page, lines = `{"n":1}`, `{"n":"x"}`, "<!DOCTYPE html><html>", "{\"n\":1}\n{\"n\":2}\n"
	tests := []struct {
		media             []string
		contentType, body string
		want              string // a leading "!" means not decodable
	}{
		{[]string{"application/json; charset=utf-8" + object}, "application/json", good, ""},
		{[]string{"application/json; charset=utf-8" + object}, "application/json; charset=utf-8", bad, "/n: type"},
		{[]string{"application/json; charset=utf-8" + object}, "APPLICATION/JSON;Charset=UTF-8", bad, "/n: type"},
		{[]string{"application/json;charset=UTF-8" + object}, "application/json; charset=utf-8", good, ""},
		{[]string{"application/json; charset=utf-8" + object}, "text/html", page, "!mediaType, json"},
		{[]string{"Application/JSON" + object}, "application/json", bad, "/n: type"},
		{[]string{"application/problem+json" + object}, "application/problem+json; v=1", bad, "/n: type"},
		{[]string{"application/vnd.x.v2+json" + object}, "application/vnd.X.v2+JSON", bad, "/n: type"},
		{[]string{"application/vnd.x.v2+json" + object}, "application/json", good, "mediaType"},
		{[]string{"application/vnd.x.v2+json" + object}, "application/json", bad, "mediaType, /n: type"},
		{[]string{"text/json" + object}, "text/json", bad, "/n: type"},
		{[]string{"text/x-json" + object}, "text/x-json", page, "!json"},
		{[]string{"application/*" + object}, "application/json", bad, "/n: type"},
		{[]string{"application/*" + object}, "application/problem+json", good, ""},
		{[]string{"application/*" + object}, "application/xml", "<n>1</n>", "!mediaType, json"},
		{[]string{"application/*" + object}, "text/html", page, "!mediaType, json"},
		{[]string{"*/*" + object}, "application/json", good, ""},
		{[]string{"*/*" + object}, "application/json", bad, "/n: type"},
		{[]string{"*/*" + object}, "text/html; charset=utf-8", page, "!mediaType, json"},
		{[]string{"*/*" + object}, "text/plain", good, "mediaType"},
		{[]string{"*/*" + object}, "", page, "!mediaType, json"},
		{[]string{"*/*" + object}, "", good, "mediaType"},
		{[]string{"*/*" + object}, "nonsense", good, "mediaType"},
		{[]string{`*/* = {"allOf": [{"properties": {"n": {}}}]}`}, "text/html", page, "!mediaType, json"},
		{[]string{`*/* = {"oneOf": [{"type": "array", "items": {}}, {"type": "integer"}]}`}, "text/html", page, "!mediaType, json"},
		{[]string{`*/* = {"oneOf": [{"type": "array", "items": {}}, {"type": "string"}]}`}, "text/html", page, ""},
		{[]string{`*/* = {"type": "string", "format": "binary"}`}, "text/html", page, ""},
		{[]string{`*/* = {}`, "application/json" + object}, "text/html", page, ""},
		{[]string{"*/*"}, "image/png", "\x89PNG", ""},
		{[]string{"image/*"}, "image/webp", "RIFF", ""},
		{[]string{"image/png", "application/json" + object}, "image/png", "\x89PNG", ""},
		{[]string{"image/png", "application/json" + object}, "application/json", bad, "/n: type"},
		{[]string{"image/png", "application/json" + object}, "text/html", page, "!mediaType, json"},
		{[]string{"image/png, image/webp"}, "image/webp", "RIFF", ""},
		{[]string{"application/octet-stream"}, "application/octet-stream", "\x00", ""},
		{[]string{"application/octet-stream"}, "application/json", good, "!mediaType, json"},
		{[]string{"application/x-ndjson" + object}, "application/x-ndjson", lines, ""},
		{[]string{"application/x-ndjson" + object, "application/json" + object}, "application/x-ndjson", lines, ""},
		{[]string{"application/x-ndjson" + object, "application/json" + object}, "application/json", lines, "!json"},
		{[]string{"text/event-stream"}, "text/event-stream", "data: x\n\n", ""},
		{[]string{"text/event-stream"}, "text/html", page, "!mediaType, json"},
		{[]string{"application/xml" + object}, "application/xml; charset=utf-8", "<n>x</n>", ""},
		{[]string{"application/xml" + object}, "application/json", good, "!mediaType, json"},
		{[]string{`text/plain = {"type": "string"}`}, "text/plain", "x", ""},
		{[]string{`text/plain = {"type": "array", "items": {}}`}, "text/plain", "a,b", ""},
		{[]string{`text/plain = {"type": "integer"}`}, "text/plain", "x", ""},
		{[]string{"text/plain" + object}, "text/plain; charset=utf-8", good, ""},
		{[]string{"text/plain" + object}, "text/plain", bad, "/n: type"},
		{[]string{"text/plain" + object}, "text/plain", "x", "!json"},
		{[]string{"text/html" + object}, "text/html", page, "!json"},
		{[]string{"application/javascript" + object}, "application/javascript", bad, "/n: type"},
		{[]string{"text/plain" + object, "application/json" + object}, "text/plain", bad, "/n: type"},
		{[]string{"text/plain" + envelope}, "text/plain", `{"code":1}`, "/msg: required"},
		{[]string{"application/xml" + envelope}, "application/xml", `{"code":1}`, "/msg: required"},
		{[]string{"application/xml" + envelope}, "application/xml", `[]`, ""},
		{[]string{"application/xml" + envelope}, "application/xml", "<code>1</code>", ""},
		{[]string{"application/x-ndjson" + envelope}, "application/x-ndjson", lines, ""},
		{[]string{"text/csv", "application/json" + object, "text/plain"}, "text/csv", "a,b", ""},
		{[]string{"text/csv", "application/json" + object, "text/plain"}, "application/pdf", "%PDF", "!mediaType, json"},
	}
	for _, tt := range tests {
		op := answering(t, "get", tt.media...)
		found, decodable := op.CheckResponse(with(200, tt.contentType), ReadJSON([]byte(tt.body)), true)
		got := list(found)
		if !decodable {
			got = "!" + got
		}
		if got != tt.want {
			t.Errorf("%q of %q, %.20s: %q, want %q", tt.contentType, tt.media, tt.body, got, tt.want)
		}
		isText := strings.HasPrefix(tt.contentType, "text/plain") && tt.body == good
		if isJSON := op.RespondsJSON(with(200, tt.contentType)); tt.want == "" && isJSON != (IsJSON(tt.contentType) || isText) {
			t.Errorf("%q of %q is JSON: %t", tt.contentType, tt.media, isJSON)
		}
	}
}

// The response to HEAD has the Content-Type of the one to GET, and no body.
func TestResponseToHead(t *testing.T) {
	t.Parallel()
	op := answering(t, "head", `application/json = {"type": "object"}`)
	if found, decodable := op.CheckResponse(with(200, "application/json"), ReadJSON(nil), true); len(found) > 0 || !decodable {
		t.Errorf("%v, decodable %t", found, decodable)
	}
	if op.RespondsJSON(with(200, "application/json")) {
		t.Error("the body is JSON")
	}
	if found, _ := op.CheckResponse(with(404, "application/json"), ReadJSON(nil), true); list(found) != "status" {
		t.Errorf("%v", found)
	}
}

// A generated client decodes by letters of the Content-Type, or by all of it.
func TestSpellJSON(t *testing.T) {
	t.Parallel()
	const object, shared = ` = {"type": "object"}`, `{"$ref": "#/components/schemas/Shared"}`
	one := []string{"application/json" + object}
	two := []string{"application/json; charset=utf-8" + object, "application/problem+json" + object}
	lines := []string{"application/x-ndjson", "application/json" + object}
	for _, tt := range []struct {
		media             []string
		contentType, want string
	}{
		{one, "application/json", "application/json"},
		{one, "application/json; charset=utf-8", "application/json; charset=utf-8"},
		{one, "APPLICATION/JSON", "application/json"},
		{one, "text/plain", "application/json"},
		{one, "", "application/json"},
		{[]string{"Application/JSON" + object}, "Application/JSON", "application/json"},
		{[]string{"application/vnd.x+json" + object}, "application/vnd.x+json", "application/vnd.x+json"},
		{[]string{"application/vnd.x+json" + object}, "application/vnd.x+JSON", "application/json"},
		{two, "application/json", "application/json; charset=utf-8"},
		{two, "Application/Problem+JSON; v=1", "application/problem+json"},
		{append(two, "*/*"+object), "application/vnd.x+json", "application/vnd.x+json"},
		{lines, "application/x-ndjson; a=b", "APPLICATION/X-NDJSON; A=B"},
		{lines, "application/json", "application/json"},
		{[]string{"application/x-ndjson"}, "application/x-ndjson", "application/x-ndjson"},
		{[]string{"image/png", "application/json" + object}, "image/png", "image/png"},
		{[]string{"image/png"}, "image/png", "image/png"},
		{[]string{"*/*" + object}, "application/json", "application/json"},
		{[]string{"text/plain" + object}, "text/plain", "text/plain"},
		{[]string{"text/plain" + object, "application/json" + object}, "text/plain", "text/plain"}, // two schemas, though alike
		{[]string{`text/plain = {"type": "string"}`, "application/json" + object}, "text/plain", "text/plain"},
		{[]string{"text/plain = " + shared, "application/json = " + shared}, "Text/Plain", "application/json"},
		{[]string{"text/plain = " + shared, "application/json = " + shared, "text/json = " + shared}, "text/plain", "application/json"},
	} {
		op, resp := answering(t, "get", tt.media...), with(200, tt.contentType)
		if op.SpellJSON(resp); resp.Header.Get("Content-Type") != tt.want {
			t.Errorf("%q of %q: %q, want %q", tt.contentType, tt.media, resp.Header.Get("Content-Type"), tt.want)
		}
	}
	bare := &http.Response{StatusCode: 200}
	if answering(t, "get", one...).SpellJSON(bare); bare.Header.Get("Content-Type") != "application/json" {
		t.Errorf("without a header: %v", bare.Header)
	}
	other := with(404, "TEXT/HTML")
	if answering(t, "get", one...).SpellJSON(other); other.Header.Get("Content-Type") != "TEXT/HTML" {
		t.Errorf("of another status: %v", other.Header)
	}
	both := with(200, "image/png")
	both.Header.Add("Content-Type", "text/html")
	if answering(t, "get", "image/png").SpellJSON(both); len(both.Header["Content-Type"]) != 2 {
		t.Errorf("of several: %v", both.Header)
	}
	mixed := with(200, "text/html")
	mixed.Header.Add("Content-Type", "application/json")
	if answering(t, "get", one...).SpellJSON(mixed); mixed.Header.Get("Content-Type") != "application/json" {
		t.Errorf("of several, one JSON: %v", mixed.Header)
	}
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	d := parseText(t, grown)
	image, part := d.Operation("getImage"), d.Operation("getPart")
	tests := []struct {
		op     *Operation
		status int
		want   string
	}{
		{image, http.StatusOK, "ok"}, {image, http.StatusNoContent, "none"}, {image, http.StatusAccepted, "other"},
		{part, http.StatusCreated, "ok"},
	}
	for _, tt := range tests {
		if r := tt.op.response(tt.status); r == nil || *r.Description != tt.want || !tt.op.Documents(tt.status) {
			t.Errorf("%s %d: %v", tt.op.ID, tt.status, r)
		}
	}
	if part.Documents(http.StatusNotFound) {
		t.Error("a status that the contract lacks is documented")
	}
}

func TestCheckResponse(t *testing.T) {
	t.Parallel()
	const image = `{"size":1}`
	tests := []struct {
		name, operation string
		status          int
		contentType     string
		body            string
		want            string // a leading "!" means not decodable
		withoutSchema   string
	}{
		{"good", "getImage", 200, "application/json", image, "", ""},
		{"parameters and case", "getImage", 200, "APPLICATION/JSON;charset=UTF-8", image, "", ""},
		{"undocumented status", "getPart", 404, "application/json", image, "!status", "!status"},
		{"no content", "getPart", 201, "text/html", "<html>", "", ""},
		{"documented, not JSON", "getImage", 200, "image/png", "\x89PNG", "", ""},
		{"any type, not JSON", "cancelImage", 200, "image/png", "\x89PNG", "", ""},
		{"any type, no schema", "cancelImage", 200, "application/json", `{"a":1,"a":2}`, "/a: uniqueKeys", ""},
		{"undeclared type", "getImage", 200, "text/plain", image, "mediaType", ""},
		{"undeclared type, bad body", "getImage", 200, "text/plain", `{"size":"1"}`, "mediaType, /size: type", ""},
		{"no type", "getImage", 200, "", image, "mediaType", ""},
		{"several types", "getImage", 200, "application/json, text/html", image, "mediaType", ""},
		{"undeclared type, not JSON", "getImage", 200, "text/html", "<html>", "!mediaType, json", "!mediaType, json"},
		{"undeclared type, no JSON declared", "getSize", 200, "application/json", image, "!mediaType, json", "!mediaType, json"},
		{"not JSON", "getImage", 200, "application/json", image + "x", "!json", "!json"},
		{"schema", "getImage", 200, "application/json", `{"size":"1"}`, "/size: type", ""},
		{"repeated key", "getImage", 200, "application/json", `{"size":1,"size":"1"}`, "/size: uniqueKeys, /size: type", ""},
		{"half a pair", "getImage", 200, "application/json", `{"size":1,"tags":["a\ud800b"]}`, "/tags/0: json", ""},
		{"default response", "getImage", 500, "application/json", `{"a":1e3}`, "", ""},
		{"parameter in the contract", "postImage", 200, "application/json", `{}`, "/size: required", ""},
	}
	d := parseText(t, grown)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for schema, want := range map[bool]string{true: tt.want, false: tt.withoutSchema} {
				found, decodable := d.Operation(tt.operation).CheckResponse(with(tt.status, tt.contentType), ReadJSON([]byte(tt.body)), schema)
				got := list(found)
				if !decodable {
					got = "!" + got
				}
				if got != want {
					t.Errorf("schema %t: %q, want %q", schema, got, want)
				}
			}
		})
	}
}

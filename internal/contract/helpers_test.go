package contract

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
)

// grown is a contract with what the published one lacks: path parameters, verbs,
// ranges of statuses, other media types, formats, unions, recursion.
const grown = `{
  "openapi": "3.0.3", "info": {"title": "t", "version": "1"},
  "paths": {
    "/v1/images/{id}": {
      "parameters": [
        {"name": "id", "in": "path", "required": true, "schema": {"type": "string", "maxLength": 8}},
        {"name": "verbose", "in": "query", "schema": {"type": "string"}}],
      "get": {"operationId": "getImage",
        "parameters": [{"name": "verbose", "in": "query", "schema": {"type": "boolean"}}],
        "responses": {"200": {"description": "ok", "content": {"image/png": {}, "application/json": {"schema": {"$ref": "#/components/schemas/Image"}}}},
          "204": {"description": "none"}, "default": {"description": "other", "content": {"application/json": {}}}}},
      "post": {"operationId": "postImage",
        "requestBody": {"content": {"application/json; charset=utf-8": {"schema": {"$ref": "#/components/schemas/Image"}}, "text/csv": {}}},
        "responses": {"200": {"description": "ok", "content": {"Application/JSON; charset=utf-8": {"schema": {"$ref": "#/components/schemas/Image"}}}}}}
    },
    "/v1/images/{image}:cancel": {
      "parameters": [{"name": "image", "in": "path", "required": true, "schema": {"type": "string"}}],
      "post": {"operationId": "cancelImage", "responses": {"200": {"description": "ok", "content": {"*/*": {}}}}}
    },
    "/v1/images/{id}/{part}.png": {
      "get": {"operationId": "getPart", "parameters": [
          {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
          {"name": "part", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"2XX": {"description": "ok"}}}
    },
    "/v1/images/latest": {
      "get": {"responses": {"200": {"description": "ok"}}},
      "put": {"operationId": "putLatest", "responses": {"200": {"description": "ok"}},
        "requestBody": {"content": {"multipart/form-data": {"schema": {
          "allOf": [{"$ref": "#/components/schemas/Form"}, {"properties": {"extra": {"type": "integer"}}}], "properties": {"own": {"type": "string"}}}}}}}
    },
    "/v1/größe und/{id}": {
      "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
      "get": {"operationId": "getSize", "responses": {"200": {"description": "ok", "content": {"text/plain": {}}}}}
    },
    "/v1/maße|a%2Fb": {"get": {"operationId": "getScale", "responses": {"200": {"description": "ok"}}}}
  },
  "components": {"schemas": {
    "Form": {"type": "object", "properties": {"prompt": {"type": "string"}}},
    "Image": {"type": "object", "required": ["size"], "properties": {
      "size": {"type": "integer", "format": "int32"}, "when": {"type": "string", "format": "date-time"},
      "tags": {"type": "array", "items": {"type": "string"}}, "kind": {"type": "string", "enum": ["a", "b"]},
      "note": {"type": "string", "nullable": true}, "part": {"$ref": "#/components/schemas/Image"},
      "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
      "either": {"oneOf": [{"type": "string"}, {"type": "object", "properties": {"n": {"type": "integer"}}}]},
      "chain": {"$ref": "#/components/schemas/Chain"}, "any": {"$ref": "#/components/schemas/Any"}}},
    "Chain": {"allOf": [{"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Chain"}},
      "additionalProperties": {"$ref": "#/components/schemas/Chain"}}]},
    "Any": {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"$ref": "#/components/schemas/Any"}}]}
  }}
}`

func parseText(t testing.TB, document string) *Document {
	t.Helper()
	d, err := Parse([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// ours is the contract that our tests stand on.
func ours(t testing.TB) *Document {
	t.Helper()
	document, err := os.ReadFile("../testkit/frozen/contract.json")
	if err != nil {
		t.Fatal(err)
	}
	return parseText(t, string(document))
}

// list writes violations on one line.
func list(found []Violation) string {
	texts := make([]string, 0, len(found))
	for _, v := range found {
		texts = append(texts, strings.TrimPrefix(fmt.Sprintf("%s: %s", v.Pointer, v.Keyword), ": "))
	}
	return strings.Join(texts, ", ")
}

// check lists what violates the contract in a JSON body of the operation's 200.
func check(t testing.TB, op *Operation, body string) string {
	t.Helper()
	found, decodable := op.CheckResponse(with(200, "application/json"), ReadJSON([]byte(body)), true)
	if !decodable {
		t.Fatalf("not decodable: %s", list(found))
	}
	return list(found)
}

// with is a response with a status and, unless it is empty, a Content-Type.
func with(status int, contentType string) *http.Response {
	resp := &http.Response{StatusCode: status, Header: http.Header{}}
	if contentType != "" {
		resp.Header.Set("Content-Type", contentType)
	}
	return resp
}

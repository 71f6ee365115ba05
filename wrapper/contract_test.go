package wrapper

import (
	"net/url"
	"testing"
)

// grown is a contract with what ours does not have yet: path parameters, other
// methods and media types, formats, arrays, recursion.
const grown = `{
  "openapi": "3.0.3", "info": {"title": "t", "version": "1"},
  "paths": {
    "/v1/images/{id}": {
      "get": {"operationId": "getImage", "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "ok", "content": {"image/png": {}, "application/json": {"schema": {"$ref": "#/components/schemas/Image"}}}},
          "204": {"description": "none"}, "default": {"description": "other", "content": {"application/json": {}}}}}
    },
    "/v1/images/{id}/{part}.png": {
      "get": {"operationId": "getPart", "parameters": [
          {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
          {"name": "part", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"2XX": {"description": "ok"}}}
    },
    "/v1/images/latest": {
      "get": {"responses": {"200": {"description": "ok"}}},
      "put": {"operationId": "putLatest", "responses": {"200": {"description": "ok"}}},
      "post": {"operationId": "postLatest", "responses": {"200": {"description": "ok"}}}
    }
  },
  "components": {"schemas": {
    "Image": {"type": "object", "required": ["size"], "properties": {
      "size": {"type": "integer", "format": "int32"}, "when": {"type": "string", "format": "date-time"},
      "tags": {"type": "array", "items": {"type": "string"}}, "kind": {"type": "string", "enum": ["a", "b"]},
      "note": {"type": "string", "nullable": true}, "part": {"$ref": "#/components/schemas/Image"},
      "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
      "either": {"oneOf": [{"type": "string"}, {"type": "object", "properties": {"n": {"type": "integer"}}}]}}}
  }}
}`

func grownContract(t *testing.T) *contract {
	t.Helper()
	c, err := newContract([]byte(grown))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestContractKnowsWhatMayBeRepeated(t *testing.T) {
	t.Parallel()
	ours, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	c := grownContract(t)
	tests := []struct {
		op               *operation
		idempotent, safe bool
	}{
		{ours.find("POST", "/v1/images/deleteimagestask"), true, false},
		{ours.find("POST", "/v1/images/infobytaskid"), true, true},
		{ours.find("POST", "/v1/images/seedreamv45"), false, false},
		{ours.find("POST", "/v1/images/zimage"), false, false},
		{c.find("GET", "/v1/images/abc"), true, true},
		{c.find("PUT", "/v1/images/latest"), true, false},
		{c.find("POST", "/v1/images/latest"), false, false},
	}
	for _, tt := range tests {
		if tt.op.idempotent != tt.idempotent || tt.op.safe != tt.safe {
			t.Errorf("%s: idempotent %t, safe %t", tt.op.id, tt.op.idempotent, tt.op.safe)
		}
	}
}

func TestEffectsAreOfOperations(t *testing.T) {
	t.Parallel()
	c, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, op := range c.exact {
		known[op.id] = true
	}
	for id := range effects {
		if !known[id] {
			t.Errorf("%s has an effect, and is not in the contract", id)
		}
	}
}

func TestRelativePath(t *testing.T) {
	t.Parallel()
	tests := []struct {
		base, url, want string
		ok              bool
	}{
		{"https://h.test/", "https://h.test/v1/x", "/v1/x", true},
		{"https://h.test/", "https://H.TEST:443/v1/x?q=1", "/v1/x", true},
		{"http://localhost:80/", "http://localhost/v1", "/v1", true},
		{"https://h.test/p/", "https://h.test/p/v1/x", "/v1/x", true},
		{"https://h.test/p%2Fq/", "https://h.test/p%2Fq/v1", "/v1", true},
		{"https://h.test/p/", "https://h.test/px/v1", "", false},
		{"https://h.test/p/", "https://h.test/v1/x", "", false},
		{"https://h.test/", "http://h.test/v1/x", "", false},
		{"https://h.test/", "https://h.test:444/v1/x", "", false},
		{"https://h.test/", "https://sub.h.test/v1/x", "", false},
		{"https://h.test/", "https://h.test", "", false},
	}
	for _, tt := range tests {
		base, _ := url.Parse(tt.base)
		u, err := url.Parse(tt.url)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := relativePath(base, u); ok != tt.ok || ok && got != tt.want {
			t.Errorf("%s below %s: %q, %t", tt.url, tt.base, got, ok)
		}
	}
}

package wrapper

import (
	"net/http"
	"net/url"
	"strings"
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

func TestContractFindsOperations(t *testing.T) {
	t.Parallel()
	c := grownContract(t)
	tests := []struct{ method, path, want string }{
		{"GET", "/v1/images/abc", "getImage"},
		{"GET", "/v1/images/a%2Fb", "getImage"},
		{"GET", "/v1/images/latest", "GET /v1/images/latest"},
		{"PUT", "/v1/images/latest", "putLatest"},
		{"GET", "/v1/images/a/b.png", "getPart"},
		{"GET", "/v1/images/a/bXpng", ""},
		{"GET", "/v1/images/", ""},
		{"GET", "/v1/images/a/", ""},
		{"GET", "/v1/images/a/b", ""},
		{"POST", "/v1/images/abc", ""},
		{"get", "/v1/images/abc", ""},
		{"GET", "/prefix/v1/images/abc", ""},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			t.Parallel()
			got := ""
			if op := c.find(tt.method, tt.path); op != nil {
				got = op.id
			}
			if got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
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

func TestNewContractRefuses(t *testing.T) {
	t.Parallel()
	for name, document := range map[string]string{
		"empty":           ``,
		"not OpenAPI":     `{"a":1}`,
		"cut":             grown[:len(grown)/2],
		"unresolved ref":  strings.ReplaceAll(grown, "schemas/Image", "schemas/Nothing"),
		"remote document": strings.ReplaceAll(grown, "#/components/schemas/Image", "https://spec.invalid/x.json#/Image"),
	} {
		if c, err := newContract([]byte(document)); err == nil {
			t.Errorf("%s: accepted %v", name, c)
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

func TestOperationResponse(t *testing.T) {
	t.Parallel()
	c := grownContract(t)
	image, part := c.find("GET", "/v1/images/a"), c.find("GET", "/v1/images/a/b.png")
	tests := []struct {
		op     *operation
		status int
		want   string
	}{
		{image, http.StatusOK, "ok"}, {image, http.StatusNoContent, "none"}, {image, http.StatusAccepted, "other"},
		{part, http.StatusCreated, "ok"},
	}
	for _, tt := range tests {
		if r := tt.op.response(tt.status); r == nil || *r.Description != tt.want {
			t.Errorf("%s %d: %v", tt.op.id, tt.status, r)
		}
	}
	if r := part.response(http.StatusNotFound); r != nil {
		t.Errorf("an undocumented status has %v", r)
	}
}

package contract

import (
	"net/http"
	"strings"
	"testing"
)

const withParameters = `{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/v1/tasks/{id}": {
  "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/ID"}}],
  "get": {"operationId": "get", "responses": {"200": {"description": "ok"}}, "parameters": [
    {"name": "page", "in": "query", "schema": {"allOf": [{"type": "integer"}, {"minimum": 1}]}},
    {"name": "share", "in": "query", "schema": {"type": "number", "maximum": 1}},
    {"name": "all", "in": "query", "schema": {"type": "boolean"}},
    {"name": "state", "in": "query", "schema": {"type": "array", "maxItems": 2, "items": {"type": "string", "enum": ["new", "old"]}}},
    {"name": "piped", "in": "query", "style": "pipeDelimited", "explode": false, "schema": {"type": "array", "items": {"type": "integer"}}},
    {"name": "mixed", "in": "query", "schema": {"type": "array", "maxItems": 1, "items": {"oneOf": [{"type": "integer"}, {"type": "boolean"}]}}},
    {"name": "where", "in": "query", "required": true, "style": "deepObject", "schema": {"type": "object", "properties": {"a": {"type": "integer"}}}},
    {"name": "either", "in": "query", "schema": {"oneOf": [{"type": "integer"}, {"type": "boolean"}]}},
    {"name": "json", "in": "query", "content": {"application/json": {"schema": {"type": "integer"}}}},
    {"name": "X-Trace", "in": "header", "schema": {"type": "array", "items": {"type": "integer"}}},
    {"name": "Accept", "in": "header", "required": true, "schema": {"type": "string"}},
    {"name": "theme", "in": "cookie", "schema": {"type": "string", "enum": ["dark"]}}]},
  "delete": {"operationId": "delete", "responses": {"200": {"description": "ok"}}, "parameters": [
    {"name": "reason", "in": "query", "required": true, "schema": {"type": "string", "minLength": 2}},
    {"name": "X-Tenant", "in": "header", "required": true, "schema": {"type": "string", "pattern": "^t-"}}]}},
  "/v1/matrix/{id}": {"get": {"operationId": "matrix", "responses": {"200": {"description": "ok"}},
    "parameters": [{"name": "id", "in": "path", "required": true, "style": "matrix", "schema": {"type": "integer"}}]}}},
  "components": {"schemas": {"ID": {"type": "string", "maxLength": 8}}}}`

func TestCheckParameters(t *testing.T) {
	t.Parallel()
	d := parseText(t, withParameters)
	for _, tt := range []struct{ method, path, header, want string }{
		{"GET", "/v1/tasks/1", "", ""},
		{"GET", "/v1/tasks/123456789", "", `the path parameter "id": maxLength`},
		{"GET", "/v1/tasks/%41%41%41%41", "", ""},
		{"GET", "/v1/tasks/1?page=1&share=0.5&all=true&state=new&state=old&unknown=1", "", ""},
		{"GET", "/v1/tasks/1?page=0", "", `the query parameter "page": minimum`},
		{"GET", "/v1/tasks/1?page=", "", `the query parameter "page": type`},
		{"GET", "/v1/tasks/1?page=1.5", "", `the query parameter "page": type`},
		{"GET", "/v1/tasks/1?page=1&page=2", "", `the query parameter "page": repeated`},
		{"GET", "/v1/tasks/1?share=1e3", "", `the query parameter "share": maximum`},
		{"GET", "/v1/tasks/1?all=True", "", `the query parameter "all": type`},
		{"GET", "/v1/tasks/1?state=odd", "", `the query parameter "state": enum`},
		{"GET", "/v1/tasks/1?state=new&state=new&state=new", "", `the query parameter "state": maxItems`},
		{"GET", "/v1/tasks/1?piped=1%7C2", "", ""},
		{"GET", "/v1/tasks/1?piped=1%7Cx", "", `the query parameter "piped": type`},
		{"GET", "/v1/tasks/1?mixed=true&mixed=1", "", ""},
		{"GET", "/v1/tasks/1?where%5Ba%5D=x&either=7&json=%22x%22", "", ""},
		{"GET", "/v1/tasks/1?a=%zz", "", `the query: malformed`},
		{"GET", "/v1/tasks/1", "X-Trace: 1,2", ""},
		{"GET", "/v1/tasks/1", "X-Trace: 1,x", `the header parameter "X-Trace": type`},
		{"GET", "/v1/tasks/1", "Cookie: theme=dark", ""},
		{"GET", "/v1/tasks/1", "Cookie: theme=light", `the cookie parameter "theme": enum`},
		{"DELETE", "/v1/tasks/1?reason=xy", "X-Tenant: t-1", ""},
		{"DELETE", "/v1/tasks/1", "X-Tenant: t-1", `the query parameter "reason": required`},
		{"DELETE", "/v1/tasks/1?reason=", "X-Tenant: t-1", `the query parameter "reason": minLength`},
		{"DELETE", "/v1/tasks/1?reason=xy", "", `the header parameter "X-Tenant": required`},
		{"DELETE", "/v1/tasks/1?reason=xy", "X-Tenant: 1", `the header parameter "X-Tenant": pattern`},
		{"GET", "/v1/matrix/;id=1", "", ""},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tt.method, "https://a.test"+tt.path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if name, value, ok := strings.Cut(tt.header, ": "); ok {
			req.Header.Set(name, value)
		}
		op, values, _ := d.Find(tt.method, req.URL.EscapedPath())
		got := ""
		if fault := op.CheckParameters(req, values); fault != nil {
			got = fault.Place() + ": " + fault.Found[0].Keyword
		}
		if got != tt.want {
			t.Errorf("%s %s %s: %q, want %q", tt.method, tt.path, tt.header, got, tt.want)
		}
	}
}

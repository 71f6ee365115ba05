package wrapper

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/send"
)

// otherPaths is a contract with paths and media types that ours lacks.
const otherPaths = `{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {
	"/t/{id}": {"post": {"operationId": "post", "parameters": [{"$ref": "#/components/parameters/id"}], "responses": {"200": {"description": "ok", "content": {
		"application/json; charset=utf-8": {"schema": {"type": "object", "required": ["plain"], "properties": {"plain": {"type": "integer"}}}}}}}}},
	"/t/{id}:verb": {"post": {"operationId": "verb", "parameters": [{"$ref": "#/components/parameters/id"}], "responses": {"200": {"description": "ok", "content": {
		"application/json": {"schema": {"type": "object", "required": ["verb"], "properties": {"verb": {"type": "integer"}}}}}}}}},
	"/v1/größe/{id}": {"get": {"operationId": "size", "parameters": [{"$ref": "#/components/parameters/id"}], "responses": {"200": {"description": "ok", "content": {
		"*/*": {"schema": {"type": "object", "properties": {"n": {"type": "integer"}}}}}}}}},
	"/v1/a b/{id}": {"get": {"operationId": "lines", "parameters": [{"$ref": "#/components/parameters/id"}], "responses": {"200": {"description": "ok", "content": {
		"application/x-ndjson": {}, "text/event-stream": {}, "application/octet-stream": {}, "image/*": {}, "application/xml": {"schema": {"type": "object"}},
		"application/json": {"schema": {"oneOf": [{"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}, {"type": "object", "required": ["b"], "properties": {"b": {"type": "number"}}}]}}}}}}}},
	"components": {"parameters": {"id": {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}}}}`

// engineOf returns an engine by another contract, whose service always responds with
// what answer holds.
func engineOf(t *testing.T, document string, answer *http.Response, body string) (e *engine, baseURL string) {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = answer.Header["Content-Type"]
		w.WriteHeader(answer.StatusCode)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(srv.Close)
	doc, err := contract.Parse([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	base, err := send.ParseBaseURL(srv.URL + "/prefix")
	if err != nil {
		t.Fatal(err)
	}
	client, timeout := send.Through(nil, DefaultTimeout)
	sender := &send.Sender{Client: client, Timeout: timeout, MaxBytes: 1 << 10}
	return &engine{service: &imagesService, contract: doc, base: base, sender: sender}, srv.URL + "/prefix"
}

// Operations are found by paths of any kind, and each response is judged by what the
// contract says of the operation and of the media type.
func TestOtherContracts(t *testing.T) {
	t.Parallel()
	const page = "<!DOCTYPE html><html>"
	for _, tt := range []struct{ request, contentType, body, want string }{
		{"POST /t/1", "application/json", `{"plain":1}`, ""},
		{"POST /t/1", "application/json; charset=utf-8", `{"verb":1}`, "/plain: required"},
		{"POST /t/1:verb", "application/json", `{"verb":1}`, ""},
		{"POST /t/1:verb", "application/json", `{"plain":1}`, "/verb: required"},
		{"POST /t/1%3Averb", "application/json", `{"plain":1}`, ""},
		{"POST /t/a%2Fb", "application/json", `{"plain":1.5}`, "/plain: type"},
		{"POST /t/:verb", "application/json", `{"plain":1}`, "refused"},
		{"POST /t/", "application/json", `{"plain":1}`, "refused"},
		{"GET /v1/gr%C3%B6%C3%9Fe/1", "application/json", `{"n":1}`, ""},
		{"GET /v1/gr%C3%B6%C3%9Fe/1", "application/json", `{"n":"x"}`, "/n: type"},
		{"GET /v1/gr%c3%b6%c3%9fe/1", "application/vnd.x+json", `{"N":1}`, "/N: keyCase"},
		{"GET /v1/gr%C3%B6%C3%9Fe/1", "text/html", page, "mediaType"},
		{"GET /v1/gr%C3%B6%C3%9Fe/1", "", page, "mediaType"},
		{"GET /v1/a%20b/1", "application/x-ndjson", "{}\n{}\n", ""},
		{"GET /v1/a%20b/1", "text/event-stream", "data: {\n\n", ""},
		{"GET /v1/a%20b/1", "application/octet-stream", "\x00\xff", ""},
		{"GET /v1/a%20b/1", "image/webp", "RIFF", ""},
		{"GET /v1/a%20b/1", "APPLICATION/XML", "<a>x</a>", ""},
		{"GET /v1/a%20b/1", "text/html", page, "mediaType"},
		{"GET /v1/a%20b/1", "application/x-ndjson", strings.Repeat("{}\n", 1000), "size"},
		{"GET /v1/a%20b/1", "application/json", `{"b":9.5,"A":1}`, ""},
		{"GET /v1/a%20b/1", "application/json", `{"a":9.5}`, "oneOf"},
	} {
		t.Run(tt.request+" "+tt.contentType, func(t *testing.T) {
			t.Parallel()
			answer := &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": nil}}
			if tt.contentType != "" {
				answer.Header.Set("Content-Type", tt.contentType)
			}
			e, baseURL := engineOf(t, otherPaths, answer, tt.body)
			method, path, _ := strings.Cut(tt.request, " ")
			req, err := http.NewRequestWithContext(t.Context(), method, baseURL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := e.Do(req)
			if got := judgedAs(t, err); !strings.HasPrefix(got, tt.want) || tt.want == "" && got != "" {
				t.Fatalf("%q, want %q: %v", got, tt.want, err)
			}
			if err != nil {
				return
			}
			defer resp.Body.Close()
			if body, err := io.ReadAll(resp.Body); err != nil || !bytes.Equal(body, []byte(tt.body)) {
				t.Errorf("body %.50q, %v", body, err)
			}
			if got := resp.Header.Get("Content-Type"); !contract.IsJSON(tt.contentType) && strings.Contains(got, "json") {
				t.Errorf("a generated client takes %q for JSON: it is %q", tt.contentType, got)
			}
		})
	}
}

// judgedAs returns the first violation of an error, which has to be a typed one.
func judgedAs(t *testing.T, err error) string {
	t.Helper()
	var refused *RequestError
	var violates *ContractError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return "refused"
	case errors.As(err, &violates):
		v := violates.Violations[0]
		return strings.TrimPrefix(v.Pointer+": "+v.Keyword, ": ")
	}
	t.Fatalf("%T is no typed error: %v", err, err)
	return ""
}

package fakeapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// answering returns a contract of one operation, GET /, whose response has this content.
func answering(content string) fakeapi.Option {
	return fakeapi.WithContract([]byte(`{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/": {"get": {
		"responses": {"200": {"description": "ok", "content": {` + content + `}}}}}}}`))
}

// An example that violates its own schema is not sent, and a response has a media type
// of the contract.
func TestSamplesConform(t *testing.T) {
	t.Parallel()
	const schema = `"schema": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "example": 7}}}`
	for name, c := range map[string]struct{ content, contentType, body string }{
		"a good example":         {`"application/json": {` + schema + `, "example": {"n": 1}}`, "application/json", `{"n":1}`},
		"a wrong example":        {`"application/json": {` + schema + `, "example": {"n": "x"}}`, "application/json", `{"n":7}`},
		"an example without n":   {`"application/json": {` + schema + `, "example": {}}`, "application/json", `{"n":7}`},
		"a key in another case":  {`"application/json": {` + schema + `, "example": {"n": 1, "N": 2}}`, "application/json", `{"n":7}`},
		"the second example":     {`"application/json": {` + schema + `, "examples": {"z": {"value": {"n": "x"}}, "a": {"value": {"n": 2}}, "b": {"value": {"n": 3}}}}`, "application/json", `{"n":2}`},
		"a null that is missing": {`"application/json": {` + schema + `, "example": {"n": null}}`, "application/json", `{"n":7}`},
		"a time as it is shown":  {`"application/json": {"schema": {"type": "string", "format": "date-time"}, "example": "2026-01-30 12:00:00"}`, "application/json", `"2026-01-30 12:00:00"`},
		"a wrong example within": {`"application/json": {"schema": {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "example": "x"}}}}`, "application/json", `{"a":0}`},
		"with a parameter":       {`"application/json; charset=utf-8": {` + schema + `}`, "application/json; charset=utf-8", `{"n":7}`},
		"of a vendor":            {`"application/vnd.x+json": {` + schema + `}`, "application/vnd.x+json", `{"n":7}`},
		"of a problem":           {`"application/problem+json": {` + schema + `, "example": {"n": 1}}`, "application/problem+json", `{"n":1}`},
		"any":                    {`"*/*": {` + schema + `}`, "application/json", `{"n":7}`},
		"any application":        {`"application/*": {` + schema + `, "example": {"n": 1}}`, "application/json", `{"n":1}`},
		"JSON beside an image":   {`"image/png": {"example": "x"}, "application/json": {` + schema + `}`, "application/json", `{"n":7}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := fakeapi.Start(t, answering(c.content))
			got := send(srv, request(t, srv, http.MethodGet, "/", ""))
			wantJSON(t, got, 200, c.body)
			if contentType := got.header.Get("Content-Type"); contentType != c.contentType {
				t.Errorf("Content-Type %q, want %q", contentType, c.contentType)
			}
		})
	}
	for name, content := range map[string]string{"nothing": `"application/json": null`, "an image": `"image/png": {}`, "any image": `"image/*": {"schema": {"type": "string"}}`, "lines": `"application/x-ndjson": {` + schema + `}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := fakeapi.Start(t, answering(content))
			wantJSON(t, send(srv, request(t, srv, http.MethodGet, "/", "")), 501, noSample)
		})
	}
}

// Paths are found as the client finds them.
func TestRoutesOfOtherContracts(t *testing.T) {
	t.Parallel()
	var paths []string
	for path, n := range map[string]string{"/t/{id}": "1", "/t/{id}:verb": "2", "/t/{id}.json": "3", "/v1/größe/{id}": "4", "/v1/a b/{id}": "5", "/v1/x%7Cy/{id}": "6"} {
		paths = append(paths, `"`+path+`": {"post": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "maxLength": 3}}],
			"responses": {"200": {"description": "ok", "content": {"application/json": {"example": `+n+`}}}}}}`)
	}
	srv := fakeapi.Start(t, fakeapi.WithContract([]byte(`{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {`+strings.Join(paths, ",")+`}}`)))
	for path, want := range map[string]string{
		"/t/1": "1", "/t/1:verb": "2", "/t/1.json": "3", "/t/a%2Fb": "1",
		"/v1/gr%C3%B6%C3%9Fe/1": "4", "/v1/gr%c3%b6%c3%9fe/1": "4", "/v1/a%20b/1": "5", "/v1/x%7Cy/1": "6", "/v1/x%7cy/1": "6",
	} {
		wantJSON(t, send(srv, request(t, srv, http.MethodPost, path, "")), 200, want)
	}
	for path, status := range map[string]int{"/t/": 404, "/t/:verb": 404, "/t/.json": 404, "/t/1/": 404, "/t/long:verb": 400, "/t/long": 400, "/t/1%3Averb": 400, "/v1/gro%C3%9Fe/1": 404} {
		wantError(t, send(srv, request(t, srv, http.MethodPost, path, "")), status)
	}
}

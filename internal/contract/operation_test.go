package contract

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

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

func TestCheckRequest(t *testing.T) {
	t.Parallel()
	d, published := parseText(t, grown), ours(t)
	deletion, image := published.Operation("deleteImagesTask"), d.Operation("postImage")
	tests := []struct {
		name        string
		op          *Operation
		contentType string
		body        string
		want        string
	}{
		{"good", deletion, "application/json", `{"taskids":["a"]}`, ""},
		{"null ids", deletion, "application/json", `{"taskids":null}`, "/taskids: nullable"},
		{"other case", deletion, "application/json", `{"taskids":[],"UID":"a"}`, "/UID: keyCase"},
		{"repeated key", deletion, "application/json", `{"taskids":["a"],"taskids":["b"]}`, "/taskids: uniqueKeys"},
		{"half a pair", deletion, "application/json", `{"taskids":["a\ud83d"]}`, "/taskids/0: json"},
		{"not JSON", deletion, "application/json", `{`, "json"},
		{"another JSON", deletion, "application/vnd.api+json", `{}`, "/taskids: required"},
		{"not JSON by its type", deletion, "text/plain", `{`, ""},
		{"no type", deletion, "", `{`, ""},
		{"parameter in the contract", image, "application/json", `{}`, "/size: required"},
		{"parameters in both", image, "Application/JSON;charset=utf-8", `{"size":1.0}`, "/size: type"},
		{"no body in the contract", d.Operation("getPart"), "application/json", `{`, ""},
		{"form", d.Operation("putLatest"), "multipart/form-data; boundary=b", `{`, ""},
		{"JSON for a form", d.Operation("putLatest"), "application/json", `{`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := list(tt.op.CheckRequest(tt.contentType, []byte(tt.body))); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if got := list(tt.op.CheckRequestBody(tt.contentType, ReadJSON([]byte(tt.body)))); got != tt.want {
				t.Errorf("of a body that was read: %q, want %q", got, tt.want)
			}
		})
	}
}

// A JSON body of which the contract has no schema is still to be JSON.
func TestCheckRequestWithoutSchema(t *testing.T) {
	t.Parallel()
	d := parseText(t, strings.Replace(grown, `"multipart/form-data": {"schema"`, `"*/*": {"example"`, 1))
	for body, want := range map[string]string{`{"a":1}`: "", `{"a":1,"a":2}`: "/a: uniqueKeys", `{`: "json"} {
		if got := list(d.Operation("putLatest").CheckRequest("application/json", []byte(body))); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

func TestFormFields(t *testing.T) {
	t.Parallel()
	d := parseText(t, grown)
	if got := slices.Sorted(maps.Keys(d.Operation("putLatest").FormFields())); !slices.Equal(got, []string{"extra", "own", "prompt"}) {
		t.Errorf("fields %q", got)
	}
	if fields := d.Operation("postImage").FormFields(); fields != nil {
		t.Errorf("fields %v of an operation without a form", fields)
	}
	if fields := ours(t).Operation("zImage").FormFields(); fields["prompt_extend"] == nil || fields["batchsize"] != nil {
		t.Errorf("fields %v", fields)
	}
}

func TestCheckValue(t *testing.T) {
	t.Parallel()
	d := parseText(t, grown)
	image := d.Operation("getImage")
	for _, p := range image.Parameters {
		if p.Name == "id" {
			if got := list(image.CheckValue(p.Schema, "far too long")); got != "maxLength" {
				t.Errorf("got %q", got)
			}
			if got := image.CheckValue(p.Schema, "short"); got != nil {
				t.Errorf("got %v", got)
			}
		}
	}
	form := d.Operation("putLatest")
	schema := form.RequestMedia("multipart/form-data; boundary=b").Schema
	if got := list(form.CheckValue(schema, map[string]any{"prompt": "a", "Extra": "1", "own": true})); got != "/Extra: keyCase, /own: type" {
		t.Errorf("got %q", got)
	}
	if got := form.CheckValue(nil, 1); got != nil {
		t.Errorf("no schema: %v", got)
	}
}

func TestSpellJSON(t *testing.T) {
	t.Parallel()
	image := parseText(t, grown).Operation("getImage")
	for contentType, want := range map[string]string{
		"APPLICATION/JSON": "application/json", "text/plain": "application/json", "": "application/json",
		"application/json; charset=utf-8": "application/json; charset=utf-8", "image/png": "image/png",
	} {
		resp := with(200, contentType)
		if image.SpellJSON(resp); resp.Header.Get("Content-Type") != want {
			t.Errorf("%q: %q", contentType, resp.Header.Get("Content-Type"))
		}
	}
	bare := &http.Response{StatusCode: 200}
	if image.SpellJSON(bare); bare.Header.Get("Content-Type") != "application/json" {
		t.Errorf("without headers: %v", bare.Header)
	}
}

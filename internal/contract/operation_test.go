package contract

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

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

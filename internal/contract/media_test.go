package contract

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

func TestIsJSON(t *testing.T) {
	t.Parallel()
	for contentType, want := range map[string]bool{
		"application/json": true, " Application/JSON ;charset=x": true, "application/problem+json": true, "a/B+JSON;v=1": true,
		"text/json": true, "Text/X-JSON;a=b": true, "application/vnd.x.v1+json": true,
		"": false, "application/x-ndjson": false, "application/json-seq": false, "text/event-stream": false, "application/*": false, "application/jsonx": false, "application/json, text/html": false, "json": false, ";application/json": false,
	} {
		if got := IsJSON(contentType); got != want {
			t.Errorf("%q: %t", contentType, got)
		}
	}
}

func TestMediaFor(t *testing.T) {
	t.Parallel()
	const typed, wild = "application/json; charset=utf-8", "*/*"
	tests := []struct {
		keys        []string
		contentType string
		want        string
	}{
		{[]string{"application/json"}, "application/json", "application/json"},
		{[]string{"application/json"}, "APPLICATION/JSON; charset=x", "application/json"},
		{[]string{"Application/JSON"}, "application/json", "Application/JSON"},
		{[]string{typed}, "application/json", typed},
		{[]string{typed}, "application/json;charset=latin1", typed},
		{[]string{typed, wild}, "application/json", typed},
		{[]string{typed, wild}, "text/plain", wild},
		{[]string{"application/json; v=1", "application/json; v=2"}, "application/json; v=2", "application/json; v=2"},
		{[]string{"application/json; v=1", "application/json; v=2"}, "application/json", "application/json; v=1"},
		{[]string{"image/png, application/json"}, "application/json", "image/png, application/json"},
		{[]string{"image/*"}, "image/png", "image/*"},
		{[]string{"image/*"}, "text/png", ""},
		{[]string{wild}, "", wild},
		{[]string{wild}, "nonsense", ""},
		{[]string{"application/json"}, "", ""},
		{[]string{"application/json"}, "application/json, text/html", ""},
		{nil, "application/json", ""},
	}
	for _, tt := range tests {
		content := openapi3.Content{}
		for _, key := range tt.keys {
			content[key] = &openapi3.MediaType{Example: key}
		}
		got := ""
		if media := mediaFor(content, tt.contentType); media != nil {
			got = media.Example.(string)
		}
		if got != tt.want {
			t.Errorf("%q of %q: %q, want %q", tt.contentType, tt.keys, got, tt.want)
		}
	}
}

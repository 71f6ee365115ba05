package tensorslab_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

var pathParameter = regexp.MustCompile(`\{[^}]*\}`)

// requestFor returns a request of the body's operation that satisfies the
// contract, with the contract's example as its body or else a sample.
func requestFor(t *testing.T, doc *openapi3.T, b body, baseURL string) *http.Request {
	t.Helper()
	var payload io.Reader
	var contentType string
	if ref := doc.Paths.Value(b.path).GetOperation(b.method).RequestBody; ref != nil {
		payload, contentType = encode(t, body{}.of(ref.Value.Content)[0])
	}
	url := baseURL + pathParameter.ReplaceAllString(b.path, "1")
	req, err := http.NewRequestWithContext(t.Context(), b.method, url, payload)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	return req
}

// encode writes a request's body as its media type asks.
func encode(t *testing.T, b body) (payload io.Reader, contentType string) {
	t.Helper()
	var buf bytes.Buffer
	switch b.mediaType {
	case "application/json":
		if err := json.NewEncoder(&buf).Encode(b.value); err != nil {
			t.Fatal(err)
		}
		return bytes.NewReader(buf.Bytes()), b.mediaType
	case "multipart/form-data":
		form := multipart.NewWriter(&buf)
		fields, _ := b.value.(map[string]any)
		for name, value := range fields {
			if err := form.WriteField(name, fmt.Sprint(value)); err != nil {
				t.Fatal(err)
			}
		}
		if err := form.Close(); err != nil {
			t.Fatal(err)
		}
		return bytes.NewReader(buf.Bytes()), form.FormDataContentType()
	}
	t.Fatalf("no way to send a body of %s", b.mediaType)
	return nil, ""
}

// sample is a small value that satisfies a schema of the kinds that contracts of
// this service use: what is required, one item in each array.
func sample(schema *openapi3.Schema) any {
	switch {
	case schema.Example != nil:
		return schema.Example
	case schema.Default != nil:
		return schema.Default
	case len(schema.Enum) > 0:
		return schema.Enum[0]
	case schema.Type.Is(openapi3.TypeArray):
		return []any{sample(schema.Items.Value)}
	case schema.Type.Is(openapi3.TypeString):
		return "sample"
	case schema.Type.Is(openapi3.TypeInteger), schema.Type.Is(openapi3.TypeNumber):
		return 1.0
	case schema.Type.Is(openapi3.TypeBoolean):
		return true
	}
	object := map[string]any{}
	for _, name := range schema.Required {
		if property := schema.Properties[name]; property != nil {
			object[name] = sample(property.Value)
		}
	}
	for _, part := range schema.AllOf {
		if properties, ok := sample(part.Value).(map[string]any); ok {
			for name, value := range properties {
				object[name] = value
			}
		}
	}
	return object
}

func TestSampleSatisfiesItsSchema(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, schema, want string }{
		{"string", `{"type": "string"}`, `"sample"`},
		{"integer", `{"type": "integer"}`, `1`},
		{"boolean", `{"type": "boolean"}`, `true`},
		{"enum", `{"type": "string", "enum": ["9:16", "1:1"]}`, `"9:16"`},
		{"default", `{"type": "integer", "default": 7}`, `7`},
		{"example", `{"type": "string", "example": "abcd_1234567890abcdef"}`, `"abcd_1234567890abcdef"`},
		{"array", `{"type": "array", "items": {"type": "string"}, "minItems": 1}`, `["sample"]`},
		{"object", `{"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}`, `{"a": "sample"}`},
		{"allOf", `{"allOf": [
			{"type": "object", "required": ["code"], "properties": {"code": {"type": "integer"}}},
			{"type": "object", "required": ["data"], "properties": {"data": {"type": "object"}}}]}`, `{"code": 1, "data": {}}`},
		{"anything", `{}`, `{}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			schema, want := new(openapi3.SchemaRef), any(nil)
			if err := json.Unmarshal([]byte(tt.schema), schema); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(tt.want), &want); err != nil {
				t.Fatal(err)
			}
			got := sample(schema.Value)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
			if err := schema.Value.VisitJSON(got); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	value := map[string]any{"prompt": "a fox", "batchsize": 2}
	for _, mediaType := range []string{"application/json", "multipart/form-data"} {
		t.Run(mediaType, func(t *testing.T) {
			t.Parallel()
			payload, contentType := encode(t, body{mediaType: mediaType, value: value})
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1/", payload)
			if err != nil {
				t.Fatal(err)
			}
			if req.GetBody == nil {
				t.Error("the body cannot be sent twice")
			}
			req.Header.Set("Content-Type", contentType)
			got := map[string]any{}
			if mediaType == "application/json" {
				err = json.NewDecoder(req.Body).Decode(&got)
			} else {
				got["prompt"], err = req.FormValue("prompt"), req.ParseMultipartForm(1<<20)
			}
			if err != nil || got["prompt"] != "a fox" {
				t.Errorf("read back as %v, %v", got, err)
			}
		})
	}
}

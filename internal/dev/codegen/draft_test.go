package codegen

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// schemasOf prepares a contract with these schemas, as JSON without the braces around
// them, of which Request is the body of a request and Response that of its response.
// The media type of the request is JSON unless another is given.
func schemasOf(t *testing.T, schemas string, mediaType ...string) node {
	t.Helper()
	return preparedSchemas(t, contractOf(schemas, append(mediaType, "application/json")[0]))
}

func contractOf(schemas, mediaType string) string {
	text := `{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "servers": [{"url": "https://api.example.com"}], "paths": {"/a": {"post": {"operationId": "send",
		"requestBody": {"content": {%q: {"schema": {"$ref": "#/components/schemas/Request"}}}},
		"responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Response"}}}}}}}},
		"components": {"schemas": {%s}}}`
	for _, name := range []string{"Request", "Response"} {
		if !strings.Contains(schemas, `"`+name+`":`) {
			schemas = `"` + name + `": {"type": "object"},` + schemas
		}
	}
	return fmt.Sprintf(text, mediaType, strings.TrimSuffix(strings.TrimSpace(schemas), ","))
}

// at returns the value at a path of keys.
func at(t *testing.T, value any, path string) any {
	t.Helper()
	for key := range strings.SplitSeq(path, "/") {
		n, ok := value.(node)
		if !ok {
			t.Fatalf("nothing at %s of %s", key, path)
		}
		value = n[key]
	}
	return value
}

// Numbers keep their digits, and characters that HTML escapes stay.
func TestPrepareKeepsWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	const schema = `{"type": "integer", "maximum": 9223372036854775807, "description": "<&>", "default": 1.0}`
	prepared, err := prepare([]byte(contractOf(`"Response": `+schema, "application/json")))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"9223372036854775807", `"<&>"`, "1.0"} {
		if !strings.Contains(string(prepared), part) {
			t.Errorf("%s is lost", part)
		}
	}
	if _, err := prepare([]byte("[")); err == nil {
		t.Error("no error for what is no JSON")
	}
}

// A reference is followed through escapes and lists; one that leads nowhere leads to
// an empty object.
func TestReferences(t *testing.T) {
	t.Parallel()
	var d draft
	text := `{"a/b": {"~": [{"x": {"y z": {"found": 1}}}]}, "one": {"$ref": "#/two"}, "two": {"$ref": "#/a~1b/~0/0/x/y%20z"}, "me": {"$ref": "#/me"}}`
	if err := json.Unmarshal([]byte(text), &d.root); err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[string]node{
		"#/one": {"found": 1.0}, "#/a~1b/~0/0/x/y%20z": {"found": 1.0}, "#/a~1b/~0/1": {}, "#/a~1b/~0/x": {}, "#/none/x": {}, "#/me": {},
	} {
		if diff := cmp.Diff(want, d.resolve(node{"$ref": ref})); diff != "" && (len(want) > 0 || len(d.resolve(node{"$ref": ref})) > 0) {
			t.Errorf("%s: %s", ref, diff)
		}
	}
}

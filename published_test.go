package tensorslab_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// publishedDeletion is a copy of the document from which the operation was taken;
// see api/README.md.
const publishedDeletion = "testdata/deleteimagestask.json"

// anyDocument is a document with the operation. It does not change when the contract does.
const anyDocument = "internal/dev/codegen/testdata/contract.json"

// operationParts returns the operation and everything in the document that it depends
// on: what it references, directly or not, and its security schemes. The keys are the
// operation's method and path, and references. Numbers are kept as they are written.
func operationParts(t *testing.T, document []byte, operationID string) map[string]any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(document))
	dec.UseNumber()
	var doc map[string]any
	if err := dec.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	p := parts{t: t, doc: doc, found: map[string]any{}}
	for path, item := range doc["paths"].(map[string]any) {
		for method, op := range item.(map[string]any) {
			if op, ok := op.(map[string]any); ok && op["operationId"] == operationID {
				p.found[method+" "+path] = op
				p.follow(op)
				p.schemes(op)
			}
		}
	}
	if len(p.found) == 0 {
		t.Fatalf("the document has no operation %s", operationID)
	}
	return p.found
}

type parts struct {
	t     *testing.T
	doc   map[string]any
	found map[string]any
}

// follow adds what the references in value point to.
func (p parts) follow(value any) {
	switch value := value.(type) {
	case map[string]any:
		if ref, ok := value["$ref"].(string); ok {
			p.add(ref)
		}
		for _, v := range value {
			p.follow(v)
		}
	case []any:
		for _, v := range value {
			p.follow(v)
		}
	}
}

func (p parts) schemes(op map[string]any) {
	security, ok := op["security"].([]any)
	if !ok {
		security, _ = p.doc["security"].([]any)
	}
	for _, requirement := range security {
		for name := range requirement.(map[string]any) {
			p.add("#/components/securitySchemes/" + name)
		}
	}
}

func (p parts) add(ref string) {
	if _, ok := p.found[ref]; ok {
		return
	}
	var at any = p.doc
	for _, key := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		object, _ := at.(map[string]any)
		if at = object[key]; at == nil {
			p.t.Fatalf("the reference %s has no target", ref)
		}
	}
	p.found[ref] = at
	p.follow(at)
}

func TestOperationParts(t *testing.T) {
	t.Parallel()
	found := operationParts(t, []byte(readText(t, anyDocument)), "deleteImagesTask")
	const schemas = "#/components/schemas/"
	for _, part := range []string{
		"post /v1/images/deleteimagestask", schemas + "DeleteImagesTaskRequest",
		schemas + "DeleteImagesTaskResponse", schemas + "DeleteImagesTaskData",
		schemas + "BaseResponse", schemas + "ErrorResponse", "#/components/securitySchemes/ApiKeyAuth",
	} {
		if found[part] == nil {
			t.Errorf("%s is missing", part)
		}
		delete(found, part)
	}
	for part := range found {
		t.Errorf("%s is no part of the operation", part)
	}
}

// Each change of the operation is found, and changes elsewhere in the document are not.
func TestOperationPartsShowChanges(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, old, now string
		seen           bool
	}{
		{"path", "/v1/images/deleteimagestask", "/v2/images/deleteimagestask", true},
		{"method", `"post": {`, `"put": {`, true},
		{"text of the operation", "Batch delete specified", "Delete the specified", true},
		{"example", `"code": 1000`, `"code": 1000.0`, true},
		{"schema of the request", `"type": "array"`, `"type": "array", "maxItems": 100`, true},
		{"schema that a schema references", "Base response structure", "Base", true},
		{"schema of an error", `"description": "Error message"`, `"description": "Message"`, true},
		{"security scheme", `"name": "Authorization"`, `"name": "X-Key"`, true},
		{"security", `"ApiKeyAuth": []`, `"ApiKeyAuth": ["write"]`, true},
		{"a setting of the request", `"required": true,`, "", true},
		{"white space", "\n", "\n\n", false},
		{"title", "Images Service API", "Images API", false},
		{"a schema of another operation", `"schemas": {`, `"schemas": {"Other": {"type": "string"},`, false},
		{"another operation", `"paths": {`, `"paths": {"/other": {"get": {"operationId": "other", "responses": {}}},`, false},
	}
	spec := readText(t, anyDocument)
	want := operationParts(t, []byte(spec), "deleteImagesTask")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(spec, tt.old) {
				t.Fatalf("the document does not contain %q", tt.old)
			}
			got := operationParts(t, []byte(strings.Replace(spec, tt.old, tt.now, 1)), "deleteImagesTask")
			if seen := !cmp.Equal(want, got); seen != tt.seen {
				t.Errorf("seen: %t; want %t", seen, tt.seen)
			}
		})
	}
}

package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/dev/nested"
)

// An error names the place in the document, whatever of it is wrong.
func TestPlacesOfErrors(t *testing.T) {
	t.Parallel()
	document := func(property, responses string) string {
		return fmt.Sprintf(`{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"post": {
			"requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {"p": {"type": "string"}, "q": %s}}}}},
			"responses": {%s}}}}, "components": {"schemas": {"S": {"type": "object"}}}}`, property, responses)
	}
	const good = `"200": {"description": "d"}`
	const q = "/paths/~1a/post/requestBody/content/application~1json/schema/properties/q"
	for _, tt := range []struct{ property, responses, at string }{
		{`{"type": "string", "enum": "a"}`, good, q + "/enum"},
		{`{"type": "string", "required": true}`, good, q + "/required"},
		{`{"type": "string", "description": 7}`, good, q + "/description"},
		{`{"type": "integer", "minimum": "1"}`, good, q + "/minimum"},
		{`{"type": "text"}`, good, q + "/type"},
		{`{"type": "string", "const": "a"}`, good, q + "/const"},
		{`{"type": ["string", "null"]}`, good, q + "/type"},
		{`{"type": "array", "items": {"type": "object", "properties": {"deep": {"type": "string", "readOnly": 7}}}}`, good, q + "/items/properties/deep/readOnly"},
		{`{"$ref": "#/components/schemas/None"}`, good, q + "/$ref"},
		{`{"oneOf": [{"type": "string"}, {"type": "none"}]}`, good, q + "/oneOf/1/type"},
		{`null`, good, q},
		{`{"type": "string"}`, `"200": {"description": 7}`, "/paths/~1a/post/responses/200/description"},
		{`{"type": "string"}`, `"200": {"description": "d", "content": {"application/json": {"schema": {"type": "strin"}}}}`,
			"/paths/~1a/post/responses/200/content/application~1json/schema/type"},
		{`{"type": "string", "enum": 1}`, `"200": {"description": 7}`, "/paths/~1a/post"}, // two at once
	} {
		_, err := Parse([]byte(document(tt.property, tt.responses)))
		if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error()+"/", "; see "+tt.at) {
			t.Errorf("%s, %s: %v; want %s", tt.property, tt.responses, err, tt.at)
		}
	}
}

// The search reads a document a bounded number of times, and leaves it as it was.
func TestSearchForAPlaceIsBounded(t *testing.T) {
	nested.WithoutRace(t)
	t.Parallel()
	root := map[string]any{}
	for i := range 2000 {
		root[fmt.Sprint("key", i)] = map[string]any{"list": []any{strings.Repeat("a", 100), map[string]any{"b": "c"}}}
	}
	before, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	at := culpritOf(root, func(document []byte) error {
		read += len(document)
		return errors.New("always")
	}, errors.New("always"))
	if at != "" || read > maxSearched {
		t.Errorf("found %q after %d bytes", at, read)
	}
	after, err := json.Marshal(root)
	if err != nil || string(after) != string(before) {
		t.Errorf("the document was changed, %v", err)
	}
}

// The search in a document that takes a second to read ends after a few seconds.
func TestSearchForAPlaceEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		root := map[string]any{}
		for i := range 500 {
			root[fmt.Sprint("key", i)] = map[string]any{}
		}
		start := time.Now()
		at := culpritOf(root, func([]byte) error {
			time.Sleep(time.Second)
			return errors.New("always")
		}, errors.New("always"))
		if took := time.Since(start); at != "" || took > maxSearchTime+time.Second {
			t.Errorf("found %q after %v", at, took)
		}
	})
}

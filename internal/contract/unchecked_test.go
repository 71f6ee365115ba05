package contract

import (
	"slices"
	"strings"
	"testing"
)

// Each part that is not checked is named when the contract is imported, and no other.
func TestNotesOfWhatIsUnchecked(t *testing.T) {
	t.Parallel()
	const envelope = `{"type": "object", "properties": {"code": {"type": "integer"}, "msg": {"type": "string"}}}`
	const notSent = " is not checked before it is sent: "
	operation := func(parameters, body, responses string) string {
		return `{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/v1/{id}": {"parameters": [
			{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}], "post": {"operationId": "a", "parameters": [` + parameters + `],
			"requestBody": {"content": {` + body + `}}, "responses": {"200": {"description": "d"` + responses + `}}}}}}`
	}
	for name, tt := range map[string]struct{ document, want string }{
		"nothing": {operation(`{"name": "q", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}}, {"name": "any", "in": "query", "schema": {}}`,
			`"application/json": {"schema": {"type": "object"}}, "multipart/form-data": {"schema": {"type": "object"}}`,
			`, "headers": {"X-A": {"schema": {"type": "string"}}}`), ""},
		"content":  {operation(`{"name": "q", "in": "query", "content": {"application/json": {}}}`, "", ""), `the query parameter "q"` + notSent + "it has a media type of its own"},
		"object":   {operation(`{"name": "q", "in": "query", "style": "deepObject", "schema": {"type": "object"}}`, "", ""), `the query parameter "q"` + notSent + "it is an object"},
		"union":    {operation(`{"name": "q", "in": "query", "schema": {"oneOf": [{"type": "integer"}, {"type": "string"}]}}`, "", ""), `the query parameter "q"` + notSent + "it has a choice of types"},
		"unions":   {operation(`{"name": "q", "in": "query", "schema": {"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "string"}]}}}`, "", ""), `the query parameter "q"` + notSent + "it has a choice of types"},
		"label":    {operation(`{"name": "id", "in": "path", "required": true, "style": "label", "schema": {"type": "string"}}`, "", ""), `the path parameter "id"` + notSent + "its style is label"},
		"reserved": {operation(`{"name": "accept", "in": "header", "schema": {"type": "string"}}`, "", ""), `the header parameter "accept"` + notSent + "OpenAPI 3.0 has no header parameter of that name"},
		"a form":   {operation("", `"application/x-www-form-urlencoded": {"schema": {"type": "object"}}`, ""), "a request body of the type application/x-www-form-urlencoded is not checked before it is sent"},
		"a header": {operation("", "", `, "headers": {"X-A": {"required": true, "schema": {"type": "string"}}}`), `the header "X-A" of a response with status 200 is required, and is not checked`},
		"a code": {operation("", "", `, "content": {"application/xml": {"schema": `+envelope+`}, "text/plain": {"schema": `+envelope+`}, "application/*": {"schema": `+envelope+`}}`),
			"the code in a response of the type application/xml with status 200 is only read where it is JSON"},
		"no status": {operation("", "", `}, "20X": {"description": "d"}, "5XX": {"description": "d"}, "default": {"description": "d"`), `the response "20X" is ignored: that is no status`},
	} {
		notes := parseText(t, tt.document).Notes()
		want := []string{"/paths/~1v1~1{id}/post: " + tt.want}
		if tt.want == "" {
			want = nil
		}
		if !slices.Equal(notes, want) {
			t.Errorf("%s: %q; want %q", name, notes, want)
		}
		if strings.Contains(strings.Join(notes, ""), "\n") {
			t.Errorf("%s: a note has several lines", name)
		}
	}
}

package changes

import (
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

// What oasdiff passes over as soon as anything else changed.
var hidden = []struct {
	name, old, keys, value string
	breaks, back           breaks
}{
	{"a limit of a path's parameter", onPath, item + "parameters 0 schema minimum", `2`, callers, nobody},
	{"a path's parameter is required", onPath, item + "parameters 0 required", `true`, callers, nobody},
	{"a path's parameter is gone", onPath, item + "parameters", `[]`, callers, nobody},
	{"a shared parameter", onPath, "components parameters Page schema type", `"string"`, nobody, callers},
	{"a charset of a body", ``, bodies, `{"application/json; charset=utf-8": {"schema": {"type": "object"}}}`, callers, callers},
	{"a type below a charset", withCharset, bodies + " application/json;charset=utf-8 schema properties a type", `"string"`, callers, callers},
	{"a limit of a parameter's items", inQuery, operation + "parameters 0 schema items pattern", `"^a"`, callers, nobody},
	{"a list of a parameter's items", inQuery, operation + "parameters 0 schema items enum", `["a"]`, callers, nobody},
	{"a required field of a parameter", inQuery, operation + "parameters 1 schema required", `["a"]`, callers, nobody},
	{"a type in a parameter's JSON", inQuery, operation + "parameters 2 content application/json schema properties x type", `"string"`, callers, callers},
	{"a required header of a response", withHeader, responses + "200 headers X-A required", `true`, readers, readers},
	{"another name of a path's parameter", `paths={"/v1/{a}": {"get": {"operationId": "o", "responses": {"200": {"description": "d"}}}}}`,
		"paths", `{"/v1/{b}": {"get": {"operationId": "o", "responses": {"200": {"description": "d"}}}}}`, nobody, nobody},
}

// Contracts as an edit of the one in testdata, in the form keys=value.
const (
	item        = "paths /v1/images/deleteimagestask "
	onPath      = item + `parameters=[{"name": "page", "in": "query", "schema": {"type": "integer"}}, {"$ref": "#/components/parameters/Page"}]`
	bodies      = operation + "requestBody content"
	withCharset = bodies + `={"application/json;charset=utf-8": {"schema": {"type": "object", "properties": {"a": {"type": "boolean"}}}}}`
	withHeader  = responses + `200 headers={"X-A": {"schema": {"type": "string"}}}`
	inQuery     = operation + `parameters=[{"name": "l", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
		{"name": "f", "in": "query", "style": "deepObject", "schema": {"type": "object", "properties": {"a": {"type": "string"}}}},
		{"name": "j", "in": "query", "content": {"application/json": {"schema": {"type": "object", "properties": {"x": {"type": "integer"}}}}}}]`
)

// A change is reported beside another one, with whom it breaks.
func TestEditsBesideOthers(t *testing.T) {
	t.Parallel()
	difftest.Need(t, moduleRoot)
	base := edited(t, contract(t), "components parameters", `{"Page": {"name": "p", "in": "query", "schema": {"type": "integer"}}}`)
	for _, tt := range hidden {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			old := base
			if at := strings.LastIndex(tt.old[:strings.IndexAny(tt.old+"{[", "{[")], "="); at > 0 {
				old = edited(t, base, tt.old[:at], tt.old[at+1:])
			}
			now := edited(t, old, tt.keys, tt.value)
			beside(t, old, now, tt.breaks)
			beside(t, now, old, tt.back)
		})
	}
	for _, tt := range edits {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			beside(t, base, edited(t, base, tt.keys, tt.value), tt.breaks)
		})
	}
}

// beside checks that a report says more than it does of a schema that was added.
func beside(t *testing.T, old, now string, want breaks) {
	t.Helper()
	now = edited(t, now, schemas+"Beside", `{"type": "object"}`)
	reports(t, old, now, want)
	report, err := Contract(t.Context(), moduleRoot, []byte(old), []byte(now), Text)
	if err != nil || strings.Count(report.Text, "\n- ") < 2 {
		t.Errorf("%v; the report says only: %s", err, report.Text)
	}
}

// What oasdiff reads anyway stays as it is, byte by byte.
func TestReadableLeavesTheRest(t *testing.T) {
	t.Parallel()
	whole := contract(t)
	for _, document := range []string{whole, `{}`, `[]`, `{`, `{"paths": {"/a": {"parameters": []}}}`, `{"properties": {"content": {"a/json;b": 1}}}`} {
		if got := readable([]byte(document)); string(got) != document {
			t.Errorf("%s became %s", document, got)
		}
	}
	// A body of the plain media type, too, is another one.
	both := `{"content":{"application/json":{},"application/json;charset=utf-8":{}}}`
	if got := readable([]byte(both)); string(got) != both {
		t.Errorf("%s became %s", both, got)
	}
	// An operation's own parameter is the one that counts, and a header has one in any case.
	own := `{"paths":{"/a":{"parameters":[{"in":"header","name":"X-A"},{"$ref":"#/p"},{"$ref":"#/q"}],"get":{"parameters":[{"in":"header","name":"x-a","required":true}]}}},"p":{"in":"query","name":"b"}}`
	want := `{"p":{"in":"query","name":"b"},"paths":{"/a":{"get":{"parameters":[{"$ref":"#/q"},{"in":"header","name":"x-a","required":true},{"in":"query","name":"b"}]}}}}`
	if got := readable([]byte(own)); string(got) != want {
		t.Errorf("%s; want %s", got, want)
	}
}

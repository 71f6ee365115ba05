package changes

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

// The places of the contract in testdata that are changed below, as keys from its root.
const (
	operation = "paths /v1/images/deleteimagestask post "
	responses = operation + "responses "
	success   = responses + "200 content application/json"
	form      = operation + "requestBody content application/json"
	schemas   = "components schemas "
	uidAt     = schemas + "DeleteImagesTaskRequest properties uid "
	idsAt     = schemas + "DeleteImagesTaskRequest properties taskids "
	statusAt  = schemas + "DeleteImagesTaskData properties status "
	dataAt    = schemas + "DeleteImagesTaskResponse allOf 1 properties data"
)

// edited returns the document with the JSON value in place of what is at keys, which
// are separated by spaces; without a value, what is there is removed.
func edited(t *testing.T, document, keys, value string) string {
	t.Helper()
	var doc any
	if err := json.Unmarshal([]byte(document), &doc); err != nil {
		t.Fatal(err)
	}
	path := strings.Fields(keys)
	at := doc
	for _, key := range path[:len(path)-1] {
		if list, ok := at.([]any); ok {
			at = list[key[0]-'0']
			continue
		}
		parent := at.(object)
		if parent[key] == nil {
			parent[key] = object{}
		}
		at = parent[key]
	}
	last := path[len(path)-1]
	var now any
	if value == "" {
		delete(at.(object), last)
	} else if err := json.Unmarshal([]byte(value), &now); err != nil {
		t.Fatal(err)
	} else {
		at.(object)[last] = now
	}
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// edit is one change of the contract, and whom it breaks, both as it is made and as
// it is taken back.
type edit struct {
	name, keys, value string
	breaks, back      breaks
}

var nobody breaks

var edits = []edit{
	// What oasdiff does not look at.
	{"another host", "servers", `[{"url": "https://api2.tensorslab.com"}]`, callers, callers},
	{"a second server", "servers", `[{"url": "https://api.tensorslab.com"}, {"url": "https://eu.example.com"}]`, nobody, callers},
	{"a server before it", "servers", `[{"url": "https://eu.example.com"}, {"url": "https://api.tensorslab.com"}]`, callers, callers},
	{"no server", "servers", ``, callers, callers},
	{"a server of an operation", operation + "servers", `[{"url": "https://eu.example.com"}]`, callers, callers},
	{"OpenAPI 3.1", "openapi", `"3.1.0"`, anybody, anybody},
	{"OpenAPI 3.0.2", "openapi", `"3.0.2"`, nobody, nobody},
	{"no other keys in a request", schemas + "DeleteImagesTaskRequest additionalProperties", `false`, callers, nobody},
	{"no other keys in a response", schemas + "DeleteImagesTaskData additionalProperties", `false`, readers, readers},
	{"other keys of one type", schemas + "DeleteImagesTaskData additionalProperties", `{"type": "string"}`, readers, readers},
	{"a default response", responses + "default", `{"description": "d"}`, readers, readers},
	{"nullable beside allOf", dataAt, `{"nullable": true, "allOf": [{"$ref": "#/components/schemas/DeleteImagesTaskData"}]}`, readers, readers},
	{"unique ids", idsAt + "uniqueItems", `true`, callers, nobody},
	{"not", statusAt + "not", `{"enum": ["a"]}`, readers, readers},
	{"how a form is encoded", form + " encoding", `{"uid": {"contentType": "text/plain"}}`, callers, callers},
	{"a callback", operation + "callbacks", `{"c": {"/x": {"post": {"responses": {"200": {"description": "d"}}}}}}`, nobody, anybody},
	{"a schema of no use", schemas + "Other", `{"type": "object"}`, nobody, callers},

	// What oasdiff takes for harmless in a response.
	{"a required field", schemas + "DeleteImagesTaskData required", `["status"]`, readers, readers},
	{"a list of words", statusAt + "enum", `["Success", "Failed"]`, readers, readers},
	{"a longest text", statusAt + "maxLength", `10`, readers, readers},
	{"a shortest text", statusAt + "minLength", `1`, readers, readers},
	{"a pattern", statusAt + "pattern", `"^S"`, readers, readers},
	{"a format", statusAt + "format", `"uri"`, readers, readers},
	{"a greatest number", schemas + "BaseResponse properties code maximum", `9999`, readers, readers},
	{"a least number", schemas + "BaseResponse properties code minimum", `1000`, readers, readers},
	{"fields at least", schemas + "DeleteImagesTaskData minProperties", `1`, readers, readers},
	{"a nullable field", statusAt + "nullable", `true`, readers, readers},
	{"another type", statusAt + "type", `"integer"`, readers, readers},
	{"a union", statusAt[:len(statusAt)-1], `{"oneOf": [{"type": "string"}, {"type": "integer"}]}`, readers, readers},
	{"a field more", schemas + "DeleteImagesTaskData properties count", `{"type": "integer"}`, nobody, readers},
	{"another success", responses + "202", `{"description": "d"}`, readers, readers},
	{"another failure", responses + "404", `{"description": "d"}`, nobody, readers},
	{"another media type", success[:len(success)-len(" application/json")] + " text/plain", `{"schema": {"type": "string"}}`, readers, readers},

	// Requests and operations.
	{"a required field of a request", schemas + "DeleteImagesTaskRequest required", `["taskids", "uid"]`, callers, nobody},
	{"most ids", idsAt + "maxItems", `100`, callers, nobody},
	{"a list of words to send", uidAt + "enum", `["a"]`, callers, nobody},
	{"a nullable field to send", uidAt + "nullable", `true`, nobody, callers},
	{"a default", uidAt + "default", `"a"`, nobody, nobody},
	{"a field more to send", schemas + "DeleteImagesTaskRequest properties more", `{"type": "string"}`, nobody, callers},
	{"a field less to send", uidAt[:len(uidAt)-1], ``, callers, nobody},
	{"an optional parameter", operation + "parameters", `[{"name": "q", "in": "query", "schema": {"type": "string"}}]`, nobody, callers},
	{"a required parameter", operation + "parameters", `[{"name": "q", "in": "query", "required": true, "schema": {"type": "string"}}]`, callers, callers},
	{"another name of the operation", operation + "operationId", `"remove"`, callers, callers},
	{"another operation", "paths /v1/other", `{"get": {"operationId": "other", "responses": {"200": {"description": "d"}}}}`, nobody, callers},
	{"another place of the key", "components securitySchemes ApiKeyAuth in", `"query"`, callers, callers},
	{"another header of the key", "components securitySchemes ApiKeyAuth name", `"X-Key"`, callers, callers},
	{"a bearer key", "components securitySchemes ApiKeyAuth", `{"type": "http", "scheme": "bearer"}`, callers, callers},
	{"no key", operation + "security", `[]`, nobody, callers},
	{"deprecated", operation + "deprecated", `true`, nobody, nobody},
}

// Every change is reported, with whom it breaks, and so is its opposite.
func TestEdits(t *testing.T) {
	t.Parallel()
	difftest.Need(t, moduleRoot)
	old := contract(t)
	for _, tt := range edits {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			now := edited(t, old, tt.keys, tt.value)
			reports(t, old, now, tt.breaks)
			reports(t, now, old, tt.back)
		})
	}
}

// reports checks that the report is about something that a program sees, and says
// whom it breaks, and nobody else.
func reports(t *testing.T, old, now string, want breaks) {
	t.Helper()
	report, err := Contract(t.Context(), moduleRoot, []byte(old), []byte(now), Text)
	if err != nil || report.Incomplete != "" || report.Text == "" || report.Text == onlyTexts {
		t.Fatalf("%+v, %v; want a report", report, err)
	}
	if report.Breaking != (want != nobody) || want != nobody && !strings.Contains(report.Text, "- "+string(want)+": ") {
		t.Errorf("breaking: %t; want %q: %s", report.Breaking, want, report.Text)
	}
}

// A change is found inside of what oasdiff does not look at, whatever else changed.
func TestEditsInsideOfOthers(t *testing.T) {
	t.Parallel()
	difftest.Need(t, moduleRoot)
	extras := edited(t, contract(t), schemas+"Extra", `{"type": "object", "properties": {"n": {"type": "integer"}}}`)
	other := edited(t, extras, schemas+"DeleteImagesTaskData properties count", `{"type": "integer"}`)
	for _, keyword := range []string{`additionalProperties": `, `oneOf": [`, `anyOf": [`, `not": `} {
		closing := strings.Repeat("]", strings.Count(keyword, "["))
		value := `{"type": "object", "` + keyword + `{"$ref": "#/components/schemas/Extra"}` + closing + `}`
		old := edited(t, extras, schemas+"DeleteImagesTaskData", value)
		now := edited(t, edited(t, old, schemas+"Extra properties n type", `"string"`), statusAt+"title", `"only a text"`)
		reports(t, old, now, readers)
		now = edited(t, now, operation+"deprecated", `true`)
		reports(t, old, now, readers)
	}
	reports(t, extras, other, nobody)
	reports(t, extras, edited(t, other, schemas+"Extra properties n type", `"string"`), nobody) // no operation has it
}

// What no program sees is no change.
func TestEditsOfTexts(t *testing.T) {
	t.Parallel()
	old := contract(t)
	for keys, value := range map[string]string{
		"info title": `"another"`, operation + "summary": `"s"`, operation + "tags": `["a"]`, statusAt + "example": `"x"`,
		statusAt + "x-go-name": `"Other"`, schemas + "BaseResponse required": `["msg", "code"]`, "tags": `[{"name": "t"}]`,
	} {
		report, err := Contract(t.Context(), moduleRoot, []byte(old), []byte(edited(t, old, keys, value)), Text)
		if err != nil || report.Text != onlyTexts || report.Breaking {
			t.Errorf("%s: %+v, %v", keys, report, err)
		}
	}
	// A property may have any name, also that of a text.
	now := edited(t, old, schemas+"DeleteImagesTaskData properties description", `{"type": "string"}`)
	found, err := differences([]byte(old), []byte(now))
	if err != nil || len(found) != 1 || !slices.Equal(found[0].at[3:], []string{"properties", "description"}) {
		t.Errorf("%v, %v; want the property", found, err)
	}
}

// Where oasdiff fails, every place that differs is listed, and why they are not judged.
func TestContractWithoutOasdiff(t *testing.T) {
	t.Parallel()
	old := contract(t)
	now := edited(t, edited(t, old, statusAt+"maxLength", `10`), "servers", `[{"url": "https://b.example.com"}]`)
	report, err := Contract(t.Context(), t.TempDir(), []byte(old), []byte(now), Text)
	if err != nil || !report.Breaking || strings.Contains(report.Incomplete, "\n") || !strings.Contains(report.Incomplete, "could not compare") {
		t.Errorf("%+v, %v", report, err)
	}
	for _, part := range []string{"/servers", "status/maxLength` was added: 10"} {
		if !strings.Contains(report.Text, part) {
			t.Errorf("the report lacks %q: %s", part, report.Text)
		}
	}
}

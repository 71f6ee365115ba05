package contract

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFind(t *testing.T) {
	t.Parallel()
	d := parseText(t, grown)
	tests := []struct{ method, path, want, allow string }{
		{"GET", "/v1/images/abc", "getImage", ""},
		{"GET", "/v1/images/a%2Fb", "getImage", ""},
		{"GET", "/v1/images/latest", "GET /v1/images/latest", ""},
		{"PUT", "/v1/images/latest", "putLatest", ""},
		{"POST", "/v1/images/latest", "", "GET, PUT"}, // not the template's
		{"GET", "/v1/images/a/b.png", "getPart", ""},
		{"GET", "/v1/images/a/bXpng", "", ""},
		{"GET", "/v1/images/", "", ""},
		{"GET", "/v1/images/a/", "", ""},
		{"GET", "/v1/images/a/b", "", ""},
		{"POST", "/v1/images/abc", "postImage", ""},
		{"POST", "/v1/images/abc:cancel", "cancelImage", ""},
		{"POST", "/v1/images/abc:cancel:cancel", "cancelImage", ""},
		{"POST", "/v1/images/abc:cancelled", "postImage", ""},
		{"POST", "/v1/images/:cancel", "", ""}, // without an image
		{"GET", "/v1/images/abc:cancel", "getImage", ""},
		{"PUT", "/v1/images/abc:cancel", "", "POST"},
		{"PUT", "/v1/images/abc", "", "GET, POST"},
		{"get", "/v1/images/abc", "", "GET, POST"},
		{"GET", "/prefix/v1/images/abc", "", ""},
		{"GET", "/v1/gr%C3%B6%C3%9Fe%20und/x", "getSize", ""},
		{"GET", "/v1/größe und/x", "getSize", ""}, // not escaped
		{"GET", "/v1/ma%C3%9Fe%7Ca%2Fb", "getScale", ""},
		{"GET", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			t.Parallel()
			got := ""
			op, _, allow := d.Find(tt.method, tt.path)
			if op != nil {
				got = op.ID
			}
			if got != tt.want || allow != tt.allow {
				t.Errorf("found %q, want %q; allow %q, want %q", got, tt.want, allow, tt.allow)
			}
		})
	}
}

// The names of variables don't decide which of two templates is tried first.
func TestFindChoosesTheLiteralSuffix(t *testing.T) {
	t.Parallel()
	for _, names := range [][2]string{{"{a}", "{z}"}, {"{z}", "{a}"}, {"{id}", "{id}"}} {
		d := parseText(t, strings.NewReplacer("/v1/images/{id}\"", "/v1/images/"+names[0]+`"`,
			"{image}:cancel", names[1]+":cancel", `"name": "image"`, `"name": "`+strings.Trim(names[1], "{}")+`"`,
			`{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "maxLength": 8}}`,
			`{"name": "`+strings.Trim(names[0], "{}")+`", "in": "path", "required": true, "schema": {"type": "string"}}`).Replace(grown))
		for path, want := range map[string]string{"/v1/images/x": "postImage", "/v1/images/x:cancel": "cancelImage"} {
			if op, _, _ := d.Find("POST", path); op == nil || op.ID != want {
				t.Errorf("%v: %s is %v, want %s", names, path, op, want)
			}
		}
	}
}

func TestFindReturnsValues(t *testing.T) {
	t.Parallel()
	d := parseText(t, grown)
	for path, want := range map[string]map[string]string{
		"/v1/images/abc":            {"id": "abc"},
		"/v1/images/a%2Fb%C3%A9":    {"id": "a/bé"},
		"/v1/images/%zz":            {"id": "%zz"},
		"/v1/images/a:cancel":       {"id": "a:cancel"},
		"/v1/images/%20/%2E%2E.png": {"id": " ", "part": ".."},
		"/v1/images/latest":         nil,
	} {
		if _, got, _ := d.Find("GET", path); !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	d := parseText(t, grown)
	var got []string
	for _, op := range d.Operations() {
		got = append(got, op.Method+" "+op.Path)
		if d.Operation(op.ID) != op {
			t.Errorf("%s is not found by its ID", op.ID)
		}
	}
	want := []string{"GET /v1/größe und/{id}", "GET /v1/images/latest", "PUT /v1/images/latest", "GET /v1/images/{id}", "POST /v1/images/{id}",
		"GET /v1/images/{id}/{part}.png", "POST /v1/images/{image}:cancel", "GET /v1/maße|a%2Fb"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	d.Operations()[0] = nil
	if d.Operations()[0] == nil || d.Operation("nothing") != nil {
		t.Error("a caller changed the document, or an operation came from nowhere")
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, document := range map[string]string{
		"empty":           ``,
		"not OpenAPI":     `{"a":1}`,
		"a list":          `[]`,
		"cut":             grown[:len(grown)/2],
		"unresolved ref":  strings.ReplaceAll(grown, "schemas/Image", "schemas/Nothing"),
		"remote document": strings.ReplaceAll(grown, "#/components/schemas/Image", "https://spec.invalid/x.json#/Image"),
		"unknown type":    strings.ReplaceAll(grown, `"type": "integer"`, `"type": "int"`),
	} {
		for _, parse := range []func([]byte) (*Document, error){Parse, ParseWithOrigins} {
			if d, err := parse([]byte(document)); err == nil || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %v, error %q", name, d, err)
			}
		}
	}
}

// The examples of a document are not held against its schemas.
func TestParseLeavesExamplesAlone(t *testing.T) {
	t.Parallel()
	parseText(t, strings.Replace(grown, `"format": "int32"`, `"format": "int32", "example": "x"`, 1))
}

// Two documents share nothing.
func TestParseReturnsValues(t *testing.T) {
	t.Parallel()
	a, b := parseText(t, grown), parseText(t, strings.ReplaceAll(grown, `"required": ["size"],`, ""))
	if got := check(t, a.Operation("getImage"), "{}"); got != "/size: required" {
		t.Errorf("first: %q", got)
	}
	if got := check(t, b.Operation("getImage"), "{}"); got != "" {
		t.Errorf("second: %q", got)
	}
}

func TestParseWithOrigins(t *testing.T) {
	t.Parallel()
	d, err := ParseWithOrigins([]byte(grown))
	if err != nil {
		t.Fatal(err)
	}
	if plain := parseText(t, grown); plain.Spec.Info.Origin != nil || d.Spec.Info.Origin == nil {
		t.Errorf("origins %v and %v", plain.Spec.Info.Origin, d.Spec.Info.Origin)
	}
}

func TestParameters(t *testing.T) {
	t.Parallel()
	var got []string
	for _, p := range parseText(t, grown).Operation("getImage").Parameters {
		got = append(got, p.In+" "+p.Name+" "+p.Schema.Value.Type.Slice()[0])
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"path id string", "query verbose boolean"}, got); diff != "" {
		t.Error(diff)
	}
}

// A media type that is null says nothing of its bodies.
func TestMediaTypeThatIsNull(t *testing.T) {
	t.Parallel()
	d := parseText(t, `{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/": {"post": {"operationId": "post",
		"requestBody": {"content": {"application/json": null}}, "responses": {"200": {"description": "ok", "content": {"application/json": null, "text/plain": null}}}}}}}`)
	op := d.Operation("post")
	if found := op.CheckRequest("application/json", []byte(`{"a":1}`)); found != nil {
		t.Errorf("request: %v", found)
	}
	if found, _ := op.CheckResponse(with(200, "application/json"), ReadJSON([]byte(`{"a":1}`)), true); list(found) != "mediaType, json" {
		t.Errorf("response: %v", found)
	}
	op.SpellJSON(with(200, "application/json"))
	if notes := d.Notes(); notes != nil {
		t.Errorf("notes: %q", notes)
	}
}

func TestOnceParsesOnce(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		document string
		isValid  bool
	}{
		"a document": {`{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}}`, true},
		"none":       {`{}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var once Once
			var reads atomic.Int32
			first, firstErr := once.Parse(func() []byte { reads.Add(1); return []byte(tt.document) })
			if (first != nil) != tt.isValid || (firstErr == nil) != tt.isValid {
				t.Fatalf("%v, %v", first, firstErr)
			}
			var wg sync.WaitGroup
			for range 10 {
				wg.Go(func() {
					again, err := once.Parse(func() []byte { reads.Add(1); return nil })
					if again != first || err != firstErr { //nolint:errorlint // the very same
						t.Errorf("%p, %v; want %p, %v", again, err, first, firstErr)
					}
				})
			}
			if wg.Wait(); reads.Load() != 1 {
				t.Errorf("read %d times", reads.Load())
			}
		})
	}
}

// A value of a wrong type is worded in one way, whichever of its words encoding/json has chosen.
func TestReasonOfAWrongType(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"json: cannot unmarshal string into Go struct field T.x of type bool",
		`json: cannot unmarshal JSON string into Go bool within "/x"`,
		`json: unable to unmarshal JSON string into Go bool within "/x"`,
	} {
		if got, want := reasonOf(errors.New("json error: "+text+", yaml error: more\nand more")), "json error: json: a value of a wrong type (string)"; got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

package tensorslab_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	gocmp "github.com/google/go-cmp/cmp"

	tensorslab "github.com/tensorslab/tensorslab-go"
)

// Each example of the contract satisfies its own schema. Package wrapper tests how it
// handles them; this package must compile without generated/, so it cannot.
func TestContractExamplesConform(t *testing.T) {
	t.Parallel()
	found := examplesOf(load(t, tensorslab.Spec()))
	if len(found) == 0 {
		t.Fatal("the contract has no example")
	}
	for _, e := range found {
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			if err := e.check(); err != nil {
				t.Errorf("it violates its own schema: %v", err)
			}
		})
	}
}

// example is a body that the contract shows for a request or a response.
type example struct {
	operation string
	status    string // of the response, as in the contract; empty for a request
	mediaType string
	name      string // empty if the media type has one example without a name
	schema    *openapi3.Schema
	value     any
}

func (e example) String() string {
	return strings.TrimSpace(strings.Join([]string{e.operation, cmp.Or(e.status, "request"), e.mediaType, e.name}, " "))
}

// check returns how the example violates its schema, or nil. As in the wrapper, times
// need not be in the format of RFC 3339.
func (e example) check() error {
	direction := openapi3.VisitAsResponse()
	if e.status == "" {
		direction = openapi3.VisitAsRequest()
	}
	anyTime := openapi3.NewCallbackValidator(func(string) error { return nil })
	return e.schema.VisitJSON(e.value, direction, openapi3.WithStringFormatValidator("date-time", anyTime))
}

// examplesOf returns the examples of all operations, requests before responses.
func examplesOf(doc *openapi3.T) []example {
	var found []example
	for _, path := range slices.Sorted(maps.Keys(doc.Paths.Map())) {
		operations := doc.Paths.Value(path).Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			op := operations[method]
			e := example{operation: op.OperationID}
			if op.RequestBody != nil {
				found = append(found, e.of(op.RequestBody.Value.Content)...)
			}
			for _, e.status = range slices.Sorted(maps.Keys(op.Responses.Map())) {
				found = append(found, e.of(op.Responses.Value(e.status).Value.Content)...)
			}
		}
	}
	return found
}

func (e example) of(content openapi3.Content) []example {
	var found []example
	for _, e.mediaType = range slices.Sorted(maps.Keys(content)) {
		media := content[e.mediaType]
		e.schema = new(openapi3.Schema)
		if media.Schema != nil {
			e.schema = media.Schema.Value
		}
		for _, e.name = range slices.Sorted(maps.Keys(media.Examples)) {
			e.value = media.Examples[e.name].Value.Value
			found = append(found, e)
		}
		if media.Example != nil {
			e.name, e.value = "", media.Example
			found = append(found, e)
		}
	}
	return found
}

func load(t *testing.T, document []byte) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// testdata/examples.json has an example in every place that can have one.
func TestExamplesAreFoundAndChecked(t *testing.T) {
	t.Parallel()
	got := map[string]bool{}
	for _, e := range examplesOf(load(t, []byte(readText(t, "testdata/examples.json")))) {
		got[e.String()] = e.check() == nil
	}
	want := map[string]bool{
		"putThing request application/json good": true,
		"putThing request application/json bad":  false,
		"putThing 200 application/json":          true,
		"putThing 4XX application/json shared":   true,
		"putThing default text/plain":            true,
	}
	if d := gocmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

package tensorslab_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	gocmp "github.com/google/go-cmp/cmp"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Each body that the contract shows satisfies its own schema. Each response that
// it documents, by its examples or else by a sample of its schema, passes the
// wrapper: as it is if it says success, else as an APIError.
func TestContractExamplesConform(t *testing.T) {
	t.Parallel()
	doc := load(t, tensorslab.Spec())
	found := bodiesOf(doc)
	if !slices.ContainsFunc(found, func(b body) bool { return b.example }) {
		t.Fatal("the contract has no example")
	}
	for _, b := range found {
		t.Run(b.String(), func(t *testing.T) {
			t.Parallel()
			if err := b.check(); err != nil {
				t.Fatalf("it breaks its own schema: %v", err)
			}
			if b.status != "" {
				passWrapper(t, doc, b)
			}
		})
	}
}

// passWrapper has a server answer with the body, and sends it a request of the
// body's operation.
func passWrapper(t *testing.T, doc *openapi3.T, b body) {
	t.Helper()
	data, err := json.Marshal(b.value)
	if err != nil || b.mediaType != "application/json" {
		t.Fatalf("no way to send a body of %s: %v", b.mediaType, err)
	}
	status := b.httpStatus(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", b.mediaType)
		w.WriteHeader(status)
		_, _ = w.Write(data)
	}))
	t.Cleanup(server.Close)
	doer, err := wrapper.NewContractDoer(server.URL, server.Client())
	if err != nil {
		t.Fatal(err)
	}
	resp, err := doer.Do(requestFor(t, doc, b, server.URL))
	if code := codeOf(b.value); status/100 != 2 || code != wrapper.CodeSuccess {
		var refusal *wrapper.APIError
		if !errors.As(err, &refusal) || refusal.HTTPStatus != status || refusal.Code != code || refusal.Operation != b.operation {
			t.Fatalf("got %#v, %v; want an APIError with status %d and code %d", resp, err, status, code)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil || string(got) != string(data) || resp.StatusCode != status {
		t.Errorf("status %d, body %s, %v; want %d, %s", resp.StatusCode, got, err, status, data)
	}
}

// codeOf is the code of the service's envelope, 0 if there is none.
func codeOf(value any) int {
	object, _ := value.(map[string]any)
	code, _ := strconv.Atoi(fmt.Sprint(object["code"]))
	return code
}

// body is one that the contract shows for a request or a response.
type body struct {
	operation, method, path string
	status                  string // of the response, as the contract has it; empty for a request
	mediaType               string
	name                    string // of the example; empty for the only one
	example                 bool   // it is one of the contract's examples
	schema                  *openapi3.Schema
	value                   any
}

func (b body) String() string {
	return strings.TrimSpace(strings.Join([]string{b.operation, cmp.Or(b.status, "request"), b.mediaType, b.name}, " "))
}

// httpStatus is a status that the contract's key stands for, such as 400 of 4XX.
func (b body) httpStatus(t *testing.T) int {
	t.Helper()
	if b.status == "default" {
		return http.StatusInternalServerError
	}
	status, err := strconv.Atoi(strings.ReplaceAll(b.status, "X", "0"))
	if err != nil {
		t.Fatal(err)
	}
	return status
}

// check reports what in the body breaks its schema. As in the wrapper, times need
// not be RFC 3339.
func (b body) check() error {
	direction := openapi3.VisitAsResponse()
	if b.status == "" {
		direction = openapi3.VisitAsRequest()
	}
	anyTime := openapi3.NewCallbackValidator(func(string) error { return nil })
	return b.schema.VisitJSON(b.value, direction, openapi3.WithStringFormatValidator("date-time", anyTime))
}

// bodiesOf finds the bodies of all operations, requests before responses.
func bodiesOf(doc *openapi3.T) []body {
	var found []body
	for _, path := range slices.Sorted(maps.Keys(doc.Paths.Map())) {
		operations := doc.Paths.Value(path).Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			op := operations[method]
			b := body{operation: op.OperationID, method: method, path: path}
			if op.RequestBody != nil {
				found = append(found, b.of(op.RequestBody.Value.Content)...)
			}
			for _, b.status = range slices.Sorted(maps.Keys(op.Responses.Map())) {
				found = append(found, b.of(op.Responses.Value(b.status).Value.Content)...)
			}
		}
	}
	return found
}

// of returns the examples of each media type, or else a sample of its schema.
func (b body) of(content openapi3.Content) []body {
	var found []body
	for _, b.mediaType = range slices.Sorted(maps.Keys(content)) {
		media := content[b.mediaType]
		b.schema, b.example = new(openapi3.Schema), true
		if media.Schema != nil {
			b.schema = media.Schema.Value
		}
		for _, b.name = range slices.Sorted(maps.Keys(media.Examples)) {
			b.value = media.Examples[b.name].Value.Value
			found = append(found, b)
		}
		if len(media.Examples) > 0 {
			continue
		}
		if b.name, b.value = "", media.Example; b.value == nil {
			b.value, b.name, b.example = sample(b.schema), "sample", false
		}
		found = append(found, b)
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

// testdata/examples.json has a body in every place that can have one.
func TestBodiesAreFoundAndChecked(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("testdata/examples.json")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, b := range bodiesOf(load(t, document)) {
		verdict := fmt.Sprintf("example %t, status %d", b.example, 0)
		if b.status != "" {
			verdict = fmt.Sprintf("example %t, status %d", b.example, b.httpStatus(t))
		}
		if err := b.check(); err != nil {
			verdict = "refused"
		}
		got[b.String()] = verdict
	}
	want := map[string]string{
		"putThing request application/json good":  "example true, status 0",
		"putThing request application/json bad":   "refused",
		"putThing request text/plain sample":      "example false, status 0",
		"putThing 200 application/json":           "example true, status 200",
		"putThing 4XX application/json shared":    "example true, status 400",
		"putThing default text/plain":             "example true, status 500",
		"deleteThing 404 application/json sample": "example false, status 404",
	}
	if d := gocmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

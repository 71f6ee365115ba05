// Package frozen makes the wrapper and the fake of a test's process work by a
// contract that never changes: contract.json, a copy of what the published one once
// was. A test package that uses either of them imports this package:
//
//	import _ "github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
//
// Its tests may then send what that contract allows and expect what it says, and
// the published contract may change in everything that leaves the Go API as it is.
// Tests of what the published contract says read it from package tensorslab; in their
// names are OfTheContract or OfOperations, by which make update-spec runs them.
//
// Each operation is where the published contract has it, because the generated
// client goes there: tests ask [Path] for it.
package frozen

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/internal/vendored"
)

//go:embed contract.json
var original []byte

var (
	places   = placesOf(operationsOf(original))
	current  = placesOf(operationsOf(tensorslab.Spec()))
	document = moved(original, current)
)

func init() { vendored.Images.Replace(document) }

// Spec returns the contract that the tests of this process stand on, as JSON.
func Spec() []byte { return bytes.Clone(document) }

// Path returns where an operation is, such as /v1/images/zimage for zImage. It panics
// if the frozen contract has no such operation.
func Path(operationID string) string {
	was, ok := places[operationID]
	if !ok {
		panic("frozen: the contract has no operation " + operationID)
	}
	return cmp.Or(current[operationID].path, was.path)
}

// Properties returns the names of the properties of a schema. The generated type has more
// of them if the published contract does.
func Properties(schema string) map[string]bool {
	var spec struct {
		Components struct {
			Schemas map[string]struct{ Properties map[string]json.RawMessage }
		}
	}
	_ = json.Unmarshal(document, &spec) // it is valid
	found := map[string]bool{}
	for name := range spec.Components.Schemas[schema].Properties {
		found[name] = true
	}
	return found
}

// Moved returns a document of a test with the operations that the published contract has
// where that has them.
func Moved(document []byte) []byte { return moved(document, current) }

// place is where an operation is in a document.
type place struct{ path, method string }

// operationsOf returns the operations of a document. One that is not JSON has none:
// other tests say what is wrong with it.
func operationsOf(document []byte) map[place]json.RawMessage {
	var spec struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	_ = json.Unmarshal(document, &spec)
	found := map[place]json.RawMessage{}
	for path, item := range spec.Paths {
		for method, operation := range item {
			found[place{path, method}] = operation
		}
	}
	return found
}

func idOf(operation json.RawMessage) string {
	var named struct {
		OperationID string `json:"operationId"`
	}
	_ = json.Unmarshal(operation, &named) // not an operation, but a list of parameters or a text
	return named.OperationID
}

// placesOf returns the place of each operation that has an id.
func placesOf(operations map[place]json.RawMessage) map[string]place {
	found := map[string]place{}
	for at, operation := range operations {
		if id := idOf(operation); id != "" {
			found[id] = at
		}
	}
	return found
}

// moved returns document with its operations at the places in to. The text of each
// operation stays as it is, since the fake responds with the example that is first.
func moved(document []byte, to map[string]place) []byte {
	paths := map[string]map[string]json.RawMessage{}
	changed := false
	for at, operation := range operationsOf(document) {
		if now, ok := to[idOf(operation)]; ok && now != at {
			at, changed = now, true
		}
		if paths[at.path] == nil {
			paths[at.path] = map[string]json.RawMessage{}
		}
		paths[at.path][at.method] = operation
	}
	if !changed {
		return document
	}
	var spec map[string]any
	if err := json.Unmarshal(document, &spec); err != nil {
		panic(err)
	}
	spec["paths"] = paths
	text, err := json.MarshalIndent(spec, "", "  ") // as the document is: tests replace text in it
	if err != nil {
		panic(err)
	}
	return append(text, '\n')
}

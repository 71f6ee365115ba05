package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// operations maps the operationIds of a contract to their methods and paths.
type operations map[string]string

var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// document is what is read of a contract to see which names are gone.
type document struct {
	Paths      map[string]map[string]json.RawMessage
	Components struct {
		Schemas map[string]json.RawMessage
	}
}

func readDocument(contract []byte) (doc document, err error) {
	err = json.Unmarshal(contract, &doc)
	return doc, err
}

// operation is what is read of an operation.
type operation struct {
	OperationID string
	RequestBody struct {
		Content map[string]struct{ Schema json.RawMessage }
	}
}

// each visits the operations that have an operationId.
func (d document) each(visit func(address string, op operation)) {
	for path, item := range d.Paths {
		for method, raw := range item {
			var op operation
			if slices.Contains(methods, method) && json.Unmarshal(raw, &op) == nil && op.OperationID != "" {
				visit(strings.ToUpper(method)+" "+path, op)
			}
		}
	}
}

func (d document) operations() operations {
	found := operations{}
	d.each(func(address string, op operation) { found[op.OperationID] = address })
	return found
}

// schemas returns the schemas of components and of request bodies, the latter by the
// operationId, as the generator names their types after it.
func (d document) schemas() map[string]json.RawMessage {
	found := maps.Clone(d.Components.Schemas)
	if found == nil {
		found = map[string]json.RawMessage{}
	}
	d.each(func(_ string, op operation) {
		for _, media := range op.RequestBody.Content {
			found[op.OperationID] = media.Schema
		}
	})
	return found
}

// loss is an operation that a contract had, and that a newer one has no longer under
// its name.
type loss struct {
	id      string
	renamed string // the name that its method and path have now, if any
	address string // its method and path
}

// losses lists the operations of old that now lacks, in the order of their names.
func losses(old, now operations) (found []loss) {
	for _, id := range slices.Sorted(maps.Keys(old)) {
		if _, ok := now[id]; ok {
			continue
		}
		lost := loss{id: id, address: old[id]}
		for other, address := range now {
			if address == old[id] {
				lost.renamed = other
			}
		}
		found = append(found, lost)
	}
	return found
}

// moves lists the operations that have another method or path than before, one line
// each.
func moves(old, now operations) (found []string) {
	for _, id := range slices.Sorted(maps.Keys(old)) {
		if address, ok := now[id]; ok && address != old[id] {
			found = append(found, fmt.Sprintf("%s moved from %s to %s", id, old[id], address))
		}
	}
	return found
}

// String says what happened to the operation.
func (l loss) String() string {
	if l.renamed != "" {
		return fmt.Sprintf("the contract calls %s %s now (%s)", l.id, l.renamed, l.address)
	}
	return "the contract no longer has " + l.id
}

// renamedSchema returns the schema of now that is the lost one under another name, or
// nothing.
func renamedSchema(old, now document, lost string) string {
	for _, name := range slices.Sorted(maps.Keys(now.Components.Schemas)) {
		_, had := old.Components.Schemas[name]
		if !had && string(now.Components.Schemas[name]) == string(old.Components.Schemas[lost]) {
			return name
		}
	}
	return ""
}

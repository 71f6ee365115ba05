package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
)

// document is an OpenAPI document as text and as values.
type document struct {
	text   []byte
	values map[string]any
}

func parse(text []byte) (document, error) {
	doc := document{text: text}
	if err := json.Unmarshal(text, &doc.values); err != nil {
		return doc, fmt.Errorf("%s: %w", codegen.Contract, err)
	}
	return doc, nil
}

// place is where a value stands: the keys on the way to it, each after a line end.
// (JSON Pointers would have to escape the slashes of paths.)
type place string

func (p place) below(keys ...string) place {
	return p + place("\n"+strings.Join(keys, "\n"))
}

// general lists what an excerpt has of the document itself.
var general = []string{"openapi", "info", "servers", "security", "tags"}

// operations lists the operationIds, sorted.
func (doc document) operations() []string {
	var ids []string
	doc.eachOperation(func(_ place, op map[string]any) {
		if id, ok := op["operationId"].(string); ok {
			ids = append(ids, id)
		}
	})
	slices.Sort(ids)
	return ids
}

func (doc document) eachOperation(visit func(at place, op map[string]any)) {
	paths, _ := doc.values["paths"].(map[string]any)
	for path, item := range paths {
		item, _ := item.(map[string]any)
		for method, op := range item {
			if op, ok := op.(map[string]any); ok {
				visit(place("").below("paths", path, method), op)
			}
		}
	}
}

// excerpt is the document with one operation and what that refers to, all in the
// order and the words of the document.
func (doc document) excerpt(id string) ([]byte, error) {
	kept := map[place]bool{}
	for _, key := range general {
		kept[place("").below(key)] = true
	}
	doc.eachOperation(func(at place, op map[string]any) {
		if op["operationId"] == id {
			kept[at] = true
			doc.follow(kept, op)
			doc.schemes(kept, op)
		}
	})
	var out, indented bytes.Buffer
	if err := filter(&out, doc.text, "", kept); err != nil {
		return nil, err
	}
	if err := json.Indent(&indented, out.Bytes(), "", "  "); err != nil {
		return nil, err
	}
	return append(indented.Bytes(), '\n'), nil
}

// follow keeps what the references below value point at.
func (doc document) follow(kept map[place]bool, value any) {
	switch value := value.(type) {
	case map[string]any:
		if ref, ok := value["$ref"].(string); ok {
			doc.keep(kept, strings.Split(strings.TrimPrefix(ref, "#/"), "/"))
		}
		for _, v := range value {
			doc.follow(kept, v)
		}
	case []any:
		for _, v := range value {
			doc.follow(kept, v)
		}
	}
}

// schemes keeps the security schemes of an operation.
func (doc document) schemes(kept map[place]bool, op map[string]any) {
	security, ok := op["security"].([]any)
	if !ok {
		security, _ = doc.values["security"].([]any)
	}
	for _, requirement := range security {
		requirement, _ := requirement.(map[string]any)
		for name := range requirement {
			doc.keep(kept, []string{"components", "securitySchemes", name})
		}
	}
}

func (doc document) keep(kept map[place]bool, keys []string) {
	at := place("").below(keys...)
	if kept[at] {
		return
	}
	kept[at] = true
	var value any = doc.values
	for _, key := range keys {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	doc.follow(kept, value)
}

// filter writes of an object, which stands at a place, what is kept and what leads
// there.
func filter(out *bytes.Buffer, object []byte, at place, kept map[place]bool) error {
	dec := json.NewDecoder(bytes.NewReader(object))
	if _, err := dec.Token(); err != nil {
		return err
	}
	separator := "{"
	for dec.More() {
		start := dec.InputOffset()
		key, err := dec.Token()
		if err != nil {
			return err
		}
		name := bytes.TrimLeft(object[start:dec.InputOffset()], ", \t\r\n")
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return err
		}
		below := at.below(key.(string))
		if !kept[below] && !leads(kept, below) {
			continue
		}
		fmt.Fprintf(out, "%s%s:", separator, name)
		separator = ","
		if kept[below] {
			out.Write(value)
		} else if err := filter(out, value, below, kept); err != nil {
			return err
		}
	}
	out.WriteString(strings.TrimPrefix(separator, ",") + "}")
	return nil
}

// leads reports whether something below a place is kept.
func leads(kept map[place]bool, at place) bool {
	for k := range kept {
		if strings.HasPrefix(string(k), string(at)+"\n") {
			return true
		}
	}
	return false
}

package contract

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Document is an OpenAPI document that was read and found valid.
type Document struct {
	// Spec is the document as kin-openapi reads it. It must not be changed.
	Spec *openapi3.T

	exact     map[string]*pathItem // by escaped path
	templated []*pathItem          // in the order in which they are tried
	ordered   []*Operation
	byID      map[string]*Operation
}

// Parse reads a document in JSON or YAML and validates all of it but its
// examples: those are for readers, and a service's own may not conform. The
// error is of one line. References to other documents are not followed.
func Parse(document []byte) (*Document, error) { return parse(document, openapi3.NewLoader()) }

// ParseWithOrigins is [Parse], and keeps in Spec where each part of the
// document stands in it, which takes longer.
func ParseWithOrigins(document []byte) (*Document, error) {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	return parse(document, loader)
}

func parse(document []byte, loader *openapi3.Loader) (*Document, error) {
	spec, err := loader.LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("the contract is not an OpenAPI document: %s", firstLine(err))
	}
	if err := spec.Validate(context.Background(), openapi3.DisableExamplesValidation()); err != nil {
		return nil, fmt.Errorf("the contract is not valid: %s", firstLine(err))
	}
	d := &Document{Spec: spec, exact: map[string]*pathItem{}, byID: map[string]*Operation{}}
	schemas := newSchemaSet(bytes.Contains(document, []byte("readOnly")) || bytes.Contains(document, []byte("writeOnly")))
	for _, path := range spec.Paths.InMatchingOrder() {
		d.add(newPathItem(path, spec.Paths.Value(path), schemas))
	}
	slices.SortStableFunc(d.templated, func(a, b *pathItem) int {
		// Beside /{id}, /{id}:cancel is meant where it matches.
		return cmp.Or(cmp.Compare(len(a.names), len(b.names)), cmp.Compare(b.literal, a.literal))
	})
	slices.SortFunc(d.ordered, func(a, b *Operation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return d, nil
}

// firstLine leaves out the schema and the value that kin-openapi prints below.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func (d *Document) add(item *pathItem) {
	if item.pattern == nil {
		d.exact[item.escaped] = item
	} else {
		d.templated = append(d.templated, item)
	}
	for _, op := range item.operations {
		op.Key, _ = keyOf(d.Spec, op.Spec)
		op.noteEnvelopes()
		op.noteLimits()
		d.ordered = append(d.ordered, op)
		d.byID[op.ID] = op
	}
}

// Find returns the operation for a path relative to the server's URL, escaped
// as it was sent, and the values of the path's parameters without escapes. Dot
// segments and double slashes are not resolved. If no operation matches, op is
// nil; allow then lists the methods of a matching path, as the header Allow has
// them, or is empty if no path matches.
func (d *Document) Find(method, escapedPath string) (op *Operation, values map[string]string, allow string) {
	// OpenAPI 3.0.3, "Paths Object": concrete paths are matched before
	// templated ones, so other methods of a template do not apply to them.
	if item := d.exact[escapedPath]; item != nil {
		if op := item.operations[method]; op != nil {
			return op, nil, ""
		}
		return nil, nil, item.allow()
	}
	for _, item := range d.templated {
		match := item.pattern.FindStringSubmatch(escapedPath)
		if match == nil {
			continue
		}
		if op := item.operations[method]; op != nil {
			return op, item.values(match), ""
		}
		allow = cmp.Or(allow, item.allow())
	}
	return nil, nil, allow
}

// Operation returns the operation with this ID, or nil.
func (d *Document) Operation(id string) *Operation { return d.byID[id] }

// Operations returns all operations by path and method.
func (d *Document) Operations() []*Operation { return slices.Clone(d.ordered) }

// allow lists the methods of the path.
func (p *pathItem) allow() string {
	return strings.Join(slices.Sorted(maps.Keys(p.operations)), ", ")
}

// values returns what the variables of the path stand for.
func (p *pathItem) values(match []string) map[string]string {
	values := make(map[string]string, len(p.names))
	for i, name := range p.names {
		value, err := url.PathUnescape(match[i+1])
		if err != nil { // no escaped path
			value = match[i+1]
		}
		values[name] = value
	}
	return values
}

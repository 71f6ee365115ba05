package contract

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

// Document is an OpenAPI document that was read and found valid.
type Document struct {
	// Spec is the document as kin-openapi reads it. It must not be changed.
	Spec *openapi3.T

	ignored   []string
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

// Once is a document that is parsed when it is first needed. The zero value is ready
// for use, and nothing is allocated at the start of a program.
type Once struct {
	once     sync.Once
	document *Document
	err      error
}

// Parse returns what [Parse] returned for the document of the first call. Other calls
// do not read their document.
func (o *Once) Parse(read func() []byte) (*Document, error) {
	o.once.Do(func() { o.document, o.err = Parse(read()) })
	return o.document, o.err
}

func parse(document []byte, loader *openapi3.Loader) (*Document, error) {
	spec, ignored, err := load(document, loader)
	if err != nil {
		return nil, err
	}
	d := &Document{Spec: spec, ignored: ignored, exact: map[string]*pathItem{}, byID: map[string]*Operation{}}
	schemas := newSchemaSet(bytes.Contains(document, []byte("readOnly")) || bytes.Contains(document, []byte("writeOnly")))
	for _, path := range spec.Paths.InMatchingOrder() {
		d.add(newPathItem(path, spec.Paths.Value(path), schemas))
	}
	slices.SortStableFunc(d.templated, compareSpecific)
	slices.SortFunc(d.ordered, func(a, b *Operation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return d, nil
}

// load reads a document, and validates it. The version comes first: reading a large
// document takes seconds.
func load(document []byte, loader *openapi3.Loader) (spec *openapi3.T, ignored []string, err error) {
	document = withoutMark(document)
	body := ReadDocument(document)
	if root, ok := body.Object(); ok {
		if err := checkVersion(root); err != nil {
			return nil, nil, err
		}
	}
	readable, ignored := rewrite(document, body)
	spec, err = loader.LoadFromData(readable)
	if err != nil {
		return nil, nil, invalid("%s%s", reasonOf(err), whereIn(readable, err))
	}
	if err := checkVersion(map[string]any{"openapi": spec.OpenAPI, "swagger": spec.Extensions["swagger"]}); err != nil {
		return nil, nil, err // of a document in YAML
	}
	if err := checkPaths(spec.Paths); err != nil {
		return nil, nil, err
	}
	if err := validate(spec); err != nil {
		return nil, nil, invalid("%s%s", reasonOf(err), whereIn(readable, err))
	}
	return spec, ignored, nil
}

func validate(spec *openapi3.T) error {
	return spec.Validate(context.Background(), openapi3.DisableExamplesValidation())
}

// CheckTypes is what [Parse] leaves out for the sake of programs that start: it returns an
// error if a value in a JSON document that Parse accepts is of a wrong type. What JSON
// can't decode is read as YAML, in which "yes" is true and "1" may be a number.
func CheckTypes(document []byte) error {
	decodes := func(document []byte) error { return json.Unmarshal(document, new(openapi3.T)) }
	readable, _ := Readable(document)
	if err := decodes(readable); err != nil {
		return invalid("%s%s", reasonOf(err), placeIn(readable, decodes, err))
	}
	return nil
}

// whereIn says at which place of a JSON document an error of kin-openapi is, in words
// that follow the error, or nothing if it is not known.
func whereIn(document []byte, err error) string {
	return placeIn(document, func(document []byte) error {
		spec, err := openapi3.NewLoader().LoadFromData(document)
		if err != nil {
			return err
		}
		return validate(spec)
	}, err)
}

// placeIn is [whereIn] for an error of read.
func placeIn(document []byte, read func([]byte) error, err error) string {
	root, ok := ReadDocument(document).Object()
	if !ok {
		return ""
	}
	at := culpritOf(root, read, err)
	if at == "" {
		return ""
	}
	return "; see " + at
}

// reasonOf leaves out the schema and the value that kin-openapi prints below its error,
// and what a YAML reader thinks of a JSON document.
func reasonOf(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	line, _, _ = strings.Cut(line, ", yaml error: ")
	// Versions of Go word this differently, Go 1.27 even from one process to the next, and the
	// place says more.
	line = strings.Replace(line, "json: unable to unmarshal ", "json: cannot unmarshal ", 1)
	if before, wrong, ok := strings.Cut(line, "json: cannot unmarshal "); ok {
		found, _, _ := strings.Cut(strings.TrimPrefix(wrong, "JSON "), " into ")
		return before + "json: a value of a wrong type (" + strings.TrimSuffix(found, "ean") + ")"
	}
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
		op.compileProofs()
		op.noteLimits()
		d.ordered = append(d.ordered, op)
		d.byID[op.ID] = op
	}
}

// Find returns the operation for a path relative to the server's URL, escaped
// as it was sent, and the values of the path's parameters without escapes. Dot
// segments and double slashes are not resolved. Where several templates match, the
// most specific one counts, and nothing does if a parameter is empty in it. If no operation matches, op is
// nil; allow then lists the methods of a matching path, as the header Allow has
// them, or is empty if no path matches.
func (d *Document) Find(method, escapedPath string) (op *Operation, values map[string]string, allow string) {
	// OpenAPI 3.0.3, "Paths Object": concrete paths are matched before
	// templated ones, so other methods of a template do not apply to them.
	path, item := escapedPath, d.exact[escapedPath]
	if item == nil {
		path = normalPath(path)
		item = d.exact[path]
	}
	if item != nil {
		if op := item.operations[method]; op != nil {
			return op, nil, ""
		}
		return nil, nil, item.allow()
	}
	for _, item := range d.templated {
		values, isEmpty, ok := item.match(path)
		if !ok {
			continue
		}
		switch op := item.operations[method]; {
		case op == nil && !isEmpty:
			allow = cmp.Or(allow, item.allow())
		case op != nil && isEmpty:
			return nil, nil, ""
		case op != nil:
			return op, values, ""
		}
	}
	return nil, nil, allow
}

// Operation returns the operation with this ID, or nil.
func (d *Document) Operation(id string) *Operation { return d.byID[id] }

// Operations returns all operations by path and method.
func (d *Document) Operations() []*Operation { return slices.Clone(d.ordered) }

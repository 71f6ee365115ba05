package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// maxNotes is the maximum number of lines of [Document.Notes].
const maxNotes = 200

// Notes returns a line about each thing in the document that has no effect: keys that
// OpenAPI 3.0 does not have, patterns that can't be checked, examples that violate
// their own schema, limits that no value satisfies, and parts of requests and responses
// that are not checked. Each begins with a JSON Pointer. Of more than 200, the last line
// says how many there are.
func (d *Document) Notes() []string {
	e := examples{seen: map[*openapi3.Schema]bool{}, notes: slices.Clone(d.ignored)}
	e.document(d.Spec)
	for _, op := range d.ordered {
		e.notes = append(e.notes, op.unchecked()...)
	}
	if more := len(e.notes) - maxNotes; more > 0 {
		e.notes = append(e.notes[:maxNotes-1], fmt.Sprintf("and %d more places", more+1))
	}
	return e.notes
}

// examples looks for examples that violate their schema.
type examples struct {
	at    path
	seen  map[*openapi3.Schema]bool
	notes []string
}

// below calls do with the position below keys.
func (e *examples) below(do func(), keys ...string) {
	for _, key := range keys {
		e.at = append(e.at, keyStep(key))
	}
	do()
	e.at = e.at[:len(e.at)-len(keys)]
}

// eachBelow calls do for each entry of a map, in the order of its keys.
func eachBelow[T any](e *examples, entries map[string]T, do func(T), keys ...string) {
	e.below(func() {
		for _, name := range slices.Sorted(maps.Keys(entries)) {
			e.below(func() { do(entries[name]) }, name)
		}
	}, keys...)
}

func (e *examples) document(spec *openapi3.T) {
	eachBelow(e, spec.Paths.Map(), func(item *openapi3.PathItem) {
		e.parameters(item.Parameters)
		for _, method := range slices.Sorted(maps.Keys(item.Operations())) {
			e.below(func() { e.operation(item.GetOperation(method)) }, strings.ToLower(method))
		}
	}, "paths")
	if c := spec.Components; c != nil {
		eachBelow(e, c.Schemas, e.schema, "components", "schemas")
		eachBelow(e, c.Parameters, e.parameter, "components", "parameters")
		eachBelow(e, c.RequestBodies, e.body, "components", "requestBodies")
		eachBelow(e, c.Responses, e.response, "components", "responses")
	}
}

func (e *examples) operation(op *openapi3.Operation) {
	e.parameters(op.Parameters)
	e.below(func() { e.body(op.RequestBody) }, "requestBody")
	eachBelow(e, op.Responses.Map(), e.response, "responses")
}

func (e *examples) parameters(list openapi3.Parameters) {
	for i, ref := range list {
		e.below(func() { e.parameter(ref) }, "parameters", fmt.Sprint(i))
	}
}

func (e *examples) parameter(ref *openapi3.ParameterRef) {
	if ref.Ref == "" && ref.Value != nil {
		e.given(ref.Value.Schema, ref.Value.Example, ref.Value.Examples, openapi3.VisitAsRequest())
		eachBelow(e, ref.Value.Content, func(m *openapi3.MediaType) { e.media(m, openapi3.VisitAsRequest()) }, "content")
	}
}

func (e *examples) body(ref *openapi3.RequestBodyRef) {
	if ref != nil && ref.Ref == "" && ref.Value != nil {
		eachBelow(e, ref.Value.Content, func(m *openapi3.MediaType) { e.media(m, openapi3.VisitAsRequest()) }, "content")
	}
}

func (e *examples) response(ref *openapi3.ResponseRef) {
	if ref.Ref == "" && ref.Value != nil {
		eachBelow(e, ref.Value.Content, func(m *openapi3.MediaType) { e.media(m, openapi3.VisitAsResponse()) }, "content")
	}
}

func (e *examples) media(m *openapi3.MediaType, direction openapi3.SchemaValidationOption) {
	if m != nil {
		e.given(m.Schema, m.Example, m.Examples, direction)
	}
}

// given checks the examples beside a schema, and those in it.
func (e *examples) given(schema *openapi3.SchemaRef, one any, several openapi3.Examples, direction openapi3.SchemaValidationOption) {
	if schema == nil || schema.Value == nil {
		return
	}
	e.below(func() { e.check(schema.Value, one, direction) }, "example")
	eachBelow(e, several, func(ref *openapi3.ExampleRef) {
		if ref.Value != nil {
			e.check(schema.Value, ref.Value.Value, direction)
		}
	}, "examples")
	e.below(func() { e.schema(schema) }, "schema")
}

// schema checks the examples in a schema.
func (e *examples) schema(ref *openapi3.SchemaRef) {
	if ref == nil || ref.Ref != "" || ref.Value == nil || e.seen[ref.Value] {
		return
	}
	s := ref.Value
	e.seen[s] = true
	e.limits(s)
	e.below(func() { e.check(s, s.Example) }, "example")
	e.parts("allOf", s.AllOf)
	e.parts("oneOf", s.OneOf)
	e.parts("anyOf", s.AnyOf)
	eachBelow(e, s.Properties, e.schema, "properties")
	e.below(func() { e.schema(s.Items) }, "items")
	e.below(func() { e.schema(s.AdditionalProperties.Schema) }, "additionalProperties")
}

// limits notes lists of values and limits that mean nothing, or that no value satisfies.
func (e *examples) limits(s *openapi3.Schema) {
	if s.Enum != nil && len(s.Enum) == 0 {
		e.notes = append(e.notes, e.at.pointer()+"/enum is ignored: it lists no value")
	}
	above := func(low, high string, is bool) {
		if is {
			e.notes = append(e.notes, fmt.Sprintf("%s is satisfied by no value: its %s is above its %s", e.at.pointer(), low, high))
		}
	}
	above("minLength", "maxLength", s.MaxLength != nil && s.MinLength > *s.MaxLength)
	above("minItems", "maxItems", s.MaxItems != nil && s.MinItems > *s.MaxItems)
	above("minProperties", "maxProperties", s.MaxProps != nil && s.MinProps > *s.MaxProps)
	above("minimum", "maximum", s.Min != nil && s.Max != nil && *s.Min > *s.Max)
}

func (e *examples) parts(key string, list openapi3.SchemaRefs) {
	for i, part := range list {
		e.below(func() { e.schema(part) }, key, fmt.Sprint(i))
	}
}

// check notes an example that violates its schema.
func (e *examples) check(schema *openapi3.Schema, example any, direction ...openapi3.SchemaValidationOption) {
	if example == nil {
		return
	}
	if err := schema.VisitJSON(example, append(direction, lenient()...)...); err != nil {
		v := schemaViolations(err, nil)[0]
		e.notes = append(e.notes, fmt.Sprintf("%s is not used: it violates %s of its own schema%s", e.at.pointer(), v.Keyword, placeOf(v.Pointer)))
	}
}

func placeOf(pointer string) string {
	if pointer == "" {
		return ""
	}
	return " at " + pointer
}

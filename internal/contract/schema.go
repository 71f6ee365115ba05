package contract

import (
	"errors"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// bodySchema is the schema of a value in the two forms that are checked.
type bodySchema struct {
	schema *openapi3.Schema
	shape  *shape
	isLax  bool // see walk
	// isEnvelope is whether the body is an envelope; see [Operation.HasEnvelope].
	isEnvelope bool
	// isObject is whether a text that satisfies the schema is a JSON object.
	isObject bool
	options  []openapi3.SchemaValidationOption
	quick    []openapi3.SchemaValidationOption // see walk
}

// schemaSet makes the bodySchemas of one document.
type schemaSet struct{ shapes shapeSet }

// newSchemaSet makes an empty set. Whether the document has properties that
// count in one direction only decides whether the validator looks for those,
// which takes a fifth of the time of a check.
func newSchemaSet(directional bool) schemaSet {
	return schemaSet{shapeSet{shapes: map[*openapi3.Schema]*shape{}, directional: directional}}
}

// body returns nil if there is no schema.
func (s schemaSet) body(ref *openapi3.SchemaRef, direction openapi3.SchemaValidationOption) *bodySchema {
	if ref == nil || ref.Value == nil {
		return nil
	}
	b := &bodySchema{schema: ref.Value, shape: s.shapes.of(ref.Value)}
	if s.shapes.directional {
		b.options = append(b.options, direction)
	}
	b.options = append(b.options, lenient()...)
	b.quick = append(slices.Clone(b.options), openapi3.FailFast())
	b.options = append(b.options, openapi3.MultiErrors())
	return b
}

// lenient returns the options of every check.
func lenient() []openapi3.SchemaValidationOption {
	return []openapi3.SchemaValidationOption{
		// Errors that hold and format whole bodies would take seconds for a nested one.
		openapi3.DisableSchemaErrorDetails(),
		openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
			// Services print times such as 2026-01-30 12:00:00 in spite of the format.
			"date-time": openapi3.NewCallbackValidator(func(string) error { return nil }),
		}),
	}
}

// All violations are collected from bodies up to these sizes only, in bytes and
// in levels of what the schema describes. In a larger one the validator stops
// at the first of each array or object, since it makes an error of each item,
// and writes it out for each allOf above, before any can be dropped.
const (
	maxManyErrors = 64 << 10
	maxManyDepth  = 8
)

// check lists all violations of a body that was read; b may be nil. From the Value
// of a response it removes what counts as missing.
func (b *bodySchema) check(body *Body) []Violation {
	found := slices.Concat(body.Repeats, body.Surrogates, b.violations(body.Value, body.Size, body.hasNull))
	return found[:min(len(found), MaxViolations)]
}

// violations lists what violates the schema, and where a struct would read
// something else than the validator does; b may be nil. The size is that of the
// body in bytes; hasNull is whether anything in it may be null.
func (b *bodySchema) violations(value any, size int, hasNull bool) []Violation {
	if b == nil {
		return nil
	}
	var room [pathRoom]step
	w := walk{at: room[:0], steps: minSteps + int64(size), isLax: b.isLax && hasNull, quick: b.quick}
	w.value(value, b.shape, 1)
	if w.tooDeep {
		return []Violation{{w.stoppedAt, KeywordDepth}}
	}
	options := b.options
	if size > maxManyErrors || w.deepest > maxManyDepth {
		options = options[:len(options)-1] // without MultiErrors
	}
	var found []Violation
	if err := b.schema.VisitJSON(value, options...); err != nil {
		found = schemaViolations(err, nil)
	}
	return ordered(append(found, w.found...))
}

// schemaViolations follows the validator's errors to those that no other one
// explains. What is below a oneOf or anyOf are alternatives, not violations.
func schemaViolations(err error, found []Violation) []Violation {
	if len(found) >= MaxViolations {
		return found
	}
	switch e := err.(type) { //nolint:errorlint // it walks the tree itself
	case openapi3.MultiError:
		for _, one := range e {
			found = schemaViolations(one, found)
		}
		return found
	case *openapi3.SchemaError:
		if e.SchemaField == "allOf" && e.Origin != nil {
			return schemaViolations(e.Origin, found)
		}
		return append(found, Violation{Pointer(e.JSONPointer()...), e.SchemaField})
	}
	if inner := errors.Unwrap(err); inner != nil {
		return schemaViolations(inner, found)
	}
	return append(found, Violation{"", "schema"})
}

package wrapper

import (
	"bytes"
	"cmp"
	"errors"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// bodySchema is the schema of a JSON body in the two forms that are checked.
type bodySchema struct {
	schema  *openapi3.Schema
	shape   *shape
	options []openapi3.SchemaValidationOption
}

// schemaSet makes the bodySchemas of one document.
type schemaSet struct {
	shapes shapeSet
	// directional says that a property may count in one direction only. To look
	// for those costs a fifth of a check.
	directional bool
}

func newSchemaSet(document []byte) schemaSet {
	return schemaSet{
		shapes:      shapeSet{},
		directional: bytes.Contains(document, []byte("readOnly")) || bytes.Contains(document, []byte("writeOnly")),
	}
}

// body returns nil where the contract says nothing of the body.
func (s schemaSet) body(media *openapi3.MediaType, direction openapi3.SchemaValidationOption) *bodySchema {
	if media.Schema == nil || media.Schema.Value == nil {
		return nil
	}
	b := &bodySchema{schema: media.Schema.Value, shape: s.shapes.of(media.Schema.Value)}
	if s.directional {
		b.options = append(b.options, direction)
	}
	b.options = append(b.options,
		// Errors that hold and format whole bodies would cost seconds for a nested one.
		openapi3.DisableSchemaErrorDetails(),
		openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
			// By its own examples the service prints 2026-01-30 12:00:00.
			"date-time": openapi3.NewCallbackValidator(func(string) error { return nil }),
		}),
		openapi3.MultiErrors(),
	)
	return b
}

// maxManyErrors is the largest body, in bytes, of which all breaches are
// collected. In a larger one the validator stops at the first of each array or
// object, since it would make an error of each item before any could be dropped.
const maxManyErrors = 64 << 10

// violations lists what breaks the schema, if there is one, and where the generated struct would
// read something else than the validator did.
func (b *bodySchema) violations(value any, size int) []Violation {
	if b == nil {
		return nil
	}
	options := b.options
	if size > maxManyErrors {
		options = options[:len(options)-1] // without MultiErrors
	}
	var room [shallow]step
	check := shapeCheck{at: room[:0]}
	if err := b.schema.VisitJSON(value, options...); err != nil {
		check.found = schemaViolations(err, nil)
	}
	check.value(value, b.shape)
	return ordered(check.found)
}

// schemaViolations follows the validator's errors down to those that no other
// one explains. What stands below a oneOf or anyOf are alternatives, not breaches.
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
		return append(found, Violation{jsonPointer(e.JSONPointer()), e.SchemaField})
	}
	if inner := errors.Unwrap(err); inner != nil {
		return schemaViolations(inner, found)
	}
	return append(found, Violation{"", "schema"})
}

// ordered sorts and drops what both checks found.
func ordered(found []Violation) []Violation {
	slices.SortFunc(found, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Keyword, b.Keyword))
	})
	return slices.Compact(found)
}

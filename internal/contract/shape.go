package contract

import (
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

// shape is the part of a schema that tells where the validator and a struct of
// Go could read the same body differently: the names of properties, which
// encoding/json matches without regard to case, and integers, which the
// validator takes in any notation and size. It also tells what a check costs.
type shape struct {
	properties map[string][]*shape
	folded     map[string]bool // the names of properties as foldKey has them
	optional   map[string]bool // properties that may be missing, but not null
	items      []*shape
	others     []*shape // of additionalProperties
	bits       int      // of an integer; 0 for other types
	parts      int      // the number of schemas that the validator applies
	again      int      // how many unions make it check the same value twice
	copies     int      // how often it copies the value, or writes it out
}

// shapeSet holds the shape of each schema, so that recursive ones end.
type shapeSet struct {
	shapes map[*openapi3.Schema]*shape
	// directional is whether the validator is told the direction of a body. It
	// then checks the matching branch of each oneOf twice.
	directional bool
}

func (set shapeSet) of(schema *openapi3.Schema) *shape {
	if s := set.shapes[schema]; s != nil {
		return s
	}
	s := &shape{properties: map[string][]*shape{}, folded: map[string]bool{}}
	set.shapes[schema] = s
	for _, part := range composed(schema, nil, true) {
		s.parts++
		if len(part.AnyOf) > 0 || len(part.OneOf) > 0 && set.directional {
			s.again++
		}
		if set.directional && len(part.OneOf) > 0 {
			s.copies += len(part.OneOf) + 1
		}
		if part.UniqueItems {
			s.copies++
		}
		for name, ref := range part.Properties {
			s.properties[name] = set.with(s.properties[name], ref)
			s.folded[foldKey(name)] = true
		}
		s.items = set.with(s.items, part.Items)
		s.others = set.with(s.others, part.AdditionalProperties.Schema)
	}
	s.optional = optionalOf(schema)
	// A branch of a union need not be the one that the value is of.
	for _, part := range composed(schema, nil, false) {
		if part.Type.Is(openapi3.TypeInteger) {
			s.bits = integerBits(part.Format)
		}
	}
	return s
}

// optionalOf returns the names of the properties that may be missing and may not
// be null. Those that only a branch of a union has are left out.
func optionalOf(schema *openapi3.Schema) map[string]bool {
	optional := map[string]bool{}
	for _, part := range composed(schema, nil, false) {
		for name, ref := range part.Properties {
			if ref.Value != nil && !ref.Value.PermitsNull() {
				optional[name] = true
			}
		}
	}
	for _, part := range composed(schema, nil, true) {
		for _, name := range part.Required {
			delete(optional, name)
		}
	}
	return optional
}

func (set shapeSet) with(shapes []*shape, ref *openapi3.SchemaRef) []*shape {
	if ref == nil || ref.Value == nil {
		return shapes
	}
	return append(shapes, set.of(ref.Value))
}

// composed lists schema and all that allOf and, if unions are wanted, oneOf, anyOf
// and not add to it, each once.
func composed(schema *openapi3.Schema, found []*openapi3.Schema, unions bool) []*openapi3.Schema {
	if slices.Contains(found, schema) {
		return found
	}
	found = append(found, schema)
	parts := slices.Clone(schema.AllOf)
	if unions {
		parts = slices.Concat(parts, schema.OneOf, schema.AnyOf, openapi3.SchemaRefs{schema.Not})
	}
	for _, ref := range parts {
		if ref != nil && ref.Value != nil {
			found = composed(ref.Value, found, unions)
		}
	}
	return found
}

// integerBits is the size of the Go type that oapi-codegen gives an integer.
func integerBits(format string) int {
	switch format {
	case "int8":
		return 8
	case "int16":
		return 16
	case "int32":
		return 32
	case "int64":
		return 64
	}
	return strconv.IntSize
}

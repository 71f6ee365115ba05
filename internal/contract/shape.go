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
//
// It is of the schema and of what allOf adds to it; what a value may be instead is in
// unions.
type shape struct {
	properties map[string][]*shape
	folded     map[string]bool // the names of properties as foldKey has them
	names      map[string]bool // of properties, those of unions included
	optional   map[string]bool // properties that may be missing, but not null
	items      []*shape
	others     []*shape // of additionalProperties
	isMap      bool     // other keys are data, in whatever case
	unions     []*union
	bits       int // of an integer; 0 for other types
	parts      int // the number of schemas that the validator applies
	copies     int // how often it copies the value, or writes it out
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
	s := &shape{properties: map[string][]*shape{}, folded: map[string]bool{}, names: map[string]bool{}}
	set.shapes[schema] = s
	for _, part := range composed(schema, nil, false) {
		s.parts++
		if part.UniqueItems {
			s.copies++
		}
		for name, ref := range part.Properties {
			s.properties[name] = set.with(s.properties[name], ref)
			s.folded[foldKey(name)] = true
		}
		s.items = set.with(s.items, part.Items)
		s.others = set.with(s.others, part.AdditionalProperties.Schema)
		if has := part.AdditionalProperties.Has; part.AdditionalProperties.Schema != nil || has != nil && *has {
			s.isMap = true
		}
		if part.Type.Is(openapi3.TypeInteger) {
			s.bits = integerBits(part.Format)
		}
		s.unions = set.unionsOf(part, s.unions)
		if set.directional {
			s.copies += copiesOf(part)
		}
	}
	for _, part := range composed(schema, nil, true) {
		for name := range part.Properties {
			s.names[name] = true
		}
	}
	s.optional = optionalOf(schema)
	return s
}

// copiesOf returns how often the validator copies a value for the unions of schema.
func copiesOf(schema *openapi3.Schema) int {
	copies := len(schema.OneOf) + len(schema.AnyOf)
	if copies > 0 {
		copies++
	}
	return copies
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

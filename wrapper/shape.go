package wrapper

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// shape is the part of a schema in which the validator and the generated
// struct could read the same body differently: names of properties, which
// encoding/json matches without regard to case, and integers, which the
// validator takes in any notation and size.
type shape struct {
	properties map[string][]*shape
	items      []*shape
	others     []*shape // of additionalProperties
	bits       int      // of an integer; 0 for other types
}

// shapeSet holds the shape of each schema, so that recursive ones end.
type shapeSet map[*openapi3.Schema]*shape

func (set shapeSet) of(schema *openapi3.Schema) *shape {
	if s := set[schema]; s != nil {
		return s
	}
	s := &shape{properties: map[string][]*shape{}}
	set[schema] = s
	for _, part := range composed(schema, nil, true) {
		for name, ref := range part.Properties {
			s.properties[name] = set.with(s.properties[name], ref)
		}
		s.items = set.with(s.items, part.Items)
		s.others = set.with(s.others, part.AdditionalProperties.Schema)
	}
	// A branch of a union need not be the one that the value is of.
	for _, part := range composed(schema, nil, false) {
		if part.Type.Is(openapi3.TypeInteger) {
			s.bits = integerBits(part.Format)
		}
	}
	return s
}

func (set shapeSet) with(shapes []*shape, ref *openapi3.SchemaRef) []*shape {
	if ref == nil || ref.Value == nil {
		return shapes
	}
	return append(shapes, set.of(ref.Value))
}

// composed lists schema and all that allOf and, if unions are wanted, oneOf and
// anyOf add to it.
func composed(schema *openapi3.Schema, found []*openapi3.Schema, unions bool) []*openapi3.Schema {
	if slices.Contains(found, schema) {
		return found
	}
	found = append(found, schema)
	parts := slices.Clone(schema.AllOf)
	if unions {
		parts = slices.Concat(parts, schema.OneOf, schema.AnyOf)
	}
	for _, ref := range parts {
		if ref.Value != nil {
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

// shapeCheck is one walk along the shape of a schema.
type shapeCheck struct {
	at    path
	found []Violation
}

func (c *shapeCheck) add(keyword string) {
	if len(c.found) < MaxViolations {
		c.found = append(c.found, Violation{c.at.pointer(), keyword})
	}
}

func (c *shapeCheck) value(value any, s *shape) {
	switch value := value.(type) {
	case json.Number:
		if s.bits != 0 && !fitsInteger(value, s.bits) {
			c.add("type")
		}
	case []any:
		for i, item := range value {
			c.each(indexStep(i), item, s.items)
		}
	case map[string]any:
		for key, v := range value {
			c.property(key, v, s)
		}
	}
}

func (c *shapeCheck) property(key string, value any, s *shape) {
	if subs, declared := s.properties[key]; declared {
		c.each(keyStep(key), value, subs)
		return
	}
	for name := range s.properties {
		if strings.EqualFold(name, key) {
			c.at = append(c.at, keyStep(key))
			c.add(KeywordKeyCase)
			c.at = c.at[:len(c.at)-1]
			return
		}
	}
	c.each(keyStep(key), value, s.others)
}

func (c *shapeCheck) each(at step, value any, shapes []*shape) {
	c.at = append(c.at, at)
	for _, s := range shapes {
		c.value(value, s)
	}
	c.at = c.at[:len(c.at)-1]
}

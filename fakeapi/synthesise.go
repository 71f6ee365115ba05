package fakeapi

import (
	"math"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// A schema that requires more than this gets no sample.
const (
	maxSampleItems = 100
	maxSampleText  = 1000
)

// synthesise makes a minimal value, and reports whether it satisfies the
// schema.
func synthesise(schema *openapi3.SchemaRef) (any, bool) {
	if schema == nil || schema.Value == nil {
		return nil, false
	}
	value := sampleOf("", []*openapi3.Schema{schema.Value}, nil)
	return value, satisfies(schema.Value, value)
}

func satisfies(schema *openapi3.Schema, value any) bool {
	return schema.VisitJSON(value, openapi3.VisitAsResponse(), openapi3.DisableSchemaErrorDetails()) == nil
}

// sampleOf makes a value for the property name that all of schemas describe;
// an envelope's code says success if it may. within holds the schemas around
// it: one that requires itself has no value.
func sampleOf(name string, schemas, within []*openapi3.Schema) any {
	if slices.ContainsFunc(schemas, func(s *openapi3.Schema) bool { return slices.Contains(within, s) }) {
		return nil
	}
	all := applying(schemas)
	if name == "code" && has(all, openapi3.TypeInteger) && satisfiesAll(schemas, float64(codeSuccess)) {
		return float64(codeSuccess)
	}
	within = slices.Concat(within, schemas)
	for _, s := range all {
		for _, value := range slices.Concat([]any{s.Example, s.Default}, s.Enum) {
			if value != nil && satisfiesAll(schemas, value) {
				return value
			}
		}
	}
	switch {
	case has(all, openapi3.TypeObject) || slices.ContainsFunc(all, func(s *openapi3.Schema) bool { return len(s.Properties) > 0 }):
		return sampleObject(all, within)
	case has(all, openapi3.TypeArray):
		return sampleArray(name, all, within)
	case has(all, openapi3.TypeInteger), has(all, openapi3.TypeNumber):
		return sampleNumber(all)
	case has(all, openapi3.TypeBoolean):
		return false
	}
	return sampleString(all)
}

func satisfiesAll(schemas []*openapi3.Schema, value any) bool {
	return !slices.ContainsFunc(schemas, func(s *openapi3.Schema) bool { return !satisfies(s, value) })
}

// applying returns the schemas that a sample has to satisfy together: each
// part of an allOf, and the first choice of a oneOf or an anyOf.
func applying(schemas []*openapi3.Schema) []*openapi3.Schema {
	return closure(schemas, func(s *openapi3.Schema) []openapi3.SchemaRefs {
		return []openapi3.SchemaRefs{s.AllOf, s.OneOf[:min(1, len(s.OneOf))], s.AnyOf[:min(1, len(s.AnyOf))]}
	})
}

func has(schemas []*openapi3.Schema, name string) bool {
	return slices.ContainsFunc(schemas, func(s *openapi3.Schema) bool { return s.Type.Includes(name) })
}

// sampleObject has the required properties and no others.
func sampleObject(schemas, within []*openapi3.Schema) any {
	object := make(map[string]any)
	for _, s := range schemas {
		for _, name := range s.Required {
			var declared []*openapi3.Schema
			for _, other := range schemas {
				if ref := other.Properties[name]; ref != nil {
					declared = append(declared, ref.Value)
				}
			}
			// A response must not hold what is only ever written.
			if !slices.ContainsFunc(declared, func(s *openapi3.Schema) bool { return s.WriteOnly }) {
				object[name] = sampleOf(name, declared, within)
			}
		}
	}
	return object
}

func sampleArray(name string, schemas, within []*openapi3.Schema) any {
	list := []any{}
	for _, s := range schemas {
		for s.Items != nil && uint64(len(list)) < min(s.MinItems, maxSampleItems) {
			list = append(list, sampleOf(name, []*openapi3.Schema{s.Items.Value}, within))
		}
	}
	return list
}

// sampleNumber is the integer nearest to zero that the bounds allow.
func sampleNumber(schemas []*openapi3.Schema) any {
	number := 0.0
	for _, s := range schemas {
		if s.Min != nil {
			number = math.Max(number, math.Ceil(*s.Min))
			if s.ExclusiveMin.IsTrue() && number == *s.Min {
				number++
			}
		}
		if s.Max != nil {
			number = math.Min(number, math.Floor(*s.Max))
		}
	}
	return number
}

func sampleString(schemas []*openapi3.Schema) any {
	text := ""
	for _, s := range schemas {
		switch s.Format {
		case "date":
			text = "2026-01-30"
		case "date-time":
			text = "2026-01-30T12:00:00Z"
		case "uri", "url":
			text = "https://example.com/"
		}
		if short := int(min(s.MinLength, maxSampleText)) - len(text); short > 0 {
			text += strings.Repeat("x", short)
		}
	}
	return text
}

// closure returns the schemas and, each once, those reached through parts.
func closure(schemas []*openapi3.Schema, parts func(*openapi3.Schema) []openapi3.SchemaRefs) []*openapi3.Schema {
	var all []*openapi3.Schema
	var visit func(*openapi3.Schema)
	visit = func(s *openapi3.Schema) {
		if s == nil || slices.Contains(all, s) {
			return
		}
		all = append(all, s)
		for _, refs := range parts(s) {
			for _, ref := range refs {
				visit(ref.Value)
			}
		}
	}
	for _, s := range schemas {
		visit(s)
	}
	return all
}

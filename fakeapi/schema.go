package fakeapi

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// checkValue holds a value against its schema.
func checkValue(schema *openapi3.SchemaRef, value any) error {
	if schema == nil || schema.Value == nil {
		return nil
	}
	if err := checkKeys([]*openapi3.Schema{schema.Value}, value, ""); err != nil {
		return err
	}
	// The library's own text holds the value; see schemaError.
	err := schema.Value.VisitJSON(value, openapi3.VisitAsRequest(), openapi3.DisableSchemaErrorDetails())
	if err != nil {
		return schemaError(err)
	}
	return nil
}

// checkKeys refuses keys that equal a declared one but for case: a decoder
// such as encoding/json takes them for it, and a schema does not see them.
func checkKeys(schemas []*openapi3.Schema, value any, at string) error {
	switch value := value.(type) {
	case []any:
		items := itemsOf(schemas)
		for i, item := range value {
			if len(items) == 0 || !composite(item) {
				continue
			}
			if err := checkKeys(items, item, at+"/"+strconv.Itoa(i)); err != nil {
				return err
			}
		}
	case map[string]any:
		return checkObjectKeys(schemas, value, at)
	}
	return nil
}

func checkObjectKeys(schemas []*openapi3.Schema, object map[string]any, at string) error {
	declared := propertiesOf(schemas)
	for _, key := range slices.Sorted(maps.Keys(object)) {
		next, ok := declared[key]
		if !ok {
			for name := range declared {
				if strings.EqualFold(name, key) {
					return fmt.Errorf("the key %s; the contract has %s", quote(at+"/"+key), quote(at+"/"+name))
				}
			}
			next = additionalOf(schemas)
		}
		if len(next) == 0 {
			continue
		}
		if err := checkKeys(next, object[key], at+"/"+key); err != nil {
			return err
		}
	}
	return nil
}

func composite(value any) bool {
	switch value.(type) {
	case []any, map[string]any:
		return true
	}
	return false
}

// flatten returns the schemas with every schema that applies, or may apply, to
// the same value.
func flatten(schemas []*openapi3.Schema) []*openapi3.Schema {
	return closure(schemas, func(s *openapi3.Schema) []openapi3.SchemaRefs {
		return []openapi3.SchemaRefs{s.AllOf, s.OneOf, s.AnyOf}
	})
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

func propertiesOf(schemas []*openapi3.Schema) map[string][]*openapi3.Schema {
	properties := make(map[string][]*openapi3.Schema)
	for _, s := range flatten(schemas) {
		for name, ref := range s.Properties {
			properties[name] = append(properties[name], ref.Value)
		}
	}
	return properties
}

func itemsOf(schemas []*openapi3.Schema) []*openapi3.Schema {
	var items []*openapi3.Schema
	for _, s := range flatten(schemas) {
		if s.Items != nil {
			items = append(items, s.Items.Value)
		}
	}
	return items
}

func additionalOf(schemas []*openapi3.Schema) []*openapi3.Schema {
	var additional []*openapi3.Schema
	for _, s := range flatten(schemas) {
		if ref := s.AdditionalProperties.Schema; ref != nil {
			additional = append(additional, ref.Value)
		}
	}
	return additional
}

// schemaError names the place and the keyword of a breach, and never the value.
func schemaError(err error) error {
	breach := innermost(err)
	if breach == nil {
		return errors.New("it does not satisfy the contract's schema")
	}
	at := "it"
	if pointer := breach.JSONPointer(); len(pointer) > 0 {
		at = quote("/" + strings.Join(pointer, "/"))
	}
	switch breach.SchemaField {
	case "required":
		return fmt.Errorf("%s is required", at)
	case "nullable":
		return fmt.Errorf("%s must not be null", at)
	case "type":
		if breach.Schema != nil && breach.Schema.Type != nil {
			return fmt.Errorf("%s must be of type %s", at, strings.Join(breach.Schema.Type.Slice(), " or "))
		}
	}
	return fmt.Errorf("%s does not satisfy %q of the contract's schema", at, breach.SchemaField)
}

// innermost returns the breach that stands behind an allOf or a oneOf.
func innermost(err error) *openapi3.SchemaError {
	var breach *openapi3.SchemaError
	for errors.As(err, &breach) {
		if breach.Origin == nil {
			break
		}
		err = breach.Origin
	}
	return breach
}

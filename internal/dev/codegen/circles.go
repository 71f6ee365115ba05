package codegen

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const schemaRef = "#/components/schemas/"

// holds is a property whose Go value lies inside of the struct of another schema, or
// an allOf if property is nil.
type holds struct {
	property node
	name     string // of the schema that is held
}

// markCircles makes a pointer of each property through which a struct would hold
// itself, which does not compile, in responses too.
func (d draft) markCircles() {
	components, _ := d.root["components"].(node)
	schemas := members(components["schemas"])
	held := map[string][]holds{}
	for name, n := range schemas {
		held[name] = d.held(n)
	}
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		for _, h := range held[name] {
			if h.property != nil && reaches(held, h.name, name, map[string]bool{}) {
				h.property[skipPointer] = false
			}
		}
	}
}

// held lists what the struct of a schema holds, other than by a pointer.
func (d draft) held(n node) (found []holds) {
	if ref, ok := n["$ref"].(string); ok {
		return append(found, holds{nil, strings.TrimPrefix(ref, schemaRef)})
	}
	for _, member := range objects(n["allOf"]) {
		found = append(found, d.held(member)...)
	}
	for _, property := range members(n["properties"]) {
		if property[skipPointer] == false || n["oneOf"] != nil || n["anyOf"] != nil || d.isNilable(property, asJSON) || d.isScalar(property) {
			continue
		}
		for _, h := range d.held(property) {
			if h.property == nil {
				h.property = property
			}
			found = append(found, h)
		}
	}
	return found
}

// reaches reports whether the struct named from holds that of to, or is it.
func reaches(held map[string][]holds, from, to string, seen map[string]bool) bool {
	if from == to {
		return true
	}
	if seen[from] {
		return false
	}
	seen[from] = true
	return slices.ContainsFunc(held[from], func(h holds) bool {
		return (h.property == nil || h.property[skipPointer] != false) && reaches(held, h.name, to, seen)
	})
}

// checkCircles refuses a document in which a schema is a part of itself by allOf, which
// says nothing, or by allOf and required properties, which no value satisfies. Its struct
// would be endless.
func checkCircles(doc *openapi3.T) error {
	if doc.Components == nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(doc.Components.Schemas)) {
		root, reason := doc.Components.Schemas[name].Value, ""
		switch {
		case root == nil:
		case isPartOf(root, root, membersOf, map[*openapi3.Schema]bool{}):
			reason = "is a part of itself by allOf"
		case isPartOf(root, root, neededBy, map[*openapi3.Schema]bool{}):
			reason = "requires itself, directly or through others, so that no value satisfies it"
		}
		if reason != "" {
			return unusable(fmt.Errorf("the schema %s %s; see %s", name, reason, strings.TrimPrefix(schemaRef, "#")+name))
		}
	}
	return nil
}

// isPartOf reports whether the parts of whole, or theirs, lead to a schema. Each schema is
// looked at once: the number of ways to it may double with each level.
func isPartOf(schema, whole *openapi3.Schema, parts func(*openapi3.Schema) openapi3.SchemaRefs, seen map[*openapi3.Schema]bool) bool {
	return slices.ContainsFunc(parts(whole), func(ref *openapi3.SchemaRef) bool {
		if ref.Value == nil || seen[ref.Value] {
			return false
		}
		seen[ref.Value] = true
		return ref.Value == schema || isPartOf(schema, ref.Value, parts, seen)
	})
}

// membersOf returns the members of allOf.
func membersOf(schema *openapi3.Schema) openapi3.SchemaRefs { return schema.AllOf }

// neededBy returns the schemas that every value of an object's schema has a value of: the
// members of allOf, and what is required and can't be null.
func neededBy(schema *openapi3.Schema) openapi3.SchemaRefs {
	found := slices.Clone(schema.AllOf)
	for _, name := range schema.Required {
		if property := schema.Properties[name]; property != nil && property.Value != nil && schema.Type.Is(openapi3.TypeObject) && !property.Value.Nullable {
			found = append(found, property)
		}
	}
	return found
}

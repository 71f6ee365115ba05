package contract

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// schemaPrefix begins the reference to a schema by its name.
const schemaPrefix = "#/components/schemas/"

// schemaRef returns the reference that a discriminator's mapping means, which may give
// the name alone.
func schemaRef(mapped string) string {
	if strings.Contains(mapped, "/") {
		return mapped
	}
	return schemaPrefix + mapped
}

// completeMapping adds what a discriminator says without a mapping: the name of a
// schema selects that schema. The validator only knows mappings. Where there is none,
// and a branch lists the values that its property may have, these decide; a
// branch without a name can't be selected.
func completeMapping(d *openapi3.Discriminator, branches []branch) {
	for _, b := range branches {
		name := strings.TrimPrefix(b.ref, schemaPrefix)
		if name == b.ref || len(d.Mapping) == 0 && lists(b.schema, d.PropertyName) {
			return
		}
	}
	mapping := make(map[string]openapi3.MappingRef, len(branches))
	for _, b := range branches {
		mapping[strings.TrimPrefix(b.ref, schemaPrefix)] = openapi3.MappingRef{Ref: b.ref}
	}
	for name, ref := range d.Mapping {
		mapping[name] = ref
	}
	d.Mapping = mapping
}

// lists reports whether a schema lists the values of a property.
func lists(schema *openapi3.Schema, property string) bool {
	return slices.ContainsFunc(composed(schema, nil, true), func(part *openapi3.Schema) bool {
		ref := part.Properties[property]
		return ref != nil && ref.Value != nil && len(ref.Value.Enum) > 0
	})
}

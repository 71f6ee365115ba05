package codegen

import (
	"maps"
	"slices"
	"strings"
)

// ourSchemas are the schemas that the overlay adds.
var ourSchemas = []string{"ImageStatus"}

// undecoded are media types whose bodies the generator would decode with packages that
// know nothing of the contract. Like all that is not JSON they are passed on.
var undecoded = strings.Fields("application/xml text/xml application/problems+xml application/yaml application/x-yaml text/yaml text/x-yaml")

// dropUndecoded removes the schemas of media types that are not decoded.
func (d draft) dropUndecoded() {
	each(d.root, func(n node) {
		content := members(n["content"])
		for _, key := range undecoded {
			delete(content[key], "schema")
		}
	})
}

// plainBodies takes the parameters off the media types of request bodies, for which the
// generator writes no typed method: application/json; charset=utf-8 is JSON.
func (d draft) plainBodies() {
	each(d.root, func(n node) {
		for _, body := range append(slices.Collect(maps.Values(members(n["requestBodies"]))), members(n)["requestBody"]) {
			content, _ := d.resolve(body)["content"].(node)
			for _, key := range slices.Sorted(maps.Keys(content)) {
				plain, _, has := strings.Cut(key, ";")
				plain = strings.ToLower(strings.TrimSpace(plain))
				if _, taken := content[plain]; has && !taken {
					content[plain] = content[key]
					delete(content, key)
				}
			}
		}
	})
}

// renameOurs gives other names to schemas of the contract that are called as one that
// the overlay adds: the overlay would merge the two.
func (d draft) renameOurs() {
	components, _ := d.root["components"].(node)
	schemas, _ := components["schemas"].(node)
	for _, name := range ourSchemas {
		schema, ok := schemas[name]
		if !ok {
			continue
		}
		renamed := name + "Schema"
		for schemas[renamed] != nil {
			renamed += "Schema"
		}
		delete(schemas, name)
		schemas[renamed] = schema
		each(d.root, func(n node) { redirect(n, name, renamed) })
	}
}

// redirect changes a reference to a schema, and what a discriminator maps to it.
func redirect(n node, from, to string) {
	const prefix = "#/components/schemas/"
	moved := func(ref any) any {
		text, _ := ref.(string)
		if rest, ok := strings.CutPrefix(text, prefix+from); ok && (rest == "" || rest[0] == '/') {
			return prefix + to + rest
		}
		return ref
	}
	if ref, ok := n["$ref"]; ok {
		n["$ref"] = moved(ref)
	}
	if _, ok := n["propertyName"]; !ok {
		return
	}
	mapping, _ := n["mapping"].(node)
	for name, ref := range mapping {
		if mapping[name] = moved(ref); ref == from {
			mapping[name] = to
		}
	}
}

package codegen

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// layers returns the schemas that all apply to a value of n: n, what it refers to, and
// the members of allOf, each with the same done.
func (d draft) layers(n node) []node {
	var found []node
	var add func(n node)
	add = func(n node) {
		if n == nil || slices.ContainsFunc(found, func(other node) bool { return identity(other) == identity(n) }) {
			return
		}
		found = append(found, n)
		if ref, ok := n["$ref"].(string); ok {
			add(d.at(ref))
			return
		}
		for _, member := range objects(n["allOf"]) {
			add(member)
		}
	}
	add(n)
	return found
}

// has reports whether a schema says that a keyword is true.
func (d draft) has(n node, keyword string) bool {
	return slices.ContainsFunc(d.layers(n), func(layer node) bool { return layer[keyword] == true })
}

// isNullable reports whether null satisfies a property.
func (d draft) isNullable(n node) bool {
	n = d.resolve(n)
	return n["nullable"] == true || slices.Contains(list(n["type"]), any("null"))
}

// typeOf returns the type of a schema, such as string, or nothing if it has none or
// several.
func (d draft) typeOf(n node) string {
	found := ""
	for _, layer := range d.layers(n) {
		types := slices.DeleteFunc(slices.Clone(list(layer["type"])), func(t any) bool { return t == "null" })
		if name, ok := layer["type"].(string); ok {
			types = []any{name}
		}
		for _, t := range types {
			name, _ := t.(string)
			if found != "" && found != name {
				return ""
			}
			found = name
		}
	}
	return found
}

func (d draft) isScalar(n node) bool {
	switch d.typeOf(n) {
	case "string":
		return !d.isFile(n)
	case "boolean", "integer", "number":
		return true
	}
	return false
}

// isFile reports whether a schema is that of a file in a form.
func (d draft) isFile(n node) bool {
	return d.typeOf(n) == "string" && slices.ContainsFunc(d.layers(n), func(layer node) bool { return layer["format"] == "binary" })
}

// isNilable reports whether the Go type of a schema is a list or a map, and code for
// that encoding leaves nil out. Methods for unions and additional properties do not
// for a map that has a name, and code for a parameter does for neither inside of one.
func (d draft) isNilable(n node, how encoding) bool {
	switch kind := d.typeOf(n); {
	case how == asParameter:
		return false
	case kind == "array": // which those methods recognize by its type alone
		return how != asMembers || d.resolve(n)["type"] != nil
	case kind == "object" || kind == "" && d.resolve(n)["additionalProperties"] != nil:
		return d.isMap(n) && (how != asMembers || n["$ref"] == nil)
	default:
		return how != asMembers && d.isAny(n)
	}
}

// isAny reports whether a schema allows values of any type, so that it becomes an
// interface.
func (d draft) isAny(n node) bool {
	return d.typeOf(n) == "" && len(d.layers(n)) == 1 && n["type"] == nil && n["additionalProperties"] == nil &&
		n["properties"] == nil && n["oneOf"] == nil && n["anyOf"] == nil
}

// isMap reports whether an object has nothing but additional properties.
func (d draft) isMap(n node) bool {
	n = d.resolve(n)
	return n["properties"] == nil && n["allOf"] == nil && n["oneOf"] == nil && n["anyOf"] == nil
}

// takesZero reports whether the zero value of its Go type satisfies a scalar schema.
// If not, a plain field loses nothing, because zero can only mean that it is not set.
func (d draft) takesZero(n node) bool {
	zero := map[string]any{"boolean": false, "integer": 0.0, "number": 0.0, "string": ""}[d.typeOf(n)]
	for _, layer := range d.layers(n) {
		limits := node{}
		for _, key := range []string{"type", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength"} {
			if value, ok := layer[key]; ok {
				limits[key] = value
			}
		}
		data, _ := json.Marshal(limits)
		var schema openapi3.Schema
		if json.Unmarshal(data, &schema) == nil && schema.VisitJSON(zero) != nil {
			return false
		}
		pattern, _ := layer["pattern"].(string)
		if re, err := regexp.Compile(pattern); zero == "" && err == nil && !re.MatchString("") {
			return false
		}
	}
	return true
}

func list(value any) []any {
	items, _ := value.([]any)
	return items
}

// without returns a list without a name, or nil if nothing else is in it.
func without(value any, name string) any {
	kept := slices.DeleteFunc(slices.Clone(list(value)), func(item any) bool { return item == name })
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// plainWords removes lists of values, after it has written them into the descriptions.
// The generator makes a Go type and constants of a list, so that a list which the
// service adds to a string would change the type of a field. Values are checked
// against the contract itself. The overlay may give a type to a property that needs
// one.
func (d draft) plainWords() {
	each(d.root, func(n node) {
		values := list(n["enum"])
		if len(values) == 0 {
			return
		}
		delete(n, "enum")
		words := make([]string, len(values))
		for i, value := range values {
			data, _ := json.Marshal(value)
			words[i] = string(data)
		}
		text, _ := n["description"].(string)
		n["description"] = strings.TrimSpace(text + "\n\nOne of: " + strings.Join(words, ", "))
	})
}

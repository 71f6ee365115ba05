package codegen

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// hoister gives a name to each object or union that a contract describes in place. In
// place the generator makes an anonymous struct of an object, to which a caller can
// hardly make a pointer, and loses the methods that encode some of them.
type hoister struct {
	draft
	schemas node            // the components, which the hoisted schemas join
	taken   map[string]bool // the Go names of components
}

// hoist moves schemas that are described inside of others to the components.
func (d draft) hoist() {
	components := objectIn(d.root, "components")
	h := hoister{d, objectIn(components, "schemas"), map[string]bool{}}
	for name := range h.schemas {
		h.taken[generatedName(name)] = true
	}
	// Those that are there already: what is hoisted has been walked through.
	for _, name := range slices.Sorted(maps.Keys(h.schemas)) {
		n, _ := h.schemas[name].(node)
		h.inside(n, generatedName(name))
	}
	for _, kind := range []string{"parameters", "requestBodies", "responses"} {
		for name, n := range sortedMembers(components[kind]) {
			h.described(n, generatedName(name))
		}
	}
	for path, item := range sortedMembers(d.root["paths"]) {
		h.parameters(item, generatedName(path))
		for method, operation := range sortedMembers(item) {
			name, ok := operation["operationId"].(string)
			if !ok {
				name = method + " " + path
			}
			h.operation(operation, generatedName(name))
		}
	}
}

func (h hoister) operation(operation node, name string) {
	h.parameters(operation, name)
	body, _ := operation["requestBody"].(node)
	h.described(body, name+"Body")
	for status, response := range sortedMembers(operation["responses"]) {
		h.described(response, name+strings.ToUpper(status[:1])+status[1:]+"Response")
	}
}

func (h hoister) parameters(owner node, name string) {
	for _, parameter := range objects(owner["parameters"]) {
		own, _ := parameter["name"].(string)
		h.described(parameter, name+"Params"+generatedName(own))
	}
}

// described hoists out of the schemas of a parameter, a request body or a response.
// The generator names the last two itself; but a type that it declares for a request
// body has none of the methods that encode it.
func (h hoister) described(n node, name string) {
	if n["in"] != nil {
		n["schema"] = h.schema(n["schema"], name)
		if n["schema"] == nil {
			delete(n, "schema")
		}
	}
	for _, content := range sortedMembers(n["content"]) {
		schema, _ := content["schema"].(node)
		isBody := n["in"] == nil && !strings.HasSuffix(name, "Response")
		if isBody && schema["$ref"] == nil && schema["type"] != "array" && h.hasOwnMethods(schema, nil) && !h.isNilable(schema, asJSON) {
			content["schema"] = h.schema(schema, name)
			continue
		}
		h.inside(schema, name)
	}
}

// inside hoists out of what a schema uses. The schema itself stays.
func (h hoister) inside(n node, name string) {
	if properties, ok := n["properties"].(node); ok {
		for property := range sortedMembers(properties) {
			properties[property] = h.schema(properties[property], name+generatedName(property))
		}
	}
	if items := h.schema(n["items"], name+"Item"); items != nil {
		n["items"] = items
	}
	if more := h.schema(n["additionalProperties"], name+"Value"); more != nil {
		n["additionalProperties"] = more
	}
	for _, key := range []string{"oneOf", "anyOf"} {
		branches := list(n[key])
		for i := range branches {
			branches[i] = h.schema(branches[i], name+strconv.Itoa(i))
		}
	}
	for _, member := range objects(n["allOf"]) {
		h.inside(member, name)
	}
}

// schema returns what stands in the place of a schema: a reference if it is hoisted.
func (h hoister) schema(value any, name string) any {
	n, ok := value.(node)
	if !ok || n["$ref"] != nil {
		return value
	}
	h.inside(n, name)
	if !h.hasStruct(n) {
		return value
	}
	for h.taken[name] {
		name += "Object"
	}
	h.taken[name] = true
	h.schemas[name] = n
	reference := node{"$ref": schemaRef + name}
	for _, key := range []string{goName, extraTags} {
		if given, ok := n[key]; ok { // of the property, not of the type
			reference[key] = given
			delete(n, key)
		}
	}
	return reference
}

// hasStruct reports whether the generator makes a struct of a schema.
func (h hoister) hasStruct(n node) bool {
	branches := slices.DeleteFunc(slices.Concat(objects(n["oneOf"]), objects(n["anyOf"])), func(branch node) bool { return branch["type"] == "null" })
	if len(members(n["properties"])) > 0 || len(branches) > 1 {
		return true
	}
	allOf := objects(n["allOf"])
	return len(allOf) > 1 && slices.ContainsFunc(allOf, func(member node) bool { return !h.isScalar(member) && !h.isNilable(member, asJSON) }) ||
		len(allOf) == 1 && h.hasStruct(allOf[0])
}

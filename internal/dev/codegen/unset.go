package codegen

import (
	"mime"
	"slices"
)

// Extensions that the generator obeys. Beside a required property the first has no
// effect unless it is nullable.
const (
	skipPointer = "x-go-type-skip-optional-pointer"
	omitEmpty   = "x-omitempty"
	omitZero    = "x-omitzero"
	goType      = "x-go-type"
)

// encoding is how a Go value becomes a part of a request, and with it how a field that
// is not set can be told from one that is.
type encoding int

const (
	asJSON      encoding = iota // encoding/json, which obeys omitempty and omitzero
	asParts                     // internal/form, which does not send a list without items, and objects as JSON
	asForm                      // oapi-codegen/runtime, which obeys omitempty
	asParameter                 // oapi-codegen/runtime, which leaves out nil pointers and nothing else
	asMembers                   // generated methods for unions and additional properties, which do likewise
)

// marker makes what the caller of an operation does not set different from a zero that
// is set. It walks through what the schemas of requests use. Schemas that only
// responses use keep plain values.
type marker struct {
	draft
	seen map[visit]bool
}

type visit struct {
	schema uintptr
	how    encoding
}

// markUnset gives each optional parameter, and each optional property of a request, a
// Go type with which it can be left out and can be set to any value that the schema
// allows: a pointer, unless the schema does not allow the zero value, which then means
// that it is not set. Lists and maps are nil if they are not set. The rule is in
// api/README.md.
func (d draft) markUnset() {
	m := marker{d, map[visit]bool{}}
	for _, item := range members(d.root["paths"]) {
		item = d.resolve(item)
		m.parameters(item)
		for _, method := range []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"} {
			operation, _ := item[method].(node)
			m.parameters(operation)
			body, _ := operation["requestBody"].(node)
			for mediaType, content := range members(d.resolve(body)["content"]) {
				m.schema(content["schema"], encodingOf(mediaType))
			}
		}
	}
	d.markCircles()
}

func encodingOf(mediaType string) encoding {
	switch media, _, _ := mime.ParseMediaType(mediaType); media {
	case "multipart/form-data":
		return asParts
	case "application/x-www-form-urlencoded":
		return asForm
	}
	return asJSON
}

// parameters marks the optional ones of a path or an operation. A list is nil if it is
// not set, and so is a map that is written in place; the generator looks for that.
func (m marker) parameters(owner node) {
	for _, parameter := range objects(owner["parameters"]) {
		parameter = m.resolve(parameter)
		schema, _ := parameter["schema"].(node)
		for _, content := range members(parameter["content"]) {
			schema, _ = content["schema"].(node)
			m.schema(schema, asJSON)
		}
		m.schema(parameter["schema"], asParameter)
		if parameter["required"] != true && !m.isNilable(schema, asMembers) {
			parameter[skipPointer] = false
		}
	}
}

// schema marks the properties of a schema and of all that it uses.
func (m marker) schema(value any, how encoding) {
	n, _ := value.(node)
	n = m.resolve(n)
	if how != asParameter && m.hasOwnMethods(n, nil) {
		how = asMembers
	}
	if n == nil || m.seen[visit{identity(n), how}] {
		return
	}
	m.seen[visit{identity(n), how}] = true
	for name, property := range members(n["properties"]) {
		m.property(n, name, property, how)
	}
	for _, member := range objects(n["allOf"]) { // one struct with the properties of all
		m.schema(member, how)
	}
	if how == asMembers || how == asParts {
		how = asJSON
	}
	for _, property := range members(n["properties"]) {
		m.schema(property, how)
	}
	m.schema(n["items"], how)
	m.schema(n["additionalProperties"], how)
	for _, branch := range slices.Concat(objects(n["oneOf"]), objects(n["anyOf"])) {
		m.schema(branch, how)
	}
}

// hasOwnMethods reports whether the generator writes methods that encode the struct of
// a schema.
func (d draft) hasOwnMethods(n node, above []uintptr) bool {
	n = d.resolve(n)
	if slices.Contains(above, identity(n)) {
		return false
	}
	if more := n["additionalProperties"]; more != nil && more != false || n["oneOf"] != nil || n["anyOf"] != nil {
		return true
	}
	return slices.ContainsFunc(objects(n["allOf"]), func(member node) bool {
		return d.hasOwnMethods(member, append(above, identity(n)))
	})
}

// property marks one property of the schema owner.
func (m marker) property(owner node, name string, property node, how encoding) {
	if m.has(property, "readOnly") { // is of responses, and a request may lack it
		if owner["required"] = without(owner["required"], name); owner["required"] == nil {
			delete(owner, "required")
		}
	}
	switch isRequired := slices.Contains(list(owner["required"]), any(name)); {
	case isRequired:
		if m.isNullable(property) {
			property[skipPointer] = false // nil is null
		}
		if m.has(property, "writeOnly") {
			property[omitEmpty] = false // the generator would omit a zero
		}
	case m.isNilable(property, how):
		if how == asJSON { // an empty list is not the same as none
			property[omitEmpty], property[omitZero] = false, true
		}
	case (how == asParts || how == asForm) && m.isFile(property):
	case how <= asForm && m.isScalar(property) && (m.has(property, "readOnly") || !m.takesZero(property)):
		// A plain field loses nothing: its zero can only mean that it is not set.
	default:
		property[skipPointer] = false
		if m.isAny(property) { // for which the generator has no pointer unless the type is given
			property[goType] = "interface{}"
		}
	}
}

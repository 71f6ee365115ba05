package codegen

import (
	"bytes"
	"encoding/json"
	"strings"

	reader "github.com/tensorslab/tensorslab-go/internal/contract"
)

// ourSchemas are the schemas that the overlay adds.
var ourSchemas = []string{"ImageStatus"}

// undecoded are media types whose bodies the generator would decode with packages that
// know nothing of the contract. Like all that is not JSON they are passed on.
var undecoded = strings.Fields("application/xml text/xml application/problems+xml application/yaml application/x-yaml text/yaml text/x-yaml")

// readable returns a valid contract in the form that the generator can read: without
// what has no effect, without schemas of what is not decoded, and with other names for
// schemas that the overlay adds. If there is nothing of the last two, the text
// stays as it is.
func readable(contract []byte) ([]byte, error) {
	text, _ := reader.Readable(contract)
	var root map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&root); err != nil {
		return nil, err
	}
	changed := dropSchemas(root)
	for _, name := range ourSchemas {
		changed = renameSchema(root, name) || changed
	}
	if !changed {
		return text, nil
	}
	return json.Marshal(root)
}

// dropSchemas removes the schemas of media types that are not decoded, wherever there
// is a content.
func dropSchemas(value any) (changed bool) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			changed = dropSchemas(item) || changed
		}
	case map[string]any:
		content, _ := value["content"].(map[string]any)
		for _, key := range undecoded {
			if media, ok := content[key].(map[string]any); ok && media["schema"] != nil {
				delete(media, "schema")
				changed = true
			}
		}
		for _, item := range value {
			changed = dropSchemas(item) || changed
		}
	}
	return changed
}

// renameSchema gives another name to a schema, if there is one of this name.
func renameSchema(root map[string]any, name string) (changed bool) {
	components, _ := root["components"].(map[string]any)
	schemas, _ := components["schemas"].(map[string]any)
	schema, ok := schemas[name]
	if !ok {
		return false
	}
	renamed := name + "Schema"
	for schemas[renamed] != nil {
		renamed += "Schema"
	}
	delete(schemas, name)
	schemas[renamed] = schema
	redirect(root, name, renamed)
	return true
}

// redirect changes the references to a schema, and its name in a discriminator.
func redirect(value any, from, to string) {
	const prefix = "#/components/schemas/"
	moved := func(ref any) any {
		text, _ := ref.(string)
		if rest, ok := strings.CutPrefix(text, prefix+from); ok && (rest == "" || rest[0] == '/') {
			return prefix + to + rest
		}
		return ref
	}
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			redirect(item, from, to)
		}
	case map[string]any:
		if ref, ok := value["$ref"]; ok {
			value["$ref"] = moved(ref)
		}
		mapping, _ := value["mapping"].(map[string]any)
		for name, ref := range mapping {
			if mapping[name] = moved(ref); ref == from {
				mapping[name] = to
			}
		}
		for _, item := range value {
			redirect(item, from, to)
		}
	}
}

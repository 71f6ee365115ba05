package fakeapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"

	"github.com/getkin/kin-openapi/openapi3"
)

// decodeForm reads a multipart/form-data body as the object that its schema
// describes: parts of one name make an array, text becomes what the type of
// its property says, and a file is a string.
func decodeForm(body []byte, boundary string, schema *openapi3.SchemaRef) (any, error) {
	if boundary == "" {
		return nil, errors.New("the Content-Type has no boundary")
	}
	names, parts, err := readParts(body, boundary)
	if err != nil {
		return nil, err
	}
	var properties map[string][]*openapi3.Schema
	if schema != nil {
		properties = propertiesOf([]*openapi3.Schema{schema.Value})
	}
	object := make(map[string]any, len(names))
	for _, name := range names {
		values := parts[name]
		var property *openapi3.SchemaRef
		if declared := properties[name]; len(declared) > 0 {
			property = openapi3.NewSchemaRef("", declared[0])
		}
		if len(values) > 1 && (property == nil || !property.Value.Type.Is(openapi3.TypeArray)) {
			return nil, fmt.Errorf("the part %s is repeated", quote(name))
		}
		object[name] = typed(property, values)
	}
	return object, nil
}

// readParts returns the names in order, each once, and the text of each part.
func readParts(body []byte, boundary string) ([]string, map[string][]string, error) {
	var names []string
	parts := make(map[string][]string)
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) && bytes.Contains(body, []byte("--"+boundary)) {
			return names, parts, nil
		}
		if err != nil {
			return nil, nil, errors.New("the multipart body is malformed")
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, nil, errors.New("the multipart body is malformed")
		}
		name := part.FormName()
		if name == "" {
			return nil, nil, errors.New("a part of the multipart body has no name")
		}
		if _, again := parts[name]; !again {
			names = append(names, name)
		}
		parts[name] = append(parts[name], string(content))
	}
}

package fakeapi

import (
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

// uploadOf returns what the head of a part says, and whether it has a filename,
// which may be empty.
func uploadOf(part *multipart.Part) (u Upload, named bool) {
	u = Upload{Field: part.FormName(), ContentType: part.Header.Get("Content-Type")}
	// Part.FileName leaves out what comes before a slash.
	if _, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition")); err == nil {
		u.Filename, named = params["filename"]
	}
	return u, named
}

// isFile reports whether a part is a file: the contract says so, or the contract
// lacks the field and the part has a filename.
func (f *formParts) isFile(name string, named bool) (bool, error) {
	ref := f.fields[name]
	if ref == nil {
		return named, nil
	}
	schema := ref.Value
	if schema.Type.Is(openapi3.TypeArray) && schema.Items != nil {
		schema = schema.Items.Value
	}
	switch {
	case schema.Format == "binary":
		return true, nil
	case named && schema.Type != nil:
		return false, fmt.Errorf("the part %s has a filename; by the contract it is no file", quote(name))
	}
	return named, nil
}

// text reads a part that is no file.
func (f *formParts) text(name string, part io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(part, int64(f.left)+1))
	if err != nil {
		return "", errMalformed
	}
	if err := f.spend(len(text)); err != nil {
		return "", err
	}
	if !utf8.Valid(text) {
		return "", fmt.Errorf("the part %s is not valid UTF-8", quote(name))
	}
	return string(text), nil
}

// spend counts n bytes of text.
func (f *formParts) spend(n int) error {
	if f.left -= n; f.left < 0 {
		return limitError(fmt.Sprintf("the form's text is larger than %d bytes", maxFormText))
	}
	return nil
}

// object returns the value that the schema describes.
func (f *formParts) object() (map[string]any, error) {
	object := make(map[string]any, len(f.names))
	for _, name := range f.names {
		property := f.fields[name]
		if len(f.texts[name]) > 1 && (property == nil || !property.Value.Type.Is(openapi3.TypeArray)) {
			return nil, fmt.Errorf("the part %s is repeated", quote(name))
		}
		object[name] = typed(property, f.texts[name])
	}
	return object, nil
}

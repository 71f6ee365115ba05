package codegen

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The overlay adds the schemas of which prepare knows, and no others.
func TestOurSchemasAreThoseOfTheOverlay(t *testing.T) {
	t.Parallel()
	overlay, err := os.ReadFile(filepath.Join(moduleRoot, filepath.FromSlash(Overlay)))
	if err != nil {
		t.Fatal(err)
	}
	var added []string
	for _, action := range bytes.Split(overlay, []byte("- target: ")) {
		if !bytes.HasPrefix(action, []byte("$.components.schemas\n")) {
			continue
		}
		for _, m := range regexp.MustCompile(`(?m)^      (\w+):`).FindAllSubmatch(action, -1) {
			added = append(added, string(m[1]))
		}
	}
	if !slices.Equal(added, ourSchemas) {
		t.Errorf("the overlay adds %q, and ourSchemas has %q", added, ourSchemas)
	}
}

func TestRenameOurs(t *testing.T) {
	t.Parallel()
	const before = `{"components": {"schemas": {"ImageStatus": {"properties": {"a": {"$ref": "#/components/schemas/ImageStatus"}}},
		"ImageStatusSchema": {}, "ImageStatuses": {"$ref": "#/components/schemas/ImageStatuses"},
		"One": {"oneOf": [{"$ref": "#/components/schemas/ImageStatus/properties/a"}, {"$ref": "#/components/schemas/ImageStatusSchema"}],
			"discriminator": {"propertyName": "k", "mapping": {"a": "ImageStatus", "b": "#/components/schemas/ImageStatus", "c": "ImageStatusSchema"}}}}}}`
	const want = `{"components": {"schemas": {"ImageStatusSchemaSchema": {"properties": {"a": {"$ref": "#/components/schemas/ImageStatusSchemaSchema"}}},
		"ImageStatusSchema": {}, "ImageStatuses": {"$ref": "#/components/schemas/ImageStatuses"},
		"One": {"oneOf": [{"$ref": "#/components/schemas/ImageStatusSchemaSchema/properties/a"}, {"$ref": "#/components/schemas/ImageStatusSchema"}],
			"discriminator": {"propertyName": "k", "mapping": {"a": "ImageStatusSchemaSchema", "b": "#/components/schemas/ImageStatusSchemaSchema", "c": "ImageStatusSchema"}}}}}}`
	for _, tt := range [][2]string{{before, want}, {`{}`, `{}`}, {`{"components": {}}`, `{"components": {}}`}} {
		d, err := decode([]byte(tt[0]))
		if err != nil {
			t.Fatal(err)
		}
		d.renameOurs()
		var wanted node
		if err := json.Unmarshal([]byte(tt[1]), &wanted); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wanted, d.root); diff != "" {
			t.Error(diff)
		}
	}
}

// What is taken in without an effect is generated from, and compiles: each of these
// once stopped the generator, or gave a field that decodes what is not JSON.
func TestGenerateFromWhatIsTakenIn(t *testing.T) {
	t.Parallel()
	needGenerator(t)
	inputs, err := loadInputs()
	if err != nil {
		t.Fatal(err)
	}
	text := "\ufeff" + contract(t, `"schemas": {`, `"schemas": {"ImageStatus": {"type": "string", "description": "\\tfoo\\nbar", "enum": ["a", "b"]},`,
		`"status": {`, `"image_status": {"type": "integer"}, "other": {"$ref": "#/components/schemas/ImageStatus"}, "status": {`,
		`"type": "integer",`, `"type": "integer", "examples": {"a": 1}, "const2": [], "title": "\\tfoo\\nbar", `,
		`"application/json": {`, `"application/xml": {"schema": {"type": "object", "properties": {"n": {"type": "integer"}}}},
			"application/yaml": {"schema": {"type": "object", "properties": {"n": {"type": "integer"}}}}, "application/json": {`)
	inputs[Contract] = []byte(text)
	output, err := Generate(t.Context(), inputs)
	if err != nil {
		t.Fatal(err)
	}
	code := bytes.Join(slices.Collect(func(yield func([]byte) bool) {
		for _, file := range output {
			if !yield(file) {
				return
			}
		}
	}), nil)
	for _, pattern := range []string{`type ImageStatus int\b`, `type ImageStatusSchema\b`, `ImageStatus +ImageStatus +`, `Other +ImageStatusSchema +`} {
		if !regexp.MustCompile(pattern).Match(code) {
			t.Errorf("the code lacks %s", pattern)
		}
	}
	if found := regexp.MustCompile(`XML200|YAML200|encoding/xml|yaml`).Find(code); found != nil {
		t.Errorf("the code has %s", found)
	}
}

// A body of JSON is one whatever else its media type says, unless there is another of
// the plain type.
func TestBodiesWithParametersArePlain(t *testing.T) {
	t.Parallel()
	const before = `{"components":{"requestBodies":{"B":{"content":{"Application/JSON ; charset=utf-8":{}}}}},"paths":{"/a":{
		"post":{"requestBody":{"content":{"application/json;charset=utf-8":{"schema":{}},"multipart/form-data; charset=utf-8":{}}},
			"responses":{"200":{"content":{"application/json;charset=utf-8":{}}}}},
		"put":{"requestBody":{"content":{"application/json":{},"application/json;v=2":{}}}},
		"patch":{"requestBody":{"$ref":"#/components/requestBodies/B"}}}}}`
	d, err := decode([]byte(before))
	if err != nil {
		t.Fatal(err)
	}
	d.plainBodies()
	got, err := json.Marshal(d.root)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"components":{"requestBodies":{"B":{"content":{"application/json":{}}}}},"paths":{"/a":{` +
		`"patch":{"requestBody":{"$ref":"#/components/requestBodies/B"}},` +
		`"post":{"requestBody":{"content":{"application/json":{"schema":{}},"multipart/form-data":{}}},"responses":{"200":{"content":{"application/json;charset=utf-8":{}}}}},` +
		`"put":{"requestBody":{"content":{"application/json":{},"application/json;v=2":{}}}}}}}`
	if string(got) != want {
		t.Errorf("%s; want %s", got, want)
	}
}

package difftest

import (
	"bytes"
	"encoding/json"
	"maps"
	"testing"
)

// Object is a JSON object. Nothing that is generated depends on the order of its keys.
type Object = map[string]any

// Decode returns a JSON text as a value, with numbers as they are written.
func Decode(t *testing.T, data []byte) (value any) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// Encode returns a value as JSON, indented as openapi.json is.
func Encode(t *testing.T, value any) []byte {
	t.Helper()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(value); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Merge applies a JSON Merge Patch (RFC 7396, 2) and returns the result; target is
// not changed.
func Merge(target, patch any) any {
	changes, ok := patch.(Object)
	if !ok {
		return patch
	}
	old, _ := target.(Object)
	merged := maps.Clone(old)
	if merged == nil {
		merged = Object{}
	}
	for key, change := range changes {
		if change == nil {
			delete(merged, key)
			continue
		}
		merged[key] = Merge(merged[key], change)
	}
	return merged
}

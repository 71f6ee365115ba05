package evolution

import (
	"bytes"
	"encoding/json"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// object is a JSON object. Nothing that is generated depends on the order of its keys.
type object = map[string]any

func decode(t *testing.T, data []byte) (value any) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func encode(t *testing.T, value any) []byte {
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

// merge applies a JSON Merge Patch (RFC 7396, 2) and returns the result; target is
// not changed.
func merge(target, patch any) any {
	changes, ok := patch.(object)
	if !ok {
		return patch
	}
	old, _ := target.(object)
	merged := maps.Clone(old)
	if merged == nil {
		merged = object{}
	}
	for key, change := range changes {
		if change == nil {
			delete(merged, key)
			continue
		}
		merged[key] = merge(merged[key], change)
	}
	return merged
}

// The examples of RFC 7396, appendix A.
func TestMerge(t *testing.T) {
	t.Parallel()
	tests := []struct{ target, patch, want string }{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"b":"b"}`, `{"a":"c"}`, `{"b":"b","a":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"a":"b"}`, `["c"]`, `["c"]`},
		{`{"a":"foo"}`, `null`, `null`},
		{`{"a":"foo"}`, `"bar"`, `"bar"`},
		{`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		{`{"a":"<&>","n":1.0}`, `{"b":true}`, `{"a":"<&>","n":1.0,"b":true}`},
	}
	for _, tt := range tests {
		target := decode(t, []byte(tt.target))
		got := string(encode(t, merge(target, decode(t, []byte(tt.patch)))))
		if d := cmp.Diff(string(encode(t, decode(t, []byte(tt.want)))), got); d != "" {
			t.Errorf("%s patched by %s (-want +got):\n%s", tt.target, tt.patch, d)
		}
		if unchanged := encode(t, decode(t, []byte(tt.target))); !bytes.Equal(encode(t, target), unchanged) {
			t.Errorf("%s was changed to %s", tt.target, encode(t, target))
		}
	}
}

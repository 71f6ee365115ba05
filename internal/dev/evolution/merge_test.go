package evolution

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// object is a JSON object in the order of its keys, which a published contract
// keeps from one version to the next.
type object []member

type member struct {
	key   string
	value any
}

func (o object) index(key string) int {
	return slices.IndexFunc(o, func(m member) bool { return m.key == key })
}

// MarshalJSON writes the keys in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	for i, m := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := enc.Encode(m.key); err != nil {
			return nil, err
		}
		out.WriteByte(':')
		if err := enc.Encode(m.value); err != nil {
			return nil, err
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

func decode(t *testing.T, data []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return next(t, dec)
}

// next reads one value; it expects that the JSON is sound.
func next(t *testing.T, dec *json.Decoder) any {
	t.Helper()
	token := nextToken(t, dec)
	switch token {
	case json.Delim('{'):
		o := object{}
		for dec.More() {
			key, _ := nextToken(t, dec).(string)
			o = append(o, member{key, next(t, dec)})
		}
		nextToken(t, dec)
		return o
	case json.Delim('['):
		list := []any{}
		for dec.More() {
			list = append(list, next(t, dec))
		}
		nextToken(t, dec)
		return list
	}
	return token
}

func nextToken(t *testing.T, dec *json.Decoder) json.Token {
	t.Helper()
	token, err := dec.Token()
	if err != nil {
		t.Fatal(err)
	}
	return token
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
// not changed. Keys that are new come last.
func merge(target, patch any) any {
	changes, ok := patch.(object)
	if !ok {
		return patch
	}
	old, _ := target.(object)
	merged := slices.Clone(old)
	for _, change := range changes {
		at := merged.index(change.key)
		switch {
		case change.value == nil && at >= 0:
			merged = slices.Delete(merged, at, at+1)
		case change.value == nil:
		case at >= 0:
			merged[at].value = merge(merged[at].value, change.value)
		default:
			merged = append(merged, member{change.key, merge(nil, change.value)})
		}
	}
	if merged == nil {
		merged = object{}
	}
	return merged
}

// The examples of RFC 7396, appendix A, with the keys in order.
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

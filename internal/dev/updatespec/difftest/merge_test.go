package difftest

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
		target := Decode(t, []byte(tt.target))
		got := string(Encode(t, Merge(target, Decode(t, []byte(tt.patch)))))
		if d := cmp.Diff(string(Encode(t, Decode(t, []byte(tt.want)))), got); d != "" {
			t.Errorf("%s patched by %s (-want +got):\n%s", tt.target, tt.patch, d)
		}
		if unchanged := Encode(t, Decode(t, []byte(tt.target))); !bytes.Equal(Encode(t, target), unchanged) {
			t.Errorf("%s was changed to %s", tt.target, Encode(t, target))
		}
	}
}

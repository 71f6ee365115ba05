package fakeapi

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// What decodeJSON accepts means the same to encoding/json, and what it makes
// of it holds no character that was not sent.
func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{
		`{"taskids":["a","b"],"uid":"u"}`, `{"taskids":null}`, `{"a":1,"a":2}`, `{"a":{"b":[{}]},"b":[]}`,
		`"\ud83d\ude00"`, `"\ud83d"`, `"\ude00\ud83d"`, `"\\ud83d"`, `"\\\ud83d\n"`, `"\ufffd"`, "\"\xff\"", `[1e3,-0.5,1E400]`,
		``, `{`, `[}`, `{}{}`, ` null `, strings.Repeat("[", 600) + strings.Repeat("]", 600),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		value, err := decodeJSON(body)
		if err != nil {
			if text := err.Error(); len(text) > 300 || strings.Contains(text, "\n") {
				t.Errorf("error of %d bytes: %q", len(text), text)
			}
			return
		}
		dec := json.NewDecoder(bytes.NewReader(body))
		dec.UseNumber()
		var want any
		if err := dec.Decode(&want); err != nil || !reflect.DeepEqual(value, want) {
			t.Fatalf("decoded %v, encoding/json %v, %v", value, want, err)
		}
		mended := bytes.ContainsRune(mustMarshal(t, value), '\ufffd')
		sent := bytes.ContainsRune(body, '\ufffd') || bytes.Contains(bytes.ToLower(body), []byte(`\ufffd`))
		if mended && !sent {
			t.Errorf("%q was mended to %q", body, mustMarshal(t, value))
		}
	})
}

func mustMarshal(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

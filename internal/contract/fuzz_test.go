package contract

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// What ReadJSON reads means the same to encoding/json; what is noted beside it
// is what encoding/json replaces or merges silently.
func FuzzReadJSON(f *testing.F) {
	for _, seed := range []string{
		`{"taskids":["a","b"],"uid":"u"}`, `{"taskids":null}`, `{"a":1,"a":2}`, `{"a":{"b":[{}]},"b":[]}`, `{"a/~":1,"a/~":{"":1,"":2}}`,
		`"\ud83d\ude00"`, `"\ud83d"`, `"\ude00\ud83d"`, `"\\ud83d"`, `"\\\ud83d\n"`, `"\ufffd"`, "\"\xff\"", `[1e3,-0.5,1E400]`,
		``, `{`, `[}`, `{}{}`, ` null `, strings.Repeat("[", 600) + strings.Repeat("]", 600), strings.Repeat(`{"a":1,"a":`, 70) + "1" + strings.Repeat("}", 70),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b := ReadJSON(data)
		if b.Err != nil {
			if text := b.Err.Error(); len(text) > 200 || strings.Contains(text, "\n") || b.Value != nil {
				t.Errorf("error of %d bytes: %q", len(text), text)
			}
			return
		}
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.UseNumber()
		var want any
		if err := dec.Decode(&want); err != nil || !reflect.DeepEqual(b.Value, want) {
			t.Fatalf("read %v, encoding/json %v, %v", b.Value, want, err)
		}
		replaced := bytes.ContainsRune(marshal(t, b.Value), '\ufffd')
		sent := bytes.ContainsRune(data, '\ufffd') || bytes.Contains(bytes.ToLower(data), []byte(`\ufffd`))
		if replaced && !sent && len(b.Surrogates) == 0 && len(b.Repeats) == 0 {
			t.Errorf("%q was changed to %q and not noted", data, marshal(t, b.Value))
		}
		for _, v := range append(b.Repeats, b.Surrogates...) {
			if len(v.Pointer) > 2*maxPointer+len("/…") {
				t.Errorf("a pointer of %d bytes", len(v.Pointer))
			}
		}
	})
}

func marshal(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Any bytes as a body: no panic, a bounded list, bounded memory, and nothing
// valid that a struct of Go would read otherwise.
func FuzzCheckResponse(f *testing.F) {
	for _, seed := range []string{
		`{"code":1000,"msg":"OK","data":{"taskid":"a","image_status":3,"url":["https://h.test/a.png"]}}`,
		`{"code":1e3,"msg":"","data":{}}`, `{"Code":1,"code":1000,"mſg":"","msg":"","data":{"url":[1,null]}}`, `{"code":1000,"code":1000}`,
		`{"size":1,"chain":{"next":{"next":7}},"any":[[[1]]],"either":{"n":1.0},"counts":{"x":1e2}}`, `[[[]]]`, `null`,
	} {
		f.Add([]byte(seed))
	}
	published, image := ours(f).Operation("infoByTaskId"), parseText(f, grown).Operation("getImage")
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, op := range []*Operation{published, image} {
			var found []Violation
			if n := allocated(func() { found, _ = op.CheckResponse(with(200, "application/json"), ReadJSON(data), true) }); n > 32<<20+64*uint64(len(data)) {
				t.Errorf("%d bytes took %d MB", len(data), n>>20)
			}
			if len(found) > MaxViolations {
				t.Errorf("%d violations", len(found))
			}
			if len(found) > 0 || op == image {
				continue
			}
			var read struct {
				Code int
				Msg  string
				Data struct {
					TaskID string `json:"taskid"`
					URL    []string
					Status int `json:"image_status"`
				}
			}
			if err := json.Unmarshal(data, &read); err != nil {
				t.Errorf("%q is valid, and a struct cannot read it: %v", data, err)
			}
		}
	})
}

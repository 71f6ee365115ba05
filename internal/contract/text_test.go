package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestCheckText(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"": "is blank", " \t\u3000": "is blank", "a": "", " a": "", "é": "", "\x01": "",
		"a\xff": "is not valid UTF-8", " \xff": "is not valid UTF-8", "\xff": "is not valid UTF-8",
	} {
		if got := CheckText(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

// A text is refused as by CheckText, and otherwise read back as it was, at whatever
// place its one odd character stands.
func TestAppendText(t *testing.T) {
	t.Parallel()
	odd := []string{"", "a", " ", "\"", "\\", "\x00", "\x1f", "\x7f", "\x80", "\xff", "é", "\u2028", "😀", "<", "&", "!", "#", "[", "]", "\n", "\ufffd", "\xed\xa0\x80"}
	for size := range 25 {
		for at := range size + 1 {
			for _, char := range odd {
				checkAppendText(t, strings.Repeat("x", at)+char+strings.Repeat("y", size-at))
			}
		}
	}
}

func FuzzAppendText(f *testing.F) {
	for _, seed := range []string{"", " ", "abcd_1234567890abcdef", "12345678\"", "\xff", " a", "é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) { checkAppendText(t, s) })
}

func checkAppendText(t *testing.T, s string) {
	t.Helper()
	text, reason := AppendText([]byte("["), s)
	if want := CheckText(s); reason != want {
		t.Errorf("%q: %q, want %q", s, reason, want)
	}
	if reason != "" {
		if string(text) != "[" {
			t.Errorf("%q: left %q", s, text)
		}
		return
	}
	var got []string
	if err := json.Unmarshal(append(text, ']'), &got); err != nil || len(got) != 1 || got[0] != s {
		t.Errorf("%q: read back as %q: %v", s, got, err)
	}
}

func TestAppendTextAllocatesNothing(t *testing.T) {
	room := make([]byte, 0, 64)
	if n := testing.AllocsPerRun(100, func() { room, _ = AppendText(room[:0], "abcd_1234567890abcdef<&>") }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

type textsOf struct {
	Before string   `json:"before"`
	IDs    []string `json:"ids"`
	After  string   `json:"after,omitempty"`
}

// The body is that of json.Marshal, whatever the texts and their neighbors hold, and
// the struct is left as it was.
func TestMarshalTexts(t *testing.T) {
	t.Parallel()
	for _, ids := range [][]string{nil, {"a"}, {"a", `"ids":[]`, "é<&>\u2028", `\`, "\x01", "[]"}, slices.Repeat([]string{"abcd_1234567890abcdef"}, 1000)} {
		for _, beside := range []string{"", "u", `","ids":["x"],"a":"`, `"ids":[]`} {
			v := textsOf{beside, ids, beside}
			body, err := MarshalTexts(&v, "ids", &v.IDs)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(v.IDs, ids) || !slices.Equal(decodeTexts(t, body).IDs, ids) || decodeTexts(t, body).Before != beside || decodeTexts(t, body).After != beside {
				t.Errorf("%q, %q: %.300s", ids, beside, body)
			}
		}
	}
}

func decodeTexts(t *testing.T, body []byte) (v textsOf) {
	t.Helper()
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%v: %.300s", err, body)
	}
	return v
}

func TestMarshalTextsRefuses(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{"": "/ids/1 is blank", "\xff": "/ids/1 is not valid UTF-8"} {
		v := textsOf{IDs: []string{"a", id}}
		_, err := MarshalTexts(&v, "ids", &v.IDs)
		if unfit := (*TextError)(nil); !errors.As(err, &unfit) || err.Error() != want {
			t.Errorf("%q: %v, want %s", id, err, want)
		}
	}
}

// Without a property of that name, or if the rest can't be marshaled, all is as
// json.Marshal has it; the texts are checked in any case.
func TestMarshalTextsOfAnotherName(t *testing.T) {
	t.Parallel()
	v := textsOf{IDs: []string{"a", "b"}}
	body, err := MarshalTexts(&v, "names", &v.IDs)
	if plain, _ := json.Marshal(v); err != nil || !bytes.Equal(body, plain) {
		t.Errorf("%s, %v; want %s", body, err, plain)
	}
	v.IDs = append(v.IDs, "")
	if _, err := MarshalTexts(&v, "names", &v.IDs); err == nil {
		t.Error("a blank text is sent under another name")
	}
	odd := struct {
		IDs   []string `json:"ids"`
		Never func()   `json:"never"`
	}{IDs: []string{"a"}}
	var unsupported *json.UnsupportedTypeError
	if _, err := MarshalTexts(&odd, "ids", &odd.IDs); !errors.As(err, &unsupported) {
		t.Errorf("a function is marshaled: %v", err)
	}
}

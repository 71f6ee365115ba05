package contract

import (
	"bytes"
	"encoding/json"
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
	for _, ids := range [][]string{nil, {"a"}, {"abcd_1234567890abcdef", "abcdefgh"}, {"a", `"ids":[]`, "é<&>\u2028", `\`, "\x01", "[]"}, slices.Repeat([]string{"abcd_1234567890abcdef"}, 1000)} {
		for _, beside := range []string{"", "u", `","ids":["x"],"a":"`, `"ids":[]`} {
			v := textsOf{beside, ids, beside}
			body, err := MarshalTexts(v, textsOf{v.Before, nil, v.After}, "ids", v.IDs)
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
		_, unfit := MarshalTexts(v, textsOf{v.Before, nil, v.After}, "ids", v.IDs)
		if unfit == nil || unfit.Pointer+" "+unfit.Reason != want {
			t.Errorf("%q: %v, want %s", id, unfit, want)
		}
	}
}

// A property of the same name further in, or a text that looks like one, is not taken
// for the one with the texts. What is not found that way is left to json.Marshal.
func TestMarshalTextsOfNestedNames(t *testing.T) {
	t.Parallel()
	type inner struct {
		IDs  []string       `json:"ids"`
		More map[string]any `json:"more,omitempty"`
	}
	type nested struct {
		Inner inner    `json:"inner"`
		Text  string   `json:"text"`
		List  []inner  `json:"list"`
		IDs   []string `json:"ids"`
		Last  inner    `json:"last"`
	}
	many := map[string]any{"a": 1e300}
	for i := range maxUnknownKeys {
		many[strings.Repeat("k", i+1)] = nil
	}
	for _, more := range []map[string]any{nil, {"ids": nil}, many} {
		rest := nested{Inner: inner{More: more}, Text: `","ids":null`, List: []inner{{}, {More: more}}}
		for _, rest := range []nested{{}, rest, {}} {
			v := rest
			v.IDs = []string{"abcd_1234567890abcdef", "b"}
			want, _ := json.Marshal(v)
			if body, unfit := MarshalTexts(v, rest, "ids", v.IDs); unfit != nil || !bytes.Equal(body, want) {
				t.Errorf("%s, %v; want %s", body, unfit, want)
			}
		}
	}
}

// Without a property of that name, or if the rest can't be marshaled, all is as
// json.Marshal has it; the texts are checked in any case.
func TestMarshalTextsOfAnotherName(t *testing.T) {
	t.Parallel()
	v := textsOf{IDs: []string{"a", "b"}}
	body, unfit := MarshalTexts(v, textsOf{v.Before, nil, v.After}, "names", v.IDs)
	if plain, _ := json.Marshal(v); unfit != nil || !bytes.Equal(body, plain) {
		t.Errorf("%s, %v; want %s", body, unfit, plain)
	}
	v.IDs = append(v.IDs, "")
	if _, err := MarshalTexts(v, textsOf{v.Before, nil, v.After}, "names", v.IDs); err == nil {
		t.Error("a blank text is sent under another name")
	}
	type odd struct {
		IDs   []string `json:"ids"`
		Never func()   `json:"never"`
	}
	if _, unfit := MarshalTexts(odd{[]string{"a"}, func() {}}, odd{nil, func() {}}, "ids", []string{"a"}); unfit == nil || unfit.Pointer != "" {
		t.Errorf("a function is marshaled: %v", unfit)
	}
}

// What is kept of one struct is not taken for another, whatever order they come in.
func TestMarshalTextsOfSeveralTypes(t *testing.T) {
	t.Parallel()
	type other struct {
		Names []string `json:"names"`
	}
	for range 3 {
		v := textsOf{IDs: []string{"a"}}
		for want, write := range map[string]func() ([]byte, *TextError){
			`{"names":["n"]}`: func() ([]byte, *TextError) {
				return MarshalTexts(other{[]string{"n"}}, other{}, "names", []string{"n"})
			},
			string(marshal(t, v)): func() ([]byte, *TextError) { return MarshalTexts(v, textsOf{v.Before, nil, v.After}, "ids", v.IDs) },
		} {
			if body, unfit := write(); unfit != nil || string(body) != want {
				t.Errorf("%s, %v; want %s", body, unfit, want)
			}
		}
	}
}

package contract

import (
	"encoding/json"
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

func TestFillTexts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		document, want string
		texts          []string
	}{
		{`{"a":[]}`, `{"a":["x"]}`, []string{"x"}},
		{`{"a":[],"b":[]}`, `{"a":["x","\"","é"],"b":[]}`, []string{"x", `"`, "é"}},
		{`{"[]":"[]\\\"[]","a":[]}`, `{"[]":"[]\\\"[]","a":["y","z"]}`, []string{"y", "z"}},
		{`[]`, `[]`, nil},
	} {
		got, refused, reason := FillTexts([]byte(tt.document), tt.texts)
		if string(got) != tt.want || refused != -1 || reason != "" {
			t.Errorf("%s: %s, %d, %q", tt.document, got, refused, reason)
		}
	}
	if got, refused, reason := FillTexts([]byte(`[]`), []string{"a", " ", ""}); got != nil || refused != 1 || reason != "is blank" {
		t.Errorf("%s, %d, %q", got, refused, reason)
	}
}

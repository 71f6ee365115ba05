package redact

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestJSON(t *testing.T) {
	t.Parallel()
	escaped := strings.ReplaceAll(testKey, "-", `\u002d`)
	for in, want := range map[string]string{
		`{"msg":"no key %s here","n":1.50}`:               `{"msg":"no key [redacted] here","n":1.50}`,
		`{"a":["%s",{"b":"%[1]s%[1]s"}],"c":"\"%[1]s\""}`: `{"a":["[redacted]",{"b":"[redacted][redacted]"}],"c":"\"[redacted]\""}`,
		`{"url":"https://img.example/a?k=%s&x=1"}`:        `{"url":"https://img.example/a?k=[redacted]&x=1"}`,
		`{"%s":"x"}`:                          `{"%s":"x"}`,
		`{"%s" : "%[1]s"}`:                    `{"%s" : "[redacted]"}`,
		`{"taskid":"t-%s","other":"t-%[1]s"}`: `{"taskid":"t-%s","other":"t-[redacted]"}`,
		`"%s"`:                                `"[redacted]"`,
		`["a","%s","taskid","%[1]s"]`:         `["a","[redacted]","taskid","[redacted]"]`,
	} {
		for _, key := range []string{testKey, escaped} {
			got := string(New("Bearer "+testKey).JSON([]byte(fmt.Sprintf(in, key)), "taskid"))
			if strings.Contains(want, "%s") {
				want = fmt.Sprintf(want, key)
			}
			if got != want || !json.Valid([]byte(got)) {
				t.Errorf("%s: %s, want %s", in, got, want)
			}
			want = strings.ReplaceAll(want, key, "%s")
		}
	}
}

// A key of digits is not searched for in numbers: the text would not be JSON.
func TestJSONLeavesWhatHoldsNoKey(t *testing.T) {
	t.Parallel()
	for _, in := range []string{`{"a":1234567,"b":true}`, `{"a":"x\\","b":"%7E~"}`, `1234567`, `""`} {
		body := []byte(in)
		if got := New("1234567").JSON(body, ""); string(got) != in || &got[0] != &body[0] {
			t.Errorf("%s: %s", in, got)
		}
	}
	if got := (Redactor{}).JSON([]byte(`"x"`), ""); string(got) != `"x"` {
		t.Errorf("the zero value: %s", got)
	}
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"a":"nkey-0","b":"\\\\\nkey-0","c":"\u006ekey-0"}`))
	f.Add([]byte(`["nkey-0`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got := New("nkey-0").JSON(body, "id")
		if json.Valid(body) && !json.Valid(got) {
			t.Errorf("%q becomes %q", body, got)
		}
	})
}

// A key is also looked for where only HTML was escaped, which leaves none of the other
// escapes in the text; the addresses of images have a "&" too and are not searched.
func TestJSONKnowsHTML(t *testing.T) {
	t.Parallel()
	r := New(`sk+live/AB'cd&0123456789==`)
	for in, want := range map[string]string{
		`{"msg":"bad key sk+live/AB&#39;cd&amp;0123456789=="}`:      `{"msg":"bad key [redacted]"}`,
		`{"msg":"sk&#43;live/AB'cd&0123456789&#61;&#61; is bad"}`:   `{"msg":"[redacted] is bad"}`,
		`{"url":["https://img.example/a?x=1&y=2"],"msg":"a; b"}`:    `{"url":["https://img.example/a?x=1&y=2"],"msg":"a; b"}`,
		`{"msg":"sk+live/AB\u0026#39;cd\u0026amp;0123456789== is"}`: `{"msg":"[redacted] is"}`,
	} {
		if got := string(r.JSON([]byte(in), "taskid")); got != want {
			t.Errorf("%s becomes %s", in, got)
		}
	}
	if r.MayBeIn([]byte(`{"url":["https://img.example/a?x=1&y=2"],"msg":"a"}`)) {
		t.Error("an address is searched")
	}
}

package redact

import (
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

// Whatever formatted the key last, it is found.
func TestEverySpellingIsFound(t *testing.T) {
	t.Parallel()
	inJSON := func(s string) string {
		quoted, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(quoted[1 : len(quoted)-1])
	}
	each := func(s, format string) string {
		var b strings.Builder
		for _, c := range []byte(s) {
			fmt.Fprintf(&b, format, c)
		}
		return b.String()
	}
	percent := func(s string) string { return each(s, "%%%02X") }
	spellings := map[string]func(string) string{
		"as it is":              func(s string) string { return s },
		"%q":                    func(s string) string { return fmt.Sprintf("%q", s) },
		"%q of %q":              func(s string) string { return fmt.Sprintf("%q", fmt.Sprintf("%q", s)) },
		"ASCII":                 strconv.QuoteToASCII,
		"JSON":                  inJSON,
		"JSON in JSON":          func(s string) string { return inJSON(inJSON(s)) },
		"JSON pointer":          contract.EscapeToken,
		"path":                  url.PathEscape,
		"query":                 url.QueryEscape,
		"query in a query":      func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
		"in percents":           percent,
		"small percents":        func(s string) string { return strings.ToLower(percent(s)) },
		"percents in JSON":      func(s string) string { return inJSON(url.QueryEscape(s)) },
		"HTML":                  html.EscapeString,
		"HTML, in numbers":      func(s string) string { return each(s, "&#x%X;") },
		"hex escapes":           func(s string) string { return each(s, `\x%02x`) },
		"JSON, 3 times":         func(s string) string { return inJSON(inJSON(inJSON(s))) },
		"query, 3 times":        func(s string) string { return url.QueryEscape(url.QueryEscape(url.QueryEscape(s))) },
		"JSON in a query":       func(s string) string { return url.QueryEscape(inJSON(s)) },
		"JSON in 2 queries":     func(s string) string { return url.QueryEscape(url.QueryEscape(inJSON(s))) },
		"HTML in HTML":          func(s string) string { return html.EscapeString(html.EscapeString(s)) },
		"HTML in JSON":          func(s string) string { return inJSON(html.EscapeString(s)) },
		"HTML in JSON, 2 times": func(s string) string { return inJSON(inJSON(html.EscapeString(s))) },
		"JSON in HTML":          func(s string) string { return html.EscapeString(inJSON(s)) },
		"template":              template.HTMLEscapeString,
		"names of HTML":         strings.NewReplacer("+", "&plus;", "=", "&equals;", "/", "&sol;", "'", "&apos;", "&", "&amp;", ",", "&comma;").Replace,
	}
	for _, key := range []string{testKey, "sk-a/b+c=d&e<f>", `sk~1/"\key`, "~~~~~~~~", "key;with,all@of:them", "sk+live/AB'cd&0123456789==", `a%n%%25"'\\"&amp<#39;b`, `~0a\~b\/c%~1d`} {
		for name, spell := range spellings {
			if strings.ToLower(key) != key && name == "small percents" {
				continue
			}
			in := "<" + spell(key) + ">"
			if got := New("Bearer " + key).Text(in); strings.Trim(got, `"\<>`) != redacted {
				t.Errorf("%s of %s: %s becomes %s", name, key, in, got)
			}
		}
	}
}

func TestAnotherTextIsKept(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "sk-test-0123456789abcdeg", `sk-test\`, "%73k-test-%", `\u0073k`, `\u00`, `\`, "%", "%2", "~"} {
		if got := New(testKey).Text(in); got != in {
			t.Errorf("%q becomes %q", in, got)
		}
	}
}

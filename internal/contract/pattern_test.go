package contract

import (
	"strings"
	"testing"
)

// A pattern matches in Go what it matches in ECMA-262 with the flag u, in which JSON
// Schema wants its patterns read.
func TestGoPattern(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern     string
		match, none []string
	}{
		{`^[a-z]+$`, []string{"abc"}, []string{"ABC", "abc\n", ""}},
		{`^a\/b$`, []string{"a/b"}, []string{`a\/b`}},
		{`^\d+$`, []string{"123"}, []string{"١٢"}},
		{`^\w$`, []string{"_"}, []string{"é"}},
		{`^.$`, []string{"é", "😀"}, []string{"\n", "\r", "\u2028", ""}},
		{`(?s)^.$`, []string{"\n"}, []string{"ab"}},
		{`^\s$`, []string{" ", "\v", "\u00a0", "\ufeff", "\u2003", "\u2028"}, []string{"a", "\u200b"}},
		{`^\S$`, []string{"a", "\u200b"}, []string{" ", "\u00a0"}},
		{`^[\s\S]$`, []string{"a", " ", "\n", "\u00a0"}, []string{""}},
		{`^[^\s]$`, []string{"a", "\u200b"}, []string{"\u00a0", "\v"}},
		{`^[^\S\n]$`, []string{" ", "\u00a0", "\u3000"}, []string{"a", "\n", "\u200b", "\U0001F600"}},
		{`^[\S]$`, []string{"a", "\u1681", "\u167f", "\u202e", "\u3001", "\U0001F600"}, []string{"\u1680", "\u200a", "\u202f", "\u205f", "\u3000", "\ufeff"}},
		{`^[^]$`, []string{"a", "\n"}, []string{""}},
		{`^[]$`, nil, []string{"a", ""}},
		{`^[]a]`, nil, []string{"a]", "]"}},
		{`^[[:alpha:]]$`, []string{"a]", "[]", ":]"}, []string{"b", "a"}},
		{`^[\w-.]+$`, []string{"a-b.c"}, []string{"a b"}},
		{`^[a-\d]+$`, []string{"a-1"}, []string{"b"}},
		{`^[+-]?[,-/]$`, []string{"+,", "/", "--"}, []string{"0"}},
		{`^[-a]+[a-]$`, []string{"-a-"}, []string{"b"}},
		{`^[\b]$`, []string{"\b"}, []string{"b"}},
		{`\bfoo\b`, []string{"a foo b"}, []string{"food"}},
		{`^\cJ\ca$`, []string{"\n\x01"}, []string{"cJca"}},
		{`^\u00e9\u00E9$`, []string{"éé"}, []string{"é"}},
		{`^\u{1F600}$`, []string{"😀"}, []string{"u{1F600}"}},
		{`^\uD83D\uDE00$`, []string{"😀"}, []string{"😁"}},
		{`^[\uD83D\uDE00-\uD83D\uDE02]$`, []string{"😁"}, []string{"😃"}},
		{`^\x41\0\v$`, []string{"A\x00\v"}, []string{"A0v"}},
		{`^\\u0041$`, []string{`\u0041`}, []string{"A"}},
		{`^\$\.\-\_\é$`, []string{"$.-_é"}, []string{"a.-_é"}},
		{`^(?<year>\d{4})-(?<größe>.)$`, []string{"2026-x"}, []string{"26-x"}},
		{`^(?P<a>x)(?:y)(?i:z)$`, []string{"xyz", "xyZ"}, []string{"Xyz"}},
		{`^(?<$a>x)$`, []string{"x"}, nil},
		{`^\p{L}\P{Lu}[\p{Nd}_]$`, []string{"éa1", "aa_"}, []string{"1a1", "aA1"}},
		{`^\p{Script=Greek}\p{sc=Han}\p{gc=Lu}\p{General_Category=Ll}$`, []string{"α图Aa"}, []string{"a图Aa"}},
		{`^\p{Letter}$`, []string{"é"}, []string{"1"}},
		{`^{a}]}$`, []string{"{a}]}"}, []string{"a"}},
		{`^a{2,3}?b*?$`, []string{"aa", "aaab"}, []string{"a"}},
		{`^x{1,1000}$`, []string{strings.Repeat("x", 1000)}, []string{strings.Repeat("x", 1001)}},
		{`\A[a]\z`, []string{"a"}, []string{"ba"}},
		{``, []string{"", "a"}, nil},
	} {
		t.Run(tt.pattern, func(t *testing.T) {
			t.Parallel()
			if _, err := goPattern(tt.pattern); err != nil {
				t.Fatal(err)
			}
			document := `{"openapi":"3.0.3","info":{"title":"t","version":"1"},"paths":{"/":{"get":{"operationId":"get","responses":{"200":{"description":"ok",` +
				`"content":{"application/json":{"schema":{"type":"string","pattern":` + quotedJSON(tt.pattern) + `}}}}}}}}}`
			op := parseText(t, document).Operation("get")
			for _, text := range tt.match {
				if got := check(t, op, quotedJSON(text)); got != "" {
					t.Errorf("%q: %s", text, got)
				}
			}
			for _, text := range tt.none {
				if got := check(t, op, quotedJSON(text)); got != "pattern" {
					t.Errorf("%q matches: %q", text, got)
				}
			}
		})
	}
}

func TestGoPatternRefuses(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		`^(?=a)`: "a lookahead", `^(?!a)b`: "a negative lookahead", `(?<=a)b`: "a lookbehind", `(?<!a)b`: "a negative lookbehind",
		`(a)\1`: "a backreference", `(?<n>a)\k<n>`: "a backreference", `[a`: "a class without an end", `[a\`: "a backslash at its end",
		`a\`: "a backslash at its end", `\Z`: `the escape \Z`, `\a`: `the escape \a`, `[\q]`: `the escape \q`, `\p{Script_Extensions=Greek}`: `the escape \p`,
		`\p{Nonsense}`: "a part that", `(a`: "a part that", `a**`: "a part that", `[z-a]`: "a part that", `x{1,2000}`: "a part that", `\u12`: `the escape \u`,
	} {
		if got, err := goPattern(pattern); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %q, %v; want %q", pattern, got, err, want)
		}
	}
}

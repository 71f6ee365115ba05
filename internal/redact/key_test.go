package redact

import "testing"

func TestCleanKey(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"abc": "abc", " abc\n": "abc", `"abc"`: "abc", "'abc'": "abc", "Bearer abc": "abc", "bearer  'abc' ": "abc", `"Bearer abc"`: "abc",
		"": "", " ": "", `""`: "", "Bearer": "", "Bearer ": "", `"abc`: `"abc`, "Bearerabc": "Bearerabc",
	} {
		if got, fault := CleanKey(in); got != want || fault != "" {
			t.Errorf("%q: %q, %q", in, got, fault)
		}
	}
	for _, in := range []string{"a b", "a\tb", "a\x00b", "schlüssel", "Token abc"} {
		if got, fault := CleanKey(in); got != "" || fault == "" {
			t.Errorf("%q: %q", in, got)
		}
	}
}

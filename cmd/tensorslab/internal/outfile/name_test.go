package outfile

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestName(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"abcd_1234567890abcdef": "abcd_1234567890abcdef", "12345678_abc123": "12345678_abc123", "a.b-c": "a.b-c",
		"../../etc/passwd": "_.._etc_passwd~", "a/b": "a_b~", "a\x00b": "a_b~", "ABC": "ABC~", ".hidden": "hidden~", "-rf": "rf~", "..": "~",
		"ä": "_~", "con": "con~", "nul.png": "nul.png~", "com1": "com1~", "lpt9.x": "lpt9.x~", "company": "company", "a b": "a_b~", `a\b`: "a_b~", "": "~",
		strings.Repeat("x", 300): strings.Repeat("x", 80) + "~",
	} {
		got := Name(id)
		if rest, ok := strings.CutPrefix(got, want); !ok || strings.HasSuffix(want, "~") != (len(rest) == 16) {
			t.Errorf("%q is %q, want %s…", id, got, want)
		}
	}
}

func FuzzName(f *testing.F) {
	for _, seed := range []string{"", "..", "a/b", "a\\b", "CON", "\x00", "abcd_1234567890abcdef", strings.Repeat("é", 100)} {
		f.Add(seed, seed+"x")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		name := Name(a)
		if name == "" || name == "." || name == ".." || len(name) > 97 || filepath.Base(name) != name || strings.ContainsAny(name, "/\\\x00:") {
			t.Errorf("%q is %q", a, name)
		}
		if a != b && strings.EqualFold(name, Name(b)) {
			t.Errorf("%q and %q are both %q", a, b, name)
		}
	})
}

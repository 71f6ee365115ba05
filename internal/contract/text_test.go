package contract

import "testing"

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

package redact

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

const (
	testKey = "sk-test-0123456789abcdef"
	headMax = 2048
)

func TestTextAndHead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ header, in, want string }{
		"bare":                                 {"sk-123456", "bad key sk-123456!", "bad key [redacted]!"},
		"bearer":                               {"Bearer sk-123456", "sk-123456 and Bearer sk-123456", "[redacted] and Bearer [redacted]"},
		"bearer in capitals":                   {"BEARER sk-123456", "sk-123456", "[redacted]"},
		"a short key would garble other words": {"key", "bad key", "bad key"},
		"none":                                 {"", "bad key", "bad key"},
		"a scheme and a key":                   {"Token sk-123456", "Token sk-123456", "Token [redacted]"},
		"twice bearer":                         {"Bearer Bearer sk-123456", "sk-123456", "[redacted]"},
		"two secrets":                          {"first-part second-part", "second-part, first-part", "[redacted], [redacted]"},
		"several times":                        {"sk-123456", "sk-123456sk-123456", "[redacted][redacted]"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := New(tt.header)
			if got := r.Text(tt.in); got != tt.want {
				t.Errorf("Text: %q", got)
			}
			if got := string(r.Head([]byte(tt.in), 100)); got != tt.want {
				t.Errorf("Head: %q", got)
			}
			if got := (Redactor{}).Text(tt.in); got != tt.in {
				t.Errorf("the zero value: %q", got)
			}
		})
	}
}

func TestTextKnowsSpellings(t *testing.T) {
	t.Parallel()
	const key = `sk~1/"\key`
	for _, in := range []string{key, "/headers/" + contract.EscapeToken(key), fmt.Sprintf("%q", key)} {
		if got := New(key).Text(in); strings.Contains(got, "key") || !strings.Contains(got, redacted) {
			t.Errorf("%s: %s", in, got)
		}
	}
}

func TestHeadKnowsEverySpellingOfJSON(t *testing.T) {
	t.Parallel()
	const key = `sk-1/2"3\4.5`
	for _, in := range []string{
		`sk-1\/2\"3\\4.5`,
		`\u0073k-1/2\u00223\u005c4.5`,
		`\u0073\u006B\u002d\u0031\u002F\u0032\u0022\u0033\u005C\u0034\u002E\u0035`,
		`sk-1\u002f2"3\\4.5`,
	} {
		if got := string(New("Bearer "+key).Head([]byte("<"+in+">"), 100)); got != "<"+redacted+">" {
			t.Errorf("%s: %s", in, got)
		}
	}
	if got := string(New(key).Head([]byte(`sk-1/2"3\\4x5`), 100)); got != `sk-1/2"3\\4x5` {
		t.Errorf("another key was replaced: %s", got)
	}
}

// No part of a key that straddles the end of the copy remains.
func TestHeadCutsAfterReplacing(t *testing.T) {
	t.Parallel()
	for _, spelling := range []string{testKey, strings.ReplaceAll(testKey, "-", `\u002d`)} {
		for offset := range len(spelling) + 1 {
			body := strings.Repeat("x", headMax-offset) + spelling + strings.Repeat("y", 100)
			got := string(New(testKey).Head([]byte(body), headMax))
			if len(got) > headMax || strings.Contains(got, "sk") {
				t.Errorf("offset %d: %d bytes, end %q", offset, len(got), got[len(got)-20:])
			}
		}
	}
}

// Each replacement shortens the text, so that the end of what was searched, where
// a key may have been cut in two, moves into the copy.
func TestHeadDropsTheEndOfWhatItSearched(t *testing.T) {
	t.Parallel()
	var escaped strings.Builder
	for _, c := range testKey {
		fmt.Fprintf(&escaped, `\u%04x`, c)
	}
	for offset := range escaped.Len() {
		body := strings.Repeat("x", offset) + strings.Repeat(escaped.String(), 1000)
		got := string(New(testKey).Head([]byte(body), headMax))
		if strings.Contains(got, `\`) || !strings.Contains(got, redacted) {
			t.Errorf("offset %d: %q", offset, got)
		}
	}
}

func TestHeadIsACopy(t *testing.T) {
	t.Parallel()
	body := []byte("no key in it")
	for name, r := range map[string]Redactor{"zero value": {}, "with a key": New(testKey)} {
		head := r.Head(body, 6)
		head[0] = 'N'
		if string(head) != "No key" || body[0] != 'n' {
			t.Errorf("%s: %q of %q", name, head, body)
		}
	}
}

func FuzzHead(f *testing.F) {
	f.Add([]byte("bad key "), []byte("!"), 20)
	f.Add([]byte(`{"a":"\`), []byte(`\u0073k-test`), 3)
	f.Fuzz(func(t *testing.T, before, after []byte, n int) {
		n = max(n, 0) % (4 * headMax)
		body := append(append(append([]byte(nil), before...), testKey...), after...)
		got := New("Bearer "+testKey).Head(body, n)
		if len(got) > n || strings.Contains(string(got), testKey) {
			t.Errorf("%d bytes: %q", len(got), got)
		}
	})
}

func TestFor(t *testing.T) {
	t.Parallel()
	for name, values := range map[string][]string{
		"nothing": nil, "the key": {testKey}, "with Bearer": {"Bearer " + testKey}, "another": {"Token another-key"}, "both": {testKey, "another-key"},
	} {
		got := New(testKey).For(values).Text(testKey + " another-key")
		if want := len(values) > 0 && strings.Contains(values[len(values)-1], "another"); strings.Contains(got, testKey) || strings.Contains(got, "another") == want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestArgsAreCutAfterReplacing(t *testing.T) {
	t.Parallel()
	args := []any{"in " + testKey, 5, strings.Repeat("x", 18) + testKey}
	got := New(testKey).Args(args, 20)
	if text := fmt.Sprint(got...); strings.Contains(text, "sk-") || got[0] != "in [redacted]" || got[1] != 5 || args[0] == got[0] {
		t.Errorf("got %q of %q", got, args)
	}
}

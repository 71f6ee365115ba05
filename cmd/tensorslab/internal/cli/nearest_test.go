package cli

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	models := []string{"seedreamv45", "seedreamv4", "seedreamv5", "zimage"}
	states := []string{"planned", "submitting", "submitted", "completed", "saved", "failed", "in-doubt"}
	commands := []string{"delete", "download", "generate", "info", "list", "wait"}
	for _, tt := range []struct {
		word  string
		among []string
		want  string
	}{
		{"seedream4", models, "seedreamv4"},
		{"SeeDream-V4.5", models, "seedreamv45"},
		{"z-image", models, "zimage"},
		{"zimg", models, "zimage"},
		{"gpt-image-1", models, ""},
		{"InDoubt", states, "in-doubt"},
		{"save", states, "saved"},
		{"sumbitted", states, "submitted"},
		{"lost", states, ""},
		{"delte", commands, "delete"},
		{"lsit", commands, "list"},
		{"gen", commands, "generate"},
		{"x", commands, ""},
		{"g", commands, ""},
		{"", commands, ""},
		{"ab", commands, ""},
		{strings.Repeat("list", 100), commands, ""},
		{"list", nil, ""},
	} {
		if got := Nearest(tt.word, tt.among); got != tt.want {
			t.Errorf("%q is near to %q, want %q", tt.word, got, tt.want)
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"", "ab", 2}, {"list", "list", 0}, {"list", "lits", 1}, {"list", "lit", 1}, {"wait", "want", 1}, {"ab", "ba", 1}, {"kitten", "sitting", 3},
	} {
		if there, back := distance(tt.a, tt.b), distance(tt.b, tt.a); there != tt.want || back != tt.want {
			t.Errorf("%q, %q: %d and %d, want %d", tt.a, tt.b, there, back, tt.want)
		}
	}
}

// Words are repeated, and what might be a key is not.
func TestShown(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"images", "gpt-image-1", "cat.png", "seedream-v4.5", "30", "2.5s", "-1", "X"} {
		wantText(t, "shown", Shown(word), `"`+word+`"`)
	}
	for _, word := range []string{
		"", " ", "two words", "tl-secret-0123456789abcdef", "sk-1234567890", "0123456789abcdef", "AKIAIOSFODNN7EXAMPLE0", strings.Repeat("a", 40),
		"a\x1b[2J", "größe", "../../etc", "a=b", "-", "--", "Zm9vYmFyYmF6cXV4Zm9v", "1234-5678-9012",
	} {
		wantText(t, "shown", Shown(word), "")
	}
	for _, value := range []string{"tl-secret", "my-api-key", "sk-test", "Token"} {
		wantText(t, "value", But(value), "")
	}
}

// The tables name commands and flags that differ from what was typed.
func TestAdviceIsOfUse(t *testing.T) {
	t.Parallel()
	for word, advice := range rootAdvice {
		if strings.Contains(advice, "tensorslab "+word+`"`) || !wordPattern.MatchString(word) {
			t.Errorf("%q: %s", word, advice)
		}
	}
	for word, flags := range otherFlags {
		for _, flag := range flags {
			if name, _, _ := strings.Cut(flag, " "); name == word || name == "" {
				t.Errorf("--%s: --%s", word, flag)
			}
		}
	}
}

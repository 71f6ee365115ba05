package wrapper

import (
	"net/http"
	"strings"
	"testing"
)

func TestRedactor(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, header, in, want string }{
		{"bare", "sk-123456", "bad key sk-123456!", "bad key [redacted]!"},
		{"bearer", "Bearer sk-123456", "sk-123456 and Bearer sk-123456", "[redacted] and Bearer [redacted]"},
		{"bearer in capitals", "BEARER sk-123456", "sk-123456", "[redacted]"},
		{"a key that is short is left: it would tear words", "key", "bad key", "bad key"},
		{"none", "", "bad key", "bad key"},
		{"a key of two words", "Token sk-123456", "Token sk-123456", "Token [redacted]"},
		{"twice bearer", "Bearer Bearer sk-123456", "sk-123456", "[redacted]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := redactorFor(&http.Request{Header: http.Header{"Authorization": {tt.header}}})
			if got := r.text(tt.in); got != tt.want {
				t.Errorf("text: %q", got)
			}
			if got := string(r.head([]byte(tt.in), 100)); got != tt.want {
				t.Errorf("head: %q", got)
			}
		})
	}
}

// A key that straddles the cut must not leave its first half.
func TestRedactorCutsAfterRedacting(t *testing.T) {
	t.Parallel()
	r := redactor{testKey}
	for offset := range len(testKey) + 1 {
		body := strings.Repeat("x", MaxErrorBodyBytes-offset) + testKey + strings.Repeat("y", 100)
		got := string(r.head([]byte(body), MaxErrorBodyBytes))
		if len(got) > MaxErrorBodyBytes || strings.Contains(got, testKey[:3]) {
			t.Errorf("offset %d: %d bytes, end %q", offset, len(got), got[len(got)-20:])
		}
	}
}

// Each replacement shortens the text, so that the end of what was searched, where
// a key may have been cut in two, comes nearer.
func TestRedactorDropsTheEndOfWhatItSearched(t *testing.T) {
	t.Parallel()
	r := redactor{testKey}
	for offset := range len(testKey) {
		body := strings.Repeat("x", offset) + strings.Repeat(testKey, 10000)
		if got := string(r.head([]byte(body), MaxErrorBodyBytes)); strings.Contains(got, testKey[:3]) {
			t.Errorf("offset %d: end %q", offset, got[max(len(got)-40, 0):])
		}
	}
}

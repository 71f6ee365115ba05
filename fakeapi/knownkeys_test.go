package fakeapi

import (
	"fmt"
	"strings"
	"testing"
)

func TestKnownKeys(t *testing.T) {
	t.Parallel()
	k := newKnownKeys("configured-key")
	k.add("seen-key")
	k.add("7 bytes")
	for text, want := range map[string]string{
		"":                          "",
		"configured-key":            "configured-key",
		" configured-key ":          "configured-key",
		"bearer configured-key":     "configured-key",
		"xconfigured-keyx":          "configured-key",
		"configured-ke":             "",
		"Configured-key":            "",
		"seen-keyseen-key":          "seen-key",
		"7 bytes":                   "7 bytes",
		"x7 bytes":                  "",
		strings.Repeat("x", 10_000): "",
	} {
		found := k.find(text)
		if (len(found) > 0) != (want != "") || len(found) > 0 && found[0] != want {
			t.Errorf("%.40q: found %q, want %q", text, found, want)
		}
	}
}

// What is remembered is bounded, and a key that is remembered stays so.
func TestKnownKeysAreBounded(t *testing.T) {
	t.Parallel()
	k := newKnownKeys("")
	for i := range maxKnownKeys + 50 {
		k.add(fmt.Sprintf("key-%08d", i))
		k.add("key-00000000")
	}
	if len(k.keys) != maxKnownKeys {
		t.Errorf("%d keys", len(k.keys))
	}
	if len(k.find("key-00000000")) == 0 || len(k.find(fmt.Sprintf("key-%08d", maxKnownKeys-1))) == 0 {
		t.Error("a key was forgotten")
	}
	if len(k.find(fmt.Sprintf("key-%08d", maxKnownKeys))) != 0 {
		t.Error("more keys are remembered than counted")
	}
}

package redact

import (
	"fmt"
	"strings"
)

// CleanKey returns key without what people copy along with one: white space,
// quotes, and "Bearer " in front of it. An empty result is no key. fault says why
// what is left can't be a key, without showing it, or is empty.
func CleanKey(key string) (clean, fault string) {
	for before := ""; before != key; {
		before = key
		key = strings.TrimSpace(key)
		if n := len(key); n >= 2 && (key[0] == '"' || key[0] == '\'') && key[n-1] == key[0] {
			key = key[1 : n-1]
		}
		if scheme, rest, found := strings.Cut(key, " "); found && strings.EqualFold(scheme, "bearer") {
			key = rest
		}
	}
	if strings.EqualFold(key, "bearer") {
		return "", ""
	}
	if i := strings.IndexFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }); i >= 0 {
		return "", fmt.Sprintf("it holds white space, a control character or a non-ASCII byte at position %d; copy it again", i)
	}
	return key, ""
}

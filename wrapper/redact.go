package wrapper

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

const redacted = "[redacted]"

// minSecret is the shortest word of a key that is searched for in texts of
// others: a shorter one would tear ordinary words apart.
const minSecret = 6

// redactor takes the key of one request out of what comes back: services and
// gateways do echo it.
type redactor struct{ authorization string }

func redactorFor(req *http.Request) redactor {
	return redactor{req.Header.Get("Authorization")}
}

// secrets are the words of the header, of which one alone may be echoed.
func (r redactor) secrets() []string {
	var words []string
	for _, word := range strings.Fields(r.authorization) {
		if len(word) >= minSecret && !strings.EqualFold(word, "bearer") {
			words = append(words, word)
		}
	}
	return words
}

// text returns s without the key, as it is or as part of a JSON Pointer.
func (r redactor) text(s string) string {
	for _, secret := range r.secrets() {
		s = strings.ReplaceAll(s, secret, redacted)
		s = strings.ReplaceAll(s, escapePointer(secret), redacted)
	}
	return s
}

// violations returns the first of found, without the key in their pointers.
func (r redactor) violations(found []Violation) []Violation {
	found = slices.Clone(found[:min(len(found), MaxViolations)])
	for i := range found {
		found[i].Pointer = r.text(found[i].Pointer)
	}
	return found
}

// longestEscape is how much longer a byte can be in JSON: \u002f.
const longestEscape = 6

// head returns a copy of the beginning of a body, at most n bytes, without the
// key in any spelling that JSON has for it. More than n bytes are searched, so
// that the cut leaves no part of a key.
func (r redactor) head(body []byte, n int) []byte {
	reach := longestEscape * len(r.authorization)
	window := body[:min(len(body), 4*n+reach)]
	whole := len(window) == len(body)
	for _, secret := range r.secrets() {
		window = jsonSpellings(secret).ReplaceAllLiteral(window, []byte(redacted))
	}
	if !whole { // its end may be the beginning of a key
		window = window[:max(len(window)-reach, 0)]
	}
	return append([]byte(nil), window[:min(len(window), n)]...)
}

// jsonSpellings matches secret with any of its characters escaped.
func jsonSpellings(secret string) *regexp.Regexp {
	var pattern strings.Builder
	for _, c := range []byte(secret) {
		fmt.Fprintf(&pattern, `(?:\\?%s|\\u00(?i:%02x))`, regexp.QuoteMeta(string(c)), c)
	}
	return regexp.MustCompile(pattern.String())
}

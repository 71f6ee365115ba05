// Package redact takes a key out of text that other parties wrote. Services and
// gateways echo the Authorization header, and net/http quotes what it can't parse.
package redact

import (
	"slices"
	"strings"
)

const redacted = "[redacted]"

// minSecret is the length of the shortest word that is searched for. Shorter
// words occur inside ordinary ones, and replacing them would garble the text.
const minSecret = 6

// Redactor takes the key of one request out of text. The zero value changes
// nothing. A Redactor may be copied, and used by several goroutines at once.
// Printing one prints no key: it is in a function.
type Redactor struct{ words func() []string }

// New returns a Redactor for the values of headers or of a query, with or without
// a scheme: "Bearer x", or "x". Each word but "Bearer" of at least six bytes is a
// secret of its own, since any of them may be echoed alone.
func New(values ...string) Redactor {
	var words []string
	for _, value := range values {
		for word := range strings.FieldsSeq(value) {
			if len(word) >= minSecret && !strings.EqualFold(word, "bearer") && !slices.Contains(words, word) {
				words = append(words, word)
			}
		}
	}
	return Redactor{func() []string { return words }}
}

// For is [New] with the key of r besides the values, and returns r itself if they are that
// key alone, with or without "Bearer".
func (r Redactor) For(values []string) Redactor {
	words := r.secrets()
	if len(values) == 0 {
		return r
	}
	if len(words) == 1 && len(values) == 1 {
		if scheme, ok := strings.CutSuffix(values[0], words[0]); ok && (scheme == "" || scheme == "Bearer ") {
			return r
		}
	}
	return New(slices.Concat(words, values)...)
}

// Args returns the arguments of a format with the key taken out of each string, which is
// then cut as [Cut] does: a part of a key would not be found.
func (r Redactor) Args(args []any, n int) []any {
	clean := slices.Clone(args)
	for i, arg := range clean {
		if s, ok := arg.(string); ok {
			clean[i] = Cut(r.Text(s), n)
		}
	}
	return clean
}

func (r Redactor) secrets() []string {
	if r.words == nil {
		return nil
	}
	return r.words()
}

// Text returns s with each occurrence of the key replaced, in any spelling that
// spelledByte knows.
func (r Redactor) Text(s string) string {
	for _, secret := range r.secrets() {
		s = withoutSecret(s, secret)
	}
	return s
}

// Head returns a copy of the beginning of body, at most n bytes, in which each
// occurrence of the key is replaced. More than n bytes are searched, so that no
// part of a key remains where the copy ends.
func (r Redactor) Head(body []byte, n int) []byte {
	reach := 0
	for _, secret := range r.secrets() {
		reach = max(reach, longestEscape*len(secret))
	}
	part := body[:min(len(body), 4*n+reach)]
	window := r.Text(string(part))
	if len(part) < len(body) { // it may end within a key
		window = window[:max(len(window)-reach, 0)]
	}
	return append([]byte(nil), window[:min(len(window), n)]...)
}

// Package redact takes a key out of text that other parties wrote. Services and
// gateways echo the Authorization header, and net/http quotes what it can't parse.
package redact

import (
	"strconv"
	"strings"

	"github.com/tensorslab/tensorslab-go/internal/contract"
)

const redacted = "[redacted]"

// minSecret is the length of the shortest word that is searched for. Shorter
// words occur inside ordinary ones, and replacing them would garble the text.
const minSecret = 6

// Redactor takes the key of one request out of text. The zero value changes
// nothing. A Redactor may be copied, and used by several goroutines at once.
type Redactor struct{ authorization string }

// New returns a Redactor for the value of an Authorization header, with or
// without a scheme: "Bearer x", or "x". Each word but "Bearer" of at least six
// bytes is a secret of its own. New does no work besides: a request that
// succeeds needs no redaction.
func New(authorization string) Redactor { return Redactor{authorization} }

// secrets returns the words of the header, any of which may be echoed alone.
func (r Redactor) secrets() []string {
	var words []string
	for _, word := range strings.Fields(r.authorization) {
		if len(word) >= minSecret && !strings.EqualFold(word, "bearer") {
			words = append(words, word)
		}
	}
	return words
}

// Text returns s with each occurrence of the key replaced, whether it is spelled
// as it is, as part of a JSON Pointer, or as in a string that Go has quoted.
func (r Redactor) Text(s string) string {
	for _, secret := range r.secrets() {
		s = strings.ReplaceAll(s, secret, redacted)
		s = strings.ReplaceAll(s, contract.EscapeToken(secret), redacted)
		quoted := strconv.Quote(secret)
		s = strings.ReplaceAll(s, quoted[1:len(quoted)-1], redacted)
	}
	return s
}

// longestEscape is the length of the longest JSON spelling of a byte: \u002f.
const longestEscape = 6

// Head returns a copy of the beginning of body, at most n bytes, in which each
// occurrence of the key is replaced, in any spelling that JSON has for it. More
// than n bytes are searched, so that no part of a key remains where the copy ends.
func (r Redactor) Head(body []byte, n int) []byte {
	reach := longestEscape * len(r.authorization)
	window := body[:min(len(body), 4*n+reach)]
	whole := len(window) == len(body)
	for _, secret := range r.secrets() {
		window = withoutSecret(window, secret)
	}
	if !whole { // the window may end within a key
		window = window[:max(len(window)-reach, 0)]
	}
	return append([]byte(nil), window[:min(len(window), n)]...)
}

// withoutSecret replaces each spelling of secret in text.
func withoutSecret(text []byte, secret string) []byte {
	kept := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		if n := spelled(text[i:], secret); n > 0 {
			kept = append(kept, redacted...)
			i += n
			continue
		}
		kept = append(kept, text[i])
		i++
	}
	return kept
}

// spelled returns the length of the spelling of secret with which text begins, or
// 0. In a JSON string any character may be escaped; elsewhere none is.
func spelled(text []byte, secret string) int {
	if len(text) >= len(secret) && string(text[:len(secret)]) == secret {
		return len(secret)
	}
	length := 0
	for _, c := range []byte(secret) {
		n := spelledByte(text[length:], c)
		if n == 0 {
			return 0
		}
		length += n
	}
	return length
}

// spelledByte returns the length of the spelling of c with which text begins, or
// 0: of \u and four digits, of c after a backslash, or of c itself.
func spelledByte(text []byte, c byte) int {
	if len(text) >= longestEscape && text[0] == '\\' && text[1] == 'u' {
		if code, err := strconv.ParseUint(string(text[2:longestEscape]), 16, 16); err == nil && code == uint64(c) {
			return longestEscape
		}
	}
	switch {
	case len(text) > 1 && text[0] == '\\' && text[1] == c:
		return 2
	case len(text) > 0 && text[0] == c:
		return 1
	}
	return 0
}

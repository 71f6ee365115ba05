package redact

import (
	"html"
	"strconv"
	"strings"
)

// A key reaches an error or a body in the spelling of whatever formatted it last:
// as it is, quoted by Go, escaped in JSON, in a URL or in a JSON Pointer, or
// several of these in turn.
const (
	maxBackslashes = 4 // of \\\\u002f: JSON in JSON in JSON
	maxPercents    = 3 // of %25252f: a URL in the query of a URL, and so on
	longestEscape  = maxBackslashes + len("u002f")
)

// withoutSecret replaces each spelling of secret in text.
func withoutSecret(text, secret string) string {
	var kept strings.Builder
	last := 0
	for i := 0; i < len(text); {
		n := spelled(text[i:], secret)
		if n == 0 {
			i++
			continue
		}
		kept.WriteString(text[last:i])
		kept.WriteString(redacted)
		i += n
		last = i
	}
	if last == 0 {
		return text
	}
	kept.WriteString(text[last:])
	return kept.String()
}

// spelled returns the length of the spelling of secret with which text begins, or 0.
func spelled(text, secret string) int {
	if strings.HasPrefix(text, secret) {
		return len(secret)
	}
	length := 0
	for i := range len(secret) {
		n := spelledByte(text[length:], secret[i])
		if n == 0 {
			return 0
		}
		length += n
	}
	return length
}

// spelledByte returns the length of the spelling of c with which text begins, or 0.
func spelledByte(text string, c byte) int {
	if text == "" {
		return 0
	}
	switch text[0] {
	case '\\':
		return afterBackslash(text, c)
	case '%':
		if n := afterPercent(text, c); n > 0 {
			return n
		}
	case '&':
		if n := afterAmpersand(text, c); n > 0 {
			return n
		}
	case '~':
		if len(text) > 1 && (c == '~' && text[1] == '0' || c == '/' && text[1] == '1') {
			return 2
		}
	}
	if text[0] == c {
		return 1
	}
	return 0
}

// afterAmpersand knows the character references of HTML.
func afterAmpersand(text string, c byte) int {
	end := strings.IndexByte(text[:min(len(text), len("&#x0002f;"))], ';') + 1
	if end > 0 && html.UnescapeString(text[:end]) == string(c) {
		return end
	}
	return 0
}

// afterBackslash knows \u and four digits, \x and two, and c after backslashes.
func afterBackslash(text string, c byte) int {
	run := 1
	for run < min(len(text), maxBackslashes) && text[run] == '\\' {
		run++
	}
	if rest := text[run:]; len(rest) > 4 && rest[0] == 'u' && isHex(rest[1:5], c) {
		return run + 5
	}
	if rest := text[run:]; len(rest) > 2 && rest[0] == 'x' && isHex(rest[1:3], c) {
		return run + 3
	}
	switch {
	case c == '\\':
		return min(run, 2)
	case len(text) > run && text[run] == c:
		return run + 1
	}
	return 0
}

// afterPercent knows % and two digits, where % itself may be escaped as %25.
func afterPercent(text string, c byte) int {
	digits := 1
	for range maxPercents {
		if len(text) > digits+1 && isHex(text[digits:digits+2], c) {
			return digits + 2
		}
		if !strings.HasPrefix(text[digits:], "25") {
			break
		}
		digits += 2
	}
	return 0
}

func isHex(digits string, c byte) bool {
	code, err := strconv.ParseUint(digits, 16, 16)
	return err == nil && code == uint64(c)
}

package redact

import (
	"html"
	"strings"
)

// A key reaches an error or a body in the spelling of whatever formatted it last:
// as it is, quoted by Go, escaped in JSON, in HTML, in a URL or in a JSON Pointer, or
// several of these in turn.
const (
	maxBackslashes = 32 // of JSON in JSON in JSON in JSON
	maxPercents    = 3  // of %25252f: a URL in the query of a URL, and so on
	maxReferences  = 3  // of &amp;amp;#39;: HTML in HTML in HTML
	// longestReference is the length of a reference in HTML without its "&".
	longestReference = len("#x0002f;")
	// longestEscape is how long the bytes of a key are on average at most: longer escapes
	// are only of some characters.
	longestEscape = len(`\\\\u002f`)
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
// Only what follows tells how often "%" itself was escaped, and whether "~" was, so all
// of this is tried.
func spelled(text, secret string) int {
	first := secret[0]
	switch {
	case text[0] != first && strings.IndexByte(`\%&~`, text[0]) < 0: // the short way for nearly all of a text
		return 0
	case strings.HasPrefix(text, secret):
		return len(secret)
	case first != '%' && spelledByte(text, first) == 0:
		return 0
	}
	for percents := range maxPercents + 1 {
		for _, tilde := range []string{"", "0"} {
			if n := spelledWith(percents, tilde, text, secret); n > 0 {
				return n
			}
			if strings.IndexByte(secret, '~') < 0 {
				break
			}
		}
		if strings.IndexByte(secret, '%') < 0 {
			break
		}
	}
	return 0
}

// spelledWith is spelled where "%" itself is escaped that many times, and "~" is followed
// by tilde, as in a JSON Pointer.
func spelledWith(percents int, tilde, text, secret string) int {
	length := 0
	for i := range len(secret) {
		n, rest := 0, text[length:]
		if sign := "%252525"[:1+2*percents]; secret[i] == '%' && strings.HasPrefix(rest, sign) {
			n = len(sign)
		} else if n = spelledByte(rest, secret[i]); n > 0 && secret[i] == '~' {
			if !strings.HasPrefix(rest[n:], tilde) {
				return 0
			}
			n += len(tilde)
		}
		if n == 0 {
			return 0
		}
		length += n
	}
	if last := secret[len(secret)-1]; last == '\\' && strings.HasPrefix(text[length-1:], `\\`) {
		length++ // an escaped one, of which half would make the text around it invalid
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
		if n := afterPercents(text, c); n > 0 {
			return n
		}
	case '&':
		if n := reference(text[1:], c); n > 0 {
			return 1 + n
		}
	case '~':
		if c == '/' && strings.HasPrefix(text, "~1") {
			return len("~1")
		}
	}
	if text[0] == c {
		return 1
	}
	return 0
}

// reference knows the character references of HTML, without the "&" in front, where "&"
// itself may be escaped as &amp;.
func reference(text string, c byte) int {
	length := 0
	for length < maxReferences*len("amp;") && strings.HasPrefix(text[length:], "amp;") {
		length += len("amp;")
	}
	if c == '&' && length > 0 {
		return length
	}
	rest := text[length:]
	end := strings.IndexByte(rest[:min(len(rest), longestReference)], ';') + 1
	if end > 0 && html.UnescapeString("&"+rest[:end]) == string(c) {
		return length + end
	}
	return 0
}

// afterBackslash knows \u and four digits, also of the "&" of a reference, \x and two,
// and what else is a spelling of c after backslashes.
func afterBackslash(text string, c byte) int {
	run := 1
	for run < min(len(text), maxBackslashes) && text[run] == '\\' {
		run++
	}
	rest := text[run:]
	switch {
	case strings.HasPrefix(rest, "u0026") && reference(rest[len("u0026"):], c) > 0:
		return run + len("u0026") + reference(rest[len("u0026"):], c)
	case len(rest) > 4 && rest[0] == 'u' && isHex(rest[1:5], c):
		return run + 5
	case len(rest) > 2 && rest[0] == 'x' && isHex(rest[1:3], c):
		return run + 3
	case c == '\\': // others are in front of the next byte
		return 1
	case rest != "" && rest[0] != '\\' && spelledByte(rest, c) > 0:
		return run + spelledByte(rest, c)
	}
	return 0
}

// afterPercents knows what JSON escapes in a URL, where each backslash is %5C.
func afterPercents(text string, c byte) int {
	length := 0
	for range maxBackslashes / 4 {
		n := afterPercent(text[length:], '\\')
		if n == 0 {
			return 0
		}
		length += n
		rest := text[length:]
		switch {
		case len(rest) > 4 && rest[0] == 'u' && isHex(rest[1:5], c):
			return length + 5
		case afterPercent(rest, c) > 0:
			return length + afterPercent(rest, c)
		case rest != "" && rest[0] == c:
			return length + 1
		}
	}
	return 0
}

// afterPercent knows % and two digits, where % itself may be escaped as %25.
func afterPercent(text string, c byte) int {
	if text == "" || text[0] != '%' {
		return 0
	}
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

// isHex reports whether digits are the number of c in hexadecimal.
func isHex(digits string, c byte) bool {
	code := 0
	for i := range len(digits) {
		value := strings.IndexByte("0123456789abcdef", digits[i]|0x20)
		if value < 0 || digits[i] < '0' {
			return false
		}
		code = code<<4 | value
	}
	return code == int(c)
}

package contract

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// reader builds the value that the validator sees. It relies on the grammar,
// which json.Valid has checked.
//
// Once Go 1.27 is the oldest supported version, encoding/json/jsontext does
// most of this (noted in November 2026): its Decoder rejects repeated keys and
// invalid UTF-8, though it stops at the first of each.
type reader struct {
	data       string
	i          int
	at         path
	unescaped  []byte // room for one string
	repeats    violationList
	surrogates violationList
	hasNull    bool
}

func (r *reader) value() any {
	switch r.next() {
	case '{':
		return r.object()
	case '[':
		return r.array()
	case '"':
		text, whole := r.text()
		if !whole {
			r.surrogates.add(r.at, KeywordJSON)
		}
		return text
	case 't':
		r.i += len("true")
		return true
	case 'f':
		r.i += len("false")
		return false
	case 'n':
		r.i += len("null")
		r.hasNull = true
		return nil
	}
	return r.number()
}

// next skips white space and separators, and returns the byte it stops at.
func (r *reader) next() byte {
	for {
		switch c := r.data[r.i]; c {
		case ' ', '\t', '\n', '\r', ',', ':':
			r.i++
		default:
			return c
		}
	}
}

func (r *reader) object() map[string]any {
	object := map[string]any{}
	var repeated map[string]bool // so that a key is noted once for each object
	for r.i++; r.next() != '}'; {
		key, whole := r.text()
		r.at = append(r.at, keyStep(key))
		if !whole {
			r.surrogates.add(r.at, KeywordJSON)
		}
		if _, seen := object[key]; seen && !repeated[key] {
			if repeated == nil {
				repeated = map[string]bool{}
			}
			repeated[key] = true
			r.repeats.add(r.at, KeywordUniqueKeys)
		}
		object[key] = r.value()
		r.at = r.at[:len(r.at)-1]
	}
	r.i++
	return object
}

func (r *reader) array() []any {
	array := []any{}
	for r.i++; r.next() != ']'; {
		if len(array) == cap(array) {
			// append alone grows long slices by a quarter, and so copies them often.
			array = append(make([]any, 0, max(1, 2*len(array))), array...)
		}
		r.at = append(r.at, indexStep(len(array)))
		array = append(array, r.value())
		r.at = r.at[:len(r.at)-1]
	}
	r.i++
	return array
}

// text reads a string. It is not whole if half of a surrogate pair was
// replaced by U+FFFD.
func (r *reader) text() (text string, whole bool) {
	start, escaped := r.i+1, false
	for r.i++; r.data[r.i] != '"'; r.i++ {
		if r.data[r.i] == '\\' {
			escaped = true
			r.i++
		}
	}
	r.i++
	if !escaped {
		return r.data[start : r.i-1], true
	}
	r.unescaped, whole = appendUnescaped(r.unescaped[:0], r.data[start:r.i-1])
	return string(r.unescaped), whole
}

func (r *reader) number() json.Number {
	start := r.i
	for r.i < len(r.data) && isNumberByte(r.data[r.i]) {
		r.i++
	}
	return json.Number(r.data[start:r.i])
}

func isNumberByte(c byte) bool {
	return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'
}

// Escapes of one character that do not stand for themselves, and what they stand for.
const (
	escapes      = "bfnrt"
	escapedChars = "\b\f\n\r\t"
)

// appendUnescaped appends what the inside of a valid JSON string stands for,
// as encoding/json reads it, and reports whether no half of a surrogate pair
// had to be replaced.
func appendUnescaped(to []byte, text string) (unescaped []byte, whole bool) {
	whole = true
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c != '\\':
			to = append(to, c)
			i++
		case text[i+1] == 'u':
			char, size := escapedRune(text[i:])
			whole = whole && size > 0
			to = utf8.AppendRune(to, char)
			i += max(size, escapeSize)
		default:
			c = text[i+1]
			if i := strings.IndexByte(escapes, c); i >= 0 {
				c = escapedChars[i]
			}
			to = append(to, c)
			i += 2
		}
	}
	return to, whole
}

// escapeSize is the number of bytes of an escape such as \u00e9.
const escapeSize = len(`\u0000`)

// escapedRune decodes the \u escape, or the pair of them, that text begins
// with. The size is 0 for half of a surrogate pair.
func escapedRune(text string) (char rune, size int) {
	char, _ = hexRune(text)
	if !utf16.IsSurrogate(char) {
		return char, escapeSize
	}
	if second, ok := hexRune(text[escapeSize:]); ok {
		if char = utf16.DecodeRune(char, second); char != utf8.RuneError {
			return char, 2 * escapeSize
		}
	}
	return utf8.RuneError, 0
}

// hexRune reads the number of the one \u escape that text begins with, if any.
func hexRune(text string) (rune, bool) {
	if len(text) < escapeSize || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:escapeSize], 16, 16)
	return rune(n), err == nil
}

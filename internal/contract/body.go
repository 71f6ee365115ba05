package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Body is a body that was read as JSON.
type Body struct {
	// Value is the one JSON value, numbers as [json.Number]; nil if Err is not.
	Value any
	// Err says why the body was not read as one JSON value in UTF-8, in one
	// line that completes "the body is". It wraps the [json.SyntaxError], if
	// there is one, and quotes at most one character of the body.
	Err error
	// Repeats has a violation for each key that an object repeats, of which
	// Value holds the last one.
	Repeats []Violation
	// Surrogates has a violation for each string with half of a surrogate pair
	// in an escape, which Value holds as U+FFFD.
	Surrogates []Violation
	// Size is the number of bytes that were read.
	Size int
}

var (
	errEmpty   = errors.New("empty")
	errNotUTF8 = errors.New("not valid UTF-8")
	errNotJSON = errors.New("not one JSON value")
	errObjects = fmt.Errorf("too large to be read: it has more than %d objects", maxObjects)
)

// maxObjects bounds the memory that a body of many small objects takes: each
// costs over 300 bytes as a map, and only two in the body.
const maxObjects = 1 << 16

// ReadJSON reads data, which has to be one JSON value in UTF-8 with nothing
// after it. Unlike encoding/json it notices repeated keys, which a map and a
// struct take in different ways, and escapes that stand for no character. Its
// cost grows with len(data) alone, whatever is in it. A value of more than
// 65,536 objects is not read.
func ReadJSON(data []byte) *Body {
	b := &Body{Size: len(data)}
	// Valid also bounds the depth, and the reader recurses.
	if !utf8.Valid(data) || !json.Valid(data) {
		b.Err = jsonError(data)
		return b
	}
	if bytes.Count(data, []byte("{")) > maxObjects && countObjects(data) > maxObjects {
		b.Err = errObjects
		return b
	}
	var room [pathRoom]step
	r := reader{data: string(data), at: room[:0]} // one copy, of which all strings are parts
	b.Value = r.value()
	b.Repeats, b.Surrogates = r.repeats.found, r.surrogates.found
	return b
}

// jsonError says why data is not one JSON value in UTF-8.
func jsonError(data []byte) error {
	if !utf8.Valid(data) {
		return errNotUTF8
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return errEmpty
	}
	var syntax *json.SyntaxError
	if err := json.Unmarshal(data, new(json.RawMessage)); errors.As(err, &syntax) {
		return fmt.Errorf("%w: %w at byte %d", errNotJSON, syntax, syntax.Offset)
	}
	return errNotJSON
}

// countObjects counts the objects of a valid JSON text.
func countObjects(data []byte) int {
	count, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++ // the character after it ends no string
		case c == '"':
			quoted = !quoted
		case c == '{' && !quoted:
			count++
		}
	}
	return count
}

// Object returns the body as an object, and false if it is not one or could
// not be read.
func (b *Body) Object() (map[string]any, bool) {
	object, ok := b.Value.(map[string]any)
	return object, ok
}

// HasOtherCase reports whether object has a key that equals name except for
// case, which encoding/json would take for it.
func HasOtherCase(object map[string]any, name string) bool {
	for key := range object {
		if key != name && strings.EqualFold(key, name) {
			return true
		}
	}
	return false
}

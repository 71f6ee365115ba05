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

	hasNull bool // anywhere in Value
}

var (
	errEmpty   = errors.New("empty")
	errNotUTF8 = errors.New("not valid UTF-8")
	errNotJSON = errors.New("not one JSON value")
)

// ErrTooManyValues is what [Body.Err] wraps if the body was not read because it
// has more values, or more objects, than the limit. It may be valid all the same.
var ErrTooManyValues = errors.New("too large to be read")

// maxObjects bounds the memory that a body of many small objects takes: each
// costs over 300 bytes as a map, and only two in the body.
const maxObjects = 1 << 16

// ReadJSON reads data, which has to be one JSON value in UTF-8 with nothing
// after it. Unlike encoding/json it notices repeated keys, which a map and a
// struct take in different ways, and escapes that stand for no character. Its
// cost grows with len(data) alone, whatever is in it. A body of more than
// 65,536 objects is not read; see [ErrTooManyValues].
func ReadJSON(data []byte) *Body { return ReadJSONUpTo(data, len(data)) }

// ReadJSONUpTo is [ReadJSON] for a caller that also limits how many values of
// any kind are read. It counts arrays, objects and commas, so that an empty array
// counts twice.
func ReadJSONUpTo(data []byte, maxValues int) *Body { return readJSON(data, maxValues, maxObjects) }

// ReadDocument is [ReadJSON] for a document of a maintainer, which may have any
// number of objects.
func ReadDocument(data []byte) *Body { return readJSON(data, len(data), len(data)) }

func readJSON(data []byte, maxValues, maxObjects int) *Body {
	b := &Body{Size: len(data)}
	// Valid also bounds the depth, and the reader recurses.
	if !utf8.Valid(data) || !json.Valid(data) {
		b.Err = jsonError(data)
		return b
	}
	if b.Err = checkCounts(data, maxValues, maxObjects); b.Err != nil {
		return b
	}
	var room [pathRoom]step
	r := reader{data: string(data), at: room[:0]} // one copy, of which all strings are parts
	b.Value = r.value()
	b.Repeats, b.Surrogates, b.hasNull = r.repeats.found, r.surrogates.found, r.hasNull
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

// checkCounts returns an error if a valid JSON text has too many values or objects.
// Most texts have too few bytes, or too few braces, to need the slower count.
func checkCounts(data []byte, maxValues, maxObjects int) error {
	switch {
	case bytes.Count(data, []byte("{")) > maxObjects && hasMore(data, "{", maxObjects):
		return fmt.Errorf("%w: it has more than %d objects", ErrTooManyValues, maxObjects)
	case len(data) > maxValues && hasMore(data, ",[{", maxValues):
		return fmt.Errorf("%w: it has more than %d values", ErrTooManyValues, maxValues)
	}
	return nil
}

// hasMore reports whether a valid JSON text has more than limit of these
// characters outside of its strings.
func hasMore(data []byte, characters string, limit int) bool {
	count, quoted := 0, false
	for i := 0; i < len(data) && count <= limit; i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++ // the character after it ends no string
		case c == '"':
			quoted = !quoted
		case !quoted && strings.IndexByte(characters, c) >= 0:
			count++
		}
	}
	return count > limit
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

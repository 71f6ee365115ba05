package wrapper

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"unicode/utf8"
)

var errNotJSON = errors.New("not one JSON value in UTF-8")

// strictReader builds the value that the validator sees. Unlike encoding/json
// it notices repeated keys, of which a map keeps the last and a struct merges
// all. It relies on the grammar, which json.Valid has checked.
type strictReader struct {
	data    string
	i       int
	at      path
	repeats []Violation
}

// readJSON returns the one JSON value in data, numbers as they are written, and
// a violation for each key that is repeated.
func readJSON(data []byte) (any, []Violation, error) {
	// Valid also bounds the depth, and the reader recurses.
	if !json.Valid(data) || !utf8.Valid(data) {
		return nil, nil, errNotJSON
	}
	var room [shallow]step
	r := &strictReader{data: string(data), at: room[:0]} // one copy, of which all texts are parts
	return r.value(), r.repeats, nil
}

func (r *strictReader) value() any {
	switch r.next() {
	case '{':
		return r.object()
	case '[':
		return r.array()
	case '"':
		return r.text()
	case 't':
		r.i += len("true")
		return true
	case 'f':
		r.i += len("false")
		return false
	case 'n':
		r.i += len("null")
		return nil
	}
	return r.number()
}

// next skips white space and separators, and returns the byte it stops at.
func (r *strictReader) next() byte {
	for {
		switch c := r.data[r.i]; c {
		case ' ', '\t', '\n', '\r', ',', ':':
			r.i++
		default:
			return c
		}
	}
}

func (r *strictReader) object() map[string]any {
	object := map[string]any{}
	for r.i++; r.next() != '}'; {
		key := r.text()
		r.at = append(r.at, keyStep(key))
		if _, seen := object[key]; seen {
			r.repeated()
		}
		object[key] = r.value()
		r.at = r.at[:len(r.at)-1]
	}
	r.i++
	return object
}

// repeated notes the key at hand, once however often it is repeated.
func (r *strictReader) repeated() {
	if len(r.repeats) >= MaxViolations {
		return
	}
	if v := (Violation{r.at.pointer(), KeywordUniqueKeys}); !slices.Contains(r.repeats, v) {
		r.repeats = append(r.repeats, v)
	}
}

func (r *strictReader) array() []any {
	array := []any{}
	for r.i++; r.next() != ']'; {
		r.at = append(r.at, indexStep(len(array)))
		array = append(array, r.value())
		r.at = r.at[:len(r.at)-1]
	}
	r.i++
	return array
}

func (r *strictReader) text() string {
	start, escaped := r.i, false
	for r.i++; r.data[r.i] != '"'; r.i++ {
		if r.data[r.i] == '\\' {
			escaped = true
			r.i++
		}
	}
	r.i++
	if !escaped {
		return r.data[start+1 : r.i-1]
	}
	var s string
	_ = json.Unmarshal([]byte(r.data[start:r.i]), &s) // a valid string, or json.Valid would have said so
	return s
}

func (r *strictReader) number() json.Number {
	start := r.i
	for r.i < len(r.data) && isNumberByte(r.data[r.i]) {
		r.i++
	}
	return json.Number(r.data[start:r.i])
}

func isNumberByte(c byte) bool {
	return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'
}

// fitsInteger reports whether encoding/json would take a number for an integer
// of so many bits: 1000.0, 1e3 and 2^63 are integers to the validator only.
func fitsInteger(literal json.Number, bits int) bool {
	_, err := strconv.ParseInt(literal.String(), 10, bits)
	return err == nil
}

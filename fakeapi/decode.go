package fakeapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// maxQuoted bounds what a message repeats of a key.
	maxQuoted = 40
	// maxDepth bounds the cost of a check: that of a schema which holds itself
	// grows with the square of the depth.
	maxDepth = 500
)

// decodeJSON returns the one JSON value of body, with numbers as json.Number.
// It refuses what encoding/json mends or merges in silence: text that is not
// UTF-8, half a surrogate pair, a repeated key.
func decodeJSON(body []byte) (any, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, errors.New("the body is empty")
	}
	if !utf8.Valid(body) {
		return nil, errors.New("the body is not valid UTF-8")
	}
	if !json.Valid(body) {
		return nil, syntaxError(body)
	}
	if hasLoneSurrogate(body) {
		return nil, errors.New("the body has half a surrogate pair in a \\u escape")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	return decodeValue(dec, 0)
}

// syntaxError says where a body that is not one JSON value goes wrong.
func syntaxError(body []byte) error {
	var syntax *json.SyntaxError
	if err := json.Unmarshal(body, new(json.RawMessage)); errors.As(err, &syntax) {
		return fmt.Errorf("the body is not one JSON value: %w at byte %d", err, syntax.Offset)
	}
	return errors.New("the body is not one JSON value")
}

// decodeValue reads a value, depth levels down, of a document that is known to
// be well formed.
func decodeValue(dec *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("the body is nested more than %d levels deep", maxDepth)
	}
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('['):
		return decodeArray(dec, depth+1)
	case json.Delim('{'):
		return decodeObject(dec, depth+1)
	}
	return token, nil
}

func decodeArray(dec *json.Decoder, depth int) (any, error) {
	list := []any{}
	for dec.More() {
		value, err := decodeValue(dec, depth)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := dec.Token()
	return list, err
}

func decodeObject(dec *json.Decoder, depth int) (any, error) {
	object := make(map[string]any)
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string) // a key of well-formed JSON is nothing else
		if _, again := object[key]; again {
			return nil, fmt.Errorf("the key %s is repeated", quote(key))
		}
		if object[key], err = decodeValue(dec, depth); err != nil {
			return nil, err
		}
	}
	_, err := dec.Token()
	return object, err
}

// hasLoneSurrogate looks through the escapes of well-formed JSON. A decoder
// puts U+FFFD in the place of such a half, which makes an id another id.
func hasLoneSurrogate(body []byte) bool {
	for {
		at := bytes.IndexByte(body, '\\')
		if at < 0 {
			return false
		}
		escape := body[at:]
		first, ok := escapedRune(escape)
		switch {
		case !ok:
			body = escape[2:]
		case !utf16.IsSurrogate(first):
			body = escape[6:]
		default:
			second, _ := escapedRune(escape[6:])
			if utf16.DecodeRune(first, second) == utf8.RuneError {
				return true
			}
			body = escape[12:]
		}
	}
}

// escapedRune reads the \u escape that well-formed JSON begins with, if any.
func escapedRune(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}

// quote makes a key fit for a message of one short line.
func quote(key string) string { return strconv.Quote(shorten(key, maxQuoted)) }

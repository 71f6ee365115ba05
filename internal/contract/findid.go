package contract

import (
	"bytes"
	"encoding/json"
	"iter"
	"net/http"
	"strconv"
	"strings"
)

// FindID returns what [FindString] finds under names, without what is blank, or "". If anywhere
// is true and there is nothing at that place, it looks for the last of the names at any other:
// in a list, in an object that is the text of a string, or in what is no JSON because of a
// stray quote. Then the name has to be in double quotes, and its values have to be one and the same.
func FindID(data []byte, anywhere bool, names ...string) string {
	f := findIn(data, names)
	if anywhere && f.count == 0 {
		last := len(names) - 1
		f.addNamed(data, names[last])
		if text, ok := FindString(data, names[:last]...); ok {
			f.addNamed([]byte(text), names[last])
		}
		if literal, rest := literalOf(bytes.TrimSpace(data)); isQuoted(literal) && len(rest) == 0 {
			text, _ := decodeText(literal)
			f.addNamed([]byte(text), names[last])
		}
	}
	if f.ambiguous || strings.TrimSpace(f.value) == "" {
		return ""
	}
	return f.value
}

// addNamed adds each value that follows the name, be it the only one of a list.
func (f *findings) addNamed(data []byte, name string) {
	for value := range valuesOf(data, name) {
		list, isList := bytes.CutPrefix(value, []byte("["))
		literal, rest := literalOf(bytes.TrimLeft(list, whiteSpace))
		isNone := len(literal) == 0 && len(rest) > 0 // null, or an object
		switch text, ok := decodeValue(literal); {
		case isNone, ok && strings.TrimSpace(text) == "":
		case isList:
			f.add(text, ok && isQuoted(literal) && bytes.HasPrefix(bytes.TrimLeft(rest, whiteSpace), []byte("]")))
		default:
			f.add(text, ok && (isQuoted(literal) || len(rest) > 0)) // the end may have cut off a number
		}
	}
}

// decodeValue decodes a string, or returns a number as it is written.
func decodeValue(literal []byte) (text string, ok bool) {
	if isQuoted(literal) {
		return decodeText(literal)
	}
	return string(literal), json.Valid(literal)
}

func isQuoted(literal []byte) bool { return len(literal) > 1 && literal[0] == '"' }

const whiteSpace = " \t\r\n"

// valuesOf yields what follows the colon after each occurrence of a name in double quotes, in
// any case of its ASCII letters.
func valuesOf(data []byte, name string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		lower, quoted := lowerASCII(data), []byte(`"`+name+`"`)
		for i := bytes.Index(lower, quoted); i >= 0; i = bytes.Index(lower, quoted) {
			lower, data = lower[i+len(quoted):], data[i+len(quoted):]
			value, ok := bytes.CutPrefix(bytes.TrimLeft(data, whiteSpace), []byte(":"))
			if ok && !yield(bytes.TrimLeft(value, whiteSpace)) {
				return
			}
		}
	}
}

// literalOf cuts the string or number at the beginning of data, if it is one that ends.
func literalOf(data []byte) (literal, rest []byte) {
	i := 0
	for i < len(data) && isNumberByte(data[i]) {
		i++
	}
	if !bytes.HasPrefix(data, []byte(`"`)) {
		return data[:i], data[i:]
	}
	for i = 1; i < len(data) && data[i] != '"'; i++ {
		if data[i] == '\\' {
			i++
		}
	}
	if i >= len(data) {
		return nil, nil
	}
	return data[:i+1], data[i+1:]
}

// lowerASCII returns a copy of data, of the same length, with its ASCII letters in lower case.
func lowerASCII(data []byte) []byte {
	lower := bytes.Clone(data)
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return lower
}

// Names reports whether a name, given in lower case, is anywhere in data, in any case of its
// ASCII letters.
func Names(data []byte, name string) bool { return bytes.Contains(lowerASCII(data), []byte(name)) }

// MaySaySuccess reports whether a response with a status of refusal may say by its envelope that
// the request was carried out, in whatever notation. What is an envelope by the contract is
// taken at its word. Of other JSON each code counts, and of an object that is no
// JSON each number.
func (o *Operation) MaySaySuccess(resp *http.Response, body *Body, data []byte, success int) bool {
	if code, _, ok := body.Envelope(); ok || code == success || !o.HasEnvelope(resp, body) {
		return code == success && o.HasEnvelope(resp, body)
	}
	isObject := bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), whiteSpace), []byte("{"))
	return hasNumber(data, "code", success) || body.Err != nil && isObject && bytes.Contains(data, []byte(strconv.Itoa(success)))
}

// hasNumber reports whether the name has this number at any place of data, in any notation, be it
// in a string. Backslashes are left out, so that objects in the text of a string are seen as well.
func hasNumber(data []byte, name string, number int) bool {
	for value := range valuesOf(bytes.ReplaceAll(data, []byte(`\`), nil), name) {
		literal, _ := literalOf(bytes.TrimLeft(value, `" `))
		if f, err := strconv.ParseFloat(string(literal), 64); err == nil && f == float64(number) {
			return true
		}
	}
	return false
}

package form

import (
	"bytes"
	"encoding/json"
	"reflect"
	"unicode/utf8"
)

// setJSON takes a value of any other kind by what it is in JSON: a list becomes a part
// for each of its items, an object a part of its JSON, and a union what it holds. It
// says why that is not possible.
func (f *Field) setJSON(v reflect.Value) (reason string) {
	if !v.IsValid() {
		return "is null, which a form can't say"
	}
	data, err := json.Marshal(v.Interface())
	if err != nil {
		return "can't be encoded as JSON"
	}
	if !utf8.Valid(data) || isReplaced(v) {
		return "is not valid UTF-8"
	}
	if err := json.Unmarshal(data, &f.Value); err != nil {
		return "can't be encoded as JSON"
	}
	items, isList := f.Value.([]any)
	if !isList {
		f.Text, f.isJSON = textOf(data)
		f.Value = orText(f.Value, f.Text)
		return ""
	}
	var raw []json.RawMessage
	_ = json.Unmarshal(data, &raw) // it is a list
	f.items = make([]string, len(items))
	for i := range items {
		var isJSON bool
		f.items[i], isJSON = textOf(raw[i])
		f.isJSON = f.isJSON || isJSON
	}
	return ""
}

// isReplaced reports whether encoding/json replaces bytes of a text of v that are not
// UTF-8. What it writes in their place is not the same in all versions of Go. As v was
// encoded before, it does not lead to itself.
func isReplaced(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return !utf8.ValidString(v.String())
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && isReplaced(v.Elem())
	case reflect.Slice, reflect.Array:
		return v.Type().Elem().Kind() != reflect.Uint8 && hasReplaced(v)
	case reflect.Map:
		for key, value := range v.Seq2() {
			if isReplaced(key) || isReplaced(value) {
				return true
			}
		}
	case reflect.Struct:
		for field, value := range v.Fields() {
			if (field.IsExported() || field.Anonymous) && isReplaced(value) {
				return true
			}
		}
	}
	return false
}

func hasReplaced(list reflect.Value) bool {
	for i := range list.Len() {
		if isReplaced(list.Index(i)) {
			return true
		}
	}
	return false
}

// textOf returns what a part holds for a JSON value: a string without its quotes, a
// number or a boolean as it is, and an object or a list as JSON.
func textOf(data []byte) (text string, isJSON bool) {
	if json.Unmarshal(data, &text) == nil && string(data) != "null" {
		return text, false
	}
	data = bytes.TrimSpace(data)
	return string(data), data[0] == '{' || data[0] == '['
}

// orText makes null a text, as which it is sent.
func orText(value any, text string) any {
	if value == nil {
		return text
	}
	return value
}

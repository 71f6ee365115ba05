package contract

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestObject(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{`{}`: true, `{"a":1}`: true, `[]`: false, `null`: false, `{`: false, ``: false} {
		if object, ok := ReadJSON([]byte(text)).Object(); ok != want || ok != (object != nil) {
			t.Errorf("%s: %v, %t", text, object, ok)
		}
	}
}

func TestHasOtherCase(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`{"msg":1}`: false, `{"Msg":1}`: true, `{"msg":1,"MSG":2}`: true, `{"mſg":1}`: true, `{"msgs":1}`: false, `{}`: false,
	} {
		object, _ := ReadJSON([]byte(text)).Object()
		if got := HasOtherCase(object, "msg"); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}

// An error says what is wrong, and quotes at most one character.
func TestReadJSONErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text, want string
		offset     int64 // of the syntax error; 0 if it is none
	}{
		"nothing":     {"", "empty", 0},
		"white space": {" \n", "empty", 0},
		"not UTF-8":   {"\"\xff\"", "not valid UTF-8", 0},
		"word":        {"secret", "not one JSON value: invalid character 's' looking for beginning of value at byte 1", 1},
		"cut":         {`{"a":`, "not one JSON value: unexpected end of JSON input at byte 5", 5},
		"two values":  {`{}{}`, "not one JSON value: invalid character '{' after top-level value at byte 3", 3},
		"objects":     {"[" + strings.Repeat("{},", maxObjects) + "{}]", "too large to be read: it has more than 65536 objects", 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := ReadJSON([]byte(tt.text))
			if b.Err == nil || b.Err.Error() != tt.want || b.Value != nil || b.Size != len(tt.text) {
				t.Fatalf("%v, value %v, size %d", b.Err, b.Value, b.Size)
			}
			var syntax *json.SyntaxError
			if errors.Is(b.Err, ErrTooManyValues) != strings.HasPrefix(tt.want, "too large") {
				t.Errorf("ErrTooManyValues: %t", errors.Is(b.Err, ErrTooManyValues))
			}
			if errors.As(b.Err, &syntax) != (tt.offset > 0) || tt.offset > 0 && syntax.Offset != tt.offset {
				t.Errorf("%+v", syntax)
			}
		})
	}
}

// Braces in strings are no objects.
func TestReadJSONCountsObjects(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"as many as may be": "[" + strings.Repeat("{},", maxObjects-1) + "{}]",
		"in a string":       `["` + strings.Repeat("{", maxObjects+1) + `"]`,
		"after an escape":   `["\"` + strings.Repeat(`{\\\"`, maxObjects+1) + `"]`,
	} {
		if b := ReadJSON([]byte(text)); b.Err != nil {
			t.Errorf("%s: %v", name, b.Err)
		}
	}
}

// A caller may allow fewer values than the objects that are allowed anyway.
func TestReadJSONUpTo(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text      string
		maxValues int
		want      string // empty if it is read
	}{
		"as many as may be":  {`[1,[],{"a":"[,{\\\""}]`, 5, ""},
		"one more":           {`[1,[],{"a":"[,{"}]`, 4, "too large to be read: it has more than 4 values"},
		"none in a string":   {`"[[[[,,,,{{{{\"[[["`, 1, ""},
		"too many objects":   {"[" + strings.Repeat("{},", maxObjects) + "{}]", 1 << 20, "too large to be read: it has more than 65536 objects"},
		"too many, not JSON": {`[1,1,1,1`, 1, "not one JSON value: unexpected end of JSON input at byte 8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			b := ReadJSONUpTo([]byte(tt.text), tt.maxValues)
			if b.Err != nil {
				got = b.Err.Error()
			}
			if got != tt.want || errors.Is(b.Err, ErrTooManyValues) != strings.HasPrefix(tt.want, "too large") {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

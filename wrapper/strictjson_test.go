package wrapper

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadJSONAgreesWithEncodingJSON(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`null`, `true`, ` false `, `0`, `-0`, `1e3`, `1000.0`, `12345678901234567890`, `""`, `"a"`, `[]`, `{}`, "\t[ 1 , [ ] , { } ]\r\n",
		`{"a":{"b":[true,false,null,"c",-1.5e-7]},"":""}`,
		`"\"\\\/\b\f\n\r\t\u0041\ud83d\ude00\ud800"`, `{"\u0061":1}`, `"é漢😀"`, `{"a":"}","b":"]","c":"\\"}`,
		`[1,2,3,4,5,6,7,8,9,10]`,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got, repeats, err := readJSON([]byte(text))
			if err != nil || repeats != nil {
				t.Fatal(err, repeats)
			}
			var want any
			dec := json.NewDecoder(strings.NewReader(text))
			dec.UseNumber()
			if err := dec.Decode(&want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadJSONRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing": "", "white space": " \n", "two values": `{}{}`, "trailing bytes": `{}x`, "trailing comma": `[1,]`,
		"single quotes": `{'a':1}`, "comment": `{}//`, "NaN": `NaN`, "BOM": "\ufeff{}", "cut": `{"a":`, "bare word": `a`,
		"leading zero": `01`, "hex": `0x3e8`, "invalid UTF-8": "\"\xff\"", "invalid UTF-8 in a key": "{\"\xc3\":1}",
		"control character": "\"\x01\"", "UTF-16": "\xff\xfe{\x00}\x00", "too deep": strings.Repeat("[", 10001) + strings.Repeat("]", 10001),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if v, _, err := readJSON([]byte(text)); err == nil {
				t.Errorf("read as %v", v)
			}
		})
	}
}

func TestReadJSONNoticesRepeatedKeys(t *testing.T) {
	t.Parallel()
	tests := map[string][]Violation{
		`{"a":1,"b":2}`:                         nil,
		`{"a":1,"a":1}`:                         {{"/a", KeywordUniqueKeys}},
		`{"a":1,"\u0061":2}`:                    {{"/a", KeywordUniqueKeys}},
		`{"a":1,"A":2}`:                         nil,
		`{"a":{"b":{}},"a":{"c":{}}}`:           {{"/a", KeywordUniqueKeys}},
		`[{"a/b~":1},{"a/b~":1,"a/b~":2}]`:      {{"/1/a~1b~0", KeywordUniqueKeys}},
		`{"x":[{"a":1,"a":2,"a":3}]}`:           {{"/x/0/a", KeywordUniqueKeys}},
		`{"\ud800":1,"\ud801":2}`:               {{"/\ufffd", KeywordUniqueKeys}},
		`{"a":[1,2,{"":0}],"b":{"a":0},"c":{}}`: nil,
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			_, got, err := readJSON([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadJSONBoundsWhatItLists(t *testing.T) {
	t.Parallel()
	var body strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&body, `,"%d":0,"%d":0`, i, i)
	}
	_, repeats, err := readJSON([]byte("{" + body.String()[1:] + "}"))
	if err != nil || len(repeats) != MaxViolations {
		t.Errorf("%d repeats, %v", len(repeats), err)
	}
}

func TestFitsInteger(t *testing.T) {
	t.Parallel()
	for literal, want := range map[json.Number][2]bool{ // 32 and 64 bits
		"0": {true, true}, "-0": {true, true}, "1000": {true, true}, "2147483647": {true, true}, "2147483648": {false, true},
		"-2147483649": {false, true}, "9223372036854775807": {false, true}, "9223372036854775808": {false, false},
		"1000.0": {false, false}, "1e3": {false, false}, "1E3": {false, false}, "1e308": {false, false}, "": {false, false},
	} {
		if got := [2]bool{fitsInteger(literal, 32), fitsInteger(literal, 64)}; got != want {
			t.Errorf("%s: %v, want %v", literal, got, want)
		}
	}
}

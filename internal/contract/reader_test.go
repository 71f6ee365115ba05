package contract

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
			got := ReadJSON([]byte(text))
			if got.Err != nil || got.Repeats != nil || got.Size != len(text) {
				t.Fatalf("%+v", got)
			}
			var want any
			dec := json.NewDecoder(strings.NewReader(text))
			dec.UseNumber()
			if err := dec.Decode(&want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got.Value); diff != "" {
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
			if b := ReadJSON([]byte(text)); b.Err == nil || b.Value != nil {
				t.Errorf("read as %v", b.Value)
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
		`{"x":{"a":1,"a":2},"x":{"a":1,"a":2}}`: {{"/x/a", KeywordUniqueKeys}, {"/x", KeywordUniqueKeys}},
		`{` + strings.Repeat(`"a":1,`, 500) + strings.Repeat(`"b":1,`, 500) + `"c":1}`: {{"/a", KeywordUniqueKeys}, {"/b", KeywordUniqueKeys}},
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got := ReadJSON([]byte(text))
			if got.Err != nil {
				t.Fatal(got.Err)
			}
			if diff := cmp.Diff(want, got.Repeats); diff != "" {
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
	b := ReadJSON([]byte("{" + body.String()[1:] + "}"))
	if b.Err != nil || len(b.Repeats) != MaxViolations {
		t.Errorf("%d repeats, %v", len(b.Repeats), b.Err)
	}
}

// Half of a surrogate pair stands for no character. It is read as U+FFFD, which
// makes an ID another ID, and is noted with the place of its string.
func TestReadJSONNoticesHalvesOfSurrogatePairs(t *testing.T) {
	t.Parallel()
	tests := map[string][]Violation{
		`"\ud83d\ude00"`:                  nil,
		`"\uD83D\uDE00"`:                  nil,
		`"\ufffd"`:                        nil,
		`"\\ud83d"`:                       nil,
		`"\n\ud83d\ude00\\"`:              nil,
		`"\ud83d"`:                        {{"", KeywordJSON}},
		`"\ude00\ud83d"`:                  {{"", KeywordJSON}},
		`"\ud83d\ud83d\ude00"`:            {{"", KeywordJSON}},
		`"\ud83d\u0041"`:                  {{"", KeywordJSON}},
		`"\ud83d\nabcdefgh"`:              {{"", KeywordJSON}},
		`"\\\ud83dabcdefgh"`:              {{"", KeywordJSON}},
		`{"a":["x","\ud800","\udfff"]}`:   {{"/a/1", KeywordJSON}, {"/a/2", KeywordJSON}},
		`{"\ud800":1,"b":{"\ud800x":""}}`: {{"/\ufffd", KeywordJSON}, {"/b/\ufffdx", KeywordJSON}},
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got := ReadJSON([]byte(text))
			if got.Err != nil || got.Repeats != nil {
				t.Fatalf("%+v", got)
			}
			if diff := cmp.Diff(want, got.Surrogates); diff != "" {
				t.Error(diff)
			}
		})
	}
}

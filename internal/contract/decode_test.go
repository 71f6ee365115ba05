package contract

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type decodeColor int

type decodePart struct {
	Name   string        `json:"name"`
	Sizes  []int16       `json:"sizes,omitempty"`
	Rows   [][]string    `json:"rows"`
	Color  decodeColor   `json:"color,omitzero"`
	Colors []decodeColor `json:"colors"`
}

type decodeTarget struct {
	Code  int          `json:"code"`
	OK    bool         `json:"ok"`
	Small int8         `json:"small"`
	Part  decodePart   `json:"part"`
	Parts []decodePart `json:"parts"`
	Äpfel string       `json:"äpfel"`
	Local string       `json:"-"`
}

// Whatever is decoded is what encoding/json reads; whether it is decoded at all is known.
func TestDecode(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{}`: true, " {\n} ": true, `{"code":1000,"ok":true,"small":-128}`: true, `{"code":-0,"ok":false}`: true, `{"code":null,"ok":null,"part":null,"parts":null,"äpfel":null}`: true,
		`{"part":{"name":"a\n\u0026\/\"\u00e9é","sizes":[1,-2,3],"rows":[[],["a","b"],null],"color":7,"colors":[]}}`: true,
		`{"parts":[{"name":"a"},{"sizes":[1]},{},null,{"name":"e","rows":[["f"],[]]}],"äpfel":"😀"}`:                  true,
		`{"x":{"code":1,"y":[1.5,{"z":"\n"}]},"code":2,"äpfeln":"x"}`:                                                true,
		`{"small":128}`: false, `{"code":1.5}`: false, `{"code":1e3}`: false, `{"code":"1"}`: false, `{"ok":1}`: false, `{"part":[]}`: false, `{"parts":{}}`: false, `{"part":{"name":1}}`: false,
		`{"Code":1}`: false, `{"ÄPFEL":"x"}`: false, `{"c\u006fde":1}`: false, `{"part":{"name":"\ud83d\ude00"}}`: false, `{"":1}`: false, `{"parts":[1]}`: false,
		`{"code":1`: false, `{"code":}`: false, `{"parts":[{}`: false, `{"parts":[{} {}]}`: false, `{"code" 1}`: false, `{"ok":tru}`: false, `{"part":nul}`: false, ``: false, `[`: false, `null`: true,
		`{"part":{"name":"a}}`: false, `{"code":1,}`: false, `{"x":tru}`: false, `{"code":-}`: false, `{"parts":[,]}`: false,
	} {
		var got, plain decodeTarget
		if ok := Decode([]byte(body), &got); ok != want {
			t.Errorf("%s: %t", body, ok)
			continue
		}
		if err := json.Unmarshal([]byte(body), &plain); want && (err != nil || !reflect.DeepEqual(got, plain)) {
			t.Errorf("%s: %v; %s", body, err, cmp.Diff(plain, got))
		}
	}
}

// A slice grows as often as it has to, and holds nothing else.
func TestDecodeLongLists(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, firstItems, firstItems + 1, 1000} {
		var got, plain decodeTarget
		body := []byte(`{"parts":[` + strings.Repeat(`{"name":"a","sizes":[7,8]},`, n-1) + `{"rows":[["b"]]}]}`)
		if err := json.Unmarshal(body, &plain); err != nil || !Decode(body, &got) || !reflect.DeepEqual(got, plain) {
			t.Errorf("%d: %v; %s", n, err, cmp.Diff(plain, got))
		}
	}
}

type (
	ownJSON struct {
		S string `json:"s"`
	}
	ownText struct {
		S string `json:"s"`
	}
	ownTokens struct {
		S string `json:"s"`
	}
	recursive struct {
		List []recursive `json:"list"`
	}
	hidden struct{ s string }
)

func (*ownJSON) UnmarshalJSON([]byte) error         { return nil }
func (*ownText) UnmarshalText([]byte) error         { return nil }
func (*ownTokens) UnmarshalJSONFrom(struct{}) error { return nil }

// Types that encoding/json reads in a way of its own are left to it.
func TestDecodeLeavesTypes(t *testing.T) {
	t.Parallel()
	for _, target := range []any{
		new(any), new(map[string]string), new(*string), new(float64), new(uint), new([]byte), new([2]int), new([]any), new(time.Time), new(json.RawMessage),
		new(ownJSON), new(ownText), new(ownTokens), new([]ownJSON), new(recursive), new(hidden), new(struct{ decodePart }),
	} {
		if Decode([]byte("null"), target) {
			t.Errorf("%T: is decoded", target)
		}
	}
	_ = hidden{}.s
}

// So are structs with tags that a generator does not write.
func TestDecodeLeavesTags(t *testing.T) {
	t.Parallel()
	text := reflect.TypeFor[string]()
	for tags, want := range map[string]bool{
		`json:"a"`: true, `json:"a,omitempty"`: true, `json:"a,omitzero"`: true, `json:"a" yaml:"b"`: true, `json:"-"`: true, `json:"a"|json:"A"`: true,
		``: false, `json:""`: false, `json:",omitempty"`: false, `json:"a,string"`: false, `json:"-,"`: true, `json:"a'b"`: false, `json:"a\\b"`: false, `json:"a"|json:"a"`: false,
	} {
		var fields []reflect.StructField
		for i, tag := range strings.Split(tags, "|") {
			fields = append(fields, reflect.StructField{Name: string(rune('A' + i)), Type: text, Tag: reflect.StructTag(tag)})
		}
		got, plain := reflect.New(reflect.StructOf(fields)), reflect.New(reflect.StructOf(fields))
		body := []byte(`{"-":"x","a":"y"}`)
		if ok := Decode(body, got.Interface()); ok != want {
			t.Errorf("%s: %t", tags, ok)
		} else if err := json.Unmarshal(body, plain.Interface()); ok && (err != nil || !reflect.DeepEqual(got.Interface(), plain.Interface())) {
			t.Errorf("%s: %v, want %v: %v", tags, got.Elem(), plain.Elem(), err)
		}
	}
}

func TestDecodeAllocatesWhatItReturns(t *testing.T) {
	body := []byte(`{"code":1,"ok":true,"part":{"name":"abc","sizes":[1,2]},"x":[1,2,{"y":null}]}`)
	if n := testing.AllocsPerRun(100, func() {
		var target decodeTarget
		if !Decode(body, &target) {
			t.Fatal("is not decoded")
		}
	}); n > 3 { // the struct, the name and the sizes
		t.Errorf("%v allocations", n)
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"code":1,"ok":true,"small":-1,"part":{"name":"\u0061","sizes":[1],"rows":[["a"],[]]},"parts":[{"colors":[1]}]}`, `{"äpfel":"\/","x":[{}]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var got, plain decodeTarget
		if !Decode(body, &got) || ReadJSON(body).Err != nil || len(ReadJSON(body).Repeats) > 0 {
			return
		}
		if err := json.Unmarshal(body, &plain); err != nil || !reflect.DeepEqual(got, plain) {
			t.Errorf("%s: %v; %s", body, err, cmp.Diff(plain, got))
		}
	})
}

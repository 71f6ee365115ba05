package contract

import (
	"encoding/json"
	"strings"
	"testing"
)

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

// A check that would cost too much is not begun: the cost of the validator grows
// with the square of the depth, and unions double it at each level.
func TestDepthIsBounded(t *testing.T) {
	t.Parallel()
	image := parseText(t, grown).Operation("getImage")
	chain := func(key string, depth int) string {
		return `{"size":1,"chain":` + strings.Repeat(`{"`+key+`":`, depth-1) + "{}" + strings.Repeat("}", depth-1) + "}"
	}
	arrays := func(field string, depth int) string {
		return `{"size":1,"` + field + `":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + "}"
	}
	long := strings.Repeat("k", 300)
	tests := map[string]struct{ body, want string }{
		"at the limit":             {chain("next", maxDepth), ""},
		"beyond the limit":         {chain("next", maxDepth+1), Pointer(append([]string{"chain"}, nexts(maxDepth)...)...) + ": depth"},
		"far beyond":               {chain("next", 9000), Pointer(append([]string{"chain"}, nexts(maxDepth)...)...) + ": depth"},
		"short with long keys":     {chain(long, 50), ""},
		"deep with long keys":      {chain(long, maxDepth), Pointer("chain", long, long) + ": depth"},
		"one key of a megabyte":    {chain(strings.Repeat("k", 1<<20), 2), ""},
		"a union, shallow":         {arrays("any", 10), ""},
		"a union, deep":            {arrays("any", 40), Pointer(append([]string{"any"}, zeros(15)...)...) + ": depth"},
		"not described":            {arrays("other", 9990), ""},
		"not described by a union": {`{"size":1,"either":{"x":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}}`, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := check(t, image, tt.body); got != tt.want {
				t.Errorf("%.200q, want %.200q", got, tt.want)
			}
		})
	}
}

func nexts(n int) []string { return strings.Split(strings.Repeat("next,", n-1)+"next", ",") }
func zeros(n int) []string { return strings.Split(strings.Repeat("0,", n-1)+"0", ",") }

// A key folds to that of a property exactly if encoding/json would take it for the
// property.
func TestFoldKey(t *testing.T) {
	t.Parallel()
	keys := []string{"", "code", "Code", "CODE", "cod", "msg", "mſg", "MSG", "k", "K", "\u212a", "ß", "ẞ", "ss", "σ", "ς", "Σ", "i", "I", "İ", "ı", "图", "a_b", "A_B"}
	for _, a := range keys {
		for _, b := range keys {
			if got, want := foldKey(a) == foldKey(b), strings.EqualFold(a, b); got != want {
				t.Errorf("%q and %q: %t, want %t", a, b, got, want)
			}
		}
	}
}

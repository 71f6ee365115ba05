package form

import "testing"

func TestPair(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"16:9": true, "1:4294967295": true, "1:4294967296": false, "0:1": false, "01:1": false, "1:": false, ":1": false, "1": false,
		"1:2:3": false, "-1:1": false, "+1:1": false, " 1:1": false, "1.0:1": false, "": false, "1x2": false, "1_0:1": false,
	} {
		if _, _, ok := Pair(s, ":"); ok != want {
			t.Errorf("%q: %t", s, ok)
		}
	}
	if a, b, _ := Pair("1024x768", "x"); a != 1024 || b != 768 {
		t.Errorf("got %d and %d", a, b)
	}
}

package main

import "testing"

func TestMeasure(t *testing.T) {
	use, err := measure()
	if err != nil {
		t.Fatal(err)
	}
	if use.NewClient <= 0 || use.Call <= 0 {
		t.Errorf("got %+v, want times", use)
	}
}

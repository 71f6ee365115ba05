package fakeapi

import (
	"math"
	"testing"
)

func TestQueue(t *testing.T) {
	t.Parallel()
	var q queue[string]
	q.push(0, "none")
	q.push(-1, "none")
	q.push(2, "a")
	q.push(1, "b")
	for i, want := range []string{"a", "a", "b", "else", "else"} {
		if got := q.next("else"); got != want {
			t.Errorf("value %d is %q, want %q", i, got, want)
		}
	}
	q.push(math.MaxInt, "many")
	for range 1000 {
		if q.next("else") != "many" || len(q) != 1 {
			t.Fatal("a long run ended, or takes space")
		}
	}
}

package contract

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestPointer(t *testing.T) {
	t.Parallel()
	tests := map[string]path{
		"":             nil,
		"/data/status": {keyStep("data"), keyStep("status")},
		"/url/0":       {keyStep("url"), indexStep(0)},
		"/~0~1/":       {keyStep("~/"), keyStep("")},
		"/10":          {keyStep("10")},
	}
	for want, p := range tests {
		if got := p.pointer(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := Pointer("taskids", "a/b~"); got != "/taskids/a~1b~0" || got != "/taskids/"+EscapeToken("a/b~") {
		t.Errorf("joined to %q", got)
	}
}

func TestPointersAreBounded(t *testing.T) {
	t.Parallel()
	var deep path
	for range 10000 {
		deep = append(deep, keyStep("a"))
	}
	long := path{keyStep("a"), keyStep(strings.Repeat("x", 1<<20))}
	for _, p := range []path{deep, long} {
		if got := p.pointer(); len(got) > maxPointer+8 || !strings.HasSuffix(got, "/…") || !strings.HasPrefix(got, "/a/") {
			t.Errorf("%d bytes: %.40s", len(got), got)
		}
	}
	if got := Pointer(slices.Repeat([]string{"~"}, 1000)...); len(got) > 2*maxPointer || !strings.HasSuffix(got, "…") {
		t.Errorf("%d bytes when escaped", len(got))
	}
}

func TestViolationListCountsAttempts(t *testing.T) {
	t.Parallel()
	var same, other violationList
	for i := range 1000 {
		same.add(nil, KeywordJSON)
		other.add(path{keyStep(fmt.Sprint(i))}, KeywordJSON)
	}
	if len(same.found) != 1 || same.attempts != MaxViolations || len(other.found) != MaxViolations {
		t.Errorf("%d of the same after %d attempts, %d others", len(same.found), same.attempts, len(other.found))
	}
}

func TestOrdered(t *testing.T) {
	t.Parallel()
	got := ordered([]Violation{{"/b", "type"}, {"/a", "type"}, {"/b", "enum"}, {"/a", "type"}})
	if list(got) != "/a: type, /b: enum, /b: type" {
		t.Errorf("got %v", got)
	}
	if n := len(ordered(slices.Concat(numbered(0, 80), numbered(0, 80)))); n != MaxViolations {
		t.Errorf("%d violations", n)
	}
}

func numbered(from, to int) []Violation {
	var all []Violation
	for i := from; i < to; i++ {
		all = append(all, Violation{fmt.Sprintf("/%03d", i), "type"})
	}
	return all
}

package wrapper

import (
	"strings"
	"testing"
)

func TestPathPointer(t *testing.T) {
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
}

func TestPointersAreBounded(t *testing.T) {
	t.Parallel()
	var deep path
	for range 10000 {
		deep = append(deep, keyStep("a"))
	}
	long := path{keyStep("a"), keyStep(strings.Repeat("x", 1<<20))}
	for _, p := range []path{deep, long} {
		if got := p.pointer(); len(got) > maxPointer+8 || !strings.HasSuffix(got, "…") || !strings.HasPrefix(got, "/a/") {
			t.Errorf("%d bytes: %.40s", len(got), got)
		}
	}
}

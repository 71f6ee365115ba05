package batch

import (
	"errors"
	"testing"
)

func TestTemplate(t *testing.T) {
	t.Parallel()
	r := Result{Key: "a/b", TaskID: "t-1", Model: "zimage"}
	for text, want := range map[string]string{
		"{task}-{n}{ext}": "t-1-2.png", "{model}/{key}{ext}": "zimage/a%2Fb.png", "{key}": "a%2Fb",
	} {
		names, err := ParseTemplate(text)
		if got := names.Name(r, 2, ".png"); err != nil || got != want {
			t.Errorf("%s: %s, %v", text, got, err)
		}
		for _, field := range templateFields {
			if names.Has(field) != names.t.has(field) {
				t.Errorf("%s: %s", text, field)
			}
		}
	}
	for _, text := range []string{"", "{n}{ext}", "{key", "{nothing}{key}", "../{key}", "/{key}", "{key}/"} {
		if _, err := ParseTemplate(text); !errors.Is(err, ErrTemplate) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

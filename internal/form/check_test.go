package form

import (
	"errors"
	"testing"
)

// The rest of the table is in the wrapper's tests, where the contract is.
func TestCheckNamesTheField(t *testing.T) {
	t.Parallel()
	text := func(name, text string) Field { return Field{Name: name, Text: text, Value: text} }
	prompt := text("prompt", "p")
	for want, list := range map[string]Fields{
		"/prompt is blank":         {text("prompt", " \u3000"), text("seed", "\xff")},
		"/a~1b is not valid UTF-8": {prompt, text("a/b", "\xff")},
		"/resolution is neither a ratio W:H, nor a level such as 2K, nor a size WxH": {prompt, text("resolution", "8k")},
		"/imageUrl is not an absolute http or https URL":                             {prompt, text("imageUrl", "https://h:65536/")},
		"/imageUrl holds white space or a control character":                         {prompt, text("imageUrl", "https://h/\u0085")},
		"/imageUrl can't be sent together with files in sourceImage":                 {prompt, text("imageUrl", "https://h/"), {Name: "sourceImage", Files: []File{file("a", png)}}},
		"": {prompt, text("resolution", "2K"), text("imageUrl", "https://h:1/"), {Name: "sourceImage"}},
	} {
		err := list.Check(nil, open)
		var field *FieldError
		if want == "" && err != nil || want != "" && (!errors.As(err, &field) || err.Error() != want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

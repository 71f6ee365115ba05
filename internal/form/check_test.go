package form

import (
	"errors"
	"testing"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/internal/contract"
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

// operation is one with a form of these properties.
func operation(t *testing.T, schema string) *contract.Operation {
	t.Helper()
	document, err := contract.Parse([]byte(`{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"post": {"operationId": "send",
		"requestBody": {"content": {"multipart/form-data": {"schema": {"type": "object", ` + schema + `}}}}, "responses": {"200": {"description": "OK"}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return document.Operation("send")
}

// wholeForm requires a field of each kind.
const wholeForm = `"required": ["prompt", "fast", "mask", "crop", "made"], "additionalProperties": false, "properties": {
		"prompt": {"type": "string"}, "fast": {"type": "boolean"}, "mask": {"type": "string", "format": "binary"}, "made": {"type": "string", "readOnly": true},
		"sourceImage": {"type": "array", "maxItems": 2, "items": {"type": "string", "format": "binary"}},
		"crop": {"type": "object", "required": ["width"], "properties": {"width": {"type": "integer", "minimum": 1}}},
		"tags": {"type": "array", "maxItems": 2, "items": {"type": "string", "maxLength": 3}}, "sizes": {"type": "array", "items": {"type": "integer"}}}`

// wholeRequest is the struct of that form.
type wholeRequest struct {
	Prompt      string       `json:"prompt"`
	Fast        *bool        `json:"fast"`
	Mask        *types.File  `json:"mask"`
	Crop        any          `json:"crop,omitempty"`
	Tags        []string     `json:"tags,omitempty"`
	Sizes       []any        `json:"sizes,omitempty"`
	SourceImage []types.File `json:"sourceImage,omitempty"`
	Other       *int         `json:"other,omitempty"`
}

// What the contract requires of a form as a whole is checked, whatever the kinds of
// its fields.
func TestCheckAppliesTheSchemaOfTheForm(t *testing.T) {
	t.Parallel()
	mask := file("m", png)
	op, whole := operation(t, wholeForm), wholeRequest{Prompt: "p", Fast: new(false), Mask: &mask, Crop: map[string]int{"width": 1}}
	for name, tt := range map[string]struct {
		edit func(r *wholeRequest)
		want string
	}{
		"all that is required": {func(*wholeRequest) {}, ""},
		"everything": {func(r *wholeRequest) {
			r.Tags, r.Sizes, r.SourceImage = []string{"a", ""}, []any{0, 1}, []types.File{mask, mask}
		}, ""},
		"no boolean":           {func(r *wholeRequest) { r.Fast = nil }, "/fast is required by the contract"},
		"no file":              {func(r *wholeRequest) { r.Mask = nil }, "/mask is required by the contract"},
		"no object":            {func(r *wholeRequest) { r.Crop = nil }, "/crop is required by the contract"},
		"an incomplete object": {func(r *wholeRequest) { r.Crop = map[string]int{} }, "/crop is not what the contract allows"},
		"a wrong object":       {func(r *wholeRequest) { r.Crop = map[string]int{"width": 0} }, "/crop is not what the contract allows"},
		"too many texts":       {func(r *wholeRequest) { r.Tags = []string{"a", "b", "c"} }, "/tags is not what the contract allows"},
		"a long text":          {func(r *wholeRequest) { r.Tags = []string{"abcd"} }, "/tags is not what the contract allows"},
		"a text that is none":  {func(r *wholeRequest) { r.Tags = []string{"a", "\xff"} }, "/tags is not valid UTF-8"},
		"a wrong number":       {func(r *wholeRequest) { r.Sizes = []any{0.5} }, "/sizes is not what the contract allows"},
		"too many files":       {func(r *wholeRequest) { r.SourceImage = []types.File{mask, mask, mask} }, "/sourceImage is not what the contract allows (maxItems)"},
		"an unknown field":     {func(r *wholeRequest) { r.Other = new(0) }, "is not what the contract allows (properties)"},
	} {
		r := whole
		tt.edit(&r)
		list, err := FieldsOf(r)
		if err == nil {
			err = list.Check(op, nil)
		}
		var e *FieldError
		if tt.want == "" && err != nil || tt.want != "" && (!errors.As(err, &e) || err.Error() != tt.want) {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
	}
}

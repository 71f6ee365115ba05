package codegen

import (
	"context"
	"strings"
	"testing"
)

// A list of values leaves a plain type, and is told in the description.
func TestWordsStayPlain(t *testing.T) {
	t.Parallel()
	schemas := schemasOf(t, `"Response": {"type": "object", "properties": {
		"status": {"type": "string", "description": "How it ended", "enum": ["Success", "Failed"]},
		"code": {"type": "integer", "enum": [1000, 9999]}, "enum": {"type": "string", "default": "a", "example": {"enum": [1]}},
		"list": {"type": "array", "items": {"$ref": "#/components/schemas/Word"}}}}, "Word": {"type": "string", "enum": ["\"", null]}`)
	for path, want := range map[string]any{
		"Response/properties/status/enum": nil, "Response/properties/status/description": "How it ended\n\nOne of: \"Success\", \"Failed\"",
		"Response/properties/code/description": "One of: 1000, 9999", "Response/properties/enum/type": "string",
		"Word/enum": nil, "Word/description": `One of: "\"", null`,
	} {
		if got := at(t, schemas, path); got != want {
			t.Errorf("%s: %v; want %v", path, got, want)
		}
	}
	if got := at(t, schemas, "Response/properties/enum/example/enum"); got == nil {
		t.Error("an example is not kept")
	}
}

// Whatever becomes a list of values, in place or by reference, the types of fields and
// the names of constants stay as they are.
func TestListsOfValuesChangeNoTypes(t *testing.T) {
	t.Parallel()
	before := generated(t)["generated/"+client]
	for _, edit := range [][2]string{
		{`"description": "Deletion status: Success or Failed"`, `"enum": ["Success", "Failed"], "description": "Deletion status: Success or Failed"`},
		{`"description": "Deletion status: Success or Failed"`, `"enum": ["0", "1"], "description": "Deletion status: Success or Failed"`},
		{`"DeleteImagesTaskData": {`, `"Unrelated": {"type": "string", "enum": ["1", "2", "Queued"]}, "DeleteImagesTaskData": {`},
	} {
		inputs := moduleInputs(t)
		inputs[Contract] = []byte(contract(t, edit[0], edit[1]))
		output, err := Generate(context.Background(), inputs)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := declarations(output["generated/"+client]), declarations(before); got != want {
			t.Errorf("%s: the code has\n%s\nwant\n%s", edit[1], got, want)
		}
	}
}

// declarations returns the lines of code that are no comments.
func declarations(code []byte) string {
	var lines []string
	for line := range strings.Lines(string(code)) {
		if line := strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			lines = append(lines, strings.Join(strings.Fields(line), " "))
		}
	}
	return strings.Join(lines, "\n")
}

package contract

import "testing"

const formDocument = `{
  "openapi": "3.0.3", "info": {"title": "t", "version": "1"},
  "paths": {"/v1/make": {"post": {"operationId": "make",
    "requestBody": {"content": {"multipart/form-data": {"schema": {"type": "object", "properties": {
      "count": {"type": "integer", "minimum": 1, "maximum": 15},
      "ratio": {"type": "string", "enum": ["1:1", "2:3"]},
      "name": {"type": "string", "maxLength": 3}}}}}},
    "responses": {"200": {"description": "ok"}}}}}
}`

func TestCheckField(t *testing.T) {
	t.Parallel()
	d, err := Parse([]byte(formDocument))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		field string
		value any
		want  string
	}{
		{"count", 1.0, ""}, {"count", 15.0, ""}, {"count", 16.0, "is not between 1 and 15"}, {"count", "1", "is not between 1 and 15"},
		{"ratio", "2:3", ""}, {"ratio", "3:2", "is none of 1:1 2:3"},
		{"name", "abc", ""}, {"name", "abcd", "is not what the contract allows"},
		{"another", "anything", ""},
	}
	for _, tt := range tests {
		if got := d.Operation("make").CheckField(tt.field, tt.value); got != tt.want {
			t.Errorf("%s %v: %q, want %q", tt.field, tt.value, got, tt.want)
		}
	}
	if got := d.Operation("none").CheckField("count", 16.0); got != "" {
		t.Errorf("no operation: %q", got)
	}
}

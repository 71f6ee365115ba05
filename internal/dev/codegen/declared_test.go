package codegen

import (
	"fmt"
	"strings"
	"testing"
)

// An operation or a schema whose Go name is missing or taken is refused in one line, and
// the overlay actions of the errors lead to code that compiles.
func TestDeclaredNamesAreRefusedWithTheActionThatHelps(t *testing.T) {
	t.Parallel()
	const operation = `{"post": {"operationId": %q, "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {"p": {"type": "string"}}}}}},
		"responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/%s"}}}}}}}`
	for name, tt := range map[string]struct {
		ids    []string
		schema string
		want   string
	}{
		"two operations":       {[]string{"get-a", "get_a"}, "S", `the operation "get_a" gets the Go name GetA, which the operation "get-a" has; give it another in `},
		"three operations":     {[]string{"get-a", "get_a", "getA"}, "S", `the operation "getA" gets the Go name GetA, which the operation "get-a" has`},
		"a method beside":      {[]string{"get", "getWithBody"}, "S", `the operation "getWithBody" gets the Go name GetWithBody, which the operation "get" has`},
		"a field of clients":   {[]string{"client"}, "S", `the operation "client" gets the Go name Client, which the generated code itself has`},
		"the server":           {[]string{"get"}, "ServerURL", `the schema "ServerURL" gets the Go name ServerURL, which the generated code itself has`},
		"a type of the client": {[]string{"get"}, "RequestEditorFn", `the schema "RequestEditorFn" gets the Go name RequestEditorFn, which the generated code itself has`},
		"the client":           {[]string{"get"}, "Client", `the schema "Client" gets the Go name Client, which the generated code itself has`},
		"no letters":           {[]string{"进度"}, "S", `no Go name can be made of the operation "进度"; give it one in `},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var paths []string
			for i, id := range tt.ids {
				paths = append(paths, fmt.Sprintf(`"/p%d": `+operation, i, id, tt.schema))
			}
			inputs := moduleInputs(t)
			inputs[Contract] = fmt.Appendf(nil, `{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "servers": [{"url": "https://api.example.com"}], "paths": {%s},
				"components": {"schemas": {%q: {"type": "object", "properties": {"a": {"type": "string"}, "s": {"$ref": "#/components/schemas/%s"}}}}}}`, strings.Join(paths, ", "), tt.schema, tt.schema)
			err := generateUntilAccepted(t, inputs)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("%v; want %q in it", err, tt.want)
			}
			oneLine(t, err)
			if _, err := Generate(t.Context(), inputs); err != nil {
				t.Errorf("with the actions: %v", err)
			}
		})
	}
}

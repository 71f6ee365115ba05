package codegen

import (
	"strings"
	"testing"
)

func TestCheckCodec(t *testing.T) {
	t.Parallel()
	const importRuntime = "import \"github.com/oapi-codegen/runtime\"\n"
	tests := []struct{ name, code, want string }{
		{"encoding/json", "import \"encoding/json\"\nvar _ = json.Unmarshal\n", ""},
		{"parameters", importRuntime + "var _ = runtime.StyleParamWithOptions\n", ""},
		{"merging", importRuntime + "var _ = runtime.JSONMerge\n", ""},
		{"types", "import openapi_types \"github.com/oapi-codegen/runtime/types\"\ntype F = openapi_types.File\n", ""},
		{"a method of that name", importRuntime + "var _ = response.JSONUnmarshal\n", ""},
		{"another package", "import \"runtime\"\nvar _ = runtime.JSONUnmarshal\n", ""},
		{"not Go", "func {\n", ""},
		{"decoding a body", importRuntime + "var _ = runtime.JSONUnmarshalRead(body, &dest)\n", "runtime.JSONUnmarshalRead"},
		{"decoding bytes", importRuntime + "func f() { if true { err = runtime.JSONUnmarshal(b, &v) } }\n", "runtime.JSONUnmarshal"},
		{"encoding", importRuntime + "var _ = runtime.JSONMarshal\n", "runtime.JSONMarshal"},
		{"binding", importRuntime + "var _ = runtime.BindJSONBody\n", "runtime.BindJSONBody"},
		{"replacing", importRuntime + "func init() { runtime.SetJSONCodec(nil) }\n", "runtime.SetJSONCodec"},
		{"another name", "import oapi \"github.com/oapi-codegen/runtime\"\nvar _ = oapi.JSONUnmarshal\n", "runtime.JSONUnmarshal"},
		{"no name", "import . \"github.com/oapi-codegen/runtime\"\nvar _ = JSONUnmarshal\n", "dot import"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := checkCodec(Files{"generated/a.go": []byte("package generated\n\n" + tt.code), "generated/b.txt": nil})
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			oneLine(t, err)
			for _, part := range []string{"generated/a.go", tt.want, "encoding/json"} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the message lacks %q: %v", part, err)
				}
			}
		})
	}
}

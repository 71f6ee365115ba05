package codegen

import (
	"net"
	"strings"
	"testing"
	"time"
)

func TestValidateAccepts(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"the contract":            contract(t),
		"two operations":          string(withSecondOperation(t)),
		"a key in the query":      contract(t, `"in": "header"`, `"in": "query"`),
		"a key in another header": contract(t, `"name": "Authorization"`, `"name": "X-API-Key"`),
		"a bearer token":          contract(t, `"type": "apiKey"`, `"type": "http", "scheme": "bearer"`, `"in": "header",`, "", `"name": "Authorization",`, ""),
		"another server":          contract(t, "https://api.tensorslab.com", "https://images.example.com/v2/"),
		"a key twice, not in one": contract(t, `"security": [],`, `"x-a": {"k": 1}, "x-b": [{"k": 1}, {"k": 2}],`),
		"a later 3.0.x":           contract(t, "3.0.3", "3.0.4"),
		"byte order mark":         "\ufeff" + contract(t),
		"examples in a schema":    contract(t, `"type": "integer",`, `"type": "integer", "examples": {"a": 1},`),
		"unknown keys":            contract(t, `"type": "integer",`, `"type": "integer", "$comment": "x", "foo": {"bar": 1},`),
		"a lookahead":             contract(t, `"description": "Deletion status: Success or Failed"`, `"pattern": "^(?!a)"`),
		"a tab before a text":     contract(t, `"description": "Deletion status: Success or Failed"`, `"description": "\tx\ny"`),
		"a wrong example":         contract(t, `"type": "integer",`, `"type": "integer", "example": "x",`),
		"a time as the service prints it": contract(t, `"description": "Deletion status: Success or Failed"`,
			`"format": "date-time", "example": "2026-01-30 12:00:00"`),
		"without white space": strings.ReplaceAll(contract(t), "\n", ""),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := Validate([]byte(text)); err != nil {
				t.Error(err)
			}
		})
	}
}

type invalidContract struct{ name, contract, want string }

func invalidContracts(t *testing.T) []invalidContract {
	t.Helper()
	whole := contract(t)
	const noPaths = `{"openapi": "3.0.3", "info": {"title": "a", "version": "1"}}`
	return []invalidContract{
		{"empty", "", "it is empty"},
		{"truncated", whole[:len(whole)/2], "unexpected end of JSON input"},
		{"YAML", "openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths: {}\n", "it is YAML: convert it to JSON"},
		{"HTML", "<!DOCTYPE html>\n<html></html>\n", "line 1: invalid character '<'"},
		{"error in line 3", "{\n\"a\": 1,\n\"b\": x\n}", "line 3: invalid character 'x'"},
		{"bytes after the document", whole + "{}", "invalid character '{' after top-level value"},
		{"YAML with a comment", "# x\n---\nopenapi: 3.0.3\n", "it is YAML: convert it to JSON"},
		{"two byte order marks", "\ufeff\ufeff" + whole, "line 1: invalid character"},
		{"UTF-16", "\xff\xfe{\x00}\x00", "not valid UTF-8"},
		{"null", "null", "not a JSON object"},
		{"array", "[]", "not a JSON object"},
		{"string", `"openapi"`, "not a JSON object"},
		{"not OpenAPI", `{"name": "x"}`, "it has no openapi field"},
		{"version 2.0", `{"swagger": "2.0", "info": {"title": "a", "version": "1"}, "paths": {}}`, `it is Swagger "2.0"`},
		{"version 2.0 by another name", strings.Replace(whole, "3.0.3", "2.0", 1), `openapi is "2.0", which is not a version of OpenAPI 3.0`},
		{"version 30", strings.Replace(whole, "3.0.3", "30.0", 1), `openapi is "30.0", which is not`},
		{"version 3.1", strings.Replace(whole, "3.0.3", "3.1.0", 1), `it is OpenAPI "3.1.0"; only 3.0 can be checked`},
		{"version 3.2", strings.Replace(whole, "3.0.3", "3.2.0", 1), `it is OpenAPI "3.2.0"; only 3.0 can be checked`},
		{"version in numbers", strings.Replace(whole, `"3.0.3"`, "3.0", 1), "openapi is the number 3.0"},
		{"const", contract(t, `"type": "integer",`, `"type": "integer", "const": 1000,`), "const is for OpenAPI >=3.1"},
		{"a query in a path", strings.Replace(whole, "/v1/images/deleteimagestask", "/v1/delete?x=1", 1), `the path "/v1/delete?x=1" has a query`},
		{"no paths", noPaths, "invalid paths"},
		{"no operation", strings.TrimSuffix(noPaths, "}") + `, "paths": {}}`, "it has no operation"},
		{"path without operation", strings.TrimSuffix(noPaths, "}") + `, "paths": {"/a": {}}}`, "it has no operation"},
		{"no title", contract(t, `"title": "Images Service API",`, ""), "title"},
		{"dangling reference", contract(t, "#/components/schemas/ErrorResponse", "#/components/schemas/None"), `"None"`},
		{"reference to a file", contract(t, "#/components/schemas/ErrorResponse", "openapi.json#/components/schemas/ErrorResponse"), "disallowed external reference"},
		{"operationId twice", strings.Replace(string(withSecondOperation(t)), "deleteImagesTaskAgain", "deleteImagesTask", 1), `same operation id "deleteImagesTask"`},
		{"path twice", strings.Replace(string(withSecondOperation(t)), "/v1/again", "/v1/images/deleteimagestask", 1), `repeats the key "/paths/~1v1~1images~1deleteimagestask"`},
		{"key twice in a list", contract(t, `"ApiKeyAuth": []`, `"ApiKeyAuth": [], "ApiKeyAuth": []`), `repeats the key "/paths/~1v1~1images~1deleteimagestask/post/security/0/ApiKeyAuth"`},
		{"unknown type", contract(t, `"type": "integer"`, `"type": "int"`), `"int"`},
		{"text for a truth value", contract(t, `"required": true`, `"required": "true"`), "a value of a wrong type (string)"},
		{"default against its schema", contract(t, `"type": "integer",`, `"type": "integer", "default": "x",`), "invalid default"},
	}
}

func TestValidateRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range invalidContracts(t) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := Validate([]byte(tt.contract))
			oneLine(t, err)
			for _, part := range []string{"not a valid OpenAPI 3 document in JSON: ", tt.want} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the message lacks %q: %v", part, err)
				}
			}
			if strings.Contains(err.Error(), "yaml error") {
				t.Errorf("the message speaks of YAML: %v", err)
			}
		})
	}
}

func TestValidateFetchesNothing(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	reference := "http://" + ln.Addr().String() + "/openapi.json#/components/schemas/ErrorResponse"
	err = Validate([]byte(contract(t, "#/components/schemas/ErrorResponse", reference)))
	oneLine(t, err)
	if !strings.Contains(err.Error(), "disallowed external reference") {
		t.Error(err)
	}
	if err := ln.(*net.TCPListener).SetDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	if conn, err := ln.Accept(); err == nil {
		conn.Close()
		t.Error("the reference was fetched")
	}
}

// A hostile document costs neither the stack nor the patience of a maintainer. On a
// quiet machine each takes well below a second.
func TestValidateIsBounded(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 200_000) + "1" + strings.Repeat("}", 200_000)
	for _, text := range []string{deep, `{"openapi": "` + strings.Repeat("9", 1<<20) + `"}`} {
		start := time.Now()
		oneLine(t, Validate([]byte(text)))
		if took := time.Since(start); took > 2*time.Minute {
			t.Errorf("took %v", took)
		}
	}
}

// A valid contract is imported with a line about what has no effect.
func TestNotes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"nothing": {contract(t), nil},
		"a key, a pattern, and an example": {contract(t, `"description": "Deletion status: Success or Failed"`, `"example": 7, "foo": 1, "pattern": "(?<=a)b"`),
			[]string{"/foo is ignored", "/pattern is not checked: it has a lookbehind", "/example is not used: it violates type"}},
		"a schema of ours": {contract(t, `"schemas": {`, `"schemas": {"ImageStatus": {"type": "string"},`), []string{"/components/schemas/ImageStatus has another name in Go"}},
	} {
		notes, err := Notes([]byte(c.text))
		if err != nil || len(notes) != len(c.want) {
			t.Errorf("%s: %q, %v", name, notes, err)
			continue
		}
		for i, part := range c.want {
			if !strings.Contains(notes[i], part) {
				t.Errorf("%s: %q lacks %q", name, notes[i], part)
			}
		}
	}
	if notes, err := Notes([]byte("{}")); err == nil || notes != nil {
		t.Errorf("of no contract: %q, %v", notes, err)
	}
}

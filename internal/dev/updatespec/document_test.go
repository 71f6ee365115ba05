package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// minimal is a valid contract; %s stands for more of its info.
const minimal = `{"openapi":"3.0.3","info":{"title":"t","version":"1"%s},"servers":[{"url":"https://api.example.com"}],"paths":{"/a":{"get":{"operationId":"a","responses":{"200":{"description":"OK"}}}}}}`

func withInfo(more string) string { return strings.Replace(minimal, "%s", more, 1) }

func TestNormalised(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, info, want string }{
		{"numbers as they are written", `,"x-n":[1.0,1e3,-0,18446744073709551616]`, "\"x-n\": [\n      1.0,\n      1e3,\n      -0,\n      18446744073709551616\n    ]"},
		{"keys in their order", `,"x-z":1,"x-a":2`, "\"x-z\": 1,\n    \"x-a\": 2"},
		{"nothing is escaped", ",\"description\":\"a < b & c > d \u2028 é\"", "\"description\": \"a < b & c > d \u2028 é\""},
		{"nothing is unescaped", `,"description":"\u003c\u00e9\/"`, `"description": "\u003c\u00e9\/"`},
		{"nothing inside of a text", `,"description":"a,  {b:  [c]}"`, `"description": "a,  {b:  [c]}"`},
		{"empty objects", `,"x-e":{ },"x-f":[ ]`, "\"x-e\": {},\n    \"x-f\": []"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := normalised([]byte(withInfo(tt.info)))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(got), tt.want) {
				t.Errorf("%s lacks %s", got, tt.want)
			}
			if !strings.HasPrefix(string(got), "{\n  \"openapi\": \"3.0.3\",\n") || !strings.HasSuffix(string(got), "}\n") {
				t.Errorf("not indented by two spaces, with one line end after it: %s", got)
			}
		})
	}
}

// Whatever the white space, the form is one.
func TestNormalisedIsOneForm(t *testing.T) {
	t.Parallel()
	vendored, err := os.ReadFile(filepath.Join(moduleRoot, "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(vendored)
	for name, form := range map[string]string{
		"as it is":       text,
		"no line end":    strings.TrimSpace(text),
		"more line ends": "\n\n" + text + "\n\n",
		"CRLF":           strings.ReplaceAll(text, "\n", "\r\n"),
		"a byte mark":    "\ufeff" + text,
		"tabs":           strings.ReplaceAll(text, "  ", "\t"),
		"one line":       strings.ReplaceAll(text, "\n", ""),
	} {
		got, err := normalised([]byte(form))
		if err != nil || string(got) != text {
			t.Errorf("%s: %v, or another form: %s", name, err, got)
		}
	}
}

func TestNormalisedRefuses(t *testing.T) {
	t.Parallel()
	whole := withInfo("")
	const yaml = "the document is YAML"
	tests := []struct{ name, document, want string }{
		{"nothing", "", "the document is empty"},
		{"white space", " \r\n\t", "the document is empty"},
		{"HTML", "<!DOCTYPE html>\n<html><body>Not found</body></html>", "web page"},
		{"HTML below white space", "\n\n  <html>", "web page"},
		{"XML", `<?xml version="1.0"?><Error/>`, "web page"},
		{"YAML", "openapi: 3.0.3\ninfo:\n  title: t\n", yaml},
		{"YAML with quotes", "\"openapi\": \"3.0.3\"\n", yaml},
		{"YAML with a comment first", "# the contract\ninfo: {title: t}\nopenapi: 3.0.3\n", yaml},
		{"YAML with a marker", "---\npaths: {}\n", yaml},
		{"YAML of version 2", "swagger: '2.0'\n", yaml},
		{"plain text", "Not found", "invalid character 'N'"},
		{"truncated", whole[:len(whole)/2], "unexpected end of JSON input"},
		{"two documents", whole + whole, "after top-level value"},
		{"another JSON", `{"message": "Not found"}`, "it has no openapi field"},
		{"version 2", `{"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {}}`, `it is Swagger "2.0"`},
		{"no operation", strings.Replace(whole, "get", "x-get", 1), "it has no operation"},
		{"a repeated key", strings.Replace(whole, `"openapi":"3.0.3"`, `"openapi":"3.0.3","openapi":"3.0.3"`, 1), `repeats the key "/openapi"`},
		{"a reference to nothing", strings.Replace(whole, `{"description":"OK"}`, `{"$ref":"#/components/responses/None"}`, 1), "None"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := normalised([]byte(tt.document))
			if got != nil || err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q, %v; want one line with %q", got, err, tt.want)
			}
		})
	}
}

func TestReadFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "a file.json")
	if err := os.WriteFile(name, []byte("1234"), 0o644); err != nil {
		t.Fatal(err)
	}
	if data, err := readFile(name, 4); err != nil || string(data) != "1234" {
		t.Errorf("at the limit: %q, %v", data, err)
	}
	if _, err := readFile(name, 3); !errors.Is(err, errTooLarge) || !strings.Contains(err.Error(), name) {
		t.Errorf("over the limit: %v", err)
	}
	for _, wrong := range []string{dir, filepath.Join(dir, "none")} {
		if _, err := readFile(wrong, 4); err == nil || !strings.Contains(err.Error(), "SPEC_FILE: ") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}
